//! The publisher's signature over `release.json`.
//!
//! An unencrypted Ed25519 key file is used in process. Every other key (token,
//! agent, passphrase, other algorithm, or a public key whose private half is
//! elsewhere) is left to the user's own `ssh-keygen -Y sign`.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use super::error::{At as _, OutputError};
use jiedu_approve::RELEASE_NAMESPACE;
use jiedu_approve::signature::sign_ssh;

/// A key file larger than this is none.
const KEY_LIMIT: u64 = 64 << 10;

/// Signs the bytes of `release.json`; the armoured signature.
///
/// # Errors
/// [`OutputError::Signing`] when the key cannot sign, [`OutputError::Io`] when
/// its file cannot be read.
pub fn sign_release(key: &Path, release: &[u8]) -> Result<String, OutputError> {
    let mut text = Vec::new();
    fs::File::open(key).at("read", key)?.take(KEY_LIMIT).read_to_end(&mut text).at("read", key)?;
    let in_process =
        std::str::from_utf8(&text).ok().map(|private| sign_ssh(private, RELEASE_NAMESPACE, release));
    match in_process {
        Some(Ok(armour)) => Ok(armour),
        _ => ask_ssh_keygen(key, release),
    }
}

/// Lets `ssh-keygen` sign what it reads from its standard input.
fn ask_ssh_keygen(key: &Path, release: &[u8]) -> Result<String, OutputError> {
    let fail = |reason: String| OutputError::Signing { key: key.to_owned(), reason };
    let mut child = Command::new("ssh-keygen")
        .args(["-Y", "sign", "-q", "-n", RELEASE_NAMESPACE, "-f"])
        .arg(key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| fail(format!("ssh-keygen cannot be started: {error}")))?;
    if let Some(mut input) = child.stdin.take() {
        // A program that refuses early closes its input; its exit code tells.
        let _ = input.write_all(release);
    }
    let output = child.wait_with_output().map_err(|error| fail(error.to_string()))?;
    if !output.status.success() {
        return Err(fail(format!("ssh-keygen ended with {}", output.status)));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| fail("ssh-keygen printed something that is not a signature".into()))
}
