//! Comments and blanks that a browser does not need are left out of the
//! built-in style sheets and scripts. What an office puts in their place is
//! served as it was approved.
//!
//! Nothing is renamed or moved. A line break stays where a script may depend on
//! it: everywhere but beside a mark that cannot end or begin a statement.

/// A style sheet without comments and line breaks.
pub(super) fn css(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    let lines: Vec<&str> = out.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut joined = String::with_capacity(out.len());
    for line in lines {
        if !joined.is_empty() && !joined.ends_with(['{', '}', ';', ',']) {
            joined.push(' ');
        }
        joined.push_str(line);
    }
    joined
}

/// A script without comments and the blanks it can do without.
pub(super) fn js(source: &str) -> String {
    let mut out = Script { out: String::with_capacity(source.len()), blank: None };
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '/' if rest.starts_with("/*") => {
                let end = rest.find("*/").map_or(rest.len(), |at| at + 2);
                out.blank(rest.get(..end).unwrap_or(rest));
                end
            }
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '\'' | '"' | '`' => out.keep(quoted(rest, c)),
            '/' if out.may_begin_pattern() => out.keep(pattern(rest)),
            c if c.is_whitespace() => {
                let end = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
                out.blank(rest.get(..end).unwrap_or(rest));
                end
            }
            c => out.keep(rest.get(..c.len_utf8()).unwrap_or(rest)),
        };
        rest = rest.get(taken..).unwrap_or("");
    }
    out.out
}

struct Script {
    out: String,
    /// A blank that was read and not yet written: whether it breaks the line.
    blank: Option<bool>,
}

impl Script {
    fn blank(&mut self, text: &str) {
        let breaks = text.contains('\n') || self.blank == Some(true);
        self.blank = Some(breaks);
    }

    /// Writes a piece of the script after the blank that it needs before it.
    fn keep(&mut self, piece: &str) -> usize {
        let last = self.out.chars().next_back().unwrap_or(';');
        let next = piece.chars().next().unwrap_or(';');
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || !c.is_ascii();
        match self.blank.take() {
            Some(true) if "{;,([=&|?:".contains(last) || "}),].;?:&|".contains(next) => {}
            Some(true) => self.out.push('\n'),
            Some(false) if (is_word(last) && is_word(next)) || (last == next && "+-".contains(last)) => {
                self.out.push(' ');
            }
            _ => {}
        }
        self.out.push_str(piece);
        piece.len()
    }

    /// Whether a slash here begins a pattern and does not divide.
    fn may_begin_pattern(&self) -> bool {
        let before = self.out.trim_end();
        before.ends_with(['(', ',', '=', ':', '[', '!', '&', '|', '?', '{', '}', ';'])
            || before.is_empty()
            || before.ends_with("return")
    }
}

/// A quotation from its first mark to its last.
fn quoted(text: &str, mark: char) -> &str {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == mark => return text.get(..at + c.len_utf8()).unwrap_or(text),
            _ => {}
        }
    }
    text
}

/// A pattern from slash to slash.
fn pattern(text: &str) -> &str {
    let (mut escaped, mut in_class) = (false, false);
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return text.get(..=at).unwrap_or(text),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_script_does_stays() {
        let source = "/* 说明 */\n(function (d) {\n  'use strict';\n  var a = d.b || 1, c = a + +a; // 尾\n  if (/[/ ]\\//.test('x // y')) return  a / c / 2;\n  function f () { }\n  f()\n  d.x = `a  b`\n})(document);\n";
        assert_eq!(
            js(source),
            "(function(d){'use strict';var a=d.b||1,c=a+ +a;if(/[/ ]\\//.test('x // y'))return a/c/2;function f(){}\nf()\nd.x=`a  b`})(document);"
        );
    }

    #[test]
    fn sheets_lose_comments_and_breaks_only() {
        assert_eq!(
            css("/* a */\n.a{b:c}\n@media x{\n.d , .e\n{f:g h}}\n"),
            ".a{b:c}@media x{.d , .e {f:g h}}"
        );
    }
}
