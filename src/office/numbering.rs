//! Numbers as Word and Chinese documents print them.
//!
//! The formats and their ranges are those of ECMA-376-1, 17.18.59
//! (`ST_NumberFormat`); past a range Word prints decimal digits.

use jiedu_base::text::numerals;

/// A number in one of Word's formats. `None` for bullets and `none`.
pub fn in_format(format: &str, number: u32) -> Option<String> {
    Some(match format {
        "bullet" | "none" => return None,
        "decimalZero" => format!("{number:02}"),
        "numberInDash" => format!("- {number} -"),
        "decimalFullWidth" | "decimalFullWidth2" | "fullwidth" => {
            number.to_string().chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect()
        }
        "chineseCounting" | "chineseCountingThousand" | "japaneseCounting" | "taiwaneseCountingThousand" => {
            counting(number)
        }
        "taiwaneseCounting" if number < 100 => counting(number),
        "ideographDigital" | "japaneseDigitalTenThousand" => digits(number, '〇'),
        "taiwaneseDigital" | "taiwaneseCounting" => digits(number, '○'),
        "chineseLegalSimplified" => legal(number, "零壹贰叁肆伍陆柒捌玖", "拾佰仟萬"),
        "ideographLegalTraditional" => legal(number, "零壹貳參肆伍陸柒捌玖", "拾佰仟萬"),
        "japaneseLegal" => legal(number, "〇壱弐参四伍六七八九", "拾百阡萬"),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => enclosed(number, 0x2460, 20),
        "decimalEnclosedFullstop" => enclosed(number, 0x2488, 20),
        "decimalEnclosedParen" => enclosed(number, 0x2474, 20),
        "ideographEnclosedCircle" => enclosed(number, 0x3220, 10),
        "ideographTraditional" => of_series(number, "甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac" => of_series(number, "子丑寅卯辰巳午未申酉戌亥"),
        "ideographZodiacTraditional" => sexagenary(number),
        "lowerLetter" => letters(number, 'a'),
        "upperLetter" => letters(number, 'A'),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        "ordinal" => ordinal(number),
        "hex" => format!("{number:X}"),
        "chicago" => of_series(number, "*†‡§"),
        "russianLower" => of_series(number, "абвгдежзиклмнопрстуфхцчшщыэюя"),
        "russianUpper" => of_series(number, "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ"),
        // Words of other languages are printed as digits rather than not at all.
        _ => number.to_string(),
    })
}

/// `一`, up to 9999; beyond that with 万.
fn counting(number: u32) -> String {
    match number {
        0 => "〇".to_owned(),
        1..=9_999 => numerals::write(number),
        _ => {
            let (high, low) = (number / 10_000, number % 10_000);
            if high > 9_999 {
                return number.to_string();
            }
            let gap = if low > 0 && low < 1_000 { "零" } else { "" };
            let rest = if low == 0 { String::new() } else { plain_tens(&numerals::write(low)) };
            format!("{}万{gap}{rest}", numerals::write(high))
        }
    }
}

/// 十二 inside of a larger number is 一十二.
fn plain_tens(text: &str) -> String {
    if text.starts_with('十') { format!("一{text}") } else { text.to_owned() }
}

/// Digit by digit: 一〇.
fn digits(number: u32, zero: char) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|at| "〇一二三四五六七八九".chars().nth(at as usize));
    let one = |c| digit(c).map(|c| if c == '〇' { zero } else { c });
    number.to_string().chars().filter_map(one).collect()
}

/// 壹拾贰: as on cheques.
fn legal(number: u32, digits: &str, units: &str) -> String {
    let digit = |value: u32| digits.chars().nth(value as usize);
    let unit = |at: u32| at.checked_sub(1).and_then(|at| units.chars().nth(at as usize));
    let mut out = String::new();
    let mut gap = false;
    for at in (0..5).rev() {
        let value = number / 10_u32.pow(at) % 10;
        if value == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.extend(digit(0));
            gap = false;
        }
        out.extend(digit(value));
        out.extend(unit(at));
    }
    if out.is_empty() || number > 99_999 { number.to_string() } else { out }
}

/// The number-th character from the first; digits past the last.
fn enclosed(number: u32, first: u32, last: u32) -> String {
    let found = (1..=last).contains(&number).then(|| char::from_u32(first + number - 1)).flatten();
    found.map_or_else(|| number.to_string(), String::from)
}

fn of_series(number: u32, series: &str) -> String {
    let found = number.checked_sub(1).and_then(|at| series.chars().nth(at as usize));
    found.map_or_else(|| number.to_string(), String::from)
}

/// 甲子 to 癸亥.
fn sexagenary(number: u32) -> String {
    if !(1..=60).contains(&number) {
        return number.to_string();
    }
    let at = number - 1;
    of_series(at % 10 + 1, "甲乙丙丁戊己庚辛壬癸") + &of_series(at % 12 + 1, "子丑寅卯辰巳午未申酉戌亥")
}

/// A to Z, then AA, BB … as Word goes on.
fn letters(number: u32, first: char) -> String {
    let Some(at) = number.checked_sub(1) else { return String::new() };
    let letter = char::from_u32(u32::from(first) + at % 26).unwrap_or(first);
    // Word stops at 780; thirty letters in a row are no number either.
    if at >= 780 { number.to_string() } else { String::from(letter).repeat(at as usize / 26 + 1) }
}

fn ordinal(number: u32) -> String {
    let end = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
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
    number = number.min(32_767);
    for (value, letters) in VALUES {
        while number >= value {
            out.push_str(letters);
            number -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::in_format;

    #[test]
    fn formats_print_as_word_prints_them() {
        for (format, number, printed) in [
            ("decimal", 12, "12"),
            ("chineseCountingThousand", 110, "一百一十"),
            ("chineseCountingThousand", 10_012, "一万零一十二"),
            ("chineseCounting", 16, "十六"),
            ("ideographDigital", 10, "一〇"),
            ("ideographDigital", 105, "一〇五"),
            ("japaneseDigitalTenThousand", 20, "二〇"),
            ("taiwaneseDigital", 10, "一○"),
            ("taiwaneseCounting", 12, "十二"),
            ("chineseLegalSimplified", 1, "壹"),
            ("chineseLegalSimplified", 12, "壹拾贰"),
            ("chineseLegalSimplified", 205, "贰佰零伍"),
            ("ideographLegalTraditional", 3, "參"),
            ("ideographTraditional", 1, "甲"),
            ("ideographTraditional", 11, "11"),
            ("ideographZodiac", 3, "寅"),
            ("ideographZodiacTraditional", 13, "丙子"),
            ("decimalEnclosedParen", 1, "⑴"),
            ("decimalEnclosedFullstop", 3, "⒊"),
            ("decimalEnclosedCircle", 20, "⑳"),
            ("decimalEnclosedCircle", 21, "21"),
            ("ideographEnclosedCircle", 1, "㈠"),
            ("numberInDash", 4, "- 4 -"),
            ("decimalZero", 7, "07"),
            ("decimalFullWidth", 12, "１２"),
            ("upperLetter", 26, "Z"),
            ("upperLetter", 27, "AA"),
            ("lowerLetter", 28, "bb"),
            ("lowerRoman", 14, "xiv"),
            ("ordinal", 22, "22nd"),
            ("someFutureFormat", 5, "5"),
        ] {
            assert_eq!(in_format(format, number).as_deref(), Some(printed), "{format} {number}");
        }
        assert_eq!(in_format("bullet", 1), None);
    }
}
