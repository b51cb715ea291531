//! Words that an editor offers and no table of another room holds.

/// 文种: what the title of an official document ends in. 《党政机关公文处理工作
/// 条例》第八条, then what is issued by notice.
pub(super) const KINDS: [&str; 27] = [
    "通知",
    "意见",
    "通告",
    "公告",
    "决定",
    "通报",
    "报告",
    "请示",
    "批复",
    "议案",
    "函",
    "纪要",
    "决议",
    "命令",
    "公报",
    "办法",
    "规定",
    "实施细则",
    "工作要点",
    "实施方案",
    "行动计划",
    "规划",
    "规程",
    "指南",
    "清单",
    "预案",
    "实施意见",
];

/// 解读形式, as the interpretation rules of the provinces and cities list them.
pub(super) const FORMS: [&str; 16] = [
    "文字解读",
    "政策问答",
    "一图读懂",
    "负责人解读",
    "专家解读",
    "媒体解读",
    "图表解读",
    "动漫解读",
    "音频解读",
    "视频解读",
    "H5",
    "新闻发布会",
    "政策吹风会",
    "在线访谈",
    "现场解读",
    "场景演示",
];

/// Steps of approval by the names that statements carry.
pub(super) const STEPS: [&str; 11] = [
    "submit",
    "secrecy-review",
    "first-review",
    "second-review",
    "final-review",
    "extra-review",
    "gatekeeper",
    "first-proof",
    "second-proof",
    "third-proof",
    "withdraw",
];

/// Profiles of steps that every roster may name.
pub(super) const PROFILES: [&str; 3] = ["strict", "three-level", "three-level-drafter"];
