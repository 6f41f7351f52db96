//! Bootshift.
#![forbid(unsafe_code)]

pub mod check;
pub mod document;
pub mod operation;
pub mod payload;
pub mod report;
pub mod request;
pub mod script;
pub mod sql;
