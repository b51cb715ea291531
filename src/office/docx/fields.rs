//! Fields (ECMA-376-1, 17.16): links, contents, formulas and marks that a
//! program fills in.

use std::rc::Rc;

use super::symbols;
use crate::scripts::{subscript, superscript};

/// Longest address of a link: every piece of text in it keeps it.
const LONGEST_LINK: usize = 2_048;
/// Longest instruction that is read.
const LONGEST: usize = 4_096;

/// A field that is open.
#[derive(Debug, Default)]
pub(super) struct Field {
    instruction: String,
    /// Whether its result comes by, and no longer its instruction.
    pub(super) is_result: bool,
    /// State of a check box of an old form.
    pub(super) checked: Option<bool>,
}

impl Field {
    pub(super) fn push(&mut self, text: &str) {
        if self.instruction.len() < LONGEST {
            self.instruction.push_str(text);
        }
    }

    pub(super) fn of(instruction: &str) -> Self {
        let mut field = Self { is_result: true, ..Self::default() };
        field.push(instruction);
        field
    }

    fn name(&self) -> String {
        self.instruction.split_whitespace().next().unwrap_or_default().to_uppercase()
    }

    /// Whether its result is a table of contents.
    pub(super) fn is_contents(&self) -> bool {
        matches!(self.name().as_str(), "TOC" | "TOA" | "INDEX")
    }

    /// Where a link leads.
    pub(super) fn link(&self) -> Option<Rc<str>> {
        if self.name() != "HYPERLINK" {
            return None;
        }
        let arguments = words(&self.instruction);
        let at = arguments.get(1).filter(|argument| !argument.starts_with('\\'))?;
        address(at)
    }

    /// What a field without a result shows.
    pub(super) fn shown(&self) -> Option<String> {
        match self.name().as_str() {
            "FORMCHECKBOX" => Some(if self.checked.unwrap_or(false) { "☑" } else { "☐" }.to_owned()),
            "SYMBOL" => {
                let arguments = words(&self.instruction);
                let code = arguments.get(1)?;
                let code = match code.strip_prefix("0x") {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => code.parse().ok()?,
                };
                let font =
                    arguments.iter().skip_while(|word| *word != "\\f").nth(1).map_or("", String::as_str);
                symbols::character(font, code).map(String::from)
            }
            "EQ" => Some(equation(self.instruction.trim().get(2..)?.trim())).filter(|text| !text.is_empty()),
            _ => None,
        }
    }
}

/// An address that may stand in a text.
pub(super) fn address(target: &str) -> Option<Rc<str>> {
    let leads_out = ["http://", "https://", "mailto:"].iter().any(|start| target.starts_with(start));
    (leads_out && target.len() <= LONGEST_LINK).then(|| Rc::from(target))
}

/// The words of an instruction; quoted ones may hold blanks.
fn words(instruction: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let (mut word, mut is_quoted) = (String::new(), false);
    for c in instruction.chars() {
        match c {
            '"' | '“' | '”' => is_quoted = !is_quoted,
            c if c.is_whitespace() && !is_quoted => {
                if !word.is_empty() {
                    out.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

/// An `EQ` field in one line: `\f(a,b)`, `\r(n,x)`, `\s\up5(2)`, `\o\ac(○,1)`.
fn equation(instruction: &str) -> String {
    let chars: Vec<char> = instruction.chars().take(LONGEST).collect();
    let mut at = 0;
    sequence(&chars, &mut at, 0)
}

/// Reads to the end of the argument.
fn sequence(chars: &[char], at: &mut usize, depth: usize) -> String {
    let mut out = String::new();
    while let Some(&c) = chars.get(*at) {
        match c {
            ',' | ';' | ')' if depth > 0 => break,
            '\\' => {
                *at += 1;
                out.push_str(&switch(chars, at, depth));
            }
            _ => {
                *at += 1;
                out.push(c);
            }
        }
    }
    out.trim().to_owned()
}

/// A switch with its options and arguments.
fn switch(chars: &[char], at: &mut usize, depth: usize) -> String {
    let name = word(chars, at).to_lowercase();
    if name.is_empty() {
        // An escaped character.
        let escaped = chars.get(*at).copied();
        *at += 1;
        return escaped.map(String::from).unwrap_or_default();
    }
    let mut options = Vec::new();
    loop {
        skip_blanks(chars, at);
        if chars.get(*at) != Some(&'\\') {
            break;
        }
        *at += 1;
        options.push(word(chars, at).to_lowercase());
        if depth == 0 && options.len() > 20 {
            break;
        }
    }
    if chars.get(*at) != Some(&'(') || depth > 20 {
        return String::new();
    }
    *at += 1;
    let mut arguments = vec![sequence(chars, at, depth + 1)];
    while matches!(chars.get(*at), Some(',' | ';')) {
        *at += 1;
        arguments.push(sequence(chars, at, depth + 1));
    }
    *at += 1;
    let option = |start: &str| options.iter().any(|option| option.starts_with(start));
    written(&name, &arguments, option("up"), option("do"))
}

fn written(name: &str, arguments: &[String], is_up: bool, is_down: bool) -> String {
    let (first, second) =
        (arguments.first().map_or("", String::as_str), arguments.get(1).map_or("", String::as_str));
    let letters: String = name.chars().take_while(char::is_ascii_alphabetic).collect();
    match letters.as_str() {
        "f" => format!("{first}/{second}"),
        "r" if second.is_empty() => format!("√({first})"),
        "r" => format!("{}√({second})", superscript(first)),
        "s" if is_up => superscript(first),
        "s" if is_down => subscript(first),
        "b" => format!("({first})"),
        "o" => overstruck(first, second).unwrap_or_else(|| arguments.concat()),
        _ => arguments.join(" "),
    }
}

/// A character in a circle or brackets.
fn overstruck(first: &str, second: &str) -> Option<String> {
    let (ring, inner) = if matches!(first, "○" | "◯" | "〇") { (true, second) } else { (false, first) };
    let is_ring = ring || matches!(second, "○" | "◯" | "〇");
    let number: u32 = inner.trim().parse().ok()?;
    (is_ring && (1..=20).contains(&number))
        .then(|| char::from_u32(0x245F + number))
        .flatten()
        .map(String::from)
}

fn word(chars: &[char], at: &mut usize) -> String {
    let mut out = String::new();
    while let Some(&c) = chars.get(*at).filter(|c| c.is_ascii_alphanumeric()) {
        out.push(c);
        *at += 1;
    }
    out
}

fn skip_blanks(chars: &[char], at: &mut usize) {
    while chars.get(*at).is_some_and(|c| c.is_whitespace()) {
        *at += 1;
    }
}
