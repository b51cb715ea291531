//! Where a Chinese title may be broken.
//!
//! A title of an official document is issuer + 关于 + matter + 的 + kind. The
//! page keeps phrases whole (`word-break: keep-all`) and offers a break after
//! the issuer, after 关于印发 and its like, after a year, and before `的通知`.

use jiedu_base::text::escape_html;
use jiedu_model::document_kind;

/// Words after 关于 that make a phrase with it.
const ACTS: [&str; 8] = ["印发", "公布", "转发", "批转", "修改", "废止", "做好", "进一步"];

/// The longest phrase that is left whole; longer ones get a break inside, lest
/// a narrow screen break them anywhere.
const LONGEST: usize = 14;

/// A title as HTML with its break opportunities. Those inside a phrase are
/// for narrow screens alone (`wbr.in`).
pub(crate) fn title_html(title: &str, issuers: &[&str]) -> String {
    let phrase = |phrase| shorten(phrase).into_iter().map(escape_html).collect::<Vec<_>>();
    let phrases = phrases(title, issuers).into_iter().map(|one| phrase(one).join("<wbr class=\"in\">"));
    phrases.collect::<Vec<_>>().join("<wbr>")
}

/// Cuts a title into phrases that a line break should not split.
fn phrases<'a>(title: &'a str, issuers: &[&str]) -> Vec<&'a str> {
    let mut cuts = Vec::new();
    for issuer in issuers.iter().filter(|issuer| !issuer.is_empty()) {
        cuts.extend(title.match_indices(issuer).map(|(at, found)| at + found.len()));
    }
    for (at, found) in title.match_indices("关于") {
        cuts.push(at);
        let rest = title.get(at + found.len()..).unwrap_or("");
        if let Some(act) = ACTS.iter().find(|act| rest.starts_with(**act)) {
            cuts.push(at + found.len() + act.len());
        }
    }
    cuts.extend(
        title
            .match_indices('年')
            .filter(|(at, _)| ends_in_digit(title, *at))
            .map(|(at, year)| at + year.len()),
    );
    cuts.extend(title.match_indices(['《', '〈', '（', '(']).map(|(at, _)| at));
    // After a closing mark, unless another one follows.
    let ends = title
        .match_indices(['》', '〉', '）', ')', '，', '、', '：', '；', '　', ' '])
        .map(|(at, mark)| at + mark.len());
    cuts.extend(
        ends.filter(|at| !title.get(*at..).is_some_and(|rest| rest.starts_with(['》', '〉', '）', ')']))),
    );
    let matter = document_kind(title).and_then(|kind| title.strip_suffix(kind));
    if let Some(before) = matter.and_then(|matter| matter.strip_suffix('的')) {
        cuts.push(before.len());
    }
    cuts.sort_unstable();
    cuts.dedup();
    cut(title, &cuts)
}

/// A title as it stands between title marks: marks inside it change places,
/// 《 with 〈 (GB/T 15834: double outside, single inside, and so on inward).
pub(crate) fn inside_marks(title: &str) -> String {
    let swapped = title.chars().map(|c| match c {
        '《' => '〈',
        '》' => '〉',
        '〈' => '《',
        '〉' => '》',
        c => c,
    });
    swapped.collect()
}

fn ends_in_digit(title: &str, at: usize) -> bool {
    title.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()))
}

fn cut<'a>(title: &'a str, cuts: &[usize]) -> Vec<&'a str> {
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    let mut start = 0;
    for &end in cuts.iter().chain(std::iter::once(&title.len())) {
        if let Some(part) = title.get(start..end).filter(|part| !part.is_empty()) {
            parts.push(part);
            start = end;
        }
    }
    parts
}

/// Halves a phrase that would not fit on a narrow screen.
fn shorten(phrase: &str) -> Vec<&str> {
    let length = phrase.chars().count();
    if length <= LONGEST {
        return vec![phrase];
    }
    let pieces = length.div_ceil(LONGEST);
    let size = length.div_ceil(pieces);
    let places: Vec<usize> = phrase.char_indices().map(|(at, _)| at).collect();
    let inside = |at: usize| {
        let mut found = WORDS.iter().flat_map(|word| phrase.match_indices(word));
        found.any(|(start, word)| start < at && at < start + word.len())
    };
    // The place nearest to the ideal one that lies in no word.
    let near = |wanted: usize| {
        let tried = (0..=AWAY).flat_map(|away| [wanted.saturating_sub(away), wanted + away]);
        let mut known = tried.filter_map(|place| places.get(place).copied()).filter(|at| *at > 0);
        known.find(|at| !inside(*at)).or_else(|| places.get(wanted).copied())
    };
    let starts: Vec<usize> = (1..pieces).filter_map(|piece| near(piece * size)).collect();
    cut(phrase, &starts)
}

/// How far from its ideal place a break may move.
const AWAY: usize = 4;

/// Words of titles that no line break should split.
const WORDS: [&str; 96] = [
    "公共汽电车",
    "公共汽车",
    "出租汽车",
    "互联网",
    "自行车",
    "驾驶员",
    "电动车",
    "机动车",
    "轨道交通",
    "交通运输",
    "政务服务",
    "政务公开",
    "信息公开",
    "行政处罚",
    "行政许可",
    "行政执法",
    "综合执法",
    "营商环境",
    "安全生产",
    "高质量",
    "规范性文件",
    "征求意见稿",
    "实施细则",
    "实施方案",
    "实施意见",
    "实施办法",
    "工作要点",
    "工作方案",
    "行动计划",
    "应急预案",
    "管理办法",
    "裁量基准",
    "优惠",
    "乘车",
    "巡游",
    "网络",
    "预约",
    "租赁",
    "停放",
    "秩序",
    "服务",
    "质量",
    "考核",
    "管理",
    "办法",
    "规定",
    "条例",
    "规则",
    "规程",
    "通知",
    "通告",
    "公告",
    "意见",
    "方案",
    "计划",
    "规划",
    "标准",
    "目录",
    "清单",
    "指南",
    "要点",
    "工作",
    "建设",
    "发展",
    "促进",
    "加强",
    "推进",
    "完善",
    "深化",
    "改革",
    "监督",
    "保障",
    "保护",
    "安全",
    "运输",
    "交通",
    "道路",
    "公路",
    "客运",
    "货运",
    "航运",
    "港口",
    "农村",
    "城市",
    "城乡",
    "人民",
    "政府",
    "企业",
    "资金",
    "补贴",
    "社会",
    "保险",
    "教育",
    "医疗",
    "住房",
    "环境",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_title_breaks_at_its_phrases() {
        let issuer = "济南市城乡交通运输局";
        let title = "济南市城乡交通运输局关于印发2025年济南市城乡交通运输局政务公开工作要点的通知";
        let parts = phrases(title, &[issuer]);
        assert_eq!(
            parts,
            [
                "济南市城乡交通运输局",
                "关于印发",
                "2025年",
                "济南市城乡交通运输局",
                "政务公开工作要点",
                "的通知"
            ]
        );
        assert_eq!(parts.concat(), title);
    }

    #[test]
    fn a_long_phrase_breaks_on_narrow_screens_alone() {
        let html = title_html("甲局关于《互联网租赁自行车停放秩序管理办法（征求意见稿）》的公告", &["甲局"]);
        assert_eq!(
            html,
            "甲局<wbr>关于<wbr>《互联网租赁自行车<wbr class=\"in\">停放秩序管理办法<wbr>（征求意见稿）》<wbr>的公告"
        );
    }

    #[test]
    fn marks_inside_marks_change_places() {
        assert_eq!(inside_marks("关于印发《甲办法》的通知"), "关于印发〈甲办法〉的通知");
        assert_eq!(inside_marks("关于《乙〈丙〉细则》的公告"), "关于〈乙《丙》细则〉的公告");
    }

    #[test]
    fn no_character_is_lost() {
        for title in
            ["", "通知", "（试行）", "关于关于关于", "年2025年年", "一二三四五六七八九十一二三四五六七八九十"]
        {
            assert_eq!(phrases(title, &["", "一"]).concat(), title);
        }
    }
}
