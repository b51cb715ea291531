//! Strict de-armouring of SSH and OpenPGP signatures.
//!
//! Nothing may stand before or after the armour, no line may end in CR, and the
//! Base64 must be canonical. The width of the lines is free, as signing
//! programs differ: 64, 70, 76 or no wrapping at all.

use base64ct::{Base64, Encoding};

use crate::Reason;

/// Longest armour accepted, in bytes.
const LIMIT: usize = 16 * 1024;

pub(super) const SSH: [&str; 2] = ["-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"];
pub(super) const OPENPGP: [&str; 2] = ["-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"];

/// The bytes inside an SSH armour.
pub(super) fn ssh(armour: &str) -> Result<Vec<u8>, Reason> {
    decode(&body(armour, SSH)?)
}

/// The bytes inside an OpenPGP armour; its checksum must agree when present.
#[cfg(feature = "openpgp")]
pub(super) fn openpgp(armour: &str) -> Result<Vec<u8>, Reason> {
    let lines = body(armour, OPENPGP)?;
    let blank = lines.iter().position(|line| line.is_empty()).ok_or(Reason::SigMalformed)?;
    let (headers, rest) = lines.split_at(blank);
    if !headers.iter().all(|line| is_armour_header(line)) {
        return Err(Reason::SigMalformed);
    }
    let data = rest.get(1..).unwrap_or_default();
    let Some((last, before)) = data.split_last() else { return Err(Reason::SigMalformed) };
    let Some(checksum) = last.strip_prefix('=').filter(|text| text.len() == 4) else { return decode(data) };
    let bytes = decode(before)?;
    let expected = crc24(&bytes).to_be_bytes();
    let given = Base64::decode_vec(checksum).map_err(|_| Reason::SigMalformed)?;
    if expected.get(1..) == Some(given.as_slice()) { Ok(bytes) } else { Err(Reason::SigMalformed) }
}

/// The lines between the two marks.
pub(super) fn body<'a>(armour: &'a str, [begin, end]: [&str; 2]) -> Result<Vec<&'a str>, Reason> {
    if armour.len() > LIMIT || !armour.is_ascii() || armour.contains('\r') {
        return Err(Reason::SigMalformed);
    }
    let text = armour.strip_suffix('\n').unwrap_or(armour);
    if text.matches("-----BEGIN").count() > 1 {
        return Err(Reason::SigMultiple);
    }
    let mut lines: Vec<&str> = text.split('\n').collect();
    let closed = lines.pop() == Some(end);
    if closed && lines.len() >= 2 && lines.remove(0) == begin { Ok(lines) } else { Err(Reason::SigMalformed) }
}

/// Canonical Base64 over lines of one width, of which only the last may be
/// shorter.
pub(super) fn decode(lines: &[&str]) -> Result<Vec<u8>, Reason> {
    let width = lines.first().map_or(0, |line| line.len());
    let last = lines.last().map_or(0, |line| line.len());
    let middle = lines.split_last().map_or(&[][..], |(_, before)| before);
    if width == 0 || last == 0 || last > width || middle.iter().any(|line| line.len() != width) {
        return Err(Reason::SigMalformed);
    }
    Base64::decode_vec(&lines.concat()).map_err(|_| Reason::SigMalformed)
}

#[cfg(feature = "openpgp")]
fn is_armour_header(line: &str) -> bool {
    let Some((key, value)) = line.split_once(": ") else { return false };
    matches!(key, "Version" | "Comment" | "Hash" | "Charset")
        && value.bytes().all(|b| (b' '..=b'~').contains(&b))
}

/// The checksum of RFC 4880 §6.1.
#[cfg(feature = "openpgp")]
fn crc24(bytes: &[u8]) -> u32 {
    let mut crc = 0x00b7_04ce_u32;
    for byte in bytes {
        crc ^= u32::from(*byte) << 16;
        for _ in 0..8 {
            crc <<= 1;
            if crc & 0x0100_0000 != 0 {
                crc ^= 0x0186_4cfb;
            }
        }
    }
    crc & 0x00ff_ffff
}

/// Armours an SSH signature as `ssh-keygen` does, 70 characters a line.
pub(super) fn armour_ssh(blob: &[u8]) -> String {
    let [begin, end] = SSH;
    let mut text = format!("{begin}\n");
    for (index, character) in Base64::encode_string(blob).chars().enumerate() {
        if index > 0 && index % 70 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push('\n');
    text.push_str(end);
    text.push('\n');
    text
}
