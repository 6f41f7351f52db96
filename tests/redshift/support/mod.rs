//! What several tests use.

pub(crate) mod cluster;
pub(crate) mod data_api;
pub(crate) mod rows;
