//! Rows about rosters.
