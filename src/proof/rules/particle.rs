//! 的, 地 and 得 in each other's place.
//!
//! Only where grammar leaves no choice: between an adverb and the verb it belongs
//! to, between a verb and the adjective that says how it went. Whatever may also
//! be an attribute (严格的执行标准, 做的很多工作) is left alone.

use std::sync::LazyLock;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::Sink;
use crate::triggers::Table;
use jiedu_base::finding::{Rule, Severity};

use super::patterns::{Pattern, Patterns};

pub(crate) static FAMILY: Family = Family { rules: &[&PARTICLE], check: Check::Segment(check) };

static PARTICLE: Rule = Rule {
    code: "P525",
    name: "confused-particle",
    category: "contextual",
    severity: Severity::Warning,
    what: ("“的、地、得”混用", "的, 地 and 得 confused"),
    why: (
        "现代汉语规范：定语后用“的”，状语后用“地”，补语前用“得”。",
        "Standard Chinese: 的 after an attribute, 地 after an adverbial, 得 before a complement.",
    ),
    bad: "各部门应当及时的向社会公开信息。",
    good: "各部门应当及时地向社会公开信息。",
    except: (
        "可作定语的（严格的执行标准、做的很多工作）不查。",
        "What may be an attribute, as in 严格的执行标准.",
    ),
};

pub(crate) const LIST: &[Pattern] = &[
    Pattern {
        rule: &PARTICLE,
        severity: Severity::Warning,
        keys: &[
            "的向",
            "的按照",
            "的把",
            "的将",
            "的为",
            "的做好",
            "的抓好",
            "的贯彻",
            "的完成",
            "的履行",
            "的执行",
            "的解答",
            "的回应",
            "的配合",
            "的推进",
            "的开展",
            "的落实",
            "的推动",
            "的参与",
            "的处理",
            "的听取",
            "的解决",
            "的研究",
            "的学习",
            "的支持",
            "的帮助",
        ],
        regex: r"(?:切实|认真|积极|主动|自觉|耐心|细致|及时|扎实|迅速|热情|大力|不断|逐步|坚决|稳步|有序|深入|踏实)(的)(?:向(?:社会|群众|上级|有关|主管)|按照|把|将(?:[一-龥]{1,6}(?:纳入|作为|列入))|做好|抓好|贯彻(?:落实|执行|实施)|完成(?:好|了)?(?:各项|任务|工作)|履行(?:好)?(?:职责|义务|职能)|执行(?:各项|有关|规定|制度)|解答|回应|配合(?:做好|有关|各)|推进各?项?|开展(?:工作|各项|了)|落实(?:各项|好|到)|推动|参与(?:到|各)|听取|解决(?:好|了|群众|问题))",
        right: Some("地"),
        why: ("状语后用“地”", "地 after an adverbial"),
    },
    Pattern {
        rule: &PARTICLE,
        severity: Severity::Warning,
        keys: &["的很", "的非常", "的十分", "的比较", "的较", "的更", "的不够", "的不太", "的又"],
        regex: r"(?:做|办|干|抓|管|搞|写|学|讲|走|跑|落实|完成|执行|发展|恢复|解决|处理|办理|掌握|贯彻|推进|进展|开展|回答|表现)(的)(?:(?:很|非常|十分|比较|较|更|更加|不够|不太|特别|又)(?:好|快|慢|差|到位|扎实|彻底|及时|充分|细致|规范|理想|顺利|出色|满意|严格|认真)(?:[，。；、！？]|$)|又快又好|又好又快)",
        right: Some("得"),
        why: ("补语前用“得”", "得 before a complement"),
    },
    Pattern {
        rule: &PARTICLE,
        severity: Severity::Warning,
        keys: &[
            "地提升",
            "地提高",
            "地改善",
            "地增强",
            "地加强",
            "地发展",
            "地进展",
            "地成效",
            "地成绩",
            "地变化",
            "地作用",
            "地影响",
            "地效果",
        ],
        regex: r"(?:得到|获得|实现|取得|有|发生|产生|发挥)了?(?:明显|显著|有效|很大|较大|极大|充分|重大|巨大|进一步|良好|积极|重要|较好|新)?(?:明显|显著|有效|很大|较大|极大|充分|重大|巨大|进一步|良好|积极|重要|较好|取得)(地)(?:提升|提高|改善|增强|加强|发展|进展|成效|成绩|变化|作用|影响|效果)",
        right: Some("的"),
        why: ("定语后用“的”", "的 after an attribute"),
    },
    Pattern {
        rule: &PARTICLE,
        severity: Severity::Warning,
        keys: &["取得地"],
        regex: r"取得(地)(?:成绩|成效|成果|进展|效果|经验)",
        right: Some("的"),
        why: ("定语后用“的”", "的 after an attribute"),
    },
    Pattern {
        rule: &PARTICLE,
        severity: Severity::Warning,
        keys: &["格得", "真得", "时得", "极得", "动得", "实得", "续得", "面得"],
        regex: r"(?:严格|认真|及时|积极|主动|切实|扎实|持续|全面)(得)(?:执行|落实|贯彻|履行|完成|开展|推进|做好|抓好|处理|办理|研究|学习|遵守|公开)",
        right: Some("地"),
        why: ("状语后用“地”", "地 after an adverbial"),
    },
];

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns::new(LIST, Table::Particle));

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    PATTERNS.check(segment, sink);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lists, text_only};
    use jiedu_base::text::SourceFile;

    fn found(text: &str) -> usize {
        let file = SourceFile::new("a.md", text);
        let all = text_only(&[file], &Lists::default(), &|_, _| true);
        all.iter().filter(|finding| finding.rule == "confused-particle").count()
    }

    #[test]
    fn patterns_are_sound_and_leave_attributes_alone() {
        super::super::patterns::assert_sound(LIST);
        for right in
            ["做的很多工作。", "严格的执行标准。", "取得的成绩很大。", "有效的落实机制。", "及时的处理结果。"]
        {
            assert_eq!(found(right), 0, "{right}");
        }
        for wrong in
            ["政策落实的很到位。", "取得地成绩来之不易。", "要严格得执行规定。", "效率得到了明显地提升。"]
        {
            assert_eq!(found(wrong), 1, "{wrong}");
        }
    }
}
