//! The objects of PDF (ISO 32000-1, 7.2 and 7.3), read with bounds on how deep
//! they nest and how many there are.
//!
//! A reader never goes back: what a fault or a bound ends has been read once.

use lopdf::{Dictionary, Object, StringFormat};

/// Arrays and dictionaries nest no deeper in files that programs write.
const DEEPEST: usize = 64;

/// What stands at a place.
pub(super) enum Token<'b> {
    Object(Object),
    /// A word that is no object: an operator, or `obj`, `stream` and the like.
    Word(&'b [u8]),
}

/// Reads on from a place in bytes.
pub(super) struct Lexer<'b, 'n> {
    bytes: &'b [u8],
    pub(super) at: usize,
    /// Objects that may still be made.
    left: &'n mut usize,
    /// Whether `1 0 R` is a reference: in files, but not in page contents.
    references: bool,
}

impl<'b, 'n> Lexer<'b, 'n> {
    /// For a file or an object stream.
    pub(super) fn new(bytes: &'b [u8], at: usize, left: &'n mut usize) -> Self {
        Self { bytes, at, left, references: true }
    }

    /// For the content of a page, a form or a table of characters.
    pub(super) fn content(bytes: &'b [u8], left: &'n mut usize) -> Self {
        Self { bytes, at: 0, left, references: false }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// Skips blanks and comments.
    pub(super) fn space(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                b'%' => {
                    while self.peek(0).is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                        self.at += 1;
                    }
                }
                byte if is_space(byte) => self.at += 1,
                _ => return,
            }
        }
    }

    /// A run of regular characters, perhaps empty.
    pub(super) fn word(&mut self) -> &'b [u8] {
        let start = self.at;
        while self.peek(0).is_some_and(is_regular) {
            self.at += 1;
        }
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    /// Whether a word stands next, which is then read.
    pub(super) fn keyword(&mut self, word: &[u8]) -> bool {
        self.space();
        let is_next = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        self.at += if is_next { word.len() } else { 0 };
        is_next
    }

    /// The next object or word; none at the end, at a fault, and past the bounds.
    pub(super) fn next(&mut self) -> Option<Token<'b>> {
        self.token(0)
    }

    /// The next object; none when a word stands there.
    pub(super) fn object(&mut self) -> Option<Object> {
        match self.token(0)? {
            Token::Object(object) => Some(object),
            Token::Word(_) => None,
        }
    }

    fn token(&mut self, depth: usize) -> Option<Token<'b>> {
        self.space();
        *self.left = self.left.checked_sub(1)?;
        let object = match self.peek(0)? {
            b'(' => Object::String(self.literal()?, StringFormat::Literal),
            b'/' => {
                self.at += 1;
                Object::Name(name(self.word()))
            }
            b'<' if self.peek(1) == Some(b'<') => {
                self.at += 2;
                self.dictionary(depth)?
            }
            b'<' => Object::String(self.hexadecimal()?, StringFormat::Hexadecimal),
            b'[' => {
                self.at += 1;
                self.array(depth)?
            }
            b'+' | b'-' | b'.' | b'0'..=b'9' => self.number(),
            byte if is_regular(byte) => match self.word() {
                b"true" => Object::Boolean(true),
                b"false" => Object::Boolean(false),
                b"null" => Object::Null,
                word => return Some(Token::Word(word)),
            },
            // A mark on its own: the page content of careless programs has some.
            _ => {
                self.at += 1;
                return Some(Token::Word(b""));
            }
        };
        Some(Token::Object(object))
    }

    fn array(&mut self, depth: usize) -> Option<Object> {
        let mut items = Vec::new();
        loop {
            self.space();
            if self.peek(0)? == b']' {
                self.at += 1;
                return Some(Object::Array(items));
            }
            if depth >= DEEPEST {
                return None;
            }
            match self.token(depth + 1)? {
                Token::Object(item) => items.push(item),
                Token::Word(_) => return None,
            }
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Object> {
        let mut dictionary = Dictionary::new();
        loop {
            self.space();
            if self.peek(0)? == b'>' {
                self.at += 2;
                return Some(Object::Dictionary(dictionary));
            }
            if depth >= DEEPEST || self.peek(0)? != b'/' {
                return None;
            }
            self.at += 1;
            let key = name(self.word());
            match self.token(depth + 1)? {
                Token::Object(value) => dictionary.set(key, value),
                Token::Word(_) => return None,
            }
        }
    }

    /// `(a(b)\(\051\n)`, without its outer brackets and with escapes resolved.
    fn literal(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let (mut text, mut open) = (Vec::new(), 1_usize);
        loop {
            let byte = self.peek(0)?;
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Some(text);
                    }
                }
                b'\\' => {
                    text.extend(self.escape());
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
    }

    fn escape(&mut self) -> Option<u8> {
        let byte = self.peek(0)?;
        self.at += 1;
        Some(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek(0) else { break };
                    self.at += 1;
                    value = value * 8 + u32::from(digit - b'0');
                }
                value.to_le_bytes()[0]
            }
            b'\r' => {
                self.at += usize::from(self.peek(0) == Some(b'\n'));
                return None;
            }
            b'\n' => return None,
            other => other,
        })
    }

    fn hexadecimal(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let (mut text, mut half) = (Vec::new(), None);
        loop {
            let byte = self.peek(0)?;
            self.at += 1;
            if byte == b'>' {
                text.extend(half.map(|high: u8| high << 4));
                return Some(text);
            }
            let Some(digit) = digit(byte) else { continue };
            half = match half {
                Some(high) => {
                    text.push(high << 4 | digit);
                    None
                }
                None => Some(digit),
            };
        }
    }

    /// A number, or a reference where those may stand.
    fn number(&mut self) -> Object {
        let word = self.word();
        let text = std::str::from_utf8(word).unwrap_or("0");
        let Ok(whole) = text.parse::<i64>() else {
            return Object::Real(text.parse().unwrap_or(0.0));
        };
        let before = self.at;
        if self.references
            && let Ok(id) = u32::try_from(whole)
            && let Some(generation) = self.generation()
        {
            return Object::Reference((id, generation));
        }
        self.at = before;
        Object::Integer(whole)
    }

    /// ` 0 R` after the number of an object.
    fn generation(&mut self) -> Option<u16> {
        let blank = |lexer: &mut Self| {
            let before = lexer.at;
            while lexer.at - before < 8 && lexer.peek(0).is_some_and(is_space) {
                lexer.at += 1;
            }
            lexer.at > before
        };
        if !blank(self) || !self.peek(0)?.is_ascii_digit() {
            return None;
        }
        let start = self.at;
        while self.at - start < 5 && self.peek(0).is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        let text = std::str::from_utf8(self.bytes.get(start..self.at)?).ok()?;
        let generation = text.parse().ok()?;
        let is_reference = blank(self) && self.peek(0) == Some(b'R') && !self.peek(1).is_some_and(is_regular);
        self.at += 1;
        is_reference.then_some(generation)
    }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// A name with `#20` and the like resolved.
fn name(word: &[u8]) -> Vec<u8> {
    let (mut name, mut at) = (Vec::with_capacity(word.len()), 0);
    while let Some(&byte) = word.get(at) {
        let pair = word.get(at + 1).copied().and_then(digit).zip(word.get(at + 2).copied().and_then(digit));
        if let Some((high, low)) = pair.filter(|_| byte == b'#') {
            name.push(high << 4 | low);
            at += 3;
        } else {
            name.push(byte);
            at += 1;
        }
    }
    name
}
