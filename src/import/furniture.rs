//! Lines of a web page that are no text of the document: print buttons,
//! counters, the name of the publishing system.

/// Whole lines, compared without blanks.
const WHOLE: [&str; 14] = [
    "无障碍浏览",
    "无障碍阅读",
    "长者模式",
    "打印",
    "打印本页",
    "打印文章",
    "关闭",
    "关闭窗口",
    "关闭本页",
    "返回顶部",
    "收藏",
    "分享",
    "当前位置：",
    "扫一扫在手机打开当前页",
];

/// How such lines begin, without blanks.
const STARTS: [&str; 13] = [
    "producedby",
    "poweredby",
    "字体：",
    "字号：",
    "【字体：",
    "[字体:",
    "字体:",
    "分享到",
    "浏览次数",
    "访问次数",
    "点击数",
    "上一篇",
    "下一篇",
];

/// Whether a line belongs to the page and not to the document.
pub(super) fn is_furniture(line: &str) -> bool {
    let bare: String = line.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    WHOLE.contains(&bare.as_str()) || STARTS.iter().any(|start| bare.starts_with(start))
}
