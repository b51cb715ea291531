//! Runs `jiedu_fuzz::markdown` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jiedu_fuzz::markdown(data));
