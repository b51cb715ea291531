//! Runs `jiedu_fuzz::trust` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jiedu_fuzz::trust(data));
