//! Numbers as Word and Chinese documents print them.

use jiedu_base::text::numerals;

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
        | "japaneseDigitalTenThousand" => counting(number),
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

/// `一`, up to 9999; beyond that Arabic digits.
fn counting(number: u32) -> String {
    if number > 9999 { number.to_string() } else { numerals::write(number) }
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
