//! Numbers as Word and Chinese documents print them.

/// `1` → `一`, up to 9999; beyond that Arabic digits.
pub(super) fn chinese(number: u32) -> String {
    const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    if number == 0 || number > 9999 {
        return if number == 0 { "〇".to_owned() } else { number.to_string() };
    }
    let mut out = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push('零');
        }
        gap = false;
        // 十 to 十九 are printed without 一.
        if !(unit == 10 && digit == 1 && out.is_empty()) {
            out.push_str(DIGITS.get(digit as usize).copied().unwrap_or_default());
        }
        out.push_str(name);
    }
    out
}

/// `二十九` → 29; below one hundred.
pub(super) fn parse_chinese(text: &str) -> Option<u32> {
    (1..100).find(|number| chinese(*number) == text)
}

/// For dates.
pub(super) fn number_of(number: u32) -> Option<i16> {
    i16::try_from(number).ok()
}

/// A number in one of Word's formats (ECMA-376 §17.18.59); `None` for bullets
/// and for formats that are not written out here.
pub(super) fn in_format(format: &str, number: u32) -> Option<String> {
    Some(match format {
        "decimal" => number.to_string(),
        "decimalZero" => format!("{number:02}"),
        "decimalFullWidth" | "decimalFullWidth2" => {
            number.to_string().chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect()
        }
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "ideographDigital"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseDigitalTenThousand" => chinese(number),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => {
            let circle = (1..=20).contains(&number).then(|| char::from_u32(0x245F + number)).flatten();
            circle.map_or_else(|| number.to_string(), String::from)
        }
        "lowerLetter" | "upperLetter" => {
            let first = if format == "lowerLetter" { b'a' } else { b'A' };
            let letter = u8::try_from((number.max(1) - 1) % 26).unwrap_or(0);
            String::from(char::from(first + letter))
        }
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        _ => return None,
    })
}

fn roman(mut number: u32) -> String {
    const VALUES: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut out = String::new();
    number = number.min(3999);
    for (value, letters) in VALUES {
        while number >= value {
            out.push_str(letters);
            number -= value;
        }
    }
    out
}
