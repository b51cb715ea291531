//! What stands inside of a paragraph.

use super::body::{Context, Reader, changed, chosen};
use super::fields::Field;
use super::props::Props;
use super::{drawing, math, symbols};
use crate::tree::Id;
use crate::{Block, Layer, NoteKind, Paragraph, Run, RunKind};

/// Fields in fields deeper than this are read as text.
const DEEPEST_FIELD: usize = 40;

/// Contents of the text boxes that a paragraph anchors.
type Boxes = Vec<Vec<Block>>;

impl Reader<'_> {
    pub(super) fn inlines(&mut self, parent: Id, context: &Context, out: &mut Paragraph, boxes: &mut Boxes) {
        let tree = self.tree;
        for id in tree.children(parent) {
            self.inline(id, context, out, boxes);
        }
    }

    pub(super) fn inline(&mut self, id: Id, context: &Context, out: &mut Paragraph, boxes: &mut Boxes) {
        let tree = self.tree;
        match tree.name(id) {
            "r" => self.run(id, context, out, boxes),
            "hyperlink" => {
                let link = tree.attribute(id, "id").and_then(|id| self.links.get(id).cloned());
                self.inlines(
                    id,
                    &Context { link: link.or(context.link.clone()), ..context.clone() },
                    out,
                    boxes,
                );
            }
            "fldSimple" => {
                let field = Field::of(tree.attribute(id, "instr").unwrap_or_default());
                let before = out.runs.len();
                let shown = field.shown();
                let link = field.link().or(context.link.clone());
                self.fields.push(field);
                self.inlines(id, &Context { link, ..context.clone() }, out, boxes);
                self.fields.pop();
                if let Some(text) = shown.filter(|_| out.runs.len() == before) {
                    self.push(text, &self.run_of(Props::default(), context), out);
                }
            }
            "oMath" | "oMathPara" => {
                let text = math::text(tree, id);
                self.push(text, &self.run_of(Props::default(), context), out);
            }
            "sdt" => self.inlines(tree.child(id, "sdtContent").unwrap_or(id), context, out, boxes),
            "smartTag" | "customXml" | "sdtContent" | "dir" | "bdo" => self.inlines(id, context, out, boxes),
            "AlternateContent" => self.inlines(chosen(tree, id), context, out, boxes),
            // Blocks inside of a paragraph stand after it.
            "txbxContent" | "p" | "tbl" => {
                let mut blocks = Vec::new();
                self.block(id, context, &mut blocks);
                boxes.push(blocks);
            }
            name => {
                if let Some(inner) = changed(name, context) {
                    self.inlines(id, &inner, out, boxes);
                } else if !name.ends_with("Pr") {
                    self.inlines(id, context, out, boxes);
                }
            }
        }
    }

    /// A run of the properties given.
    fn run_of(&self, props: Props, context: &Context) -> Run {
        let props = props.over(context.props);
        let by_field = self.fields.iter().rev().filter(|field| field.is_result).find_map(Field::link);
        Run {
            bold: props.bold.unwrap_or(false),
            italic: props.italic.unwrap_or(false),
            struck: props.struck.unwrap_or(false),
            hidden: props.hidden.unwrap_or(false),
            layer: props.layer.unwrap_or(Layer::Line),
            change: context.change,
            link: context.link.clone().or(by_field),
            ..Run::default()
        }
    }

    fn run(&mut self, id: Id, context: &Context, out: &mut Paragraph, boxes: &mut Boxes) {
        let tree = self.tree;
        let own = tree.child(id, "rPr").map(|props| Props::read(tree, props)).unwrap_or_default();
        let style = tree.child(id, "rPr").and_then(|props| tree.value(props, "rStyle"));
        let props = style.map_or(own, |style| own.over(self.styles.props(style)));
        self.content(id, &self.run_of(props, context), context, out, boxes);
    }

    fn content(&mut self, id: Id, like: &Run, context: &Context, out: &mut Paragraph, boxes: &mut Boxes) {
        let tree = self.tree;
        for child in tree.children(id) {
            match tree.name(child) {
                "t" | "delText" => self.push(tree.text(child), like, out),
                "instrText" | "delInstrText" => {
                    if let Some(field) = self.fields.last_mut().filter(|field| !field.is_result) {
                        field.push(&tree.text(child));
                    }
                }
                "fldChar" => self.field(child, like, out),
                "tab" | "ptab" => self.push(" ".to_owned(), like, out),
                "br" | "cr" => self.add(RunKind::Break, String::new(), like, out),
                "noBreakHyphen" => self.push("-".to_owned(), like, out),
                "sym" => self.symbol(child, like, out),
                "footnoteReference" => self.call(NoteKind::Foot, child, like, out),
                "endnoteReference" => self.call(NoteKind::End, child, like, out),
                "commentReference" => {
                    let id = tree.attribute(child, "id").unwrap_or_default().to_owned();
                    self.add(RunKind::Comment(id), String::new(), like, out);
                }
                "drawing" | "pict" | "object" => self.drawing(child, like, context, out, boxes),
                "ruby" => self.ruby(child, context, out, boxes),
                "AlternateContent" => self.content(chosen(tree, child), like, context, out, boxes),
                "oMath" => self.push(math::text(tree, child), like, out),
                _ => {}
            }
        }
    }

    /// Whether what comes by is part of an instruction, which nobody sees.
    fn is_instruction(&self) -> bool {
        self.fields.iter().any(|field| !field.is_result)
    }

    fn push(&self, text: String, like: &Run, out: &mut Paragraph) {
        self.add(RunKind::Text, text, like, out);
    }

    fn add(&self, kind: RunKind, text: String, like: &Run, out: &mut Paragraph) {
        if self.is_instruction() || (kind == RunKind::Text && text.is_empty()) {
            return;
        }
        if kind == RunKind::Text
            && let Some(last) = out.runs.last_mut()
            && last.is_like(like)
        {
            last.text.push_str(&text);
            return;
        }
        out.runs.push(Run { kind, text, ..like.clone() });
    }

    fn field(&mut self, id: Id, like: &Run, out: &mut Paragraph) {
        let tree = self.tree;
        match tree.attribute(id, "fldCharType") {
            Some("begin") if self.fields.len() >= DEEPEST_FIELD => self.deeper += 1,
            Some("end") if self.deeper > 0 => self.deeper -= 1,
            Some("begin") => {
                let mut field = Field::default();
                if let Some(box_) = tree.find(id, "checkBox") {
                    field.checked =
                        tree.switch(box_, "checked").or(tree.switch(box_, "default")).or(Some(false));
                }
                self.fields.push(field);
            }
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    field.is_result = true;
                    self.saw_contents |= field.is_contents();
                }
            }
            Some("end") => {
                let Some(field) = self.fields.pop() else { return };
                let needs = !field.is_result || field.checked.is_some();
                if let Some(text) = field.shown().filter(|_| needs) {
                    self.push(text, like, out);
                }
            }
            _ => {}
        }
    }

    fn symbol(&self, id: Id, like: &Run, out: &mut Paragraph) {
        let font = self.tree.attribute(id, "font").unwrap_or_default();
        let code = self.tree.attribute(id, "char").unwrap_or_default();
        let found = u32::from_str_radix(code, 16).ok().and_then(|code| symbols::character(font, code));
        match found {
            Some(c) => self.push(c.to_string(), like, out),
            None => self.add(RunKind::Symbol, format!("{font} {code}"), like, out),
        }
    }

    fn call(&self, kind: NoteKind, id: Id, like: &Run, out: &mut Paragraph) {
        let id = self.tree.attribute(id, "id").unwrap_or_default().to_owned();
        self.add(RunKind::Note(kind, id), String::new(), like, out);
    }

    fn drawing(&mut self, id: Id, like: &Run, context: &Context, out: &mut Paragraph, boxes: &mut Boxes) {
        let found = drawing::read(self.tree, id);
        for run in found.runs {
            self.add(run.kind, run.text, like, out);
        }
        for content in found.boxes {
            let mut blocks = Vec::new();
            let inner = Context { change: like.change, link: None, ..context.clone() };
            self.blocks(content, &inner, &mut blocks);
            boxes.push(blocks);
        }
    }

    /// The base as text, its reading as what it is.
    fn ruby(&mut self, id: Id, context: &Context, out: &mut Paragraph, boxes: &mut Boxes) {
        let tree = self.tree;
        if let Some(base) = tree.child(id, "rubyBase") {
            self.inlines(base, context, out, boxes);
        }
        if let Some(reading) = tree.child(id, "rt") {
            let text = tree
                .descendants(reading)
                .filter(|&node| tree.name(node) == "t")
                .map(|node| tree.text(node))
                .collect::<String>();
            let like = self.run_of(Props::default(), context);
            self.add(RunKind::Ruby, text, &like, out);
        }
    }
}

impl Run {
    /// Whether text of the other may be joined to this one.
    fn is_like(&self, other: &Self) -> bool {
        let kind = |run: &Self| (run.bold, run.italic, run.struck, run.hidden, run.layer, run.change);
        self.kind == RunKind::Text && kind(self) == kind(other) && self.link == other.link
    }
}
