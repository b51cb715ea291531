//! Runs `jiedu_fuzz::roster` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jiedu_fuzz::roster(data));
