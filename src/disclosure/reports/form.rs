//! The official tables: which rows and columns there are, as printed.

/// A row of table three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Its key in the file.
    pub key: &'static str,
    /// Its text in the official table.
    pub label: &'static str,
    /// The group it stands in: `三（三）不予公开`; empty for a row of its own.
    pub group: &'static str,
}

const fn row(key: &'static str, group: &'static str, label: &'static str) -> Row {
    Row { key, label, group }
}

const REFUSED: &str = "（三）不予公开";
const UNABLE: &str = "（四）无法提供";
const UNTREATED: &str = "（五）不予处理";
const OTHER: &str = "（六）其他处理";

/// Table three: 收到和处理政府信息公开申请情况, 25 rows.
pub const ROWS: [Row; 25] = [
    row("1", "", "一、本年新收政府信息公开申请数量"),
    row("2", "", "二、上年结转政府信息公开申请数量"),
    row("3.1", "", "（一）予以公开"),
    row("3.2", "", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    row("3.3.1", REFUSED, "1.属于国家秘密"),
    row("3.3.2", REFUSED, "2.其他法律行政法规禁止公开"),
    row("3.3.3", REFUSED, "3.危及“三安全一稳定”"),
    row("3.3.4", REFUSED, "4.保护第三方合法权益"),
    row("3.3.5", REFUSED, "5.属于三类内部事务信息"),
    row("3.3.6", REFUSED, "6.属于四类过程性信息"),
    row("3.3.7", REFUSED, "7.属于行政执法案卷"),
    row("3.3.8", REFUSED, "8.属于行政查询事项"),
    row("3.4.1", UNABLE, "1.本机关不掌握相关政府信息"),
    row("3.4.2", UNABLE, "2.没有现成信息需要另行制作"),
    row("3.4.3", UNABLE, "3.补正后申请内容仍不明确"),
    row("3.5.1", UNTREATED, "1.信访举报投诉类申请"),
    row("3.5.2", UNTREATED, "2.重复申请"),
    row("3.5.3", UNTREATED, "3.要求提供公开出版物"),
    row("3.5.4", UNTREATED, "4.无正当理由大量反复申请"),
    row("3.5.5", UNTREATED, "5.要求行政机关确认或重新出具已获取信息"),
    row("3.6.1", OTHER, "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    row("3.6.2", OTHER, "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    row("3.6.3", OTHER, "3.其他"),
    row("3.7", "", "（七）总计"),
    row("4", "", "四、结转下年度继续办理"),
];

/// The rows that say how a request ended: those that row 3.7 sums up.
pub const RESULT_ROWS: [&str; 21] = [
    "3.1", "3.2", "3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.3.5", "3.3.6", "3.3.7", "3.3.8", "3.4.1", "3.4.2",
    "3.4.3", "3.5.1", "3.5.2", "3.5.3", "3.5.4", "3.5.5", "3.6.1", "3.6.2", "3.6.3",
];

/// The columns of table three; the last is the sum of the others.
pub const APPLICANTS: [&str; 7] =
    ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"];

/// The blocks of table four: key, and text in the official table.
pub const REVIEWS: [(&str, &str); 3] = [
    ("复议", "行政复议"),
    ("直接诉讼", "行政诉讼：未经复议直接起诉"),
    ("复议后诉讼", "行政诉讼：复议后起诉"),
];

/// The columns of a block of table four; the last is the sum of the others.
pub const OUTCOMES: [&str; 5] = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"];

/// The text of a row of table three.
#[must_use]
pub fn row_label(key: &str) -> &'static str {
    ROWS.iter().find(|row| row.key == key).map_or("", |row| row.label)
}
