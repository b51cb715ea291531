//! The pages of the rules about attachments.

use jiedu_base::finding::{Rule, Severity};

const HIDDEN_WHY: (&str, &str) = (
    "附件原样公开，任何人都能取消隐藏、查看批注和修订。发布前应当删去，或者另存为不含这些内容的文件。",
    "The file is published as it is; anybody can show what is hidden. Remove it, or save a copy without it.",
);

/// A file that cannot be read.
pub(super) static UNREAD: Rule = Rule::without_example(
    "A101",
    "attachment-unread",
    "attachment",
    Severity::Warning,
    (
        "附件无法读取（损坏、加密或不支持的格式），没有检查",
        "an attachment that cannot be read (damaged, encrypted, another format)",
    ),
    (
        "没有检查过的附件可能含有个人信息或涉密内容，应当改附能够读取的格式，或由人工检查。",
        "What was not checked may hold personal data or secrets: attach a readable format, or have a person check it.",
    ),
);

/// A file read in part.
pub(super) static TOO_LARGE: Rule = Rule::without_example(
    "A102",
    "attachment-too-large",
    "attachment",
    Severity::Error,
    ("附件解压后过大，或者压缩比异常", "an attachment that unpacks beyond reason"),
    (
        "正常的公文附件不会这样；也可能是恶意构造的文件（压缩炸弹）。请拆分，或换成干净的副本。",
        "No ordinary attachment does; it may be a decompression bomb. Split it, or attach a clean copy.",
    ),
);

/// A binary format of before 2007, read for characters only.
pub(super) static OLD_FORMAT: Rule = Rule::without_example(
    "A103",
    "attachment-old-format",
    "attachment",
    Severity::Hint,
    (
        "旧版二进制格式（.doc、.xls、.ppt）只能粗略检查",
        "an old binary format, which can be checked roughly only",
    ),
    (
        "批注、修订和隐藏内容在旧格式里查不出来；请另存为 .docx、.xlsx，或转换为 PDF。",
        "Comments, changes and hidden content do not show in it: save it as .docx, .xlsx or PDF.",
    ),
);

/// The extension belies the content.
pub(super) static MISMATCH: Rule = Rule::without_example(
    "A104",
    "attachment-type",
    "attachment",
    Severity::Warning,
    ("附件的扩展名与内容不符", "an extension that belies the content"),
    (
        "读者打不开，浏览器也会拒绝；可能是上传错了文件。",
        "Readers cannot open it; perhaps it is another file than was meant.",
    ),
);

/// Pages without text.
pub(super) static SCANNED: Rule = Rule::without_example(
    "A105",
    "attachment-scanned",
    "attachment",
    Severity::Hint,
    ("PDF 页面没有文字，可能是扫描件", "PDF pages without text, perhaps scanned"),
    (
        "扫描件里的个人信息程序看不见，读屏软件也读不出；请附文字版，并由人工检查。",
        "What stands on a scan is invisible to checks and to screen readers: attach the text, and have a person look.",
    ),
);

/// Hidden sheets, rows, columns, slides.
pub(super) static HIDDEN: Rule = Rule::without_example(
    "A111",
    "attachment-hidden",
    "attachment",
    Severity::Warning,
    ("附件含有隐藏的工作表、行、列或幻灯片", "hidden sheets, rows, columns or slides"),
    HIDDEN_WHY,
);

/// Hidden text.
pub(super) static HIDDEN_TEXT: Rule = Rule::without_example(
    "A112",
    "attachment-hidden-text",
    "attachment",
    Severity::Warning,
    ("附件含有隐藏文字", "hidden text"),
    HIDDEN_WHY,
);

/// Comments and notes.
pub(super) static COMMENTS: Rule = Rule::without_example(
    "A113",
    "attachment-comments",
    "attachment",
    Severity::Warning,
    ("附件含有批注或备注", "comments or notes"),
    HIDDEN_WHY,
);

/// Tracked changes.
pub(super) static CHANGES: Rule = Rule::without_example(
    "A114",
    "attachment-tracked-changes",
    "attachment",
    Severity::Error,
    ("附件含有未接受的修订", "tracked changes that were not accepted"),
    (
        "修订记录会公开修改过程和修改人；请在 Word 中“接受所有修订”后再保存。",
        "They publish who changed what: accept all changes in Word, then save.",
    ),
);

/// Names in the properties.
pub(super) static PROPERTIES: Rule = Rule::without_example(
    "A115",
    "attachment-properties",
    "attachment",
    Severity::Hint,
    ("文档属性写有作者、单位或最后修改人", "an author, company or last editor in the properties"),
    (
        "文档属性会暴露经办人姓名和内部信息；请用“检查文档”删除个人信息后再保存。",
        "They name the staff: let Word's document inspector remove them, then save.",
    ),
);

/// Embedded files and outside links.
pub(super) static EMBEDDED: Rule = Rule::without_example(
    "A116",
    "attachment-embedded",
    "attachment",
    Severity::Warning,
    ("附件内嵌其他文件，或链接到外部文件", "embedded files, or links to outside files"),
    (
        "嵌入的整个文件（例如图表背后的完整工作簿）会一并公开；请改为粘贴图片或数值。",
        "The whole file behind a chart is published with it: paste a picture or values instead.",
    ),
);

/// Macros and scripts.
pub(super) static MACROS: Rule = Rule::without_example(
    "A117",
    "attachment-macros",
    "attachment",
    Severity::Error,
    ("附件含有宏或脚本", "macros or scripts"),
    (
        "政府网站不应当发布可执行内容；请另存为不含宏的格式。",
        "An office's site must not hand out executable content: save it without macros.",
    ),
);

/// A picture that says where it was taken.
pub(super) static PLACE: Rule = Rule::without_example(
    "A118",
    "picture-place",
    "attachment",
    Severity::Warning,
    ("图片写有拍摄地点（GPS）", "a picture that says where it was taken"),
    (
        "手机和相机会把经纬度写进照片，可能暴露当事人住址或涉密场所；请用截图代替，或在“属性”中“删除属性和个人信息”。",
        "Phones write coordinates into photographs, perhaps of a home or a guarded place: remove the properties, or attach a screenshot.",
    ),
);

/// A picture that names who made it.
pub(super) static MAKER: Rule = Rule::without_example(
    "A119",
    "picture-maker",
    "attachment",
    Severity::Warning,
    ("图片写有作者、所有者、版权人或设备序列号", "a picture that names its author, owner or one device"),
    (
        "公开的图片会暴露拍摄人和其设备；确需署名的，请写在正文里，并删除图片属性。",
        "It tells who took it, and with which device: credit people in the text, and remove the properties.",
    ),
);

/// A picture that names programs and devices.
pub(super) static DEVICE: Rule = Rule::without_example(
    "A120",
    "picture-device",
    "attachment",
    Severity::Hint,
    ("图片写有制作软件、设备型号或拍摄时间", "a picture that names software, device or time"),
    ("一般无妨，介意时请在图片“属性”中删除。", "Mostly harmless; remove the properties where it matters."),
);

/// Every page.
pub(super) static PAGES: [&Rule; 15] = [
    &UNREAD,
    &TOO_LARGE,
    &OLD_FORMAT,
    &MISMATCH,
    &SCANNED,
    &HIDDEN,
    &HIDDEN_TEXT,
    &COMMENTS,
    &CHANGES,
    &PROPERTIES,
    &EMBEDDED,
    &MACROS,
    &PLACE,
    &MAKER,
    &DEVICE,
];
