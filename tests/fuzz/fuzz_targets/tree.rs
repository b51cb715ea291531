//! Runs `jiedu_fuzz::tree` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jiedu_fuzz::tree(data));
