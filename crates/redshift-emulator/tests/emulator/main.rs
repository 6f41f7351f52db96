//! Tests of the emulator with clients.

mod conflicts;
mod kinds;
mod lockout;
mod metadata;
mod privileges;
mod rules;
mod wire;

use redshift_emulator::{DATABASE, Emulator, Options, PASSWORD, SUPERUSER};
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

/// The configuration of a login.
fn config(emulator: &Emulator, user: &str, password: &str, database: &str) -> Config {
    let mut config = Config::new();
    config.host(emulator.host()).port(emulator.port()).user(user).password(password).dbname(database);
    config
}

async fn log_in(emulator: &Emulator, user: &str, password: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = config(emulator, user, password, DATABASE).connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
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

/// An emulator, and the superuser on it.
async fn start(options: Options) -> (Emulator, Client) {
    let emulator = Emulator::start(options).expect("an emulator");
    let client = connect_to(&emulator, DATABASE).await;
    (emulator, client)
}

/// Runs statements that must succeed.
async fn run(client: &Client, statements: &[&str]) {
    for sql in statements {
        rows(client, sql).await;
    }
}
