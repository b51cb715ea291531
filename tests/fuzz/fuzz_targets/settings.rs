//! Runs `jiedu_fuzz::settings` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jiedu_fuzz::settings(data));
