//! An office document as a page: what a reader of it sees becomes text, and
//! everything else is listed.

use std::collections::BTreeMap;

use super::page::{Block as Line, CellText, Loss, Move, Page, Piece, Title, tidy};
use super::{Changes, ImportError};
use jiedu_base::text::{Message, is_han};
use jiedu_office::{Block, Change, Document, NoteKind, Paragraph, Part, PartKind, Role, Run, RunKind, Table};

/// Turns a document into a page. `changes` says which text counts where changes
/// were tracked.
///
/// # Errors
/// [`ImportError::TrackedChanges`] when there are such and nobody said.
pub(super) fn page(document: &Document, changes: Option<Changes>) -> Result<Page, ImportError> {
    let Some(changes) = changes.or_else(|| (!has_changes(document)).then_some(Changes::Accept)) else {
        return Err(ImportError::TrackedChanges { paragraph: first_change(document) });
    };
    let mut converter = Converter::new(changes);
    let body: Vec<&Block> = document.body().collect();
    converter.blocks(&body);
    converter.finish(document);
    Ok(converter.page)
}

fn has_changes(document: &Document) -> bool {
    first_change(document) > 0
}

/// The first paragraph of the text with a change; 0 for none.
fn first_change(document: &Document) -> usize {
    let mut first = 0;
    for block in document.body() {
        if let Block::Table(table) = block
            && first == 0
            && table.rows.iter().any(|row| row.change != Change::None)
        {
            first = 1;
        }
        block.paragraphs(&mut |paragraph| {
            let changed =
                paragraph.mark != Change::None || paragraph.runs.iter().any(|run| run.change != Change::None);
            if changed && first == 0 {
                first = paragraph.index.max(1);
            }
        });
    }
    first
}

/// Where a paragraph stands.
fn place(index: usize) -> Message {
    Message::new(format!("第 {index} 段"), format!("paragraph {index}"))
}

struct Converter {
    changes: Changes,
    page: Page,
    /// Numbers of notes in the order of their calls.
    called: BTreeMap<(NoteKind, String), usize>,
    /// Paragraphs at which comments are anchored.
    anchored: BTreeMap<String, usize>,
    contents: String,
    /// What a paragraph leaves to the next, whose mark does not count.
    carried: Vec<Vec<Piece>>,
    title: String,
}

impl Converter {
    fn new(changes: Changes) -> Self {
        Self {
            changes,
            page: Page::default(),
            called: BTreeMap::new(),
            anchored: BTreeMap::new(),
            contents: String::new(),
            carried: Vec::new(),
            title: String::new(),
        }
    }

    fn blocks(&mut self, blocks: &[&Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(paragraph) => self.paragraph(paragraph),
                Block::Table(table) => self.table(table),
                Block::TextBox(inner) => {
                    let mut first = 0;
                    block.paragraphs(&mut |paragraph| {
                        if first == 0 && !paragraph.runs.is_empty() {
                            first = paragraph.index;
                        }
                    });
                    if first > 0 {
                        self.page.moved.push(Move {
                            what: Message::new("文本框", "text box"),
                            place: place(first),
                            to: Message::new("所在段落之后", "after the paragraph that holds it"),
                        });
                    }
                    self.blocks(&inner.iter().collect::<Vec<_>>());
                }
            }
        }
    }

    /// Whether a change leaves text out.
    fn drops(&self, change: Change) -> bool {
        matches!(
            (self.changes, change),
            (Changes::Accept, Change::Deleted) | (Changes::Reject, Change::Inserted)
        )
    }

    fn paragraph(&mut self, paragraph: &Paragraph) {
        if paragraph.role == Role::Contents {
            let text: String = paragraph.runs.iter().map(Run::shown).collect();
            if !text.trim().is_empty() {
                if !self.contents.is_empty() {
                    self.contents.push('\n');
                }
                self.contents.push_str(text.trim());
            }
            return;
        }
        let is_one = paragraph.is_centred || !matches!(paragraph.role, Role::Text);
        let mut lines = self.lines(paragraph, is_one);
        if let Some(number) = paragraph.number.as_ref().filter(|number| !number.is_empty())
            && let Some(first) = lines.first_mut().filter(|first| !tidy((*first).clone()).is_empty())
        {
            let bold = first.first().is_some_and(|first| first.bold);
            first.insert(0, Piece { bold, ..Piece::plain(number.clone()) });
        }
        if self.drops(paragraph.mark) {
            self.carried = lines;
            return;
        }
        let is_item = paragraph.number.as_deref() == Some("");
        let level = match paragraph.role {
            Role::Heading(level) => level,
            _ => 0,
        };
        for pieces in lines {
            let Some(block) = Line::from_pieces(level, pieces) else { continue };
            if paragraph.role == Role::Title {
                self.title.push_str(&block.text());
            }
            self.page.blocks.push(match block {
                Line::Line { pieces, .. } if is_item => Line::Item { pieces },
                block => block,
            });
        }
    }

    /// The lines of a paragraph: titles are one, however often they break.
    fn lines(&mut self, paragraph: &Paragraph, is_one: bool) -> Vec<Vec<Piece>> {
        let mut lines = std::mem::take(&mut self.carried);
        if lines.is_empty() {
            lines.push(Vec::new());
        }
        for run in &paragraph.runs {
            match &run.kind {
                RunKind::Break if !is_one => lines.push(Vec::new()),
                _ => {
                    let piece = self.run(run, paragraph.index);
                    if let (Some(piece), Some(line)) = (piece, lines.last_mut()) {
                        push(line, piece);
                    }
                }
            }
        }
        lines
    }

    /// What a run adds to the text.
    fn run(&mut self, run: &Run, index: usize) -> Option<Piece> {
        let text = run.shown();
        let changes = self.changes;
        let is_dropped = self.drops(run.change);
        let lost = &mut self.page.lost;
        let mut leave = |zh: &str, en: &str, text: &str| {
            lose(lost, Message::new(zh, en), place(index), text);
        };
        match &run.kind {
            RunKind::Text => {}
            RunKind::Break => return Some(Piece::plain("\n")),
            RunKind::Note(kind, id) => {
                let next = self.called.len() + 1;
                let number = *self.called.entry((*kind, id.clone())).or_insert(next);
                return Some(Piece { note: Some(number), ..Piece::default() });
            }
            RunKind::Comment(id) => {
                self.anchored.insert(id.clone(), index);
                return None;
            }
            RunKind::Picture => {
                leave("图片", "picture", &text);
                return None;
            }
            RunKind::Object => {
                leave("嵌入对象", "embedded object", &text);
                return None;
            }
            RunKind::Ruby => {
                leave("注音", "reading aid", &text);
                return None;
            }
            RunKind::Symbol => {
                leave("符号字体中的字符", "character of a symbol font", &text);
                return None;
            }
        }
        if run.hidden {
            leave("隐藏文字", "hidden text", &text);
            return None;
        }
        if is_dropped {
            let (zh, en) = match run.change {
                Change::Deleted => ("修订中已删除的文字", "deleted text of a tracked change"),
                _ => ("修订中插入的文字", "inserted text of a tracked change"),
            };
            leave(zh, en, &text);
            return None;
        }
        // Struck text is no longer in force, and Markdown would revive it.
        if run.struck && !text.trim().is_empty() {
            leave("加删除线的文字", "struck text", &text);
            return None;
        }
        let text = match (changes, run.change) {
            (Changes::Show, Change::Inserted) => format!("【增：{text}】"),
            (Changes::Show, Change::Deleted) => format!("【删：{text}】"),
            _ => text,
        };
        let link = run.link.as_ref().map(ToString::to_string);
        Some(Piece { text, bold: run.bold, italic: run.italic, link, note: None })
    }

    fn table(&mut self, table: &Table) {
        let mut rows: Vec<Vec<CellText>> = Vec::new();
        let (mut merged, mut first) = (0, 0);
        for row in &table.rows {
            let is_lost = self.drops(row.change);
            let mut cells = Vec::new();
            for cell in &row.cells {
                let mut pieces = Vec::new();
                for block in &cell.blocks {
                    block.paragraphs(&mut |paragraph| {
                        if first == 0 {
                            first = paragraph.index;
                        }
                        self.cell(paragraph, &mut pieces);
                    });
                }
                merged += usize::from(cell.columns > 1) + usize::from(cell.continues);
                cells.push(tidy(pieces));
                cells.extend((1..cell.columns).map(|_| Vec::new()));
            }
            if is_lost {
                let text = super::page::row_text(&cells);
                let what = Message::new("修订涉及的表格行", "table row of a tracked change");
                lose(&mut self.page.lost, what, place(first), &text);
            } else if !cells.is_empty() {
                rows.push(cells);
            }
        }
        if rows.iter().all(|row| row.len() < 2) {
            // A frame around text.
            self.page.blocks.extend(rows.into_iter().flatten().filter_map(|cell| Line::from_pieces(0, cell)));
            return;
        }
        if merged > 0 {
            self.page.moved.push(Move {
                what: Message::new(format!("{merged} 处合并单元格"), format!("{merged} joined cells")),
                place: Message::new(
                    format!("第 {first} 段处的表格"),
                    format!("the table at paragraph {first}"),
                ),
                to: Message::new("拆开的单元格，内容在左上格", "parted cells, the text in the first of them"),
            });
        }
        self.page.blocks.push(Line::Table(rows));
    }

    /// A paragraph of a cell, after those before it.
    fn cell(&mut self, paragraph: &Paragraph, pieces: &mut CellText) {
        let lines = self.lines(paragraph, false);
        for (index, line) in lines.into_iter().enumerate() {
            if tidy(line.clone()).is_empty() {
                continue;
            }
            if !pieces.is_empty() {
                pieces.push(Piece::plain(" "));
            }
            if index == 0
                && let Some(number) = paragraph.number.as_ref().filter(|number| !number.is_empty())
            {
                pieces.push(Piece::plain(number.clone()));
            }
            pieces.extend(line);
        }
    }

    /// Notes, and what stands beside the text.
    fn finish(&mut self, document: &Document) {
        for pieces in std::mem::take(&mut self.carried) {
            self.page.blocks.extend(Line::from_pieces(0, pieces));
        }
        if !self.title.is_empty() {
            self.page.title = Some(Title { text: std::mem::take(&mut self.title), is_sure: true });
        }
        let mut notes = BTreeMap::new();
        for part in &document.parts {
            self.part(part, &mut notes);
        }
        // Notes of notes are called while notes are read.
        for (number, pieces) in notes {
            self.page.blocks.push(Line::Footnote { number, pieces });
        }
        if !self.contents.is_empty() {
            self.page.lost.push(Loss {
                what: Message::new(
                    "目录（网站按章节自动生成）",
                    "table of contents, which the site makes itself",
                ),
                place: Message::new("正文前", "before the text"),
                text: std::mem::take(&mut self.contents),
            });
        }
    }

    fn part(&mut self, part: &Part, notes: &mut BTreeMap<usize, Vec<Piece>>) {
        let (what, place) = match &part.kind {
            PartKind::Body | PartKind::Page(_) => return,
            PartKind::Note(kind, id) => {
                let pieces = self.note(part);
                match self.called.get(&(*kind, id.clone())) {
                    Some(&number) => {
                        notes.insert(number, pieces);
                        return;
                    }
                    None => (
                        Message::new("正文没有引用的注释", "note that the text does not call"),
                        Message::new("注释", "notes"),
                    ),
                }
            }
            PartKind::Header => (Message::new("页眉", "page header"), Message::new("页眉", "page header")),
            PartKind::Footer => (Message::new("页脚", "page footer"), Message::new("页脚", "page footer")),
            PartKind::Comment(id, author) => (
                Message::new(format!("批注（{author}）"), format!("comment by {author}")),
                place(self.anchored.get(id).copied().unwrap_or(1)),
            ),
            PartKind::Drawing => {
                (Message::new("图表中的文字", "text of a chart"), Message::new("图表", "chart"))
            }
        };
        let text = plain(&part.blocks);
        if matches!(part.kind, PartKind::Header | PartKind::Footer) {
            self.page.margins.extend(text.lines().map(str::to_owned));
        }
        if !text.is_empty() && !self.page.lost.iter().any(|known| known.what == what && known.text == text) {
            self.page.lost.push(Loss { what, place, text });
        }
    }

    fn note(&mut self, part: &Part) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for block in &part.blocks {
            block.paragraphs(&mut |paragraph| self.cell(paragraph, &mut pieces));
        }
        tidy(pieces)
    }
}

/// All characters of some blocks, one paragraph a line.
fn plain(blocks: &[Block]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for block in blocks {
        block.paragraphs(&mut |paragraph| {
            let text: String = paragraph.runs.iter().map(Run::shown).collect();
            if !text.trim().is_empty() {
                lines.push(text.trim().to_owned());
            }
        });
    }
    lines.join("\n")
}

/// Lists something as lost; runs of one kind at one place are one.
fn lose(lost: &mut Vec<Loss>, what: Message, place: Message, text: &str) {
    if let Some(last) = lost.last_mut()
        && last.what == what
        && last.place == place
        && !text.is_empty()
        && !last.text.is_empty()
    {
        last.text.push_str(text);
        return;
    }
    lost.push(Loss { what, place, text: text.to_owned() });
}

/// Adds a piece; a break inside a title leaves no blank between Han characters.
fn push(line: &mut Vec<Piece>, mut piece: Piece) {
    let before = line.last().and_then(|last| last.text.chars().last());
    if piece.text == "\n" {
        line.push(piece);
        return;
    }
    if before == Some('\n') && piece.note.is_none() {
        let last = line.iter().rev().flat_map(|piece| piece.text.chars().rev()).find(|c| !c.is_whitespace());
        let next = piece.text.chars().find(|c| !c.is_whitespace());
        let closes = |c: Option<char>| {
            c.is_some_and(|c| is_han(c) || matches!(c, '《' | '》' | '（' | '）' | '〈' | '〉' | '、' | '，'))
        };
        while line.last().is_some_and(|last| last.text == "\n") {
            line.pop();
        }
        if closes(last) && closes(next) {
            let blanks = piece.text.len() - piece.text.trim_start().len();
            piece.text.drain(..blanks);
            if let Some(last) = line.last_mut() {
                last.text.truncate(last.text.trim_end().len());
            }
        } else {
            line.push(Piece::plain(" "));
        }
    }
    line.push(piece);
}
