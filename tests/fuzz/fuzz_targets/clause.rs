//! Runs `jiedu_fuzz::clause` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jiedu_fuzz::clause(data));
