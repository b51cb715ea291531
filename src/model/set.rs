//! From the files of a set to a publication set.

use super::active::check_active;
use super::bidi::check_bidi;
use super::data::{read_opinions, read_questions};
use super::joined::{check_doubtful, check_joined};
use super::meta::{Fields, Key, check_policy_meta, read_material_meta, read_plan_meta, read_policy_meta};
use super::placeholder;
use super::provisions::read_outline;
use super::sections::read_sections;
use super::{
    Attachment, InterpretationMaterial, InterpretationPlan, PolicyDocument, PublicationSet, StandingPage,
};
use jiedu_base::files::{SetFile, SetFiles};
use jiedu_base::finding::{Checked, Finding, Place, Severity};
use jiedu_base::name::SetId;
use jiedu_base::text::{self, Message, SourceFile, TextFaultKind, TextRange, decode_loosely};
use jiedu_config::Config;
use jiedu_markdown::{self as markdown, Body, FrontMatter, RenderOptions, RenderedBlock};

/// Where sets lie in a repository.
const POLICIES: &str = "content/policies";

/// Parses the files of one set. Files that are not clean text have been
/// reported by the room that read them and are left out.
#[must_use]
pub fn parse_set(id: &SetId, files: &SetFiles, config: &Config) -> Checked<PublicationSet> {
    let mut findings: Vec<Finding> = files.faults.iter().map(|fault| fault.finding.clone()).collect();
    let mut set = PublicationSet {
        id: id.clone(),
        digest: files.digest(id.as_str()),
        manifest: files.manifest(id.as_str()).unwrap_or_default(),
        files: sorted(&files.files),
        faults: files.faults.clone(),
        policy: None,
        plan: None,
        materials: Vec::new(),
        attachments: Vec::new(),
        images: Vec::new(),
        questions: None,
        opinions: None,
    };
    for file in sorted(&files.files) {
        read_file(&mut set, &file, config, &mut findings);
    }
    let has_policy_file = files.files.iter().any(|file| file.path == "policy.md");
    if !has_policy_file {
        findings.push(policy_missing(id));
    }
    set.materials.sort_by(|a, b| a.name.cmp(&b.name));
    check_planned(&set, &mut findings);
    check_results(&set, &mut findings);
    for finding in &mut findings {
        finding.set.get_or_insert_with(|| id.to_string());
    }
    Checked { value: set, findings }
}

/// Sorted by path bytes, as look-ups by path expect.
fn sorted(files: &[SetFile]) -> Vec<SetFile> {
    let mut files = files.to_vec();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn policy_missing(id: &SetId) -> Finding {
    let place = Place::whole(format!("{POLICIES}/{id}/policy.md"));
    let message = Message::new(
        format!("{id} 缺少政策文件 policy.md"),
        format!("{id} has no policy document policy.md"),
    );
    Finding::new("POLICY_MISSING", "policy-missing", "three-synchronous", Severity::Error, place, message)
        .blocking()
        .note(
            "政策文件的文件名必须是 policy.md，放在这个文件夹里。",
            "The policy document must be called policy.md and lie in this folder.",
        )
}

fn read_file(set: &mut PublicationSet, file: &SetFile, config: &Config, findings: &mut Vec<Finding>) {
    let path = format!("{POLICIES}/{}/{}", set.id, file.path);
    let source = || readable(&path, &file.bytes);
    check_bidi(&path, &file.bytes, findings);
    match file.path.split('/').collect::<Vec<_>>().as_slice() {
        ["policy.md"] => set.policy = source().map(|source| read_policy(&source, config, findings)),
        ["plan.md"] => set.plan = source().map(|source| read_plan(&source, findings)),
        ["materials", name] => match name.strip_suffix(".md") {
            Some(stem) if !is_material_name(stem) => findings.push(bad_material_name(&path, name)),
            Some(stem) => set.materials.extend(source().map(|source| read_material(stem, &source, findings))),
            None if is_beside_material(name) => {
                check_active(&path, &file.path, &file.bytes, findings);
                set.images.push(attachment(file));
            }
            None => findings.push(unexpected(&path, &file.path)),
        },
        ["attachments", _] => {
            check_active(&path, &file.path, &file.bytes, findings);
            set.attachments.push(attachment(file));
        }
        ["qa.toml"] => {
            set.questions = source().map(|source| {
                placeholder::check(&source, findings);
                read_questions(&source, findings)
            });
        }
        ["opinions.toml"] => {
            set.opinions = source().map(|source| {
                placeholder::check(&source, findings);
                read_opinions(&source, findings)
            });
        }
        // Read where the clauses are known that its cards rest on.
        ["cards.toml"] => {
            if let Some(source) = source() {
                placeholder::check(&source, findings);
            }
        }
        _ => findings.push(unexpected(&path, &file.path)),
    }
}

/// The text of a file. What is not clean text blocks its set and is told by who
/// read it; it is read all the same, so that one fault does not hide the others.
fn readable(path: &str, bytes: &[u8]) -> Option<SourceFile> {
    let fault = match text::decode(path, bytes) {
        Ok(file) => return Some(file),
        Err(fault) => fault,
    };
    match fault.kind {
        TextFaultKind::Nul | TextFaultKind::LfsPointer => None,
        _ => decode_loosely(bytes).map(|read| SourceFile::new(path, &read.text)),
    }
}

/// Every material should be in the plan, as every form of the plan has one.
fn check_planned(set: &PublicationSet, findings: &mut Vec<Finding>) {
    let Some(plan) = set.plan.as_ref().filter(|plan| !plan.forms.is_empty()) else { return };
    for material in &set.materials {
        let name = format!("{}.md", material.name);
        if plan.forms.iter().any(|form| form.material.as_ref() == Some(&name)) {
            continue;
        }
        let message =
            Message::new(format!("解读方案里没有列 {name}"), format!("the plan does not list {name}"));
        let place = Place::range(&material.file, material.file.line_range(1));
        findings.push(
            Finding::new("M138", "material-unplanned", "layout", Severity::Hint, place, message).note(
                format!("在 plan.md 的解读形式里加一项“材料: {name}”。"),
                format!("Add a form with `material: {name}` to plan.md."),
            ),
        );
    }
}

/// Results before the closing date suggest that nobody reads the opinions.
fn check_results(set: &PublicationSet, findings: &mut Vec<Finding>) {
    let consultation = set.policy.as_ref().and_then(|policy| policy.meta.consultation.as_ref());
    let (Some(sheet), Some(consultation)) = (&set.opinions, consultation) else { return };
    let until = consultation.value.until;
    if sheet.published.is_none_or(|published| published > until) {
        return;
    }
    let message = Message::new(
        format!("征求意见到{until}才截止，采纳情况的公布日期应当在此之后"),
        format!("the consultation closes on {until}; its results are published after that"),
    );
    let place = Place::range(&sheet.file, sheet.file.line_range(1));
    findings.push(Finding::new("Q108", "opinions-too-early", "data", Severity::Warning, place, message));
}

/// A material's name is part of an address.
fn is_material_name(name: &str) -> bool {
    let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    name.bytes().next().is_some_and(word)
        && name.bytes().all(|b| word(b) || b == b'-' || b == b'_')
        && name.len() <= 63
}

/// Pictures and recordings stand beside the materials that show them. Nothing
/// else does: a page would be published that no list names, or a file take the
/// address of a material.
fn is_beside_material(name: &str) -> bool {
    const KINDS: [&str; 17] = [
        "png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "svg", "mp3", "m4a", "wav", "ogg", "mp4", "m4v",
        "webm", "vtt", "srt",
    ];
    let Some((stem, kind)) = name.rsplit_once('.') else { return false };
    !stem.is_empty() && KINDS.contains(&kind.to_ascii_lowercase().as_str())
}

fn bad_material_name(path: &str, name: &str) -> Finding {
    let message = Message::new(
        format!("解读材料的文件名 `{name}` 只能用小写字母、数字和连字符，如 article.md"),
        format!("the material's file name `{name}` may hold only small letters, digits and hyphens"),
    );
    Finding::new("M134", "material-name", "layout", Severity::Error, Place::whole(path), message)
}

fn unexpected(path: &str, relative: &str) -> Finding {
    let message = Message::new(
        format!("`{relative}` 不在规定的位置，不会发布"),
        format!("`{relative}` is not part of the layout and is not published"),
    );
    Finding::new("M129", "unexpected-file", "layout", Severity::Warning, Place::whole(path), message).note(
        "政策文件 policy.md、解读方案 plan.md、解读材料 materials/*.md、附件 attachments/*、热线问答 qa.toml、意见采纳情况 opinions.toml、政策卡片 cards.toml。它仍计入本组文件的摘要。",
        "The layout is policy.md, plan.md, materials/*.md, attachments/*, qa.toml, opinions.toml, cards.toml. The file still counts in the digest.",
    )
}

fn attachment(file: &SetFile) -> Attachment {
    Attachment { path: file.path.clone(), bytes: file.bytes.clone(), digest: file.digest }
}

/// Front matter that must be there.
fn front_matter(file: &SourceFile, findings: &mut Vec<Finding>) -> FrontMatter {
    let front = markdown::front_matter(file).drain_into(findings);
    if !front.is_present {
        let message = Message::new(
            "文件开头没有文件信息（两行 `---` 之间的内容）",
            "the file has no front matter between `---` lines",
        );
        let finding = Finding::new(
            "M104",
            "front-matter-missing",
            "front-matter",
            Severity::Error,
            Place::range(file, file.line_range(1)),
            message,
        );
        findings.push(finding.blocking());
    }
    front
}

/// Whether typed reading makes sense: not when there is nothing to read.
fn is_usable(front: &FrontMatter) -> bool {
    front.is_present && front.is_readable
}

fn blocks(
    file: &SourceFile,
    front: &FrontMatter,
    options: &RenderOptions,
    findings: &mut Vec<Finding>,
) -> Vec<RenderedBlock> {
    let rendered = markdown::render(file, front.body, options);
    if let Some(range) = rendered.too_deep {
        let message = Message::new(
            "嵌套层数太多，深处的内容只按普通文字显示",
            "nested too deep; the inner parts are shown as plain text",
        );
        findings.push(Finding::new(
            "M135",
            "nesting-too-deep",
            "layout",
            Severity::Warning,
            Place::range(file, range),
            message,
        ));
    }
    rendered.blocks
}

fn read_policy(file: &SourceFile, config: &Config, findings: &mut Vec<Finding>) -> PolicyDocument {
    placeholder::check(file, findings);
    let front = front_matter(file, findings);
    let mut meta = super::PolicyMeta::default();
    if is_usable(&front) {
        meta = read_policy_meta(file, &front, findings);
        check_policy_meta(file, &front, &meta, config, findings);
    } else {
        // Unknown 公开方式 must not lead to publication.
        meta.disclosure = super::Disclosure::Unreadable;
    }
    let title = meta.title.as_ref().map(|title| title.value.clone());
    let options = RenderOptions { title, numbered_as_text: true, ..RenderOptions::default() };
    let blocks = blocks(file, &front, &options, findings);
    check_joined(file, &blocks, findings);
    let outline = read_outline(&blocks, &meta);
    check_doubtful(file, &blocks, &outline.doubtful, findings);
    PolicyDocument {
        file: file.clone(),
        meta,
        body: markdown::parse_body(file, front.body),
        order: super::ProvisionOrder::of(&outline.provisions),
        provisions: outline.provisions,
        enclosed_from: outline.enclosed_from,
        blocks,
    }
}

fn read_plan(file: &SourceFile, findings: &mut Vec<Finding>) -> InterpretationPlan {
    placeholder::check(file, findings);
    let front = front_matter(file, findings);
    let meta = if is_usable(&front) {
        read_plan_meta(file, &front, findings)
    } else {
        super::meta::PlanMeta::default()
    };
    let body = markdown::parse_body(file, front.body);
    if is_usable(&front) && body.prose.iter().all(|prose| prose.text.trim().is_empty()) {
        let message = Message::new(
            "解读方案正文是空的，没有解读提纲".to_owned(),
            "the plan has no text: the outline of the interpretation is missing".to_owned(),
        );
        let place = Place::range(file, TextRange::new(front.body.start, front.body.start));
        let finding =
            Finding::new("M137", "plan-detail-missing", "front-matter", Severity::Hint, place, message);
        findings.push(finding.note(
            "在正文里写明要向公众说清的几点：背景、依据、主要举措、办理方法。",
            "Write the points to be explained: background, basis, measures, how to apply.",
        ));
    }
    InterpretationPlan {
        file: file.clone(),
        unit: meta.unit,
        first_interpreter: meta.first_interpreter,
        date: meta.date,
        forms: meta.forms,
        allowed_words: meta.allowed_words,
        body,
    }
}

fn read_material(name: &str, file: &SourceFile, findings: &mut Vec<Finding>) -> InterpretationMaterial {
    placeholder::check(file, findings);
    let front = front_matter(file, findings);
    let meta = if is_usable(&front) {
        read_material_meta(file, &front, findings)
    } else {
        super::MaterialMeta::default()
    };
    let title = meta.title.as_ref().map(|title| title.value.clone());
    let blocks = blocks(file, &front, &RenderOptions { title, ..RenderOptions::default() }, findings);
    let body = markdown::parse_body(file, front.body);
    let sections = read_sections(&blocks, &body);
    InterpretationMaterial { name: name.to_owned(), file: file.clone(), meta, body, blocks, sections }
}

/// Parses a standing page; `route` is its address without slashes at the ends.
pub(super) fn read_page(route: &str, file: &SourceFile, findings: &mut Vec<Finding>) -> StandingPage {
    let mut title = None;
    let read = read_text(
        file,
        |fields| {
            let key = Key::new("标题", "title");
            fields.only(&[key, Key::new("校对", "proof")]);
            fields.require(key);
            title = fields.text(key).map(|title| title.value);
            title.clone()
        },
        findings,
    );
    StandingPage {
        route: route.to_owned(),
        title: title.unwrap_or_default(),
        file: file.clone(),
        body: read.body,
        blocks: read.blocks,
    }
}

/// The body of a page that belongs to no set.
pub(super) struct PageText {
    pub(super) body: Body,
    pub(super) blocks: Vec<RenderedBlock>,
}

/// Reads such a page; `read` takes the front matter and answers the title.
pub(super) fn read_text(
    file: &SourceFile,
    read: impl FnOnce(&mut Fields<'_>) -> Option<String>,
    findings: &mut Vec<Finding>,
) -> PageText {
    placeholder::check(file, findings);
    let front = front_matter(file, findings);
    let title = if is_usable(&front) { read(&mut Fields::new(file, &front, findings)) } else { None };
    let options = RenderOptions { title, ..RenderOptions::default() };
    let blocks = blocks(file, &front, &options, findings);
    PageText { body: markdown::parse_body(file, front.body), blocks }
}
