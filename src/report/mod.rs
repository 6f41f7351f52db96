//! Checked documents to what people and machines read.
