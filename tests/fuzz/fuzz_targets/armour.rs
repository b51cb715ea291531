//! Runs `jiedu_fuzz::armour` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jiedu_fuzz::armour(data));
