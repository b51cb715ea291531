//! The sections of a material: headings with what follows them.

use super::Section;
use jiedu_markdown::{Body, RenderedBlock};

/// Splits the blocks of a material at every heading.
pub(super) fn read_sections(blocks: &[RenderedBlock], body: &Body) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut starts: Vec<usize> = Vec::new();
    let mut counters: Vec<(u8, u32)> = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        // A heading that repeats the page's title opens no section.
        let level = block.heading.filter(|level| *level > 1).unwrap_or(0);
        if level == 0 && !sections.is_empty() {
            if let Some(section) = sections.last_mut() {
                section.blocks.end = index + 1;
            }
            continue;
        }
        let heading = if level == 0 { String::new() } else { block.text.clone() };
        let anchor = anchor(&mut counters, level);
        starts.push(if sections.is_empty() { body.range.start } else { block.range.start });
        let (heading_targets, text_targets) = (Vec::new(), Vec::new());
        sections.push(Section {
            anchor,
            heading,
            level,
            blocks: index..index + 1,
            heading_targets,
            text_targets,
        });
    }
    for link in &body.links {
        let Some(target) = link.target.strip_prefix("clause:").filter(|_| !link.is_image) else { continue };
        let at = starts.partition_point(|&start| start <= link.range.start);
        let Some(section) = at.checked_sub(1).and_then(|at| sections.get_mut(at)) else { continue };
        let targets =
            if link.heading.is_some() { &mut section.heading_targets } else { &mut section.text_targets };
        targets.push(target.to_owned());
    }
    sections
}

/// `sec1`, `sec1-2`, …; `sec0` for text before the first heading.
fn anchor(counters: &mut Vec<(u8, u32)>, level: u8) -> String {
    if level == 0 {
        return "sec0".to_owned();
    }
    let mut number = 1;
    while let Some(&(open, count)) = counters.last() {
        if open < level {
            break;
        }
        number = count + 1;
        counters.pop();
    }
    counters.push((level, number));
    let numbers: Vec<String> = counters.iter().map(|(_, number)| number.to_string()).collect();
    format!("sec{}", numbers.join("-"))
}

#[cfg(test)]
mod tests {
    use jiedu_base::text::{SourceFile, TextRange};
    use jiedu_markdown::{self as markdown, RenderOptions};

    use super::*;

    #[test]
    fn anchors_follow_levels_and_links_find_their_section() {
        let text =
            "导语\n\n## 一\n\n[x](clause:（一）)\n\n### [甲](clause:（二）)\n\n## 二\n\n#### 三\n\n### 四\n";
        let file = SourceFile::new("a.md", text);
        let range = TextRange::new(0, text.len());
        let blocks = markdown::render_blocks(&file, range, &RenderOptions::default());
        let sections = read_sections(&blocks, &markdown::parse_body(&file, range));
        let anchors: Vec<_> = sections.iter().map(|section| section.anchor.as_str()).collect();
        assert_eq!(anchors, ["sec0", "sec1", "sec1-1", "sec2", "sec2-1", "sec2-2"]);
        assert_eq!(sections[1].text_targets, ["（一）"]);
        assert_eq!(sections[2].heading_targets, ["（二）"]);
        assert_eq!(sections[1].blocks, 1..3);
    }
}
