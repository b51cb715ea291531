//! Labels of metadata as documents and pages print them.

use std::sync::LazyLock;

use regex::Regex;

/// What a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Title,
    Issuer,
    Number,
    Index,
    Registration,
    Subject,
    Signed,
    Published,
    Effective,
    Expires,
    Disclosure,
    Other,
}

/// Names of metadata as pages print them, and what they are here. A name that
/// begins with another stands before it.
const NAMES: &[(&str, Key)] = &[
    ("索引号", Key::Index),
    ("索引编号", Key::Index),
    ("信息索引号", Key::Index),
    ("主题分类", Key::Subject),
    ("信息分类", Key::Subject),
    ("主题类别", Key::Subject),
    ("成文日期", Key::Signed),
    ("成文时间", Key::Signed),
    ("发文日期", Key::Signed),
    ("发文时间", Key::Signed),
    ("生成日期", Key::Signed),
    ("印发日期", Key::Signed),
    ("签发日期", Key::Signed),
    ("发布日期", Key::Published),
    ("发布时间", Key::Published),
    ("公开日期", Key::Published),
    ("公布日期", Key::Published),
    ("发布机关", Key::Issuer),
    ("发布机构", Key::Issuer),
    ("发布单位", Key::Issuer),
    ("发文机关", Key::Issuer),
    ("发文机构", Key::Issuer),
    ("发文单位", Key::Issuer),
    ("制发机关", Key::Issuer),
    ("制定机关", Key::Issuer),
    ("公开责任部门", Key::Other),
    ("统一编号", Key::Registration),
    ("统一登记号", Key::Registration),
    ("规范性文件编号", Key::Registration),
    ("标题", Key::Title),
    ("文件名称", Key::Title),
    ("信息名称", Key::Title),
    ("公文名称", Key::Title),
    ("名称", Key::Title),
    ("发文字号", Key::Number),
    ("发文文号", Key::Number),
    ("发布文号", Key::Number),
    ("文件编号", Key::Number),
    ("文件字号", Key::Number),
    ("公文号", Key::Number),
    ("文号", Key::Number),
    ("施行日期", Key::Effective),
    ("实施日期", Key::Effective),
    ("实施时间", Key::Effective),
    ("生效日期", Key::Effective),
    ("失效日期", Key::Expires),
    ("废止日期", Key::Expires),
    ("失效时间", Key::Expires),
    ("有效期至", Key::Expires),
    ("有效性", Key::Other),
    ("时效性", Key::Other),
    ("文件状态", Key::Other),
    ("体裁分类", Key::Other),
    ("组配分类", Key::Other),
    ("服务对象分类", Key::Other),
    ("公文种类", Key::Other),
    ("文件类型", Key::Other),
    ("主题词", Key::Other),
    ("关键词", Key::Other),
    ("关键字", Key::Other),
    ("内容概述", Key::Other),
    ("公开范围", Key::Other),
    ("公开时限", Key::Other),
    ("公开程序", Key::Other),
    ("载体类型", Key::Other),
    ("记录形式", Key::Other),
    ("信息有效期", Key::Other),
    ("语种", Key::Other),
    ("文种", Key::Other),
    ("公开方式", Key::Disclosure),
    ("公开形式", Key::Other),
    ("公开属性", Key::Disclosure),
    ("信息公开选项", Key::Disclosure),
];

static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let spaced = |name: &str| name.chars().map(String::from).collect::<Vec<_>>().join(r"\s*");
    let names = NAMES.iter().map(|(name, _)| spaced(name)).collect::<Vec<_>>().join("|");
    Regex::new(&format!(r"(?:^|[\s|｜\[【;；])({names})\s*[\]】]?\s*[:：]")).ok()
});

/// Whether a line prints metadata of the document.
pub(crate) fn is_metadata(line: &str) -> bool {
    let line = line.trim_start();
    let found = LABEL.as_ref().and_then(|pattern| pattern.find(line));
    found.is_some_and(|found| found.start() == 0)
}

/// Whether a line prints more of it than a page says of any text.
pub(crate) fn is_document_metadata(line: &str) -> bool {
    is_metadata(line) && pairs(line).iter().any(|(key, _)| *key != Key::Published)
}

/// Whether a cell is nothing but a label.
pub(crate) fn is_label(cell: &str) -> bool {
    let plain: String = cell
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ':' | '：' | '【' | '】' | '[' | ']'))
        .collect();
    NAMES.iter().any(|(name, _)| *name == plain)
}

/// `name: value` pairs of a line.
pub(super) fn pairs(line: &str) -> Vec<(Key, String)> {
    let Some(pattern) = LABEL.as_ref() else { return Vec::new() };
    let labels: Vec<_> =
        pattern.captures_iter(line).filter_map(|found| Some((found.get(0)?, found.get(1)?))).collect();
    let ends = labels.iter().skip(1).map(|(whole, _)| whole.start()).chain([line.len()]);
    labels
        .iter()
        .zip(ends)
        .filter_map(|((whole, name), end)| {
            let key = key_of(name.as_str())?;
            Some((key, line.get(whole.end()..end)?.trim().to_owned()))
        })
        .collect()
}

/// What a label names.
pub(super) fn key_of(name: &str) -> Option<Key> {
    let plain: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    Some(NAMES.iter().find(|(known, _)| *known == plain)?.1)
}
