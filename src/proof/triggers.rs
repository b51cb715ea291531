//! What rules wait for, found in one walk over a text.
//!
//! Most rules concern few segments: a range of dates needs a figure before 年, 月 or 日,
//! an abolished unit its name. So a rule names its *triggers*, words of at least two
//! characters one of which stands in whatever it can find, and asks [`Met::has`]
//! before it starts an expression or a search of its own. A segment is walked once for
//! all triggers of all rules, for the keys of the [tables of patterns](Table) and for
//! the [list of wrong words](rules::words): two neighbours that begin none of them cost
//! one look at a bit.
//!
//! A trigger never decides. It may be met where nothing is wrong; what it must not do
//! is to be missing where something is. To add one: a line in [`WORDS`], read next to
//! the expression it stands for.

use std::sync::LazyLock;

use super::rules;

/// What a rule waits for. The words are in [`WORDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trigger {
    About,
    Acid,
    AfterAnd,
    Amount,
    Attachment,
    BareNumber,
    BeforeAnd,
    Chained,
    Clock,
    CustomaryUnit,
    Date,
    DayOfMonth,
    Decade,
    Dots,
    Etc,
    Event,
    Fact,
    First,
    Grouped,
    Holder,
    Items,
    Liang,
    Magnitude,
    MixedFigure,
    MixedRange,
    Month,
    OldUnit,
    Ordinal,
    Over,
    Per,
    PerSlash,
    PercentWords,
    Point,
    PointMark,
    Quarter,
    QuotedStop,
    RangeUnit,
    RatePoint,
    Split,
    Square,
    Times,
    TitleComma,
    TurnedUnit,
    TwiceSign,
    Unclosed,
    Weekday,
    Year,
    YearRange,
    Years,
}

/// The words of each trigger. `甲乙/丙丁` is 甲 or 乙 and after it 丙 or 丁; a slash at the
/// beginning or the end is the character.
const WORDS: &[(Trigger, &[&str])] = &[
    (Trigger::About, &["近约/0123456789一二三四五六七八九两十百千万亿"]),
    (Trigger::Acid, &["PH", "Ph", "ph"]),
    (Trigger::AfterAnd, &["以及、"]),
    (Trigger::Amount, &["0123456789/万亿"]),
    (Trigger::Attachment, &["附/件表：: \u{3000}"]),
    (Trigger::BareNumber, &["发字函办规通知呈电/12"]),
    (Trigger::BeforeAnd, &["、/和及或", "、以及"]),
    (Trigger::Chained, &["0123456789/."]),
    (Trigger::Clock, &["0123456789/时点:："]),
    (
        Trigger::CustomaryUnit,
        &[
            "平米",
            "公/吨寸",
            "立升",
            "马力",
            "市/两升",
            "0123456789/丈尺寸",
            "华氏",
            "毫巴",
            "达因",
            "石粮",
            "担粮",
        ],
    ),
    (Trigger::Date, &["0123456789〇零○一二三四五六七八九十廿/年月日号", "0123456789/-/."]),
    (Trigger::DayOfMonth, &["每月", "当月", "本月", "次月", "下月", "上月"]),
    (Trigger::Decade, &["年代"]),
    (Trigger::Dots, &["...", "。。。", "···"]),
    (Trigger::Etc, &["等……"]),
    (Trigger::Event, &["》/主系专活大比竞行会论讲培工展奖称"]),
    (Trigger::Fact, &["五”"]),
    (Trigger::First, &["一是", "第一，", "首先，"]),
    (Trigger::Grouped, &["0123456789/、，．。·"]),
    (Trigger::Holder, &["证照书明会议动/》"]),
    (Trigger::Items, &["0123456789二三四五六七八九十两/类种个项大条部方"]),
    (Trigger::Liang, &["二/名个位家户次种项条件套批辆台座所间份张倍组周"]),
    (Trigger::Magnitude, &["0123456789万/千百"]),
    (
        Trigger::MixedFigure,
        &["0123456789/一二三四五六七八九十百几分", "一二三四五六七八九十百千万/0123456789", "之/0123456789"],
    ),
    (
        Trigger::MixedRange,
        &["一二三四五六七八九十百千/至到—～", "至到—～上/一二三四五六七八九十两", "年月日天元倍/至到"],
    ),
    (Trigger::Month, &["0123456789一二三四五六七八九十/月"]),
    (
        Trigger::OldUnit,
        &[
            "公/尺分升担亩",
            "华里",
            "市/尺里斤亩",
            "英/里尺寸亩磅",
            "0123456789一二三四五六七八九十百千万亿两半余多几/磅",
        ],
    ),
    (Trigger::Ordinal, &["第第"]),
    (
        Trigger::Over,
        &[
            "超过",
            "多于",
            "高于",
            "至少",
            "少于",
            "低于",
            "最多",
            "最少",
            "为止",
            "不足",
            "多达",
            "几/十百千万",
        ],
    ),
    (Trigger::Per, &["每每", "/每"]),
    (Trigger::PerSlash, &["元/"]),
    (Trigger::PercentWords, &["之/0123456789"]),
    (Trigger::Point, &["一二三四五六七八九十/是，"]),
    (Trigger::PointMark, &["是/、："]),
    (Trigger::Quarter, &["季度"]),
    (Trigger::QuotedStop, &["。”。", "！”。", "？”。"]),
    (Trigger::RangeUnit, &["0123456789/℃°kcmKMdhtg"]),
    (Trigger::RatePoint, &["个百分比"]),
    (
        Trigger::Split,
        &[
            "两、三",
            "一、二",
            "二、三",
            "三、四",
            "四、五",
            "五、六",
            "六、七",
            "七、八",
            "八、九",
            "1、2",
            "2、3",
            "3、4",
            "4、5",
            "5、6",
            "6、7",
            "7、8",
            "8、9",
        ],
    ),
    (Trigger::Square, &["0123456789万亿千百余/平立"]),
    (Trigger::Times, &["0123456789.一二三四五六七八九十两多余/倍"]),
    (Trigger::TitleComma, &["》、《"]),
    (Trigger::TurnedUnit, &["%％℃/0123456789", "C°", "°/cC", "º", "oC", "0123456789 /mgkWwHhLzv²³"]),
    (
        Trigger::TwiceSign,
        &[
            "元元",
            "%%",
            "％％",
            "℃℃",
            "亿亿",
            "万万",
            "天天",
            "吨吨",
            "亩亩",
            "‰‰",
            "个个",
            "名名",
            "户户",
            "米米",
            "至至",
            "到到",
            "至到",
            "到至",
            "～～",
            "至/～—-",
            "～—-/至",
        ],
    ),
    (Trigger::Unclosed, &["〔/12"]),
    (Trigger::Weekday, &["星期", "礼拜", "（周", "(周", "周周"]),
    (Trigger::Year, &["0123456789OoＯОо〇零○一二三四五六七八九/年"]),
    (Trigger::YearRange, &["0123456789０１２３４５６７８９年/-－–—~"]),
    (Trigger::Years, &["0123456789年度/至到—-～~－–起"]),
];

/// The tables of patterns, whose keys are triggers of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Company,
    Grammar,
    OddMark,
    Particle,
}

const TABLES: usize = 4;

/// What was met in a segment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Met {
    triggers: u64,
    tables: [u64; TABLES],
    /// Where a form of the list of wrong words begins, and which: the longest there.
    pub(crate) listed: Vec<(usize, usize)>,
}

impl Met {
    /// Whether a word of the trigger stands in the segment.
    pub(crate) fn has(&self, trigger: Trigger) -> bool {
        self.triggers & (1 << trigger as u32) != 0
    }

    /// The patterns of a table of which a key stands in the segment, a bit for each.
    pub(crate) fn patterns(&self, table: Table) -> u64 {
        self.tables.get(table as usize).copied().unwrap_or(0)
    }
}

/// What a word means that was found.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    Trigger(Trigger),
    Pattern(Table, usize),
    Listed(usize),
}

/// A word by its first two characters.
struct Word {
    head: [char; 2],
    rest: &'static str,
    meaning: Meaning,
}

/// All words, and a bit for each hash of two characters that one begins with.
pub(crate) struct Finder {
    words: Vec<Word>,
    bits: Vec<u64>,
}

/// The hashes have so many bits; the table of them fits a processor's nearest memory.
const BITS: u32 = 18;

/// A cheap spread of two neighbours is enough: a wrong bit costs one search.
pub(crate) fn spread(first: char, second: char) -> u32 {
    u32::from(first).wrapping_mul(0x9e37_79b1) ^ u32::from(second).wrapping_mul(0x85eb_ca77)
}

/// Word and bit of a hash.
fn place(hash: u32) -> (usize, u64) {
    let bit = hash >> (32 - BITS);
    ((bit >> 6) as usize, 1 << (bit & 63))
}

/// The words of all rules.
pub(crate) static FINDER: LazyLock<Finder> = LazyLock::new(|| {
    let mut words = Vec::new();
    for &(trigger, specs) in WORDS {
        for spec in specs {
            take(&mut words, spec, Meaning::Trigger(trigger));
        }
    }
    words.extend(rules::facts::words().filter_map(|key| word(key, Meaning::Trigger(Trigger::Fact))));
    let tables = [
        (Table::Company, rules::company::LIST),
        (Table::Grammar, rules::grammar::LIST),
        (Table::OddMark, rules::odd_mark::LIST),
        (Table::Particle, rules::particle::LIST),
    ];
    for (table, list) in tables {
        for (at, pattern) in list.iter().enumerate() {
            pattern.keys.iter().for_each(|key| words.extend(word(key, Meaning::Pattern(table, at))));
        }
    }
    words.extend(rules::words::forms().enumerate().filter_map(|(at, form)| word(form, Meaning::Listed(at))));
    // Stable: of two equal forms the first of the list comes first.
    words.sort_by_key(|word| word.head);
    let mut bits = vec![0; 1 << (BITS - 6)];
    for &Word { head: [first, second], .. } in &words {
        let (at, bit) = place(spread(first, second));
        if let Some(slot) = bits.get_mut(at) {
            *slot |= bit;
        }
    }
    Finder { words, bits }
});

fn word(text: &'static str, meaning: Meaning) -> Option<Word> {
    let mut chars = text.chars();
    let head = [chars.next()?, chars.next()?];
    Some(Word { head, rest: chars.as_str(), meaning })
}

fn take(words: &mut Vec<Word>, spec: &'static str, meaning: Meaning) {
    match spec.split_once('/').filter(|(firsts, seconds)| !firsts.is_empty() && !seconds.is_empty()) {
        Some((firsts, seconds)) => {
            let pairs = firsts.chars().flat_map(|first| seconds.chars().map(move |second| [first, second]));
            words.extend(pairs.map(|head| Word { head, rest: "", meaning }));
        }
        None => words.extend(word(spec, meaning)),
    }
}

impl Finder {
    /// Whether a word may begin with two characters of this [`spread`].
    pub(crate) fn may_begin(&self, hash: u32) -> bool {
        let (at, bit) = place(hash);
        self.bits.get(at).is_some_and(|slot| slot & bit != 0)
    }

    /// Notes the words that begin with two characters at `at` and go on with `rest`.
    #[cold]
    pub(crate) fn meet(&self, head: [char; 2], at: usize, rest: &str, met: &mut Met) {
        let start = self.words.partition_point(|word| word.head < head);
        let same = self.words.get(start..).unwrap_or(&[]).iter().take_while(|word| word.head == head);
        let mut longest: Option<(usize, usize)> = None;
        for word in same.filter(|word| rest.starts_with(word.rest)) {
            match word.meaning {
                Meaning::Trigger(trigger) => met.triggers |= 1 << trigger as u32,
                Meaning::Pattern(table, pattern) => {
                    if let Some(slot) = met.tables.get_mut(table as usize) {
                        *slot |= 1 << pattern;
                    }
                }
                Meaning::Listed(form) => {
                    if longest.is_none_or(|(length, _)| word.rest.len() > length) {
                        longest = Some((word.rest.len(), form));
                    }
                }
            }
        }
        met.listed.extend(longest.map(|(_, form)| (at, form)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trigger_has_its_words() {
        assert!(WORDS.is_sorted_by_key(|(trigger, _)| *trigger as u32));
        assert!(WORDS.iter().enumerate().all(|(at, (trigger, _))| *trigger as usize == at));
        assert!(WORDS.len() <= 64 && WORDS.iter().all(|(_, specs)| !specs.is_empty()));
    }

    #[test]
    fn finds_words_and_only_those() {
        let met = |text: &str| crate::document::met(text);
        assert!(met("自3月起").has(Trigger::Month) && !met("自本月起").has(Trigger::Month));
        assert!(met("甲等……").has(Trigger::Etc) && !met("甲等…").has(Trigger::Etc));
        assert!(met("二、三").has(Trigger::Split) && !met("二、四").has(Trigger::Split));
        assert_eq!(met("").triggers, 0);
        assert_ne!(met("切忌不要").patterns(Table::Grammar), 0);
    }

    /// Of several forms at one place the longest counts.
    #[test]
    fn lists_the_longest_form() {
        for (at, form) in rules::words::forms().enumerate() {
            let listed = crate::document::met(form).listed;
            let first = listed.first().map(|&(start, entry)| (start, entry));
            assert!(matches!(first, Some((0, _))), "{form} {at}");
        }
    }
}
