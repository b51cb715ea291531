//! Tests of sealing and verification.
