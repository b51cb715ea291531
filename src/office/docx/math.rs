//! Formulas (Office `MathML`, ECMA-376-1, 22.1) as one line of text:
//! `a/b`, `x²`, `√(x)`, `∑_(i=1)^(n) x`.

use crate::scripts::{subscript, superscript};
use crate::tree::{Id, Tree};

/// A formula in one line.
pub(super) fn text(tree: &Tree, id: Id) -> String {
    tree.children(id).map(|child| element(tree, child)).collect()
}

fn part(tree: &Tree, id: Id, name: &str) -> String {
    tree.child(id, name).map(|child| text(tree, child)).unwrap_or_default()
}

/// Whether a part reads as one without brackets.
fn is_single(text: &str) -> bool {
    text.chars().count() <= 1
        || text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '%' | '²' | '³' | '°'))
}

fn grouped(text: &str) -> String {
    if is_single(text) { text.to_owned() } else { format!("({text})") }
}

fn element(tree: &Tree, id: Id) -> String {
    let own = |name: &str| part(tree, id, name);
    let property = |properties: &str, name: &str| {
        tree.child(id, properties).and_then(|properties| tree.value(properties, name))
    };
    match tree.name(id) {
        "r" => {
            tree.children(id).filter(|&child| tree.name(child) == "t").map(|child| tree.text(child)).collect()
        }
        "f" => match property("fPr", "type") {
            Some("noBar") => format!("({} {})", own("num"), own("den")),
            _ => format!("{}/{}", grouped(&own("num")), grouped(&own("den"))),
        },
        "sSup" => grouped(&own("e")) + &superscript(&own("sup")),
        "sSub" => grouped(&own("e")) + &subscript(&own("sub")),
        "sSubSup" => format!("{}{}{}", grouped(&own("e")), subscript(&own("sub")), superscript(&own("sup"))),
        "sPre" => format!("{}{}{}", subscript(&own("sub")), superscript(&own("sup")), own("e")),
        "rad" => {
            let degree = own("deg");
            format!(
                "{}√{}",
                if degree.is_empty() { degree } else { superscript(&degree) },
                grouped(&own("e"))
            )
        }
        "nary" => {
            let sign = property("naryPr", "chr").unwrap_or("∫");
            format!("{sign}{}{}{}", subscript(&own("sub")), superscript(&own("sup")), own("e"))
        }
        "d" => {
            let (open, close) =
                (property("dPr", "begChr").unwrap_or("("), property("dPr", "endChr").unwrap_or(")"));
            let between = property("dPr", "sepChr").unwrap_or("|");
            let parts =
                tree.children(id).filter(|&child| tree.name(child) == "e").map(|child| text(tree, child));
            format!("{open}{}{close}", parts.collect::<Vec<_>>().join(between))
        }
        "acc" => own("e") + property("accPr", "chr").unwrap_or("\u{302}"),
        "bar" => own("e") + "\u{304}",
        "limLow" => own("e") + &subscript(&own("lim")),
        "limUpp" => own("e") + &superscript(&own("lim")),
        "m" => rows(tree, id, "mr"),
        "eqArr" => {
            let lines =
                tree.children(id).filter(|&child| tree.name(child) == "e").map(|child| text(tree, child));
            lines.collect::<Vec<_>>().join("; ")
        }
        name if name.ends_with("Pr") => String::new(),
        _ => text(tree, id),
    }
}

/// A matrix: rows parted by semicolons.
fn rows(tree: &Tree, id: Id, row: &str) -> String {
    let rows = tree.children(id).filter(|&child| tree.name(child) == row).map(|row| {
        tree.children(row)
            .map(|cell| text(tree, cell))
            .filter(|cell| !cell.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    });
    format!("[{}]", rows.collect::<Vec<_>>().join("; "))
}
