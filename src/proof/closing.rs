//! The title, the signature and the date of a document against its metadata, and
//! kinds of documents that do what another kind is for.

use jiff::civil::Date;

use jiedu_base::finding::{Finding, Place, Rule, Severity};
use jiedu_base::text::{Message, TextRange, is_han};
use jiedu_markdown::{Prose, ProseKind};
use jiedu_model::PolicyDocument;

pub(super) static ISSUER: Rule = Rule {
    code: "P806",
    name: "title-issuer",
    category: "set",
    severity: Severity::Warning,
    what: ("标题里的机关与发文机关不一致", "a title that begins with another organ than the issuer"),
    why: (
        "《党政机关公文处理工作条例》第九条：标题由发文机关名称、事由和文种组成。",
        "Regulation on official documents, art. 9: the title begins with the issuer's name.",
    ),
    bad: "标题: 甲市财政局关于加强监管的通知；发文机关: 甲市交通运输局",
    good: "标题: 甲市交通运输局关于加强监管的通知；发文机关: 甲市交通运输局",
    except: (
        "规范化简称（市政府办公室）、联合行文和转载的文件不查。",
        "Standard short names, joint documents and reposts.",
    ),
};

pub(super) static MARKS: Rule = Rule {
    code: "P807",
    name: "title-marks",
    category: "set",
    severity: Severity::Hint,
    what: ("公文标题里用了逗号、分号、冒号等标点", "commas, colons and the like in the title of a document"),
    why: (
        "公文标题中除书名号、引号、括号和顿号外，一般不用标点符号（GB/T 9704—2012 第 7.3.1 条的通行做法）。",
        "A title takes title marks, quotes, brackets and enumeration commas only (practice under GB/T 9704-2012, 7.3.1).",
    ),
    bad: "标题: 关于加强监管，抓好落实的通知",
    good: "标题: 关于加强监管抓好落实的通知",
    except: ("书名号和引号内的标点不查。", "Marks inside titles and quotes."),
};

pub(super) static SIGNATURE: Rule = Rule {
    code: "P808",
    name: "signature",
    category: "set",
    severity: Severity::Warning,
    what: ("落款机关与发文机关不一致", "a signature that is not the issuer's"),
    why: (
        "GB/T 9704—2012 第 7.3.5 条：署发文机关全称或者规范化简称。",
        "GB/T 9704-2012, 7.3.5: signed with the issuer's full or standard short name.",
    ),
    bad: "发文机关: 甲市交通运输局；文末：甲市财政局 2025年6月29日",
    good: "发文机关: 甲市交通运输局；文末：甲市交通运输局 2025年6月29日",
    except: (
        "联合行文、转载的文件和没有落款的不查。",
        "Joint documents, reposts and texts without a signature.",
    ),
};

pub(super) static SIGNED: Rule = Rule {
    code: "P809",
    name: "signed-date",
    category: "set",
    severity: Severity::Warning,
    what: ("文末日期与成文日期不一致", "the date below the text differs from the signed date"),
    why: (
        "GB/T 9704—2012 第 7.3.5 条：成文日期只有一个；期限和效力据此计算。",
        "GB/T 9704-2012, 7.3.5: a document has one date, from which terms are counted.",
    ),
    bad: "成文日期: 2025-06-29；文末：2025年6月30日",
    good: "成文日期: 2025-06-29；文末：2025年6月29日",
    except: (
        "文中有一处单列日期与成文日期相同的、转载的文件不查。",
        "Where any date line is the signed date; reposts.",
    ),
};

pub(super) static REQUEST: Rule = Rule {
    code: "P810",
    name: "report-with-request",
    category: "set",
    severity: Severity::Warning,
    what: ("报告中夹带请示事项", "a report that asks for approval"),
    why: (
        "《党政机关公文处理工作条例》第十五条：不得在报告等非请示性公文中夹带请示事项。",
        "Regulation on official documents, art. 15: a report must not carry a request.",
    ),
    bad: "标题: 关于工作情况的报告；文末：妥否，请批示。",
    good: "标题: 关于有关事项的请示；文末：妥否，请批示。",
    except: ("无。", "None."),
};

pub(super) static ADDRESSEE: Rule = Rule {
    code: "P812",
    name: "addressee-colon",
    category: "set",
    severity: Severity::Warning,
    what: ("主送机关后面不是全角冒号", "an addressee that does not end in a full-width colon"),
    why: (
        "GB/T 9704—2012 第 7.3.2 条：主送机关居左顶格，最后一个机关名称后标全角冒号。",
        "GB/T 9704-2012, 7.3.2: the last addressee is followed by a full-width colon.",
    ),
    bad: "各区县人民政府，市政府各部门。",
    good: "各区县人民政府，市政府各部门：",
    except: (
        "公告、通告可以没有主送机关；只认以“各”开头的一行。",
        "Announcements have none; only lines that begin with 各.",
    ),
};

/// Judges the title and what stands below the text.
pub(super) fn check(policy: &PolicyDocument, findings: &mut Vec<Finding>) {
    title(policy, findings);
    request(policy, findings);
    addressee(policy, findings);
    if policy.meta.reposted.is_none() {
        signed(policy, findings);
    }
}

fn push(rule: &'static Rule, place: Place, zh: String, en: String, findings: &mut Vec<Finding>) {
    let message = Message::new(zh, en);
    findings.push(Finding::new(rule.code, rule.name, rule.category, rule.severity, place, message));
}

fn title(policy: &PolicyDocument, findings: &mut Vec<Finding>) {
    let Some(title) = &policy.meta.title else { return };
    let text = title.value.trim();
    let place = || Place::range(&policy.file, title.range);
    let plain = without_quoted(text);
    if let Some(mark) = plain.chars().find(|c| matches!(c, '，' | '；' | '：' | '。' | '！' | '？')) {
        let zh = format!("公文标题里一般不用“{mark}”");
        push(&MARKS, place(), zh, format!("a title takes no `{mark}`"), findings);
    }
    let ends = ["关于", "转发", "印发", "批转"].iter().filter_map(|word| text.find(word)).min();
    let Some(organ) = ends.and_then(|end| text.get(..end)).map(str::trim).filter(|organ| is_organ(organ))
    else {
        return;
    };
    if let Some(issuer) = stranger(policy, organ) {
        let zh = format!("标题以“{organ}”开头，发文机关是“{issuer}”");
        let en = format!("the title begins with `{organ}`, the issuer is `{issuer}`");
        push(&ISSUER, place(), zh, en, findings);
    }
}

/// The text without what stands in 《》 and “”.
fn without_quoted(text: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '《' | '“' => depth += 1,
            '》' | '”' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Whether the text is the name of one organ.
fn is_organ(text: &str) -> bool {
    let ends =
        ["局", "委", "厅", "部", "办", "政府", "办公室", "办公厅", "委员会", "署", "院", "中心", "法院"];
    (3..=30).contains(&text.chars().count())
        && text.chars().all(is_han)
        && ends.iter().any(|end| text.ends_with(end))
}

/// The one issuer, when the organ named is neither it nor its short name.
fn stranger<'p>(policy: &'p PolicyDocument, organ: &str) -> Option<&'p str> {
    let [issuer] = policy.meta.issuers.as_slice() else { return None };
    let issuer = issuer.value.trim();
    let is_other =
        policy.meta.reposted.is_none() && !is_short_of(organ, issuer) && !is_short_of(issuer, organ);
    is_other.then_some(issuer)
}

/// Whether all characters of one name stand in the other, in order, and make up half
/// of it at least.
pub(super) fn is_short_of(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().count() * 2 >= long.chars().count() && short.chars().all(|c| rest.any(|other| other == c))
}

/// `2025年6月29日` alone in its paragraph.
fn date_line(prose: &Prose) -> Option<Date> {
    let text = prose.text.trim();
    let (year, rest) = text.strip_suffix('日')?.split_once('年')?;
    let (month, day) = rest.split_once('月')?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if ![year, month, day].into_iter().all(is_number) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn signed(policy: &PolicyDocument, findings: &mut Vec<Finding>) {
    let dates: Vec<(usize, &Prose, Date)> = policy
        .body
        .prose
        .iter()
        .enumerate()
        .filter_map(|(at, prose)| Some((at, prose, date_line(prose)?)))
        .collect();
    let Some(signed) = &policy.meta.signed else { return };
    let own = dates.iter().find(|(_, _, date)| *date == signed.value);
    let Some(&(at, prose, _)) = own.or_else(|| dates.first()) else { return };
    if own.is_none() {
        let written = prose.text.trim();
        let date = signed.value;
        let zh = format!("文末日期“{written}”与成文日期 {date} 不一致");
        let place = Place::range(&policy.file, prose.range);
        let en = format!("the text ends with `{written}`, the signed date is {date}");
        push(&SIGNED, place, zh, en, findings);
    }
    let Some(above) = at.checked_sub(1).and_then(|at| policy.body.prose.get(at)) else { return };
    let name = above.text.trim();
    if let Some(issuer) = Some(name).filter(|name| is_organ(name)).and_then(|name| stranger(policy, name)) {
        let zh = format!("落款“{name}”与发文机关“{issuer}”不一致");
        let en = format!("signed by `{name}`, the issuer is `{issuer}`");
        push(&SIGNATURE, Place::range(&policy.file, above.range), zh, en, findings);
    }
}

fn request(policy: &PolicyDocument, findings: &mut Vec<Finding>) {
    let is_report = |title: &str| title.trim().ends_with("报告");
    if !policy.meta.title.as_ref().is_some_and(|title| is_report(&title.value)) {
        return;
    }
    for prose in &policy.body.prose {
        let words = ["请批示", "请予批准", "请予批复", "请审批", "妥否，请"];
        let Some((at, word)) = words.iter().find_map(|word| Some((prose.text.find(word)?, word))) else {
            continue;
        };
        let range: TextRange = prose.source_range(at, at + word.len());
        let zh = format!("报告里有请示用语“{word}”，请另行文请示");
        let en = format!("a report asks for approval: `{word}`");
        push(&REQUEST, Place::range(&policy.file, range), zh, en, findings);
        return;
    }
}

/// 各区县人民政府，市政府各部门。 instead of the colon that opens the text.
fn addressee(policy: &PolicyDocument, findings: &mut Vec<Finding>) {
    let mut first = policy.body.prose.iter().take(5).filter(|prose| prose.kind == ProseKind::Paragraph);
    let Some(prose) = first.find(|prose| prose.text.starts_with('各')) else { return };
    let text = prose.text.trim_end();
    let is_line = text.chars().count() <= 60
        && ["部门", "单位", "政府", "局", "委", "办", "企业", "机构", "直属", "中心"]
            .iter()
            .any(|end| text.trim_end_matches(['，', '。', '；', '、']).ends_with(end))
        && !text.trim_end_matches('。').contains('。');
    if !is_line || text.ends_with(['：', ':']) {
        return;
    }
    let start = text.trim_end_matches(['，', '。', '；', '、']).len();
    let from = text.get(..start).and_then(|text| text.char_indices().next_back()).map_or(0, |(at, _)| at);
    let range = prose.source_range(from, text.len());
    let zh = "主送机关后面用全角冒号“：”".to_owned();
    push(&ADDRESSEE, Place::range(&policy.file, range), zh, "an addressee ends in `：`".to_owned(), findings);
}
