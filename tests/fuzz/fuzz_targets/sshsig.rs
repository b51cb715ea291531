//! Runs `jiedu_fuzz::sshsig` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jiedu_fuzz::sshsig(data));
