//! Units of measurement.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};

use super::unit_form::BY_INCH;

pub(crate) static FAMILY: Family =
    Family { rules: &[&SYMBOL, &ABOLISHED, &CUT], check: Check::Segment(check) };

pub(crate) static MIXTURE: Family = Family { rules: &[&MIXED], check: Check::Document(mixed) };

static SYMBOL: Rule = Rule {
    code: "P341",
    name: "unit-symbol",
    category: "unit",
    severity: Severity::Warning,
    what: ("计量单位符号的大小写和上标", "case and superscript of unit symbols"),
    why: (
        "GB 3100—1993：单位符号大小写固定，km、kg、kW、m²、pH；写错即成别的单位。",
        "GB 3100-1993 fixes the letters: km, kg, kW, m², pH.",
    ),
    bad: "全长8KM。",
    good: "全长8km。",
    except: ("产品型号和代码中的字母不查。", "Model names and codes."),
};

static ABOLISHED: Rule = Rule {
    code: "P342",
    name: "abolished-unit",
    category: "unit",
    severity: Severity::Warning,
    what: ("已废止的计量单位", "a unit that is no longer legal"),
    why: (
        "《中华人民共和国法定计量单位》：公文使用法定计量单位，华里、公尺等已废止。",
        "Official documents use legal units; 华里 and 公尺 are abolished.",
    ),
    bad: "河道长20华里。",
    good: "河道长10公里。",
    except: ("“亩”可用于面向群众的文件；引文保留原样。", "亩, quotations."),
};

static CUT: Rule = Rule {
    code: "P343",
    name: "cut-unit",
    category: "unit",
    severity: Severity::Warning,
    what: ("“平方”“立方”后面缺“米”", "平方 or 立方 without 米"),
    why: (
        "《中华人民共和国法定计量单位》：面积、体积的单位是平方米、立方米；“平方”“立方”不是计量单位。",
        "The legal units are 平方米 and 立方米; 平方 and 立方 are no units.",
    ),
    bad: "占地2000平方。",
    good: "占地2000平方米。",
    except: ("数学上的平方、立方不查。", "Squares and cubes of numbers."),
};

static MIXED: Rule = Rule {
    code: "P344",
    name: "mixed-units",
    category: "unit",
    severity: Severity::Hint,
    what: ("同一个量有时写中文单位、有时写符号", "one unit, here by name and there by symbol"),
    why: (
        "GB 3100—1993：单位的中文名称和国际符号都可以用，一份文件里应当只用一种。",
        "GB 3100-1993 allows name and symbol; one text keeps to one of them.",
    ),
    bad: "甲段长8公里，乙段长5km，丙段长3公里。",
    good: "甲段长8公里，乙段长5公里，丙段长3公里。",
    except: ("复合单位（km/h）、表格和附注的单位不查。", "Compound units, tables."),
};

/// A symbol, the names of the same unit, and which name stands for the symbol.
const PAIRS: [(&str, &[&str]); 4] =
    [("km", &["公里", "千米"]), ("kg", &["公斤", "千克"]), ("kW", &["千瓦"]), ("m²", &["平方米"])];

/// The places where a unit follows a figure and stands alone.
fn places(segment: &Segment<'_>, unit: &str) -> Vec<std::ops::Range<usize>> {
    let is_figure = |c: char| c.is_ascii_digit() || matches!(c, '万' | '亿' | ' ');
    let is_more = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '·' | '²' | '³' | '-' | '时');
    let ranges = segment.text.match_indices(unit).map(|(at, text)| at..at + text.len());
    ranges
        .filter(|place| segment.prev(place.start).is_some_and(is_figure))
        .filter(|place| !segment.next(place.end).is_some_and(is_more))
        .collect()
}

fn mixed(document: &Document<'_>, sink: &mut Sink) {
    for (symbol, names) in PAIRS {
        let mut symbols = Vec::new();
        let mut named: Vec<(&Segment<'_>, std::ops::Range<usize>)> = Vec::new();
        for segment in document.flow().filter(|segment| segment.has.digit) {
            symbols.extend(places(segment, symbol).into_iter().map(|place| (segment, place)));
            let found = names.iter().flat_map(|name| places(segment, name));
            named.extend(found.map(|place| (segment, place)));
        }
        let Some(name) = named.first().map(|(segment, place)| segment.slice(place.clone()).to_owned()) else {
            continue;
        };
        // What is rarer gives way.
        let (rare, right) =
            if symbols.len() <= named.len() { (symbols, name.as_str()) } else { (named, symbol) };
        for (segment, place) in rare {
            let zh = format!("单位“{}”在文中多写作“{right}”，应当统一", segment.slice(place.clone()));
            let en = format!("this unit is otherwise written `{right}`");
            sink.push(Hit::new(&MIXED, segment, place, zh, en).review(right));
        }
    }
}

static VOLT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[0-9]{2,}( ?)([vw])").ok());

static LATIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([0-9]|[0-9][万亿千百])( ?)((?:MG|Mg|mg|UG|ug|μG|μg)/(?:M3|m3|L|l)|(?:M3|m3)/[shd]|KM2|Km2|km2|KM/[hH]|Km/h|KM|Km|kM|KG|Kg|kG|KWH|KWh|Kwh|kwh|KW·h|KW|Kw|kw|MWH|MWh|Mwh|Mw|KVA|Kva|kva|KV|Kv|kv|CM|Cm|MM|Mm|M2|m2|M3|m3|MPA|Mpa|mpa|kpa|KPA|KPa|Kpa|KHZ|KHz|Khz|khz|MHZ|Mhz|mhz|GHZ|Ghz|ghz|HZ|Hz|hz|DB|Db|db|ML|PPM|Ha|HA)").ok()
});
static OLD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([0-9一二三四五六七八九十百千万亿两半余多几])(华里|公尺|公分|市尺|市里|英里|英尺|英寸|公升|市斤|公担|英亩|英磅|磅|市亩|公亩)")
        .ok()
});
static SQUARE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[0-9万亿千百]余?(平方|立方)").ok());
static ACID: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:PH|Ph|ph) ?(?:值|计|为|范围|在|≤|≥|<|>)").ok());

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    if segment.has.latin {
        latin(segment, sink);
    }
    old(segment, sink);
    cut(segment, sink);
}

fn right_symbol(written: &str) -> Option<&'static str> {
    Some(match written.to_ascii_lowercase().as_str() {
        "km" => "km",
        "kg" => "kg",
        "kw" => "kW",
        "kwh" | "kw·h" => "kW·h",
        "mwh" => "MW·h",
        // Lower case would be milliwatts; nobody writes MW so by mistake for them.
        "mw" if written == "Mw" => "MW",
        "kva" => "kV·A",
        "km/h" => "km/h",
        "mg/m3" => "mg/m³",
        "ug/m3" | "μg/m3" => "μg/m³",
        "mg/l" => "mg/L",
        "ug/l" | "μg/l" => "μg/L",
        "m3/s" => "m³/s",
        "m3/h" => "m³/h",
        "m3/d" => "m³/d",
        "mhz" => "MHz",
        "ghz" => "GHz",
        "kv" => "kV",
        "cm" => "cm",
        "mm" => "mm",
        "m2" => "m²",
        "m3" => "m³",
        "km2" => "km²",
        "mpa" => "MPa",
        "kpa" => "kPa",
        "hz" => "Hz",
        "khz" => "kHz",
        "db" => "dB",
        "ppm" => "ppm",
        "ml" => "mL",
        "ha" => "hm²",
        _ => return None,
    })
}

fn latin(segment: &Segment<'_>, sink: &mut Sink) {
    if let Some(pattern) = LATIN.as_ref().filter(|_| segment.has.digit) {
        for unit in pattern.captures_iter(&segment.text).filter_map(|found| found.get(3)) {
            let Some(right) = right_symbol(unit.as_str()).filter(|right| *right != unit.as_str()) else {
                continue;
            };
            if segment.next(unit.end()).is_some_and(|c| c.is_ascii_alphanumeric() || c == '-') {
                continue;
            }
            symbol(segment, unit.range(), right, sink);
        }
    }
    for unit in
        VOLT.iter().flat_map(|pattern| pattern.captures_iter(&segment.text)).filter_map(|found| found.get(2))
    {
        // 10w+ is ten thousand in the language of the web.
        let is_more =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '+' | '元' | '人' | '余');
        let is_code = segment
            .before(unit.start())
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'));
        if !segment.next(unit.end()).is_some_and(is_more) && !is_code {
            symbol(segment, unit.range(), if unit.as_str() == "v" { "V" } else { "W" }, sink);
        }
    }
    let Some(pattern) = ACID.as_ref().filter(|_| segment.awaits(Trigger::Acid)) else { return };
    for found in pattern.find_iter(&segment.text) {
        symbol(segment, found.start()..found.start() + 2, "pH", sink);
    }
}

fn symbol(segment: &Segment<'_>, range: std::ops::Range<usize>, right: &str, sink: &mut Sink) {
    let written = segment.slice(range.clone());
    let zh = format!("单位符号“{written}”应为“{right}”");
    let hit = Hit::new(&SYMBOL, segment, range, zh, format!("unit `{written}` should be `{right}`"));
    sink.push(hit.review(right));
}

/// Whether a word for what is measured in inches stands near.
fn is_by_inch(segment: &Segment<'_>, unit: std::ops::Range<usize>) -> bool {
    let near = format!("{}{}", segment.just_before(unit.start, 30), segment.just_after(unit.end, 30));
    BY_INCH.iter().any(|word| near.contains(word))
}

fn old(segment: &Segment<'_>, sink: &mut Sink) {
    let Some(pattern) = OLD.as_ref().filter(|_| segment.awaits(Trigger::OldUnit)) else { return };
    for unit in pattern.captures_iter(&segment.text).filter_map(|found| found.get(2)) {
        let (right, factor) = match unit.as_str() {
            "公尺" => ("米", "数值不变"),
            "公分" => ("厘米", "数值不变"),
            "公升" => ("升", "数值不变"),
            "华里" | "市里" => ("公里", "数值减半"),
            "市尺" => ("米", "1市尺≈0.33米"),
            "英里" => ("公里", "1英里≈1.61公里"),
            "英尺" => ("米", "1英尺≈0.305米"),
            "市斤" => ("千克", "数值减半"),
            "公担" => ("千克", "1公担=100千克"),
            "英亩" => ("公顷", "1英亩≈0.405公顷"),
            "英磅" | "磅" => ("千克", "1磅≈0.454千克"),
            "市亩" => ("亩", "数值不变"),
            "公亩" => ("平方米", "1公亩=100平方米"),
            _ => ("厘米", "1英寸=2.54厘米"),
        };
        // 公分 is also the point of a score and part of 公分母.
        // A weighbridge is 磅 too.
        let is_other = match unit.as_str() {
            "公分" => segment.after(unit.end()).starts_with(['母', '配']),
            "磅" => segment.after(unit.end()).starts_with(['秤', '房', '单', '礴', '磅']),
            // Wafers, screens and pipes are measured in inches everywhere.
            "英寸" => is_by_inch(segment, unit.range()),
            _ => false,
        };
        if is_other {
            continue;
        }
        let zh = format!("“{}”不是法定计量单位，应换算为“{right}”（{factor}）", unit.as_str());
        let en = format!("`{}` is not a legal unit, convert to `{right}`", unit.as_str());
        sink.push(
            Hit::new(&ABOLISHED, segment, unit.range(), zh, en)
                .replace(right, jiedu_base::finding::Applicability::DisplayOnly),
        );
    }
}

fn cut(segment: &Segment<'_>, sink: &mut Sink) {
    let Some(pattern) = SQUARE.as_ref().filter(|_| segment.awaits(Trigger::Square)) else { return };
    for unit in pattern.captures_iter(&segment.text).filter_map(|found| found.get(1)) {
        let next = segment.next(unit.end());
        if next.is_some_and(|c| "米公千厘分英毫码根和差数式尺里寸海码百市".contains(c)) {
            continue;
        }
        let right = format!("{}米", unit.as_str());
        let zh = format!("“{}”应为“{right}”", unit.as_str());
        sink.push(Hit::new(&CUT, segment, unit.range(), zh, format!("use `{right}`")).review(right));
    }
}
