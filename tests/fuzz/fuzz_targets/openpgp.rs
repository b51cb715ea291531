//! Runs `jiedu_fuzz::openpgp` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jiedu_fuzz::openpgp(data));
