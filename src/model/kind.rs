//! 文种: the kind of a document, with which its title closes.

/// The fifteen kinds of 《党政机关公文处理工作条例》 (2012), article 8.
pub const STATUTORY_KINDS: [&str; 15] = [
    "决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案",
    "函", "纪要",
];

/// What is issued under a 通知 or by an order and closes a title of its own; the
/// longer before the shorter that ends it.
pub const CARRIED_KINDS: [&str; 27] = [
    "实施细则",
    "实施办法",
    "实施方案",
    "实施意见",
    "工作要点",
    "工作方案",
    "行动计划",
    "应急预案",
    "条例",
    "办法",
    "规定",
    "细则",
    "要点",
    "方案",
    "计划",
    "规划",
    "规则",
    "章程",
    "指南",
    "目录",
    "清单",
    "标准",
    "规程",
    "公约",
    "制度",
    "预案",
    "令",
];

/// The kind that closes a title, the most telling one; `None` when the title
/// ends in none of the known ones.
pub fn document_kind(title: &str) -> Option<&'static str> {
    let title = title.trim_end();
    // 实施意见 is carried, 意见 statutory: the longer name says more.
    let found = STATUTORY_KINDS.iter().chain(&CARRIED_KINDS).filter(|kind| title.ends_with(**kind));
    found.copied().max_by_key(|kind| kind.len())
}

#[cfg(test)]
mod tests {
    use super::document_kind;

    #[test]
    fn the_longest_kind_is_told() {
        assert_eq!(document_kind("关于印发甲办法的通知"), Some("通知"));
        assert_eq!(document_kind("甲市乙条例实施细则"), Some("实施细则"));
        assert_eq!(document_kind("关于加强乙工作的实施意见"), Some("实施意见"));
        assert_eq!(document_kind("甲市人民政府令"), Some("令"));
        assert_eq!(document_kind("关于加强政务公开"), None);
        assert_eq!(document_kind(""), None);
    }
}
