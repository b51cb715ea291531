//! From the bytes of a PDF to its objects, in one pass from front to back.
//!
//! The cross-reference table is not used. It says where objects lie, which a
//! hostile table abuses: very many objects at one place, sections that follow
//! each other in a circle, sizes without end. A walk finds every object that
//! the file holds, of earlier versions too, once each; of objects with the same
//! number the last one counts, as in a file that was saved again and again.
//!
//! Object streams are unpacked within the budget of the file, and their objects
//! may not overlap.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use lopdf::encryption::decrypt_object;
use lopdf::{Dictionary, Document, EncryptionState, Object, ObjectId, Stream};

use super::LARGEST;
use super::lexer::{Lexer, is_space};
use crate::types::Budget;

/// Objects with all that they hold that are kept of one file: some 100 MB.
const MOST_OBJECTS: usize = 1_500_000;
/// Filters of one stream that are undone.
const MOST_FILTERS: usize = 4;

/// What a walk found.
pub(super) struct File {
    /// The objects and the trailer, for looking up.
    pub(super) document: Document,
    /// Whether a part of the file was beyond the bounds or against the rules.
    pub(super) is_partial: bool,
    /// Whether a password is asked for.
    pub(super) is_locked: bool,
}

/// Where the walk stands.
struct Walk<'b> {
    bytes: &'b [u8],
    words: AhoCorasick,
    document: Document,
    /// When each object came by.
    order: BTreeMap<ObjectId, usize>,
    left: usize,
    is_partial: bool,
}

/// Reads a file. None when the reader cannot be set up.
pub(super) fn read(bytes: &[u8], budget: &mut Budget) -> Option<File> {
    let words = AhoCorasick::new(["obj", "trailer", "endstream"]).ok()?;
    let mut walk = Walk {
        bytes,
        words,
        document: Document::new(),
        order: BTreeMap::new(),
        left: MOST_OBJECTS,
        is_partial: false,
    };
    walk.through();
    let is_locked = !walk.unlock();
    if !is_locked {
        walk.unpack(budget);
    }
    walk.find_catalog();
    let Walk { document, is_partial, .. } = walk;
    Some(File { document, is_partial, is_locked })
}

impl Walk<'_> {
    fn through(&mut self) {
        let (mut at, mut count) = (0, 0);
        while let Some((found, next)) = self.word_from(at) {
            let start = next - word_len(found);
            at = next;
            match found {
                0 => {
                    let Some(id) = number_before(self.bytes, start) else { continue };
                    count += 1;
                    at = self.object(id, next, count);
                }
                1 => {
                    let mut lexer = Lexer::new(self.bytes, next, &mut self.left);
                    let trailer = lexer.object();
                    at = lexer.at.max(next);
                    if let Some(Object::Dictionary(trailer)) = trailer {
                        self.trailer(&trailer);
                    }
                }
                _ => {}
            }
            if self.left == 0 {
                self.is_partial = true;
                return;
            }
        }
    }

    /// The next word that matters: which, and where it ends.
    fn word_from(&self, at: usize) -> Option<(usize, usize)> {
        let found = self.words.find(self.bytes.get(at..)?)?;
        Some((found.pattern().as_usize(), at + found.end()))
    }

    /// Takes the object behind `obj`; says where it ends.
    fn object(&mut self, id: ObjectId, from: usize, count: usize) -> usize {
        let before = self.left;
        let mut lexer = Lexer::new(self.bytes, from, &mut self.left);
        let object = lexer.object();
        let mut end = lexer.at.max(from);
        let Some(object) = object else {
            self.is_partial = true;
            return end;
        };
        let is_stream = lexer.keyword(b"stream");
        end = if is_stream { lexer.at } else { end };
        let object = match object {
            Object::Dictionary(dictionary) if is_stream => {
                let (content, after) = self.stream(&dictionary, end);
                end = after;
                if dictionary.has_type(b"XRef") {
                    self.trailer(&dictionary);
                    self.left = before;
                    return end;
                }
                if filters(&dictionary) > MOST_FILTERS {
                    self.is_partial = true;
                    return end;
                }
                Object::Stream(Stream::new(dictionary, content))
            }
            // The tree of tags repeats what the pages hold.
            Object::Dictionary(dictionary) if dictionary.has_type(b"StructElem") => {
                self.left = before;
                return end;
            }
            object => object,
        };
        self.order.insert(id, count);
        self.document.objects.insert(id, object);
        end
    }

    /// The bytes of a stream whose `stream` ends at a place; and where they end.
    fn stream(&self, dictionary: &Dictionary, from: usize) -> (Vec<u8>, usize) {
        let start = match (self.bytes.get(from), self.bytes.get(from + 1)) {
            (Some(b'\r'), Some(b'\n')) => from + 2,
            (Some(b'\r' | b'\n'), _) => from + 1,
            _ => from,
        };
        let length = dictionary.get(b"Length").and_then(Object::as_i64).ok();
        let end = length.and_then(|length| start.checked_add(usize::try_from(length).ok()?));
        if let Some(end) = end
            && let Some(content) = self.bytes.get(start..end)
            && ends_here(self.bytes.get(end..).unwrap_or_default())
        {
            return (content.to_vec(), end);
        }
        // The length stands elsewhere or is wrong.
        let mut at = start;
        while let Some((word, next)) = self.word_from(at) {
            if word == 2 {
                let content = self.bytes.get(start..next - 9).unwrap_or_default();
                let content = content.strip_suffix(b"\n").unwrap_or(content);
                return (content.strip_suffix(b"\r").unwrap_or(content).to_vec(), next);
            }
            at = next;
        }
        (self.bytes.get(start..).unwrap_or_default().to_vec(), self.bytes.len())
    }

    fn trailer(&mut self, dictionary: &Dictionary) {
        for key in [b"Root".as_slice(), b"Info", b"Encrypt", b"ID"] {
            if let Ok(value) = dictionary.get(key) {
                self.document.trailer.set(key, value.clone());
            }
        }
    }

    /// Opens a file that asks for no password though it is encrypted, as those do
    /// that only forbid printing. Says whether the file can be read.
    fn unlock(&mut self) -> bool {
        let Ok(encrypt) = self.document.trailer.get(b"Encrypt") else { return true };
        let own = encrypt.as_reference().ok();
        if self.document.authenticate_password("").is_err() {
            return false;
        }
        let Ok(state) = EncryptionState::decode(&self.document, "") else { return false };
        for (id, object) in &mut self.document.objects {
            if Some(*id) != own && decrypt_object(&state, *id, object).is_err() {
                self.is_partial = true;
            }
        }
        true
    }

    /// Takes the objects out of the object streams.
    fn unpack(&mut self, budget: &mut Budget) {
        let is_container = |object: &Object| object.as_stream().is_ok_and(|it| it.dict.has_type(b"ObjStm"));
        let mut containers: Vec<(usize, ObjectId)> = self
            .document
            .objects
            .iter()
            .filter(|(_, object)| is_container(object))
            .map(|(id, _)| (self.order.get(id).copied().unwrap_or(0), *id))
            .collect();
        containers.sort_unstable();
        for (order, id) in containers {
            let Some(Object::Stream(stream)) = self.document.objects.remove(&id) else { continue };
            let Some(content) = plain(&stream, LARGEST, budget) else {
                self.is_partial = true;
                continue;
            };
            self.members(&stream.dict, &content, order);
        }
    }

    /// The objects of one object stream, in the order in which they lie in it.
    fn members(&mut self, dictionary: &Dictionary, content: &[u8], order: usize) {
        let number = |key: &[u8]| {
            let value = dictionary.get(key).and_then(Object::as_i64).ok()?;
            usize::try_from(value).ok()
        };
        let (Some(count), Some(first)) = (number(b"N"), number(b"First")) else {
            self.is_partial = true;
            return;
        };
        let mut head = Lexer::content(content.get(..first).unwrap_or_default(), &mut self.left);
        let mut index: Vec<(usize, u32)> = Vec::new();
        while index.len() < count
            && let Some(Object::Integer(id)) = head.object()
            && let Some(Object::Integer(offset)) = head.object()
            && let (Ok(id), Ok(offset)) = (u32::try_from(id), usize::try_from(offset))
        {
            index.push((first.saturating_add(offset), id));
        }
        self.is_partial |= index.len() < count;
        index.sort_unstable();
        let mut end = first;
        for (offset, id) in index {
            if offset < end || self.left == 0 {
                self.is_partial = true;
                return;
            }
            let before = self.left;
            let mut lexer = Lexer::new(content, offset, &mut self.left);
            let object = lexer.object();
            end = lexer.at;
            let Some(object) = object else { continue };
            if object.as_dict().is_ok_and(|it| it.has_type(b"StructElem")) {
                self.left = before;
            } else if self.order.get(&(id, 0)).is_none_or(|known| *known <= order) {
                self.order.insert((id, 0), order);
                self.document.objects.insert((id, 0), object);
            }
        }
    }

    /// The catalog, where no trailer names it.
    fn find_catalog(&mut self) {
        let named = self.document.catalog().is_ok_and(|catalog| catalog.has(b"Pages"));
        let is_catalog =
            |object: &Object| object.as_dict().is_ok_and(|it| it.has_type(b"Catalog") && it.has(b"Pages"));
        if !named && let Some((id, _)) = self.document.objects.iter().rfind(|(_, object)| is_catalog(object))
        {
            let id = *id;
            self.document.trailer.set("Root", Object::Reference(id));
        }
    }
}

/// What a stream holds, within a bound, paid for from the budget; none when it
/// holds more or cannot be undone.
pub(super) fn plain(stream: &Stream, most: usize, budget: &mut Budget) -> Option<Vec<u8>> {
    let filters = filters(&stream.dict);
    let most = most.min(budget.limits.bytes);
    let content = if filters > MOST_FILTERS { None } else { stream.get_plain_content_with_limit(most).ok() };
    // Every filter reads what the one before it wrote.
    let made = content.as_ref().map_or(most, Vec::len);
    let cost = stream.content.len().saturating_add(made.saturating_mul(filters.max(1)));
    budget.limits.bytes = budget.limits.bytes.saturating_sub(cost.saturating_add(64));
    content
}

fn filters(dictionary: &Dictionary) -> usize {
    match dictionary.get(b"Filter") {
        Ok(Object::Array(filters)) => filters.len(),
        Ok(_) => 1,
        Err(_) => 0,
    }
}

/// The length of a word that matters.
fn word_len(word: usize) -> usize {
    match word {
        0 => 3,
        1 => 7,
        _ => 9,
    }
}

/// `12 0 ` before `obj`.
fn number_before(bytes: &[u8], at: usize) -> Option<ObjectId> {
    let head = bytes.get(at.saturating_sub(40)..at)?;
    let mut words = head.rsplit(|byte| is_space(*byte)).filter(|word| !word.is_empty()).take(2);
    let text = |word: Option<&[u8]>| std::str::from_utf8(word?).ok().map(str::to_owned);
    if !head.last().copied().is_some_and(is_space) {
        // `1 0obj`, which some programs write, is as good.
        return glued(head);
    }
    let generation = text(words.next())?.parse().ok()?;
    let word = text(words.next())?;
    let digits = word.trim_start_matches(|c: char| !c.is_ascii_digit());
    Some((digits.parse().ok()?, generation))
}

fn glued(head: &[u8]) -> Option<ObjectId> {
    let mut words = head.rsplit(|byte| is_space(*byte)).filter(|word| !word.is_empty());
    let generation = std::str::from_utf8(words.next()?).ok()?.parse().ok()?;
    let id = std::str::from_utf8(words.next()?).ok()?.parse().ok()?;
    Some((id, generation))
}

/// Whether a stream may end here.
fn ends_here(rest: &[u8]) -> bool {
    let rest = rest.get(..rest.len().min(32)).unwrap_or_default();
    let skip = rest.iter().take_while(|byte| is_space(**byte)).count();
    rest.get(skip..).is_some_and(|rest| rest.starts_with(b"endstream") || rest.starts_with(b"endobj"))
}
