//! `policy.md` of an imported policy: every key with what was printed, or
//! blank with a remark.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::super::scaffold::yaml;
use jiedu_base::text::{Message, is_han};
use jiedu_config::Config;
use jiedu_import::{Field, Head, body};

/// Longest quotation in a note, in characters.
const SHOWN: usize = 40;

/// What a blank is filled from.
pub(crate) struct Blank<'a> {
    /// The next 索引号.
    pub(crate) index: String,
    pub(crate) config: &'a Config,
    pub(crate) today: Date,
}

/// Lines of front matter, and what is to be said of each.
#[derive(Default)]
struct Lines {
    text: String,
    notes: Vec<Message>,
}

impl Lines {
    /// A key with the value that was printed, or with `otherwise`.
    fn put(&mut self, key: &str, field: Option<&Field>, otherwise: &str) {
        let Some(field) = field else {
            let _ = writeln!(self.text, "{key}:{otherwise}");
            if otherwise.contains("请填写") {
                self.notes.push(Message::new(
                    format!("{key}：文件里没有找到，请填写"),
                    format!("{key}: not found in the file, fill it in"),
                ));
            }
            return;
        };
        // Dates are written as scaffolds write them.
        let is_date = field.value.get(..10).is_some_and(|day| day.parse::<Date>().is_ok());
        let value = if is_date { field.value.clone() } else { yaml(&field.value) };
        let _ = writeln!(self.text, "{key}: {value}");
        self.read(key, &field.value, &field.from);
    }

    /// Says where a value was read.
    fn read(&mut self, key: &str, value: &str, from: &str) {
        let mut shown: String = from.chars().take(SHOWN).collect();
        if shown.len() < from.len() {
            shown.push('…');
        }
        self.notes.push(Message::new(
            format!("{key}：{value}（取自“{shown}”）"),
            format!("{key}: {value} (read from “{shown}”)"),
        ));
    }

    fn issuers(&mut self, issuers: &[Field], office: &str) {
        match issuers {
            [] => self.put("发文机关", None, &format!(" {}   # 请核对", yaml(office))),
            [one] => self.put("发文机关", Some(one), ""),
            several => {
                self.text.push_str("发文机关:\n");
                for body in several {
                    let _ = writeln!(self.text, "  - {}", yaml(&body.value));
                    self.read("发文机关", &body.value, &body.from);
                }
            }
        }
    }
}

/// The text of `policy.md` and what the writer should know about it.
pub(crate) fn policy_text(head: &Head, blank: &Blank<'_>) -> (String, Vec<Message>) {
    let office = &blank.config.office;
    let index = &blank.index;
    let mut lines = Lines::default();
    lines.put("标题", head.title.as_ref(), "   # 请填写");
    lines.issuers(&head.issuers, &office.name);
    lines.put("发文字号", head.number.as_ref(), "   # 请填写");
    lines.put("索引号", head.index.as_ref(), &format!(" {index}   # 文件里没有，按顺序预填，请核对"));
    lines.put("统一编号", head.registration.as_ref(), "   # 文件类别为行政规范性文件时填写");
    lines.put("文件类别", None, " 政策文件   # 行政规范性文件、规章、政策文件、其他文件");
    lines.put("主题分类", head.subject.as_ref(), "   # 请填写，例如 综合政务_政务公开");
    lines.put("成文日期", head.signed.as_ref(), "   # 请填写");
    lines.put("发布日期", head.published.as_ref(), &format!(" {}   # 请填写计划发布的日期", blank.today));
    for (key, field) in [("施行日期", &head.effective), ("有效期至", &head.expires)] {
        if field.is_some() {
            lines.put(key, field.as_ref(), "");
        }
    }
    let disclosure = " 主动公开   # 主动公开、依申请公开、不予公开";
    lines.put("公开方式", head.disclosure.as_ref(), disclosure);
    let text = body(&head.text, &head.titles);
    let narrow = half_width(&text);
    if narrow > 0 {
        lines.notes.push(Message::new(
            format!("正文有 {narrow} 处半角标点紧挨汉字，可用 jiedu fix 一次改正"),
            format!("{narrow} half-width marks beside Chinese characters; jiedu fix mends them at once"),
        ));
    }
    let title = head.title.as_ref().map_or_else(String::new, |title| format!("# {}\n\n", title.value));
    (format!("---\n{}---\n\n{title}{text}", lines.text), lines.notes)
}

/// Half-width marks right after a Chinese character.
fn half_width(text: &str) -> usize {
    let after = text.chars().zip(text.chars().skip(1));
    after
        .filter(|(before, c)| is_han(*before) && matches!(c, ',' | ':' | ';' | '(' | ')' | '?' | '!'))
        .count()
}
