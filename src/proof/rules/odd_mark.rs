//! Marks that no standard allows where they stand: 包括；, 、等.

use std::sync::LazyLock;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::Sink;
use crate::triggers::Table;
use jiedu_base::finding::{Rule, Severity};

use super::patterns::{Pattern, Patterns};

pub(crate) static FAMILY: Family = Family { rules: &[&MARK], check: Check::Segment(check) };

static MARK: Rule = Rule {
    code: "P217",
    name: "odd-mark",
    category: "punctuation",
    severity: Severity::Warning,
    what: ("此处不该用的点号：包括；、等", "a mark that does not belong where it stands"),
    why: (
        "GB/T 15834—2011 第 4.5 条：“等”前不用顿号；领起下文用冒号，不用分号。",
        "GB/T 15834-2011, 4.5: no comma before 等; what leads to a list ends with a colon.",
    ),
    bad: "适用于小微企业、个体工商户、等市场主体。",
    good: "适用于小微企业、个体工商户等市场主体。",
    except: ("书名和引文中的只作提示。", "In titles and quotations a hint."),
};

const fn mark(
    severity: Severity,
    keys: &'static [&'static str],
    regex: &'static str,
    right: Option<&'static str>,
    why: (&'static str, &'static str),
) -> Pattern {
    Pattern { rule: &MARK, severity, keys, regex, right, why }
}

pub(crate) const LIST: &[Pattern] = &[
    mark(
        Severity::Warning,
        &["、等"],
        r"[\p{Han}”》](、)等(?:[，。；、]|各|单位|部门|市场|企业|人员|问题|工作|措施|方面|活动|项目|领域|行为|情况)",
        Some(""),
        ("“等”前不用顿号", "no comma before 等"),
    ),
    mark(
        Severity::Warning,
        &["，等"],
        r"、[^，。；、]{1,10}(，)等(?:各项|各类|有关|相关|工作|措施|问题|方面)",
        Some(""),
        ("“等”前不用逗号", "no comma before 等"),
    ),
    mark(
        Severity::Warning,
        &["包括；", "如下；", "以下几"],
        r"(?:包括|如下|以下几[个项点类种方面]{1,3})(；)",
        Some("："),
        ("领起下文用冒号", "a colon leads to a list"),
    ),
    mark(
        Severity::Warning,
        &["其一、", "其二、", "其三、", "其四、"],
        r"(?:^|[。；：])其[一二三四五](、)",
        Some("，"),
        ("“其一、其二”后用逗号", "其一 takes a comma"),
    ),
    mark(
        Severity::Warning,
        &["……等"],
        r"(……等等|……等)",
        Some("等"),
        ("省略号和“等”只用一个", "either dots or 等"),
    ),
];

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns::new(LIST, Table::OddMark));

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
