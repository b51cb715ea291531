//! Runs `jiedu_fuzz::trailer` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jiedu_fuzz::trailer(data));
