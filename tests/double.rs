//! The Redshift double keeps its own rules, and every script runs on it.

#[path = "support/data_api/mod.rs"]
mod data_api;
#[path = "double/data_api_loop.rs"]
mod data_api_loop;
#[path = "support/double/mod.rs"]
mod double;
#[path = "double/psql.rs"]
mod psql;
#[path = "double/rules.rs"]
mod rules;
#[path = "double/scripts.rs"]
mod scripts;
#[path = "double/wire.rs"]
mod wire;

use double::{DATABASE, Double, PASSWORD, SUPERUSER};
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

/// The way in of a user.
fn config(double: &Double, user: &str, password: &str, database: &str) -> Config {
    let mut config = Config::new();
    config.host(double.host()).port(double.port()).user(user).password(password).dbname(database);
    config
}

async fn log_in(double: &Double, user: &str, password: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = config(double, user, password, DATABASE).connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn connect_to(double: &Double, database: &str) -> Client {
    let (client, connection) =
        config(double, SUPERUSER, PASSWORD, database).connect(NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}

/// The first column of every row.
async fn rows(client: &Client, sql: &str) -> Vec<String> {
    let messages = client.simple_query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    messages
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("NULL").to_owned()),
            _ => None,
        })
        .collect()
}
