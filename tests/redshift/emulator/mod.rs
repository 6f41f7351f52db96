//! Tests of every script on the Redshift emulator.

mod data_api_loop;
mod psql;
mod scripts;

use redshift_emulator::{Emulator, PASSWORD, SUPERUSER};
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

/// The configuration of a login.
fn config(emulator: &Emulator, user: &str, password: &str, database: &str) -> Config {
    let mut config = Config::new();
    config.host(emulator.host()).port(emulator.port()).user(user).password(password).dbname(database);
    config
}

async fn connect_to(emulator: &Emulator, database: &str) -> Client {
    let (client, connection) =
        config(emulator, SUPERUSER, PASSWORD, database).connect(NoTls).await.expect("a connection");
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
