//! Runs `jiedu_fuzz::commit` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jiedu_fuzz::commit(data));
