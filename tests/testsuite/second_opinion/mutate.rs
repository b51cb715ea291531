//! Changes of a signed commit that readers differ over.

/// A small generator: the same seed, the same choices.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }
}

/// The parts of a signed commit: headers before the signature, the armour
/// unfolded, and the rest from the empty line on.
fn parts(raw: &[u8]) -> (String, String, String) {
    let text = String::from_utf8(raw.to_vec()).unwrap();
    let at = text.find("gpgsig ").unwrap();
    let end = at + text[at..].find("\n\n").unwrap();
    (text[..at].to_owned(), text[at + 7..end].replace("\n ", "\n"), text[end + 1..].to_owned())
}

fn joined(head: &str, armour: &str, rest: &str) -> Vec<u8> {
    format!("{head}gpgsig {}\n{rest}", armour.trim_end_matches('\n').replace('\n', "\n ")).into_bytes()
}

/// Changes a signed commit in one of the ways that readers differ over.
pub fn mutate(raw: &[u8], seed: u64) -> Vec<u8> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    for _ in 0..4 {
        dice.roll(2);
    }
    let (head, armour, rest) = parts(raw);
    match dice.roll(8) {
        0 => {
            let mut bytes = raw.to_vec();
            let at = dice.roll(bytes.len());
            bytes[at] ^= 1 << dice.roll(8);
            bytes
        }
        1 => {
            let extra = dice.pick(&[
                "encoding GBK\n",
                "gpgsig x\n",
                "foo bar\n",
                " more\n",
                "mergetag x\n",
                "gpgsig-sha256 x\n",
                "\n",
            ]);
            let place = dice.roll(3);
            match place {
                0 => joined(&format!("{head}{extra}"), &armour, &rest),
                1 => joined(&head, &armour, &format!("{extra}{rest}")),
                _ => joined(&format!("{extra}{head}"), &armour, &rest),
            }
        }
        2 => {
            let mut lines: Vec<&str> = std::str::from_utf8(raw).unwrap().split('\n').collect();
            let (a, b) = (dice.roll(lines.len()), dice.roll(lines.len()));
            match dice.roll(3) {
                0 => lines.swap(a, b),
                1 => drop(lines.remove(a)),
                _ => lines.insert(b, lines[a]),
            }
            lines.join("\n").into_bytes()
        }
        3 => {
            joined(&head, &format!("{armour}{}", dice.pick(&["\n\n", "\nx", "\r", " ", "\n-----END"])), &rest)
        }
        _ => joined(&head, &rearmoured(&armour, &mut dice), &rest),
    }
}

/// The same or a slightly other signature in another armour.
fn rearmoured(armour: &str, dice: &mut Dice) -> String {
    use base64ct::{Base64, Encoding as _};
    let mut lines: Vec<&str> = armour.trim_end().split('\n').collect();
    let (begin, end) = (lines.remove(0), lines.pop().unwrap());
    let is_pgp = begin.contains("PGP");
    let (headers, data) = if is_pgp {
        let blank = lines.iter().position(|line| line.is_empty()).unwrap();
        (lines[..=blank].to_vec(), lines[blank + 1..].to_vec())
    } else {
        (Vec::new(), lines)
    };
    let (data, checksum) = match data.split_last() {
        Some((last, before)) if is_pgp && last.starts_with('=') => (before.to_vec(), Some(*last)),
        _ => (data, None),
    };
    let mut bytes = Base64::decode_vec(&data.concat()).unwrap();
    match dice.roll(4) {
        0 => {
            let at = dice.roll(bytes.len());
            bytes[at] ^= 1 << dice.roll(8);
        }
        1 if dice.roll(2) == 0 => bytes.push(0),
        _ => {}
    }
    let encoded = Base64::encode_string(&bytes);
    let width = *dice.pick(&[64, 70, 76, 60, 4, encoded.len()]);
    let wrapped: Vec<&str> =
        (0..encoded.len()).step_by(width).map(|at| &encoded[at..encoded.len().min(at + width)]).collect();
    let keep = dice.roll(3) > 0;
    let headers = match dice.roll(4) {
        0 if is_pgp => vec![*dice.pick(&["Version: x", "Comment: y", "Hash: SHA256", "X: y"]), ""],
        _ => headers,
    };
    let mut all = vec![begin];
    all.extend(headers);
    all.extend(wrapped);
    all.extend(checksum.filter(|_| keep));
    all.push(end);
    all.join("\n")
}
