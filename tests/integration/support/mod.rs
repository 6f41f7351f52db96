//! What several tests use.

#[cfg(all(feature = "native", unix))]
pub(crate) mod cluster;
#[cfg(all(feature = "native", unix))]
pub(crate) mod data_api;
#[cfg(feature = "cli")]
pub(crate) mod program;
#[cfg(all(feature = "native", unix))]
pub(crate) mod rows;
#[cfg(feature = "cli")]
pub(crate) mod words;
