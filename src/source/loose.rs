//! Reading of loose objects: one compressed file each.
//!
//! libgit2 up to 1.9.7 loops for ever over a loose object that is cut short, as
//! a power cut or a full disk leaves it (libgit2#7342), so these files are
//! unpacked here and never handed to it. Length, header and hash are checked,
//! and memory is bounded by the caller's limit whatever the file claims.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::ZlibDecoder;
use git2::{ObjectFormat, ObjectType, Oid};

use super::object::ObjectError;

/// The longest header: the kind, a space, a number of 20 digits and a NUL.
const HEADER_LIMIT: usize = 32;
/// Folders may borrow from one another this deep, as in git.
const BORROW_DEPTH: usize = 5;
/// An object that claims to be larger than allowed is unpacked up to this size
/// to tell a large one from a damaged one; nothing of it is kept.
pub(super) const SWEEP_LIMIT: usize = 256 << 20;

/// The folders in which loose objects of a repository lie: its own, then those
/// it borrows from.
#[derive(Debug)]
pub(super) struct LooseFolders {
    folders: Vec<PathBuf>,
}

impl LooseFolders {
    /// The folder `objects`, with those that its `info/alternates` names.
    pub(super) fn open(folder: &Path) -> Self {
        let mut folders = vec![folder.to_owned()];
        let mut last = folders.clone();
        for _ in 0..BORROW_DEPTH {
            let next: Vec<PathBuf> = last.iter().flat_map(|folder| borrowed(folder)).collect();
            last = next.into_iter().filter(|folder| !folders.contains(folder)).collect();
            folders.extend(last.iter().cloned());
        }
        Self { folders }
    }

    /// The object's kind and size, when it is stored loose.
    pub(super) fn header(&self, id: Oid) -> Option<Result<(ObjectType, usize), ObjectError>> {
        let mut stream = self.stream(id)?;
        Some(read_header(&mut stream))
    }

    /// The whole object of at most `limit` bytes, when it is stored loose.
    pub(super) fn read(
        &self,
        id: Oid,
        format: ObjectFormat,
        limit: usize,
    ) -> Option<Result<(ObjectType, Vec<u8>), ObjectError>> {
        let mut stream = self.stream(id)?;
        Some(read_checked(&mut stream, id, format, limit))
    }

    fn stream(&self, id: Oid) -> Option<ZlibDecoder<BufReader<File>>> {
        let hex = id.to_string();
        let (fan, rest) = hex.split_at_checked(2)?;
        self.folders.iter().find_map(|folder| {
            let path = folder.join(fan).join(rest);
            // A pipe under that name would keep us waiting.
            let is_file = fs::metadata(&path).is_ok_and(|meta| meta.is_file());
            let file = is_file.then(|| File::open(path).ok())??;
            Some(ZlibDecoder::new(BufReader::new(file)))
        })
    }
}

/// The folders that one borrows from.
fn borrowed(folder: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(folder.join("info/alternates")).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| folder.join(line)).collect()
}

fn read_header(stream: &mut impl Read) -> Result<(ObjectType, usize), ObjectError> {
    let mut header = Vec::with_capacity(HEADER_LIMIT);
    let mut byte = [0];
    while header.len() < HEADER_LIMIT {
        match stream.read(&mut byte) {
            Ok(1) if byte[0] != 0 => header.push(byte[0]),
            Ok(1) => return parse_header(&header).ok_or(ObjectError::Corrupt),
            _ => break,
        }
    }
    Err(ObjectError::Corrupt)
}

fn parse_header(header: &[u8]) -> Option<(ObjectType, usize)> {
    let (kind, size) = std::str::from_utf8(header).ok()?.split_once(' ')?;
    let kind = match kind {
        "blob" => ObjectType::Blob,
        "tree" => ObjectType::Tree,
        "commit" => ObjectType::Commit,
        "tag" => ObjectType::Tag,
        _ => return None,
    };
    let plain = size.bytes().all(|b| b.is_ascii_digit()) && (size == "0" || !size.starts_with('0'));
    Some((kind, if plain { size.parse().ok()? } else { return None }))
}

fn read_checked(
    stream: &mut impl Read,
    id: Oid,
    format: ObjectFormat,
    limit: usize,
) -> Result<(ObjectType, Vec<u8>), ObjectError> {
    let (kind, size) = read_header(stream)?;
    let corrupt = |_: io::Error| ObjectError::Corrupt;
    if size > limit {
        let wanted = size.min(SWEEP_LIMIT) as u64;
        let found = io::copy(&mut stream.take(wanted), &mut io::sink()).map_err(corrupt)?;
        return Err(if found == wanted { ObjectError::TooLarge(size) } else { ObjectError::Corrupt });
    }
    let mut bytes = Vec::with_capacity(size.min(1 << 16));
    stream.take(size as u64 + 1).read_to_end(&mut bytes).map_err(corrupt)?;
    let hash = Oid::hash_object_ext(kind, &bytes, format);
    if bytes.len() == size && hash.is_ok_and(|hash| hash == id) {
        Ok((kind, bytes))
    } else {
        Err(ObjectError::Corrupt)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    const FORMAT: ObjectFormat = ObjectFormat::Sha1;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Stores the bytes as the object of that id, and reads it back.
    fn read(id: Oid, stored: &[u8], limit: usize) -> Result<(ObjectType, Vec<u8>), ObjectError> {
        let folder = tempfile::tempdir().unwrap();
        let hex = id.to_string();
        let (fan, rest) = hex.split_at(2);
        fs::create_dir(folder.path().join(fan)).unwrap();
        fs::write(folder.path().join(fan).join(rest), stored).unwrap();
        LooseFolders::open(folder.path()).read(id, FORMAT, limit).unwrap()
    }

    #[test]
    fn every_cut_and_every_flipped_bit_is_noticed_or_harmless() {
        let body: Vec<u8> = (0..400_u32).flat_map(|n| format!("{n}条\n").into_bytes()).collect();
        let id = Oid::hash_object_ext(ObjectType::Blob, &body, FORMAT).unwrap();
        let stored = packed(&[format!("blob {}\0", body.len()).as_bytes(), &body].concat());
        let whole = |found: Result<(ObjectType, Vec<u8>), ObjectError>| match found {
            Ok((kind, bytes)) => {
                assert_eq!((kind, &bytes), (ObjectType::Blob, &body));
                true
            }
            Err(error) => {
                assert!(matches!(error, ObjectError::Corrupt | ObjectError::TooLarge(_)), "{error:?}");
                false
            }
        };
        assert!(whole(read(id, &stored, 1 << 20)));
        for cut in (0..stored.len() - 4).step_by(7).chain([0, 1, 2]) {
            assert!(!whole(read(id, &stored[..cut], 1 << 20)), "{cut}");
        }
        for at in (0..stored.len()).step_by(5) {
            let mut bent = stored.clone();
            bent[at] ^= 1 << (at % 8);
            whole(read(id, &bent, 1 << 20));
        }
    }

    #[test]
    fn a_size_that_lies_costs_no_memory() {
        let id = Oid::hash_object_ext(ObjectType::Blob, b"x", FORMAT).unwrap();
        for header in ["blob 99999999999999\0x", "blob 18446744073709551616\0x", "blob -1\0x", "blob 01\0x"] {
            assert!(
                matches!(read(id, &packed(header.as_bytes()), 10), Err(ObjectError::Corrupt)),
                "{header}"
            );
        }
        let honest = packed(&[b"blob 2000\0".as_slice(), &[b'x'; 2000]].concat());
        assert!(matches!(read(id, &honest, 10), Err(ObjectError::TooLarge(2000))));
        assert!(matches!(read(id, &packed(b"blob 1\0y"), 10), Err(ObjectError::Corrupt)), "another object");
        assert!(matches!(read(id, &packed(b"blob 1\0xx"), 10), Err(ObjectError::Corrupt)), "too long");
        assert!(read(id, &packed(b"blob 1\0x"), 10).is_ok());
    }
}
