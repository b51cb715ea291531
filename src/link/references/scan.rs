//! What in a run of text reads as a reference: `第六条第二款`, `第三条至第五条`,
//! `前款`, `本条第（一）项`, `附件2`. Whose provision it is, is told elsewhere.
//!
//! One pass over the characters with bounded looks ahead.

use jiedu_base::text::{is_blank, numerals};

/// Units of a citation, from the outermost to the innermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Part,
    SubPart,
    Chapter,
    Division,
    Article,
    Paragraph,
    Item,
    Point,
}

/// `第六条`, `第六条之一`, `第（二）项`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) unit: Unit,
    pub(super) number: u32,
    pub(super) addition: Option<u32>,
}

/// Where a reference begins to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Start {
    /// From the text: `第六条…`, `第三章`.
    Text,
    /// From the provision at hand: `第二款`, `本条第二款`.
    Here,
    /// So many units back: `前款`, `前两条`.
    Back(Unit, u32),
    /// An annex: `附件2`.
    Annex(String),
}

/// A reference as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raw {
    /// Bytes in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) from: Start,
    pub(super) steps: Vec<Step>,
    /// The end of a range or list: `至第五条`, `、七条`.
    pub(super) last: Option<Step>,
    /// Whether the units of the provision at hand were named: `本条`.
    pub(super) is_own: bool,
}

/// The references in a text, in reading order.
pub(super) fn scan(text: &str) -> Vec<Raw> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(offset) = rest.find(['第', '前', '本', '附', '（', '(']) else { break };
        let start = at + offset;
        let Some(tail) = text.get(start..) else { break };
        match read(text, start, tail) {
            Some(raw) => {
                at = raw.end.max(start + 1);
                found.push(raw);
            }
            None => at = start + tail.chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

fn read(text: &str, start: usize, tail: &str) -> Option<Raw> {
    match tail.chars().next()? {
        '第' => ordinal(text, start),
        '前' => before(text, start),
        '本' => here(text, start),
        '附' => annex(text, start),
        _ => bracketed_items(text, start),
    }
}

/// Reads a text from a place on.
#[derive(Clone, Copy)]
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(mut self) -> Self {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(|c| c != '\n' && is_blank(c)).len();
        self
    }

    fn eat(mut self, word: &str) -> Option<Self> {
        self.rest().strip_prefix(word)?;
        self.at += word.len();
        Some(self)
    }

    fn eat_any(self, words: &[&str]) -> Option<Self> {
        words.iter().find_map(|word| self.eat(word))
    }

    /// A number in any figures, in brackets or not.
    fn number(self) -> Option<(u32, Self)> {
        let open = self.skip();
        let inner = open.eat_any(&["（", "("]);
        let cursor = inner.unwrap_or(open).skip();
        let rest = cursor.rest();
        let end = rest.find(|c| !is_figure(c)).unwrap_or(rest.len());
        let figures: String = rest.get(..end)?.chars().map(plain_figure).collect();
        let value = numerals::read(&figures).filter(|value| *value > 0 && figures.chars().count() <= 9)?;
        let after = Cursor { at: cursor.at + end, ..cursor };
        let after = if inner.is_some() { after.skip().eat_any(&["）", ")"])? } else { after };
        Some((value, after))
    }

    fn unit(self) -> Option<(Unit, Self)> {
        const UNITS: [(&str, Unit); 13] = [
            ("分编", Unit::SubPart),
            ("分編", Unit::SubPart),
            ("编", Unit::Part),
            ("編", Unit::Part),
            ("章", Unit::Chapter),
            ("节", Unit::Division),
            ("節", Unit::Division),
            ("条", Unit::Article),
            ("條", Unit::Article),
            ("款", Unit::Paragraph),
            ("项", Unit::Item),
            ("項", Unit::Item),
            ("目", Unit::Point),
        ];
        let cursor = self.skip();
        UNITS.iter().find_map(|(word, unit)| Some((*unit, cursor.eat(word)?)))
    }
}

fn is_figure(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c) || "〇零○一二三四五六七八九十百千".contains(c)
}

fn plain_figure(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        _ => c,
    }
}

/// Words between the numbers of a list or range that share a unit.
const BETWEEN: [&str; 9] = ["、", "至", "到", "和", "与", "或", "及", "—", "～"];
/// Words between the ends of a range.
const TO: [&str; 8] = ["至", "到", "——", "—", "－", "-", "～", "~"];

/// `第六条`, `第六、七条`, `第（一）至（三）项`: one step, with the last of a list.
fn step(cursor: Cursor<'_>) -> Option<(Step, Option<Step>, Cursor<'_>)> {
    let (number, mut cursor) = cursor.skip().eat("第")?.number()?;
    let mut last = None;
    for _ in 0..40 {
        if let Some((unit, after)) = cursor.unit() {
            let (addition, after) = addition(after);
            let first = Step { unit, number, addition: addition.filter(|_| last.is_none()) };
            return Some((first, last.map(|number| Step { unit, number, addition: None }), after));
        }
        let between = cursor.skip().eat_any(&BETWEEN)?.skip();
        let (value, after) = between.eat("第").unwrap_or(between).number()?;
        last = Some(value);
        cursor = after;
    }
    None
}

/// `之一` after an article.
fn addition(cursor: Cursor<'_>) -> (Option<u32>, Cursor<'_>) {
    let read = cursor.eat("之").and_then(Cursor::number);
    // 第三条之二十日 is no article; 第三条之一规定 is.
    match read {
        Some((number, after))
            if number < 100 && !after.rest().starts_with(['日', '年', '个', '月', '元']) =>
        {
            (Some(number), after)
        }
        _ => (None, cursor),
    }
}

/// Steps that go deeper: `第二款第（一）项`, `（一）项`.
fn deeper<'a>(mut cursor: Cursor<'a>, steps: &mut Vec<Step>) -> (Option<Step>, Cursor<'a>) {
    let mut last = None;
    while let Some(unit) = steps.last().map(|step| step.unit) {
        let next = step(cursor).or_else(|| bare_item(cursor)).filter(|(next, ..)| next.unit > unit);
        let Some((next, end, after)) = next.filter(|(next, _, after)| is_reference(next.unit, *after)) else {
            break;
        };
        steps.push(next);
        last = end;
        cursor = after;
        if last.is_some() {
            break;
        }
    }
    (last, cursor)
}

/// `（一）项` after an article or paragraph.
fn bare_item(cursor: Cursor<'_>) -> Option<(Step, Option<Step>, Cursor<'_>)> {
    let cursor = cursor.skip();
    cursor.rest().starts_with(['（', '(']).then_some(())?;
    let (number, after) = cursor.number()?;
    let (unit, after) = after.unit()?;
    (unit == Unit::Item).then_some((Step { unit, number, addition: None }, None, after))
}

/// Whether what follows a unit leaves it a unit: 第三条线路, 第一项目, 第三款手机 are none.
fn is_reference(unit: Unit, after: Cursor<'_>) -> bool {
    const THINGS: [&str; 30] = [
        "线", "路", "措施", "建议", "意见", "经验", "轨道", "道路", "河", "生产", "产线", "信息", "消息",
        "隧道", "通道", "跑道", "评论", "理由", "防线", "途径", "渠道", "主线", "赛道", "船", "鱼", "街",
        "铁", "地铁", "公路", "例",
    ];
    const MATTERS: [&str; 16] = [
        "目", "工程", "任务", "工作", "措施", "改革", "内容", "指标", "技术", "制度", "议程", "服务", "权利",
        "义务", "原则", "成果",
    ];
    let rest = after.rest();
    let follows = |words: &[&str]| words.iter().any(|word| rest.starts_with(word));
    match unit {
        Unit::Article => !follows(&THINGS),
        Unit::Item => !follows(&MATTERS),
        Unit::Division => !follows(&["课", "车", "比赛"]),
        Unit::Chapter => !follows(&["程"]),
        Unit::Part => !follows(&["辑", "制", "号", "组"]),
        Unit::Paragraph => !follows(&["产品", "车", "手机", "应用", "项"]),
        // 第一目的 is a purpose, 第一目的规定 a rule.
        Unit::Point => {
            !follows(&["标", "录"]) && (!follows(&["的"]) || follows(&["的规定", "的情形", "的要求"]))
        }
        Unit::SubPart => true,
    }
}

fn ordinal(text: &str, start: usize) -> Option<Raw> {
    let (first, several, after) = step(Cursor { text, at: start })?;
    if !is_reference(first.unit, after) {
        return None;
    }
    let mut steps = vec![first];
    let (mut last, mut end) = match several {
        Some(_) => (several, after),
        None => deeper(after, &mut steps),
    };
    if last.is_none()
        && let Some((to, after)) = range_end(end, &steps)
    {
        (last, end) = (Some(to), after);
    }
    let from = if first.unit <= Unit::Article { Start::Text } else { Start::Here };
    Some(Raw { start, end: end.at, from, steps, last, is_own: false })
}

/// `至第五条` after `第三条`, `至第（三）项` after `第三条第（一）项`.
fn range_end<'a>(cursor: Cursor<'a>, steps: &[Step]) -> Option<(Step, Cursor<'a>)> {
    let unit = steps.last()?.unit;
    let (end, list, mut after) = step(cursor.skip().eat_any(&TO)?)?;
    let outer = steps.iter().any(|step| step.unit == end.unit);
    if list.is_some() || !outer || !is_reference(end.unit, after) {
        return None;
    }
    if end.unit != unit {
        // 第三条第二款至第五条第一款 is one range.
        let mut inner = vec![end];
        after = deeper(after, &mut inner).1;
    }
    Some((end, after))
}

/// `前款`, `前两款`, `前条第二款`.
fn before(text: &str, start: usize) -> Option<Raw> {
    let ahead = text.get(..start)?.chars().next_back();
    if ahead.is_some_and(|c| "以之此目提日年月天事从先当生空眼跟面".contains(c)) {
        return None;
    }
    let cursor = Cursor { text, at: start }.eat("前")?;
    let (count, cursor) = match cursor.eat("两") {
        Some(after) => (2, after),
        None => cursor.number().unwrap_or((1, cursor)),
    };
    let (unit, after) = cursor.unit()?;
    let is_unit = matches!(unit, Unit::Article | Unit::Paragraph | Unit::Item);
    if !is_unit || count > 20 || after.rest().starts_with(['项', '目', '件', '例', '线', '路']) {
        return None;
    }
    let mut steps = vec![Step { unit, number: 0, addition: None }];
    let (last, end) = deeper(after, &mut steps);
    steps.remove(0);
    Some(Raw { start, end: end.at, from: Start::Back(unit, count), steps, last, is_own: false })
}

/// `本条第二款`, `本款第（一）项`.
fn here(text: &str, start: usize) -> Option<Raw> {
    let (unit, after) = Cursor { text, at: start }.eat("本")?.unit()?;
    if !matches!(unit, Unit::Article | Unit::Paragraph | Unit::Item) {
        return None;
    }
    let mut steps = vec![Step { unit, number: 0, addition: None }];
    let (mut last, mut end) = deeper(after, &mut steps);
    steps.remove(0);
    if steps.is_empty() {
        return None;
    }
    if last.is_none()
        && let Some((to, after)) = range_end(end, &steps)
    {
        (last, end) = (Some(to), after);
    }
    Some(Raw { start, end: end.at, from: Start::Here, steps, last, is_own: true })
}

/// `附件2`, `附表一`.
fn annex(text: &str, start: usize) -> Option<Raw> {
    let cursor = Cursor { text, at: start }.eat("附")?;
    let kind = ["件", "表", "录", "图"].into_iter().find(|kind| cursor.rest().starts_with(kind))?;
    let cursor = cursor.eat(kind)?;
    cursor.skip().rest().starts_with(is_figure).then_some(())?;
    let (number, after) = cursor.number()?;
    // 附件1份, 附表3张 count.
    if number > 200 || after.rest().starts_with(['份', '张', '个', '页', '种', '套', '幅', '项']) {
        return None;
    }
    let from = Start::Annex(format!("附{kind}{number}"));
    Some(Raw { start, end: after.at, from, steps: Vec::new(), last: None, is_own: false })
}

/// `（四）、（五）项所列`: items of the provision at hand.
fn bracketed_items(text: &str, start: usize) -> Option<Raw> {
    let (number, mut cursor) = Cursor { text, at: start }.number()?;
    let mut last = None;
    for _ in 0..40 {
        if let Some((unit, after)) = cursor.unit() {
            let is_cited = ["所", "规定", "的", "情形", "、", "和", "中"]
                .iter()
                .any(|word| after.rest().starts_with(word));
            if unit != Unit::Item || !is_cited {
                return None;
            }
            let step = |number| Step { unit, number, addition: None };
            let (steps, last) = (vec![step(number)], last.map(step));
            return Some(Raw { start, end: after.at, from: Start::Here, steps, last, is_own: false });
        }
        let between = cursor.skip().eat_any(&BETWEEN)?.skip();
        between.rest().starts_with(['（', '(']).then_some(())?;
        let (value, after) = between.number()?;
        last = Some(value);
        cursor = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<&str> {
        scan(text).iter().filter_map(|raw| text.get(raw.start..raw.end)).collect()
    }

    #[test]
    fn every_form_is_one_reference() {
        for text in [
            "第六条",
            "第6条",
            "第六条第二款",
            "第六条第（二）项",
            "第六条第二项",
            "第六条第二款第（一）项第1目",
            "第六条之一",
            "第120条之一",
            "第三条至第五条",
            "第三至五条",
            "第三、四条",
            "第三条第（一）项至第（三）项",
            "第（一）至（三）项",
            "前款",
            "前两款",
            "前条",
            "前款第（二）项",
            "本条第二款",
            "本条第（一）项",
            "本款第三项",
            "第三章",
            "第三章第二节",
            "第二编第一分编",
            "附件2",
            "附表一",
            "第六条（二）项",
            "第 六 条",
            "第三條",
            "第六条第一、二款",
        ] {
            assert_eq!(seen(&format!("依照{text}的规定")), [text], "{text}");
        }
        assert_eq!(seen("第六条、第八条和第九条"), ["第六条", "第八条", "第九条"]);
        assert_eq!(seen("第六条第一款、第三款"), ["第六条第一款", "第三款"]);
        assert_eq!(seen("有（四）、（五）项所列情形"), ["（四）、（五）项"]);
    }

    #[test]
    fn what_counts_things_is_none() {
        for text in [
            "第三条线路",
            "第一项目部",
            "第三款手机",
            "第三节课",
            "以前款项",
            "目前条件",
            "之前项目",
            "本条例",
            "本条",
            "本章",
            "附件3份",
            "第一批",
            "第2次",
            "附则",
            "第一章程",
            "第二项任务",
            "第三条措施",
            "（一）项目",
            "日前条例",
        ] {
            assert!(seen(text).is_empty(), "{text}: {:?}", seen(text));
        }
    }

    #[test]
    fn numbers_are_read() {
        let raw = &scan("第一百二十条之一第二款")[0];
        let step = |unit, number, addition| Step { unit, number, addition };
        assert_eq!(raw.steps, [step(Unit::Article, 120, Some(1)), step(Unit::Paragraph, 2, None)]);
        let raw = &scan("第三条至第五条")[0];
        assert_eq!(raw.last, Some(step(Unit::Article, 5, None)));
        assert_eq!(scan("前两款")[0].from, Start::Back(Unit::Paragraph, 2));
    }
}
