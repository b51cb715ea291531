//! Reading the keys that people sign with. Private halves stay with git; only
//! `demo` makes and uses some of its own.

use std::fs;
use std::path::Path;

use ssh_key::{HashAlg, PrivateKey, PublicKey};

use super::WorkspaceError;

/// The public half of a person's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFile {
    /// Type and base64, without a comment, as the roster writes it.
    pub public: String,
    /// `SHA256:…` as OpenSSH prints it.
    pub fingerprint: String,
    /// The first half of the fingerprint as hexadecimal digits in groups of
    /// four: what two people compare over the telephone.
    pub spoken: String,
}

impl KeyFile {
    /// Reads a public key, a private key in OpenSSH's form, or the `.pub` file
    /// beside a private key of another form.
    ///
    /// # Errors
    /// [`WorkspaceError::Io`] or [`WorkspaceError::Key`].
    pub fn read(path: &Path) -> Result<Self, WorkspaceError> {
        let text = fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidData => key_error(path, "not a text file"),
            _ => WorkspaceError::Unreadable { path: path.to_owned(), source: error },
        })?;
        if text.contains("PRIVATE KEY-----") {
            if let Ok(private) = PrivateKey::from_openssh(&text) {
                return Self::of(private.public_key(), path);
            }
            let mut name = path.as_os_str().to_owned();
            name.push(".pub");
            let beside = Path::new(&name);
            let text = fs::read_to_string(beside)
                .map_err(|_| key_error(path, "not in OpenSSH's form, and no `.pub` file beside it"))?;
            return Self::parse(&text, beside);
        }
        Self::parse(&text, path)
    }

    /// Reads the text of a public key; `path` is for messages.
    ///
    /// # Errors
    /// [`WorkspaceError::Key`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, WorkspaceError> {
        let key =
            PublicKey::from_openssh(text.trim()).map_err(|error| key_error(path, &error.to_string()))?;
        Self::of(&key, path)
    }

    fn of(key: &PublicKey, path: &Path) -> Result<Self, WorkspaceError> {
        let bare = PublicKey::new(key.key_data().clone(), "");
        let public = bare.to_openssh().map_err(|error| key_error(path, &error.to_string()))?;
        let fingerprint = bare.fingerprint(HashAlg::Sha256);
        let pairs = fingerprint.as_bytes().chunks_exact(2).take(8);
        let groups: Vec<String> = pairs.map(|pair| format!("{:02x}{:02x}", pair[0], pair[1])).collect();
        Ok(Self {
            public: public.trim_end().to_owned(),
            fingerprint: fingerprint.to_string(),
            spoken: groups.join(" "),
        })
    }
}

fn key_error(path: &Path, problem: &str) -> WorkspaceError {
    WorkspaceError::Key { path: path.to_owned(), problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use ssh_key::LineEnding;
    use ssh_key::private::Ed25519Keypair;

    use super::*;

    #[test]
    fn both_halves_give_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let private = PrivateKey::new(Ed25519Keypair::from_seed(&[7; 32]).into(), "li.si").unwrap();
        let [secret, public] = ["key", "key.pub"].map(|name| folder.path().join(name));
        fs::write(&secret, private.to_openssh(LineEnding::LF).unwrap().as_bytes()).unwrap();
        fs::write(&public, private.public_key().to_openssh().unwrap()).unwrap();
        let key = KeyFile::read(&secret).unwrap();
        assert_eq!(key, KeyFile::read(&public).unwrap());
        assert!(key.public.starts_with("ssh-ed25519 AAAA") && key.public.split(' ').count() == 2);
        assert!(key.fingerprint.starts_with("SHA256:"));
        fs::write(&public, "hello").unwrap();
        assert!(matches!(KeyFile::read(&public), Err(WorkspaceError::Key { .. })));
    }
}
