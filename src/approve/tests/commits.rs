//! Rows about bytes.
