//! Personal data that must not be published.
//!
//! Looks at the text as it stands, code and addresses included. Long numbers
//! are everywhere in official texts (project codes, credit codes, parcel
//! numbers), so a number counts only with its own check: date and check digit of
//! an identity number, Luhn sum and issuer of a card. Messages never repeat it.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::Message;

/// Addresses of links: tel: and mailto: are published like the text.
pub(crate) static LINKS: Family = Family { rules: &[], check: Check::Document(links) };

pub(crate) static FAMILY: Family = Family {
    rules: &[&IDENTITY, &MOBILE, &CARD, &PASSPORT, &PLATE, &MAIL, &ACCOUNT, &ADDRESS, &DOOR, &PERMIT],
    check: Check::Segment(check),
};

const WHY: (&str, &str) = (
    "《个人信息保护法》第二十五条、第二十八条：未经单独同意不得公开个人信息；公开前应当去标识化。",
    "Personal Information Protection Law, arts 25 and 28: not to be published without consent.",
);

static IDENTITY: Rule = Rule {
    code: "P601",
    name: "identity-number",
    category: "pii",
    severity: Severity::Error,
    what: ("居民身份证号码", "an identity card number"),
    why: WHY,
    bad: "申请人身份证号11010519491231002X，已审核。",
    good: "申请人身份证号110105********002X，已审核。",
    except: (
        "日期或核对码不成立的18位数字（项目代码等）不查。",
        "Numbers whose date or check digit does not hold.",
    ),
};

static MOBILE: Rule = Rule {
    code: "P602",
    name: "mobile-number",
    category: "pii",
    severity: Severity::Error,
    what: ("手机号码", "a mobile phone number"),
    why: WHY,
    bad: "经办人刘某，电话13900008858。",
    good: "经办人刘某，电话139****8858。",
    except: ("固定电话和服务热线（12345）不查。", "Landlines and hotlines."),
};

static CARD: Rule = Rule {
    code: "P603",
    name: "bank-card",
    category: "pii",
    severity: Severity::Error,
    what: ("银行卡号", "a bank card number"),
    why: WHY,
    bad: "发放账户：6217000000352579167，户名陈某某。",
    good: "发放账户：6217***********9167，户名陈某某。",
    except: ("校验不成立的长数字不查。", "Long numbers whose Luhn sum does not hold."),
};

static PASSPORT: Rule = Rule {
    code: "P604",
    name: "passport-number",
    category: "pii",
    severity: Severity::Error,
    what: ("护照、通行证号码", "a passport or permit number"),
    why: WHY,
    bad: "孙某某，护照号G12345678。",
    good: "孙某某，护照号G1****678。",
    except: ("附近没有“护照”“通行证”字样的不查。", "Without the word passport or permit nearby."),
};

static PLATE: Rule = Rule {
    code: "P605",
    name: "number-plate",
    category: "pii",
    severity: Severity::Warning,
    what: ("机动车号牌", "a vehicle number plate"),
    why: WHY,
    bad: "涉事车辆车牌号为皖B00A12。",
    good: "涉事车辆车牌号为皖B***12。",
    except: ("行政处罚公示确需公开的，由审核人决定。", "Where publication is mandatory a reviewer decides."),
};

static MAIL: Rule = Rule {
    code: "P606",
    name: "private-mail",
    category: "pii",
    severity: Severity::Warning,
    what: ("个人邮箱", "a private mail address"),
    why: (
        "公务联系应当公布单位邮箱；个人邮箱属于个人信息，也不利于信息安全。",
        "Official contacts use the office's own mail; private addresses are personal data.",
    ),
    bad: "材料请发送至wangwu@126.com。",
    good: "材料请发送至bgs@example.gov.cn。",
    except: ("政府和单位域名的邮箱不查。", "Addresses of offices."),
};

static ACCOUNT: Rule = Rule {
    code: "P607",
    name: "chat-account",
    category: "pii",
    severity: Severity::Warning,
    what: ("微信号、QQ号", "a WeChat or QQ account"),
    why: WHY,
    bad: "联系人微信号：wxid_a1b2c3d4。",
    good: "联系电话：0531-12345678。",
    except: ("单位公众号的名称不查。", "Names of an office's public accounts."),
};

static ADDRESS: Rule = Rule {
    code: "P608",
    name: "home-address",
    category: "pii",
    severity: Severity::Warning,
    what: ("家庭住址", "a home address"),
    why: WHY,
    bad: "申请人李某，家住解放路12号3单元402室。",
    good: "申请人李某，家住解放路。",
    except: ("办公地址、项目地址不查。", "Addresses of offices and projects."),
};

static DOOR: Rule = Rule {
    code: "P609",
    name: "door-address",
    category: "pii",
    severity: Severity::Hint,
    what: ("精确到户的地址", "an address down to the door"),
    why: WHY,
    bad: "走访李某，解放路12号3号楼2单元402室。",
    good: "走访李某，解放路。",
    except: (
        "写明“家住”“住址”的按家庭住址警告；没有单元和户号的不查。",
        "Said to be a home it is a warning; addresses without staircase and door are left alone.",
    ),
};

static PERMIT: Rule = Rule {
    code: "P610",
    name: "permit-number",
    category: "pii",
    severity: Severity::Warning,
    what: (
        "个人证件号码：驾驶证、军官证、台胞证、居住证等",
        "the number of a personal permit: driving licence, officer's card, residence permit",
    ),
    why: WHY,
    bad: "张某，驾驶证号370102198001011234。",
    good: "张某，驾驶证号已遮盖。",
    except: ("企业和产品的许可证编号不查。", "Permits of enterprises and products."),
};

struct Patterns {
    permit: Option<Regex>,
    account: Option<Regex>,
    address: Option<Regex>,
    door: Option<Regex>,
    long: Option<Regex>,
    mobile: Option<Regex>,
    passport: Option<Regex>,
    plate: Option<Regex>,
    mail: Option<Regex>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns {
    permit: Regex::new(r"(?:驾驶证|行驶证|驾照|从业资格证|军官证|士官证|士兵证|警官证|警察证|残疾人?证|居住证|暂住证|台胞证|通行证|回乡证|社保卡|社会保障卡|医保卡|出生医学证明|准考证|学生证|学籍|工作证|永久居留(?:身份)?证|居留许可|老年证|优待证|结婚证|执业证)(?:档案)?(?:证|件)?(?:编?号码?|编码|字号)(?:[:：为是]|\s)*((?:\p{Han}{1,2}字第)?[A-Za-z]{0,3}[0-9]{6,20}[0-9Xx]?号?)").ok(),
    account: Regex::new(r"(?:微信(?:号|号码|ID|id)?|(?:QQ|qq)(?:号|号码)?)(?:[:：为是]| )\s*([A-Za-z][A-Za-z0-9_-]{5,19}|[1-9][0-9]{4,10})").ok(),
    address: Regex::new(r"(?:家住|家庭住址|家庭地址|现住址?|住址|户籍地址|居住地址|常住地址)(?:[:：为是]|于|在)?\s*(\p{Han}[\p{Han}0-9A-Za-z\-－—]{3,40}?(?:号楼|单元|号|栋|幢|室|户|组)(?:[0-9A-Za-z\-－—]{1,8}(?:号楼|单元|号|栋|幢|室|户|层))*)").ok(),
    door: Regex::new(r"\p{Han}{1,8}(?:路|街|巷|村|小区|花园|家园|公寓|苑|里|弄)[0-9]{0,5}号?(?:院)?[0-9]{1,4}(?:号楼|栋|幢|号)[0-9]{1,3}单元[0-9]{2,5}(?:室|户|号)?").ok(),
    long: Regex::new(r"[0-9]{6} [0-9]{8} [0-9]{3}[0-9Xx]|[0-9](?:[0-9]{16}[Xx]|[0-9]{14,18}|[0-9]{3}(?: [0-9]{4}){3}(?: [0-9]{1,3})?)").ok(),
    mobile: Regex::new(r"(?:\+?86[- ]?)?(1[3-9][0-9])[- ]?([0-9]{4})[- ]?([0-9]{4})").ok(),
    passport: Regex::new(r"[EGDSPHMC][A-Z]?[0-9]{7,8}").ok(),
    plate: Regex::new(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•・ \-－．.]?(?:[A-HJ-NP-Z0-9]{5,6}|[A-HJ-NP-Z0-9]{4}[警学挂港澳领使试超])").ok(),
    mail: Regex::new(r"(?i)[a-z0-9._%+-]+@((?:126|163|139|189|qq|vip\.qq|sina|sohu|foxmail|gmail|hotmail|outlook|yeah|aliyun|tom|21cn|live|yahoo|icloud)\.(?:com|net|cn|com\.cn))").ok(),
}
});

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    // Opaque text counts here: an address in a link is published like any other.
    let text = segment.prose.text.as_str();
    if !text.bytes().any(|b| b.is_ascii_digit()) && !text.contains('@') {
        return;
    }
    let mut seen: Vec<Range<usize>> = Vec::new();
    let patterns = &*PATTERNS;
    for found in patterns.long.iter().flat_map(|pattern| pattern.find_iter(text)) {
        long_number(segment, text, found.range(), &mut seen, sink);
    }
    for found in patterns.mobile.iter().flat_map(|pattern| pattern.find_iter(text)) {
        let range = found.range();
        if !is_bounded(text, &range)
            || seen.iter().any(|other| other.start < range.end && range.start < other.end)
        {
            continue;
        }
        report(&MOBILE, "手机号码", "a mobile number", segment, text, range, sink);
    }
    for found in patterns.passport.iter().flat_map(|pattern| pattern.find_iter(text)) {
        if is_bounded(text, &found.range()) && is_near(text, found.start(), &["护照", "通行证", "回乡证"])
        {
            report(&PASSPORT, "护照或通行证号码", "a passport number", segment, text, found.range(), sink);
        }
    }
    for found in patterns.plate.iter().flat_map(|pattern| pattern.find_iter(text)) {
        let is_mixed = found.as_str().chars().filter(char::is_ascii_digit).count() >= 2;
        let ends = text
            .get(found.end()..)
            .and_then(|rest| rest.chars().next())
            .is_none_or(|c| !c.is_ascii_alphanumeric());
        if is_mixed && ends {
            report(&PLATE, "机动车号牌", "a number plate", segment, text, found.range(), sink);
        }
    }
    permits(segment, text, &mut seen, sink);
    chat_and_home(segment, text, &mut seen, sink);
    for found in
        patterns.mail.iter().filter(|_| text.contains('@')).flat_map(|pattern| pattern.find_iter(text))
    {
        report(&MAIL, "个人邮箱", "a private mail address", segment, text, found.range(), sink);
    }
}

fn links(document: &Document<'_>, sink: &mut Sink) {
    let patterns = &*PATTERNS;
    for link in &document.body.links {
        let target = link.target.as_str();
        let kinds = [
            (&MOBILE, &patterns.mobile, "手机号码", "a mobile number"),
            (&MAIL, &patterns.mail, "个人邮箱", "a private mail address"),
        ];
        for (rule, pattern, zh, en) in kinds {
            let found = pattern.iter().find_map(|pattern| pattern.find(target));
            let shows_it = |found: &regex::Match<'_>| link.text.contains(found.as_str());
            let Some(found) = found.filter(|found| is_bounded(target, &found.range()) && !shows_it(found))
            else {
                continue;
            };
            let shown = masked(found.as_str());
            let zh = format!("链接地址里有{zh}：{shown}，公开前应当删除或遮盖");
            let en = format!("{en} in the address of a link: {shown}; remove it before publication");
            sink.at(rule, link.range, Message::new(zh, en));
        }
    }
}

/// Numbers of personal permits, named as such.
fn permits(segment: &Segment<'_>, text: &str, seen: &mut Vec<Range<usize>>, sink: &mut Sink) {
    if !["证", "卡", "学籍", "居留"].iter().any(|word| text.contains(word)) {
        return;
    }
    for value in PATTERNS
        .permit
        .iter()
        .flat_map(|pattern| pattern.captures_iter(text))
        .filter_map(|found| found.get(1))
    {
        let range = value.range();
        let is_new = !seen.iter().any(|other| other.start < range.end && range.start < other.end);
        if is_new && is_bounded(text, &range) {
            seen.push(range.clone());
            report(&PERMIT, "个人证件号码", "the number of a personal permit", segment, text, range, sink);
        }
    }
}

/// Accounts of chat programs, and where a person lives.
fn chat_and_home(segment: &Segment<'_>, text: &str, seen: &mut Vec<Range<usize>>, sink: &mut Sink) {
    let kinds = [
        (&ACCOUNT, &PATTERNS.account, ["微信", "QQ", "qq"].as_slice(), "社交账号", "a chat account"),
        (&ADDRESS, &PATTERNS.address, ["住", "地址"].as_slice(), "家庭住址", "a home address"),
    ];
    for (rule, pattern, words, zh, en) in kinds {
        if !words.iter().any(|word| text.contains(word)) {
            continue;
        }
        for value in
            pattern.iter().flat_map(|pattern| pattern.captures_iter(text)).filter_map(|found| found.get(1))
        {
            if value.as_str().bytes().any(|b| b.is_ascii_digit()) {
                seen.push(value.range());
                report(rule, zh, en, segment, text, value.range(), sink);
            }
        }
    }
    let doors = PATTERNS.door.iter().filter(|_| text.contains("单元"));
    for door in doors.flat_map(|pattern| pattern.find_iter(text)).map(|found| found.range()) {
        if !seen.iter().any(|other| other.start < door.end && door.start < other.end) {
            report(&DOOR, "精确到户的地址", "an address down to the door", segment, text, door, sink);
        }
    }
}

/// Whether no letter or digit touches the range: a part of a longer code is not
/// what it looks like.
fn is_bounded(text: &str, range: &Range<usize>) -> bool {
    let touches =
        |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let before = text.get(..range.start).and_then(|text| text.chars().next_back());
    let after = text.get(range.end..).and_then(|text| text.chars().next());
    !touches(before) && !touches(after.filter(|&c| c != '.'))
}

/// Whether one of the words stands shortly before.
fn is_near(text: &str, at: usize, words: &[&str]) -> bool {
    let before = text.get(..at).unwrap_or("");
    let start = before.char_indices().rev().nth(14).map_or(0, |(at, _)| at);
    before.get(start..).is_some_and(|near| words.iter().any(|word| near.contains(word)))
}

fn long_number(
    segment: &Segment<'_>,
    text: &str,
    range: Range<usize>,
    seen: &mut Vec<Range<usize>>,
    sink: &mut Sink,
) {
    if !is_bounded(text, &range) {
        return;
    }
    let digits: Vec<u8> = text.get(range.clone()).unwrap_or("").bytes().filter(|b| *b != b' ').collect();
    let is_named = digits.len() == 18 && is_near(text, range.start, &["身份证", "身份号码"]);
    let kind =
        if is_identity(&digits) || (is_old_identity(&digits) && is_near(text, range.start, &["身份证"])) {
            Some((&IDENTITY, "身份证号码", "an identity number"))
        } else if is_card(
            &digits,
            is_near(text, range.start, &["账户", "账号", "卡号", "银行", "户名", "帐号", "帐户", "开户"]),
        ) {
            Some((&CARD, "银行卡号", "a bank card number"))
        } else {
            None
        };
    // Eighteen digits that are said to be one are one, if with a slip.
    if kind.is_none() && is_named {
        seen.push(range.clone());
        wrong_identity(segment, text, range, sink);
        return;
    }
    if let Some((rule, zh, en)) = kind {
        seen.push(range.clone());
        report(rule, zh, en, segment, text, range, sink);
    }
}

fn is_date(digits: &[u8]) -> bool {
    let number = std::str::from_utf8(digits).ok().and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    let year = i16::try_from(number / 10_000).unwrap_or(0);
    let month = i8::try_from(number / 100 % 100).unwrap_or(0);
    let day = i8::try_from(number % 100).unwrap_or(0);
    (1900..=2100).contains(&year) && Date::new(year, month, day).is_ok()
}

/// GB 11643: province, date, check digit.
fn is_identity(digits: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (Some(head), Some(last)) = (digits.get(..17), digits.get(17)) else { return false };
    if digits.len() != 18
        || !matches!(head.first(), Some(b'1'..=b'8'))
        || !digits.get(6..14).is_some_and(is_date)
    {
        return false;
    }
    let sum: u32 = head.iter().zip(WEIGHTS).map(|(&digit, weight)| u32::from(digit - b'0') * weight).sum();
    b"10X98765432".get((sum % 11) as usize) == Some(&last.to_ascii_uppercase())
}

/// The numbers of before 1999: fifteen digits with a two-digit year.
fn is_old_identity(digits: &[u8]) -> bool {
    let date: Vec<u8> = b"19".iter().chain(digits.get(6..12).unwrap_or(&[])).copied().collect();
    digits.len() == 15 && matches!(digits.first(), Some(b'1'..=b'8')) && date.len() == 8 && is_date(&date)
}

fn is_card(digits: &[u8], is_account: bool) -> bool {
    if !(16..=19).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let is_issuer = digits.starts_with(b"62")
        || (is_account && matches!(digits.first(), Some(b'3' | b'4' | b'5' | b'6' | b'9')));
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &digit)| {
            let value = u32::from(digit - b'0') * if at % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    is_issuer && sum.is_multiple_of(10)
}

fn report(
    rule: &'static Rule,
    zh: &str,
    en: &str,
    segment: &Segment<'_>,
    text: &str,
    range: Range<usize>,
    sink: &mut Sink,
) {
    let written = text.get(range.clone()).unwrap_or("");
    let shown = masked(written);
    let zh = format!("出现{zh}：{shown}，公开前应当删除或遮盖");
    let en = format!("{en}: {shown}; remove or mask it before publication");
    sink.push(Hit::new(rule, segment, range, zh, en));
}

/// A number said to be that of an identity card whose date or check digit does not hold.
fn wrong_identity(segment: &Segment<'_>, text: &str, range: Range<usize>, sink: &mut Sink) {
    let shown = masked(text.get(range.clone()).unwrap_or(""));
    let zh = format!("出现身份证号码：{shown}，且出生日期或校验码不对；公开前应当删除或遮盖");
    let en = format!("an identity number whose date or check digit is wrong: {shown}; remove or mask it");
    sink.push(Hit::new(&IDENTITY, segment, range, zh, en).severity(Severity::Warning));
}

/// The first and last characters; the rest as stars.
fn masked(text: &str) -> String {
    let count = text.chars().count();
    let keep = if count > 8 { 3 } else { 2 };
    text.chars().enumerate().map(|(at, c)| if at < keep || at + 2 >= count { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_the_check_digits() {
        assert!(is_identity(b"11010519491231002X"));
        assert!(!is_identity(b"110105194912310021"));
        assert!(!is_identity(b"110105194913310021"));
        assert!(is_card(b"6217000000352579167", false));
        assert!(!is_card(b"6217000000352579168", true));
        assert_eq!(masked("13900008858"), "139******58");
    }
}
