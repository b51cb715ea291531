//! Check characters of 统一社会信用代码 (GB 32100-2015) and 组织机构代码 (GB 11714).

/// The alphabet of GB 32100: no I, O, S, V, Z.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Whether the text is a unified social credit code with a right check character.
///
/// ```
/// use jiedu_config::is_uscc;
/// assert!(is_uscc("113701000041890072"));
/// assert!(!is_uscc("113701000041890073"));
/// ```
#[must_use]
pub fn is_uscc(text: &str) -> bool {
    let Some(values) = text.chars().map(|c| ALPHABET.find(c)).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let [head @ .., check] = values.as_slice() else { return false };
    if head.len() != 17 {
        return false;
    }
    let (sum, _) =
        head.iter().fold((0, 1), |(sum, weight), value| ((sum + value * weight) % 31, weight * 3 % 31));
    *check == (31 - sum) % 31
}

/// Whether the nine characters are an organisation code with a right check
/// character (weights 3 7 9 10 5 8 4 2, modulus 11).
#[must_use]
pub fn has_valid_organisation_code(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let [head @ .., check] = characters.as_slice() else { return false };
    let weights = [3, 7, 9, 10, 5, 8, 4, 2];
    if head.len() != weights.len() || !head.iter().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()) {
        return false;
    }
    let sum: u32 = head.iter().zip(weights).map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight).sum();
    match 11 - sum % 11 {
        10 => *check == 'X',
        11 => *check == '0',
        digit => check.to_digit(10) == Some(digit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_codes_pass_and_one_changed_character_fails() {
        let real = [
            "113701000041890072",
            "1137018100420588XX",
            "11341702486344515H",
            "11370306004220545G",
            "11370104076190664C",
        ];
        for code in real {
            assert!(is_uscc(code), "{code}");
            for at in 0..18 {
                let wrong: String = code
                    .chars()
                    .enumerate()
                    .map(|(i, c)| {
                        if i != at {
                            c
                        } else if c == '1' {
                            '2'
                        } else {
                            '1'
                        }
                    })
                    .collect();
                assert!(!is_uscc(&wrong), "{wrong}");
            }
        }
        for bad in
            ["", "11370100004189007", "1137010000418900722", "１13701000041890072", "11370100004189007I"]
        {
            assert!(!is_uscc(bad), "{bad}");
        }
    }

    #[test]
    fn organisation_codes() {
        for code in ["000014349", "015125076", "014416330"] {
            assert!(has_valid_organisation_code(code), "{code}");
        }
        assert!(!has_valid_organisation_code("000014348"));
        assert!(!has_valid_organisation_code(""));
    }
}
