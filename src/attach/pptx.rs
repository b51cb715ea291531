//! `PowerPoint`: slides and their notes.

use super::pages;
use super::types::{Reading, Spot, Veil};
use jiedu_office::Package;
use jiedu_office::xml::{Node, walk};

/// Reads a `.pptx`.
pub(super) fn read(reading: &mut Reading<'_>, package: &mut Package<'_>) {
    let mut hidden = 0;
    for (index, path) in package.like("ppt/slides/slide", ".xml").into_iter().enumerate() {
        hidden += usize::from(part(reading, package, &path, &Spot::Page(index + 1), Veil::None));
    }
    if hidden > 0 {
        reading.remark(
            &pages::HIDDEN,
            Spot::File,
            format!("有 {hidden} 张隐藏的幻灯片"),
            format!("{hidden} hidden slides"),
        );
    }
    let notes = package.like("ppt/notesSlides/", ".xml");
    let comments = package.like("ppt/comments/", ".xml");
    let count = notes.len() + comments.len();
    for path in notes.into_iter().chain(comments) {
        part(reading, package, &path, &Spot::Part("备注".to_owned()), Veil::Comment);
    }
    if count > 0 {
        reading.remark(
            &pages::COMMENTS,
            Spot::File,
            format!("有备注或批注 {count} 页"),
            format!("notes or comments on {count} slides"),
        );
    }
}

/// The paragraphs of a part; says whether it is a hidden slide.
fn part(reading: &mut Reading<'_>, package: &mut Package<'_>, path: &str, spot: &Spot, veil: Veil) -> bool {
    let Some(bytes) = reading.part(package, path) else { return false };
    let (mut text, mut in_text, mut is_hidden) = (String::new(), false, false);
    let walked = walk(path, &bytes, |node| match node {
        Node::Open("sld", attributes) => {
            is_hidden = attributes.get("show").is_some_and(|show| !jiedu_office::xml::is_on(&show));
        }
        Node::Open("t" | "text", _) => in_text = true,
        Node::Close("t" | "text") => in_text = false,
        Node::Text(piece) if in_text => text.push_str(piece),
        Node::Close("p" | "cm") => {
            let veil = if is_hidden { Veil::Hidden } else { veil };
            reading.passage(spot, veil, &std::mem::take(&mut text));
        }
        _ => {}
    });
    reading.passage(spot, veil, &text);
    reading.walked(&walked);
    is_hidden
}
