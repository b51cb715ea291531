//! Words that the law keeps apart and people confuse, told by the company they keep:
//! 施行 and 实行 in closing formulas, 中止 and 终止, 截止 and 截至.

use std::sync::LazyLock;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::Sink;
use crate::triggers::Table;
use jiedu_base::finding::Severity;

use super::patterns::{Pattern, Patterns};
use super::words::CONFUSED;

pub(crate) static FAMILY: Family = Family { rules: &[], check: Check::Segment(check) };

const fn word(
    keys: &'static [&'static str],
    regex: &'static str,
    right: &'static str,
    why: (&'static str, &'static str),
) -> Pattern {
    Pattern { rule: &CONFUSED, severity: Severity::Warning, keys, regex, right: Some(right), why }
}

const IN_FORCE: (&str, &str) = (
    "法规文件生效用“施行”（立法技术规范）",
    "a text comes into force: 施行 (Rules on Legislative Technique)",
);
const FOR_GOOD: (&str, &str) =
    ("到期、不再继续用“终止”，暂时停下用“中止”", "for good is 终止, for a while 中止");
const FOR_A_WHILE: (&str, &str) =
    ("以后还要恢复的用“中止”，“终止”是不再继续", "what is resumed later is 中止; 终止 is for good");

pub(crate) const LIST: &[Pattern] = &[
    word(
        &["起实行"],
        r"(?:本(?:办法|条例|规定|细则|通知|意见|规则|方案|决定|标准|章程|法|公告|通告|制度|措施|政策|规程|规范|准则|指南)|》)[^。；]{0,30}起(?:正式)?(实行)(?:[，。；）]|$)",
        "施行",
        IN_FORCE,
    ),
    word(
        &["中止"],
        r"(?:期满|届满|到期|永久|无限期)(?:后|地)?(?:即行|即|自动|自行|自然)?(中止)",
        "终止",
        FOR_GOOD,
    ),
    word(&["中止妊娠"], r"(中止)妊娠", "终止", FOR_GOOD),
    word(&["时终止", "暂终止"], r"(?:暂时|临时|暂)(终止)", "中止", FOR_A_WHILE),
    word(
        &["终止"],
        r"(终止)(?:诉讼|执行|审理|审查|办理|仲裁|评审|调查|程序|履行)[^。；]{0,6}，[^。；终]{0,24}(?:后|时)[^。；，终]{0,6}(?:恢复|继续)(?:诉讼|执行|审理|审查|办理|仲裁|评审|调查|程序|履行)",
        "中止",
        FOR_A_WHILE,
    ),
];

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns::new(LIST, Table::Company));

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    PATTERNS.check(segment, sink);
}

#[cfg(test)]
mod tests {
    #[test]
    fn patterns_are_sound() {
        super::super::patterns::assert_sound(super::LIST);
    }
}
