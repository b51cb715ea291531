//! Comments that set a rule aside for the next block, with a reason.
//!
//! `<!-- 校对:忽略 RULE 理由 -->` or `<!-- proof:ignore RULE reason -->`. RULE is
//! a rule's name, its code, or a family. There is no switch for a whole file, and
//! none for personal data and secrets.

use jiedu_base::finding::{Finding, Place, Rule, Severity};
use jiedu_base::text::{Message, TextRange, did_you_mean};
use jiedu_markdown::{Body, body_range};

use super::registry;

pub(crate) static UNUSED: Rule = Rule {
    code: "P901",
    name: "unused-suppression",
    category: "suppression",
    severity: Severity::Warning,
    what: ("忽略注释没有对应的问题", "a suppression that suppresses nothing"),
    why: (
        "失效的忽略注释会掩盖以后出现的真问题，应当随问题一起删去。",
        "A stale suppression hides the next real fault; it goes together with what it excused.",
    ),
    bad: "<!-- 校对:忽略 repeat-word 原文如此 -->\n\n各单位要抓好落实。",
    good: "各单位要抓好落实。",
    except: ("无。", "None."),
};

pub(crate) static INVALID: Rule = Rule {
    code: "P902",
    name: "invalid-suppression",
    category: "suppression",
    severity: Severity::Warning,
    what: (
        "忽略注释缺少规则名或理由，或者规则不可忽略",
        "a suppression without rule or reason, or of a rule that cannot be suppressed",
    ),
    why: (
        "忽略必须说明理由，供校对人和审核人核对；个人信息和涉密内容不得由撰稿人自行忽略。",
        "Proofreaders and reviewers must see why; personal data and secrets are not the writer's to wave through.",
    ),
    bad: "<!-- 校对:忽略 repeat-word -->\n\n本市市场市场监管部门负责落实。",
    good: "<!-- 校对:忽略 repeat-word 部门简称如此 -->\n\n本市市场市场监管部门负责落实。",
    except: ("无。", "None."),
};

pub(crate) static IDLE: Rule = Rule {
    code: "P904",
    name: "unused-allowed-word",
    category: "suppression",
    severity: Severity::Hint,
    what: ("文件信息中允许的用词没有用处", "an allowed word that excuses nothing"),
    why: (
        "“校对: 允许”里用不着的词会掩盖以后出现的真问题，应当删去。",
        "A word that need not be allowed may hide the next real fault: remove it.",
    ),
    bad: "---\n校对: {允许: [捡查]}\n---\n\n要检查落实。",
    good: "要检查落实。",
    except: (
        "外部校对程序才怀疑的词也在此列。",
        "Words that only an external proofreader doubts are counted in.",
    ),
};

pub(crate) static COMMENT: Rule = Rule {
    code: "P903",
    name: "comment-dropped",
    category: "markdown",
    severity: Severity::Hint,
    what: ("注释不会进入公开页面", "a comment that will not be published"),
    why: (
        "仓库公开后注释可能被人读到，正式文本不应保留编辑过程中的注释。",
        "Comments stay readable in the repository; the final text should not carry them.",
    ),
    bad: "<!-- 待领导审定 -->\n\n正文内容。",
    good: "正文内容。",
    except: ("“校对:忽略”注释除外。", "Suppressions are no such comments."),
};

/// An allowed word that excuses nothing, where the front matter names it.
pub(crate) fn idle(body: &Body, word: &str) -> Finding {
    let file = &body.file;
    let head = file.slice(TextRange::new(0, body_range(file).start));
    let list = ["允许", "allow"].iter().find_map(|key| head.find(key)).unwrap_or_default();
    let rest = file.slice(TextRange::new(list, head.len()));
    let range = rest.find(word).map_or(TextRange::default(), |at| {
        let start = list + at;
        TextRange::new(start, start + word.len())
    });
    let message = Message::new(
        format!("正文没有因“{word}”而搁置的问题，不必列为允许的用词"),
        format!("nothing in the text is excused by `{word}`; it need not be allowed"),
    );
    finding(&IDLE, Place::range(file, range), message)
}

/// One comment that sets a rule aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// A rule's name, code or family, as typed.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// The comment in the file.
    pub range: TextRange,
    /// The block it applies to, when one follows.
    pub block: Option<TextRange>,
}

impl Suppression {
    fn names(&self, finding: &Finding) -> bool {
        self.rule == finding.rule || self.rule == finding.code || self.rule == finding.category
    }

    /// Whether the rule named is one of those that look at this text alone; of
    /// what use the others are shows only beside the whole set.
    fn is_ours(&self) -> bool {
        registry::of_one_text()
            .any(|rule| self.rule == rule.name || self.rule == rule.code || self.rule == rule.category)
    }

    fn covers(&self, body: &Body, finding: &Finding) -> bool {
        let Some(block) = self.block else { return false };
        let is_protected = registry::find(finding.code).is_some_and(|rule| !rule.is_waivable());
        let range = finding.place.range;
        finding.place.path == body.file.path()
            && range.start >= block.start
            && range.start <= block.end
            && !is_protected
            && self.names(finding)
    }
}

/// The suppressions of a body, and findings about comments that are none or are
/// incomplete.
#[must_use]
pub fn read(body: &Body) -> (Vec<Suppression>, Vec<Finding>) {
    let (mut suppressions, mut findings, mut unknown_names) = (Vec::new(), Vec::new(), 0);
    for html in &body.html {
        let Some(comment) = &html.comment else { continue };
        let place = Place::range(&body.file, html.range);
        let Some(order) = order(comment) else {
            let message = Message::new(
                "注释不会进入公开页面，定稿前请删去".to_owned(),
                "this comment will not be published; remove it before approval",
            );
            findings.push(finding(&COMMENT, place, message));
            continue;
        };
        let mut words = order.splitn(2, char::is_whitespace);
        let (rule, reason) = (words.next().unwrap_or(""), words.next().unwrap_or("").trim());
        if rule.is_empty() || reason.is_empty() {
            let message = Message::new(
                "忽略注释缺少规则名或理由，应写成 <!-- 校对:忽略 规则名 理由 -->",
                "write <!-- proof:ignore RULE reason -->: rule and reason are both required",
            );
            findings.push(finding(&INVALID, place, message));
            continue;
        }
        if registry::all().any(|known| (known.name == rule || known.code == rule) && !known.is_waivable()) {
            let message = Message::new(
                format!("规则“{rule}”不能用注释忽略，须由审核人处理"),
                format!("`{rule}` cannot be set aside by a comment; a reviewer must decide"),
            );
            findings.push(finding(&INVALID, place, message));
            continue;
        }
        if !is_known(rule) {
            unknown_names += 1;
            findings.push(unknown(rule, place, unknown_names <= MOST_SUGGESTIONS));
            continue;
        }
        let block = body.blocks.iter().copied().find(|block| block.start >= html.range.end);
        let (rule, reason) = (rule.to_owned(), reason.to_owned());
        suppressions.push(Suppression { rule, reason, range: html.range, block });
    }
    (suppressions, findings)
}

/// Names of rules of the rooms above this one, which a comment may name as well;
/// their codes are told by their form.
const ELSEWHERE: [&str; 35] = [
    "approval",
    "approval-covers-part",
    "approval-voided",
    "column-empty",
    "column-idle",
    "due-date-unknown",
    "consultation-short",
    "consultation-unanswered",
    "disclosure-mismatch",
    "earlier-material-gone",
    "element-missing",
    "engine-declined",
    "engine-failed",
    "engine-finding",
    "engine-finding-dropped",
    "engine-not-sent",
    "external",
    "fact-unsupported",
    "final-approver-differs",
    "home-idle",
    "interpretation-late",
    "interprets-other-set",
    "link-not-mutual",
    "material-missing",
    "plan-after-submit",
    "plan-missing",
    "plan-without-forms",
    "policy-not-cited",
    "release-not-together",
    "secrecy-review-missing",
    "signer-not-entitled",
    "three-synchronous",
    "validity-ending",
    "validity-passed",
    "validity-rebuild",
];

/// Whether a rule or family of that name or code exists anywhere.
pub fn is_known(rule: &str) -> bool {
    let is_number = |code: &str| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    let is_code = ["TS-", "E", "R"].iter().any(|head| rule.strip_prefix(head).is_some_and(is_number))
        || rule.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    is_code || names().any(|name| name == rule)
}

/// The names and families of rules that a comment may name.
fn names() -> impl Iterator<Item = &'static str> {
    let below = jiedu_attach::rules()
        .chain(jiedu_link::rules())
        .chain(jiedu_model::rules())
        .chain(jiedu_config::rules());
    let ours = registry::all().chain(below).flat_map(|rule| [rule.name, rule.category, rule.code]);
    ours.chain(ELSEWHERE)
}

/// Suggestions in one text: each costs a walk over all names.
const MOST_SUGGESTIONS: usize = 20;

fn unknown(rule: &str, place: Place, may_suggest: bool) -> Finding {
    let message = Message::new(
        format!("没有“{rule}”这条规则，这条忽略注释不起作用"),
        format!("there is no rule `{rule}`"),
    );
    let found = finding(&INVALID, place, message);
    match may_suggest.then(|| did_you_mean(rule, names())).flatten() {
        Some(meant) => found.note(format!("是不是“{meant}”？"), format!("did you mean `{meant}`?")),
        None => found
            .note("运行 jiedu explain 可以列出全部规则名", "`jiedu explain` lists the names of all rules"),
    }
}

/// What follows the order to ignore, if the comment is one.
fn order(comment: &str) -> Option<&str> {
    let rest = ["校对", "proof"].iter().find_map(|word| comment.strip_prefix(word))?;
    let rest = rest.trim_start().strip_prefix([':', '：'])?.trim_start();
    ["忽略", "ignore"].iter().find_map(|word| rest.strip_prefix(word)).map(str::trim_start)
}

fn finding(rule: &'static Rule, place: Place, message: Message) -> Finding {
    Finding::new(rule.code, rule.name, rule.category, rule.severity, place, message)
}

/// A finding that the text itself sets aside, and the reason it gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The finding.
    pub finding: Finding,
    /// The reason in the comment, or what allows the word.
    pub reason: String,
}

/// Removes the findings that a suppression covers and hands them out; says
/// which suppressions of proofreading rules were of no use.
pub(crate) fn apply(body: &Body, suppressions: &[Suppression], findings: &mut Vec<Finding>) -> Vec<SetAside> {
    let (unused, aside) = remove(body, suppressions, findings);
    for suppression in unused.into_iter().filter(|suppression| suppression.is_ours()) {
        findings.push(unused_finding(body, suppression));
    }
    aside
}

/// Removes the findings of others that the text sets aside, without a word about
/// suppressions that are of no use to them.
pub fn set_aside(body: &Body, findings: &mut Vec<Finding>) {
    let (suppressions, _) = read(body);
    remove(body, &suppressions, findings);
}

fn remove<'s>(
    body: &Body,
    suppressions: &'s [Suppression],
    findings: &mut Vec<Finding>,
) -> (Vec<&'s Suppression>, Vec<SetAside>) {
    let mut used = vec![false; suppressions.len()];
    let mut aside = Vec::new();
    findings.retain(|finding| {
        let mut covered_by: Option<&Suppression> = None;
        for (suppression, used) in suppressions.iter().zip(&mut used) {
            if suppression.covers(body, finding) {
                *used = true;
                covered_by = covered_by.or(Some(suppression));
            }
        }
        let reason = covered_by.map(|suppression| suppression.reason.clone());
        aside.extend(reason.map(|reason| SetAside { finding: finding.clone(), reason }));
        covered_by.is_none()
    });
    let unused = suppressions.iter().zip(used).filter(|(_, used)| !used);
    (unused.map(|(suppression, _)| suppression).collect(), aside)
}

fn unused_finding(body: &Body, suppression: &Suppression) -> Finding {
    let rule = &suppression.rule;
    let message = Message::new(
        format!("下一段没有“{rule}”的问题，这条忽略注释已无用，请删去"),
        format!("the next block has no `{rule}` finding; remove this suppression"),
    );
    finding(&UNUSED, Place::range(&body.file, suppression.range), message)
}
