//! Who a clause speaks of: one's own organ, somebody else, or whoever was named
//! before.

/// Words that part a subject from what it must or may do.
const MODALS: [&str; 10] = ["应当", "必须", "可以", "不得", "负责", "有权", "应", "须", "需要", "将"];

/// How the names of those who act end.
const AGENTS: [&str; 37] = [
    "单位",
    "企业",
    "经营者",
    "机构",
    "人员",
    "组织",
    "部门",
    "政府",
    "公司",
    "协会",
    "委员会",
    "机关",
    "平台",
    "法院",
    "检察院",
    "国务院",
    "业主",
    "学校",
    "医院",
    "集团",
    "银行",
    "团体",
    "商会",
    "监理",
    "法人",
    "公民",
    "人",
    "者",
    "局",
    "厅",
    "处",
    "站",
    "户",
    "所",
    "方",
    "委",
    "中心",
];

/// What may stand between a subject and what it does, after an agent that is not
/// the last word: `经营者在每季度末应当…`.
const TURNS: [&str; 18] = [
    "在", "于", "自", "对", "将", "按", "依", "根据", "每", "向", "因", "为", "从", "以", "收到", "取得",
    "发现", "变更",
];

/// Makes others do it: `责令经营者公示`.
const PIVOTS: [&str; 14] = [
    "责令", "要求", "督促", "指导", "监督", "鼓励", "支持", "引导", "通知", "委托", "敦促", "协助", "推动",
    "促使",
];

/// Whom a clause speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// One's own organ.
    Own,
    /// Somebody else.
    Other,
    /// Nobody new.
    Same,
}

/// One's own organ, by the names the user gave.
pub(super) struct Organs<'a> {
    names: Vec<&'a str>,
}

impl<'a> Organs<'a> {
    pub(super) fn new(names: &'a [String]) -> Self {
        Self { names: names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect() }
    }

    /// The subject of the words before a verb, or of a whole clause.
    pub(super) fn subject(&self, before: &str) -> Subject {
        if let Some(subject) = named_by(before).and_then(|by| self.by(by)) {
            return subject;
        }
        let modal = first_modal(before);
        let phrase = modal.and_then(|(at, _)| before.get(..at)).unwrap_or(before);
        let subject = self.of_phrase(phrase, modal.is_some());
        let rest = modal.and_then(|(at, modal)| before.get(at + modal.len()..)).unwrap_or(before);
        if makes_others(rest) { Subject::Other } else { subject }
    }

    /// `由X` before a verb.
    fn by(&self, by: &str) -> Option<Subject> {
        let phrase = first_modal(by).and_then(|(at, _)| by.get(..at)).unwrap_or(by);
        if self.is_own(phrase) {
            return Some(Subject::Own);
        }
        has_agent(phrase).then_some(Subject::Other)
    }

    fn of_phrase(&self, phrase: &str, is_before_modal: bool) -> Subject {
        if self.is_own(phrase) {
            return Subject::Own;
        }
        let acts = if is_before_modal { is_agent(phrase) || has_turn(phrase) } else { has_turn(phrase) };
        if acts { Subject::Other } else { Subject::Same }
    }

    /// Whether a phrase names one's own organ as the one who acts.
    fn is_own(&self, phrase: &str) -> bool {
        self.names.iter().any(|name| {
            phrase.match_indices(name).any(|(at, _)| {
                let before = phrase.get(..at).unwrap_or("");
                let after = phrase.get(at + name.len()..).unwrap_or("");
                acts_itself(after) && !is_foreign(before)
            }) || in_list(phrase, name)
        })
    }
}

/// The first word that parts a subject from what it must do: not the 应 of 应急,
/// nor the 负责 of 负责人.
fn first_modal(text: &str) -> Option<(usize, &'static str)> {
    let is_word = |modal: &str, after: &str| match modal {
        "应" => !after.starts_with(['急', '对', '用', '邀', '收', '届', '付', '聘', '税', '诉', '变']),
        "负责" => !after.starts_with('人'),
        "须" => !after.starts_with('知'),
        _ => true,
    };
    let places = MODALS.iter().flat_map(|modal| text.match_indices(modal).map(move |(at, _)| (at, *modal)));
    places.filter(|(at, modal)| is_word(modal, text.get(at + modal.len()..).unwrap_or(""))).min()
}

/// What stands after the last 由 that names an actor: not 理由, 由于.
fn named_by(text: &str) -> Option<&str> {
    let (before, after) = text.rsplit_once('由')?;
    let is_noun = before.ends_with(['理', '自', '事', '缘', '来']) || after.starts_with('于');
    (!is_noun).then_some(after)
}

/// Whether what follows the name leaves it the one who acts: not
/// `…主管部门许可的经营者`, `…局直属单位`.
fn acts_itself(after: &str) -> bool {
    let others =
        ["的", "所属", "下属", "直属", "委托", "授权", "管理的", "设立", "许可的", "批准的", "认定的"];
    if others.iter().any(|word| after.starts_with(word)) {
        return false;
    }
    let joins = ["及", "和", "与", "、", "会同", "或", "联合", "等", "以及", "（", "并"];
    joins.iter().any(|word| after.starts_with(word)) || !is_agent(after)
}

/// Whether what stands before the name makes it somebody else's organ, or the one
/// to whom something is done.
fn is_foreign(before: &str) -> bool {
    let is_level =
        |c: char| "市县区省州盟旗级以上人民政府地方设的各、所在当本自治国务院乡镇下同或者和其该".contains(c);
    let place = before.trim_end_matches(is_level);
    if [
        "向", "经", "报", "对", "受", "被", "给", "报请", "征求", "接受", "协助", "组织", "通知", "告知",
        "抄送",
    ]
    .iter()
    .any(|word| place.ends_with(word))
    {
        return true;
    }
    let head = before.get(place.len()..).unwrap_or("");
    let is_local =
        ["市", "县", "区", "地方", "各级", "本"].iter().any(|word| head.replace("自治区", "").contains(word));
    let is_above =
        ["上级", "上一级", "其他", "原"].iter().any(|word| before.ends_with(word) || place.ends_with(word));
    is_above || (!is_local && ["国务院", "省", "自治区"].iter().any(|word| head.contains(word)))
}

/// `公安、交通运输、市场监督管理等部门` for `交通运输主管部门`.
fn in_list(phrase: &str, name: &str) -> bool {
    let Some(list) = phrase.strip_suffix("部门").filter(|list| list.contains('、')) else { return false };
    let list = list.trim_end_matches(['等', '有', '关', '主', '管', '相', '行', '政']);
    let stem = ["行政主管部门", "主管部门", "行政部门", "部门", "委员会", "局", "厅"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name);
    let stem = stem.rsplit(['省', '市', '县', '区']).next().unwrap_or(stem);
    let is_long = stem.chars().count() >= 2;
    let mut parts = list.split(['、', '和', '与']);
    is_long && !is_foreign(list.split(stem).next().unwrap_or("")) && parts.any(|part| part.ends_with(stem))
}

fn is_agent(phrase: &str) -> bool {
    AGENTS.iter().any(|agent| phrase.ends_with(agent))
}

/// An agent that turns to what it does: `经营者在…`.
fn has_turn(phrase: &str) -> bool {
    AGENTS.iter().filter(|agent| agent.chars().count() > 1).any(|agent| {
        phrase.match_indices(agent).any(|(at, _)| {
            let after = phrase.get(at + agent.len()..).unwrap_or("");
            let before = phrase.get(..at).unwrap_or("");
            TURNS.iter().any(|turn| after.starts_with(turn))
                && !before.contains(['对', '向', '将', '按', '据'])
        })
    })
}

fn has_agent(phrase: &str) -> bool {
    AGENTS.iter().filter(|agent| agent.chars().count() > 1).any(|agent| phrase.contains(agent))
}

/// Whether somebody is made to do it, rather than the subject itself.
fn makes_others(rest: &str) -> bool {
    PIVOTS.iter().any(|pivot| {
        rest.match_indices(pivot).any(|(at, _)| {
            let after = rest.get(at + pivot.len()..).unwrap_or("");
            let is_noun = ["检查", "管理", "意见", "价", "抽查", "评价", "考核", "电话"]
                .iter()
                .any(|word| after.starts_with(word));
            !is_noun && !after.contains('并') && has_agent_or_person(after)
        })
    })
}

fn has_agent_or_person(text: &str) -> bool {
    has_agent(text) || text.contains('者') || text.contains('人')
}
