//! Words that an editor offers and no table of another room holds.

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

/// Profiles of steps that every roster may name.
pub(super) const PROFILES: [&str; 3] = ["strict", "three-level", "three-level-drafter"];
