//! Runs `jiedu_fuzz::policy` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jiedu_fuzz::policy(data));
