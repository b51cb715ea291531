//! Signatures: what is accepted, and that nothing else is.

use super::*;

fn pair(seed: u8) -> KeyPair {
    key_pair(&[seed; 32], "test").unwrap()
}

#[test]
fn signs_and_verifies_for_one_purpose_and_key() {
    let key = pair(1);
    assert_eq!(public_of(&key.private).unwrap(), key.public);
    let armour = sign_ssh(&key.private, "git", b"text").unwrap();
    assert_eq!(verify_ssh("git", b"text", &armour, &key.public), Ok(()));
    assert_eq!(verify_ssh("git", b"texu", &armour, &key.public), Err(Reason::SigBad));
    assert_eq!(verify_ssh("file", b"text", &armour, &key.public), Err(Reason::SigNamespace));
    assert_eq!(verify_ssh("git", b"text", &armour, &pair(2).public), Err(Reason::KeyUnknown));
}
