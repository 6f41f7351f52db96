//! Tests on the Redshift emulator, which needs the programs of a PostgreSQL server: the runner, scripts and attacks on them,
//! drivers, and the commands in the book. `cargo test` leaves them out; `cargo test --test redshift` runs them.
#![cfg(unix)]

mod attacks;
mod book;
mod clients;
mod connection;
mod constructs;
mod emulator;
mod runner;
mod support;
