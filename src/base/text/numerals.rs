//! Chinese numerals: reading and writing counting numbers and years.

/// The value of a Chinese digit.
pub fn digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Whether the character may stand in a Chinese number.
pub fn is_numeral(c: char) -> bool {
    digit(c).is_some() || matches!(c, '十' | '百' | '千' | '万' | '亿' | '廿' | '卅')
}

/// Reads a counting number up to 9999 (十六, 一百零二) or plain Arabic digits.
pub fn read(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 30 {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (mut total, mut current, mut seen_unit) = (0, 0, false);
    for c in text.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                let value = digit(c)?;
                if !seen_unit && current != 0 {
                    return None;
                }
                current = value;
                continue;
            }
        };
        seen_unit = true;
        total += if current == 0 && unit == 10 { 1 } else { current } * unit;
        current = 0;
    }
    Some(total + current)
}

/// Reads a year written digit by digit: 二〇二五.
pub fn read_year(text: &str) -> Option<u32> {
    let mut year = 0;
    for c in text.chars() {
        year = year * 10 + digit(c).or_else(|| c.to_digit(10))?;
    }
    (text.chars().count() == 4).then_some(year)
}

/// Writes a counting number below 10 000.
pub fn write(number: u32) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let mut out = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, Some('千')), (100, Some('百')), (10, Some('十')), (1, None)] {
        let value = number / unit % 10;
        if value == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push('零');
            gap = false;
        }
        if !(unit == 10 && value == 1 && out.is_empty()) {
            out.extend(DIGITS.get(value as usize));
        }
        out.extend(name);
    }
    if out.is_empty() {
        out.push('零');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for number in 1..3000 {
            assert_eq!(read(&write(number)), Some(number), "{}", write(number));
        }
        assert_eq!(write(16), "十六");
        assert_eq!(write(110), "一百一十");
        assert_eq!(read("一百零二"), Some(102));
        assert_eq!(read("12"), Some(12));
        assert_eq!(read("二三"), None);
        assert_eq!(read(""), None);
        assert_eq!(read_year("二〇二五"), Some(2025));
        assert_eq!(read_year("二0二五"), Some(2025));
    }
}
