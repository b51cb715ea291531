//! Sentences that say something twice, mix two constructions, or deny what they mean.
//!
//! Only constructions that are wrong whatever stands around them are warnings;
//! what good writers let pass (通过…，使…) is a hint.

use std::sync::LazyLock;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::Sink;
use crate::triggers::Table;
use jiedu_base::finding::{Rule, Severity};

use super::patterns::{Pattern, Patterns};

pub(crate) static FAMILY: Family =
    Family { rules: &[&NEGATION, &MIXED, &PLEONASM, &PARTNER], check: Check::Segment(check) };

static NEGATION: Rule = Rule {
    code: "P541",
    name: "wrong-negation",
    category: "grammar",
    severity: Severity::Warning,
    what: ("否定不当：防止…不再发生、切忌不要", "a negation too many"),
    why: (
        "“防止、避免、切忌、禁止”已含否定，再用“不”意思就相反了。",
        "防止 and its like already deny; one 不 more says the opposite.",
    ),
    bad: "防止类似事故不再发生。",
    good: "防止类似事故再次发生。",
    except: ("“避免不必要的损失”等修饰语中的“不”不查。", "不 inside an attribute, as in 不必要的."),
};

static MIXED: Rule = Rule {
    code: "P542",
    name: "mixed-construction",
    category: "grammar",
    severity: Severity::Warning,
    what: ("句式杂糅：原因是由于…造成的、本着…为原则", "two constructions mixed"),
    why: ("两种说法只用一种：“原因是…”或“由于…”，“本着…的原则”或“以…为原则”。", "One of the two is enough."),
    bad: "事故的原因是由于违规操作。",
    good: "事故的原因是违规操作。",
    except: ("书名和引文中的只作提示。", "In titles and quotations a hint."),
};

static PLEONASM: Rule = Rule {
    code: "P543",
    name: "pleonasm",
    category: "grammar",
    severity: Severity::Warning,
    what: ("语义重复：予以进行、擅自私自", "the same said twice"),
    why: ("意思相同的词只用一个。", "One of two words of the same meaning goes."),
    bad: "对违规行为予以进行处罚。",
    good: "对违规行为予以处罚。",
    except: ("书名和引文中的只作提示。", "In titles and quotations a hint."),
};

static PARTNER: Rule = Rule {
    code: "P544",
    name: "missing-partner",
    category: "grammar",
    severity: Severity::Hint,
    what: ("成分残缺或搭配不当：加大改善、通过…使…", "a part is missing, or two do not go together"),
    why: (
        "“加大”的宾语是力度、投入；“通过…，使…”没有主语。",
        "加大 wants 力度 or 投入; 通过…，使… has no subject.",
    ),
    bad: "进一步加大改善营商环境。",
    good: "进一步加大改善营商环境的力度。",
    except: ("同一分句中有“力度、投入”等宾语的不查。", "Where 力度 or 投入 follows."),
};

const fn twice(keys: &'static [&'static str], regex: &'static str, right: Option<&'static str>) -> Pattern {
    Pattern {
        rule: &PLEONASM,
        severity: Severity::Warning,
        keys,
        regex,
        right,
        why: ("意思重复", "said twice"),
    }
}

const fn mixed(keys: &'static [&'static str], regex: &'static str, right: Option<&'static str>) -> Pattern {
    Pattern {
        rule: &MIXED,
        severity: Severity::Warning,
        keys,
        regex,
        right,
        why: ("两种句式杂糅，只用一种", "two constructions mixed"),
    }
}

const fn denied(keys: &'static [&'static str], regex: &'static str, right: Option<&'static str>) -> Pattern {
    Pattern {
        rule: &NEGATION,
        severity: Severity::Warning,
        keys,
        regex,
        right,
        why: ("多了一重否定", "a negation too many"),
    }
}

const fn partner(
    keys: &'static [&'static str],
    regex: &'static str,
    why: (&'static str, &'static str),
) -> Pattern {
    Pattern { rule: &PARTNER, severity: Severity::Hint, keys, regex, right: None, why }
}

pub(crate) const LIST: &[Pattern] = &[
    denied(&["切忌"], r"(切忌(?:不要|不可|勿|不能|不得))", Some("切忌")),
    denied(
        &["不再发生", "不再出现", "不再重演", "不发生"],
        r"(?:防止|避免|杜绝|防范|阻止)[^，。；：、“”]{1,20}(不再?)(?:发生|出现|重演)(?:[，。；]|$)",
        None,
    ),
    denied(
        &["禁止不", "严禁不", "不得严禁", "不得禁止", "严禁禁止"],
        r"((?:严禁|禁止)(?:不得|不准|不许)|不得严禁|严禁禁止)(?:[^的]|$)",
        None,
    ),
    denied(&["否认", "无不"], r"(无不否认|不能不否认)", None),
    mixed(
        &["原因是由于", "原因是因为", "原因在于由于", "原因是源于"],
        r"原因(是由于|是因为|在于由于|是源于)",
        Some("是"),
    ),
    // Good writers let it pass: a hint.
    Pattern {
        rule: &MIXED,
        severity: Severity::Hint,
        keys: &["目的是为了", "目的就是为了", "目的在于为了"],
        regex: r"目的(?:就)?(是为了|在于为了)",
        right: Some("是"),
        why: ("两种句式杂糅，只用一种", "two constructions mixed"),
    },
    mixed(&["为原则", "为宗旨"], r"(本着|按照|遵循)[^，。；]{2,24}为(?:原则|宗旨|目标)(?:[，。；]|$)", None),
    mixed(&["为目标为", "为宗旨为", "为目的为"], r"(为(?:目标|宗旨|目的)为(?:目标|宗旨|目的|原则))", None),
    mixed(
        &["调查显示", "数据显示", "统计显示", "表明"],
        r"(?:^|[，。；])((?:根据|据|通过)(?:[^，。；的]{0,6})(?:调查|统计数据|监测数据|抽样调查|统计资料)(?:显示|表明))",
        None,
    ),
    mixed(&["的原因"], r"(由于[^，。；]{1,24}(?:影响|因素|缘故)的原因)[，。；]", None),
    mixed(
        &["能否", "是否", "可否"],
        r"(?:^|[。；，])(能否|是否|可否)[^，。；]{1,16}(?:是|关系到)[^，。；能是否]{1,16}的(?:关键|前提|保证|基础|条件)(?:[，。；]|$)",
        None,
    ),
    twice(
        &["予以进行", "加以予以", "进行予以", "给予予以", "加以进行", "予以加以", "进行加以", "予以给予"],
        r"((?:予以|加以|进行|给予)(?:进行|予以|加以))[一-龥]",
        None,
    ),
    twice(&["擅自私自", "私自擅自"], r"(擅自私自|私自擅自)", Some("擅自")),
    twice(&["互相"], r"(互相相互|相互互相|互相互相)", Some("互相")),
    twice(&["牵头负责"], r"(负责牵头负责)", Some("负责牵头")),
    twice(&["即将于近日", "将于即将", "即将将"], r"(即将于近日|即将将)", None),
    twice(&["凯旋"], r"(凯旋(?:而归|归来))", Some("凯旋")),
    twice(&["同合作", "起合作"], r"(共同合作(?:完成|开展|努力)|一起合作)", None),
    twice(
        &["左右上下", "上下左右", "左右余"],
        r"[0-9一二三四五六七八九十百千万亿][元人个名户家次件吨年天岁米]{0,2}(左右上下|上下左右|左右余)",
        Some("左右"),
    ),
    twice(
        &["多余", "余多"],
        r"[0-9十百千万](多余|余多)(?:人|名|个|家|户|次|件|项|元|吨|亩|公里)",
        Some("余"),
    ),
    twice(
        &["约近", "约有", "约将", "约接", "概近", "概有", "概将", "概接"],
        r"((?:约有?|大约有?|大概有?)(?:近|将近|接近))[0-9一二三四五六七八九十百千万]",
        Some("约"),
    ),
    twice(
        &["至少", "最少", "起码"],
        r"((?:至少|最少|起码)(?:需要|需|应当|要|有|应)?)[0-9]+[个天日年月元万人名次件项米吨%家户]{1,3}以上",
        None,
    ),
    twice(&["个百分点"], r"[0-9]个百分点([%％])", Some("")),
    twice(&["起来"], r"(开始[^，。；]{1,6}起来)(?:[，。；]|$)", None),
    twice(&["涉及到了"], r"(涉及到了)", Some("涉及")),
    twice(&["悬殊", "差距"], r"(悬殊很大|差距悬殊|悬殊差距)", None),
    twice(&["前现", "前当", "前目"], r"((?:目前|当前)(?:现在|现阶段|当前|目前))", Some("目前")),
    twice(&["一切"], r"((?:凡是?|所有)(?:一切|所有的一切))", Some("所有")),
    twice(&["出台"], r"(颁布出台|出台颁布|出台发布|发布出台)", None),
    partner(
        &["加大"],
        r"(加大(?:改善|提高|完善|加强|优化|推进|提升|增强|促进))(?:[^，。；、力投支比]{2,20})(?:[，。；]|$)",
        ("“加大”缺宾语（力度、投入）", "加大 wants an object such as 力度"),
    ),
    partner(
        &["，使", "，让", "，令"],
        r"(?:^|[。；])((?:通过|经过)[^，。；]{2,40}，(?:使|让|令))[^用]",
        ("滥用介词，句子缺主语", "no subject is left"),
    ),
    partner(
        &["水平"],
        r"(改善[^，。；、的]{0,8}水平)(?:[，。；]|$)",
        ("“改善”与“水平”不搭配，宜用“提高”", "改善 does not go with 水平"),
    ),
    partner(
        &["规模"],
        r"(提高[^，。；、]{0,10}规模)(?:[，。；]|$)",
        ("“提高”与“规模”不搭配，宜用“扩大”", "提高 does not go with 规模"),
    ),
    partner(
        &["遏制", "遏止"],
        r"(遏[制止]了?[^，。；、]{0,8}发生率)",
        ("“遏制”与“发生率”不搭配，宜用“降低”", "遏制 does not go with 发生率"),
    ),
    partner(
        &["增强"],
        r"(增强[^，。；、]{1,8}(?:意识|能力)和[^，。；、的]{0,6}(?:排查|检查|治理|建设))(?:[，。；]|$)",
        ("“增强”与后一宾语不搭配", "增强 does not go with the second object"),
    ),
    partner(
        &["广泛", "赞扬"],
        r"(得到[^，。；]{0,10}好评如潮)",
        ("“得到”与“好评如潮”不搭配", "得到 does not go with 好评如潮"),
    ),
];

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns::new(LIST, Table::Grammar));

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    PATTERNS.check(segment, sink);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lists, text_only};
    use jiedu_base::text::SourceFile;

    #[test]
    fn patterns_are_sound_and_good_sentences_pass() {
        super::super::patterns::assert_sound(LIST);
        let good = "防止事故再次发生，避免不必要的损失，禁止不符合条件的车辆上路，加大改善环境的投入力度，据统计，全市共有5家。";
        let file = SourceFile::new("a.md", good);
        let all = text_only(&[file], &Lists::default(), &|_, _| true);
        assert!(all.iter().all(|finding| finding.category != "grammar"), "{all:?}");
    }
}
