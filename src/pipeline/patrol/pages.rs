//! The pages of the rules that only a patrol knows.

use jiedu_base::finding::{Finding, Place, Rule, Severity};
use jiedu_base::text::Message;

/// Shown as in force, though the date has passed or another text repealed it.
pub(super) static PASSED: Rule = Rule::without_example(
    "R101",
    "validity-passed",
    "patrol",
    Severity::Error,
    (
        "文件已过有效期或已被废止，文件信息仍写“有效”",
        "printed as in force although its period passed or it was repealed",
    ),
    (
        "读者会照着失效的文件办事。请把有效性改为“失效”或“废止”（或按程序延长有效期），重新送审。",
        "Readers would act on it. Correct the validity, or prolong the period by the due procedure, and submit again.",
    ),
);

/// The period passed; the next build says so.
pub(super) static EXPIRED: Rule = Rule::without_example(
    "R102",
    "validity-rebuild",
    "patrol",
    Severity::Hint,
    (
        "文件已过有效期，网站重新生成后才显示“失效”",
        "the period passed; the site says so from its next build on",
    ),
    (
        "网站上的有效性在生成时推算。请重新生成并发布网站；需要继续执行的，按程序重新公布。",
        "Validity is computed when the site is built: build and publish it again.",
    ),
);

/// The period ends soon.
pub(super) static ENDING: Rule = Rule::without_example(
    "R103",
    "validity-ending",
    "patrol",
    Severity::Hint,
    ("文件有效期即将届满", "the period of validity ends soon"),
    (
        "规范性文件届满前应当评估，决定继续执行、修订或者废止（提前天数由 [rules] expiry_notice_days 规定）。",
        "A document is assessed before its period ends: prolong, amend or repeal (`expiry_notice_days`).",
    ),
);

/// A consultation that ended without an answer.
pub(super) static UNANSWERED: Rule = Rule::without_example(
    "R104",
    "consultation-unanswered",
    "patrol",
    Severity::Warning,
    (
        "征求意见已经截止，没有公布意见采纳情况",
        "a consultation that ended without an account of what was adopted",
    ),
    (
        "征求意见后应当反馈采纳情况：在 opinions.toml 中公布，或发布正式文件。",
        "Tell what became of the opinions: publish opinions.toml, or the final text.",
    ),
);

/// The home page shows nothing new.
pub(super) static HOME: Rule = Rule::without_example(
    "R111",
    "home-idle",
    "patrol",
    Severity::Warning,
    ("首页长时间没有更新", "nothing new on the home page"),
    (
        "国办秘函〔2019〕19号：首页两周没有更新属于单项否决（天数由 [rules] home_idle_days 规定，0 为不查）。",
        "The inspection of 2019 vetoes a site whose home page shows nothing new in two weeks (`home_idle_days`).",
    ),
);

/// A column shows nothing new.
pub(super) static COLUMN: Rule = Rule::without_example(
    "R112",
    "column-idle",
    "patrol",
    Severity::Warning,
    ("栏目长时间没有更新", "nothing new in a column"),
    (
        "国办秘函〔2019〕19号：政策文件等一级栏目六个月没有更新要扣分，多个栏目单项否决（天数由 [rules] column_idle_days 规定，0 为不查）。",
        "The inspection of 2019 counts columns of policies without anything new in six months (`column_idle_days`).",
    ),
);

/// A column is empty.
pub(super) static EMPTY: Rule = Rule::without_example(
    "R113",
    "column-empty",
    "patrol",
    Severity::Warning,
    ("空白栏目", "an empty column"),
    (
        "国办秘函〔2019〕19号：空白栏目五个以上单项否决。没有内容的栏目应当关闭或者尽快补充。",
        "The inspection of 2019 vetoes a site with five empty columns.",
    ),
);

/// Due dates that cannot be counted.
pub(super) static CALENDAR: Rule = Rule::without_example(
    "R121",
    "due-date-unknown",
    "patrol",
    Severity::Hint,
    ("缺少节假日安排，整改期限算不出来", "due dates cannot be counted for want of a calendar"),
    (
        "整改期限按工作日计算。国务院办公厅公布下一年的放假安排后，请在 site.toml 中加入 [calendar.年份]，或者更新 jiedu。",
        "Due dates count working days: add [calendar.<year>] to site.toml once the holiday notice is out, or update jiedu.",
    ),
);

/// Every kind of finding that only a patrol makes.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [&PASSED, &EXPIRED, &ENDING, &UNANSWERED, &HOME, &COLUMN, &EMPTY, &CALENDAR].into_iter()
}

/// A finding of one of these rules.
pub(super) fn finding(rule: &'static Rule, place: Place, zh: String, en: String) -> Finding {
    Finding::new(rule.code, rule.name, rule.category, rule.severity, place, Message::new(zh, en))
        .note(rule.why.0, rule.why.1)
}
