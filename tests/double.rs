//! The Redshift double keeps its own rules.

#[path = "support/double/mod.rs"]
mod double;

use double::Double;

#[tokio::test]
async fn it_starts() {
    let double = Double::start().await.expect("a double");
    let (client, connection) =
        tokio_postgres::connect(&double.url(), tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    let rows =
        client.simple_query("SELECT version(), (select count(*) from stv_sessions)").await.expect("rows");
    println!("{rows:?}");
    println!("{:?}", double.log());
}
