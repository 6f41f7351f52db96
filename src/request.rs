//! A payload to the HTTP request that sends it.
