//! Lines of a web page that are no text of the document: buttons, counters,
//! paths, the names of the publishing system.
//!
//! A line counts when all of it is made of such words, so that a sentence that
//! mentions one of them stays.

use std::sync::LazyLock;

use regex::Regex;

/// Longest line that is judged, in characters.
const LONGEST: usize = 160;

/// Words of buttons and links, in lower case and without blanks.
const WORDS: &[&str] = &[
    "无障碍",
    "无障碍浏览",
    "无障碍阅读",
    "无障碍模式",
    "无障碍版",
    "长者模式",
    "长者助手",
    "长者版",
    "老年模式",
    "关怀版",
    "适老化",
    "适老版",
    "智能问答",
    "智能机器人",
    "用户登录",
    "登录",
    "注册",
    "个人中心",
    "用户中心",
    "我的收藏",
    "退出",
    "简体",
    "繁体",
    "繁體",
    "简",
    "繁",
    "english",
    "en",
    "手机版",
    "移动版",
    "电脑版",
    "app下载",
    "微信",
    "微博",
    "新浪微博",
    "qq空间",
    "qq好友",
    "微信好友",
    "朋友圈",
    "客户端",
    "小程序",
    "抖音",
    "官方微信",
    "官方微博",
    "政务微信",
    "政务微博",
    "公众号",
    "打印",
    "打印本页",
    "打印文章",
    "打印正文",
    "关闭",
    "关闭窗口",
    "关闭本页",
    "关闭页面",
    "返回",
    "返回顶部",
    "返回上页",
    "返回首页",
    "返回列表",
    "顶部",
    "收藏",
    "加入收藏",
    "收藏本页",
    "设为首页",
    "分享",
    "分享到",
    "一键分享",
    "转发",
    "纠错",
    "我要纠错",
    "网站纠错",
    "复制链接",
    "大",
    "中",
    "小",
    "特大",
    "超大",
    "默认",
    "大号",
    "中号",
    "小号",
    "字体",
    "字号",
    "字体大小",
    "文字大小",
    "字体显示",
    "a+",
    "a-",
    "视力保护色",
    "保护视力色",
    "语音播报",
    "语音朗读",
    "听全文",
    "朗读",
    "首页",
    "网站首页",
    "网站地图",
    "站点地图",
    "联系我们",
    "关于我们",
    "网站声明",
    "法律声明",
    "隐私声明",
    "使用帮助",
    "扫一扫",
    "更多",
    "更多>>",
    "下载文字版",
];
/// How whole lines begin, without blanks and in lower case.
const STARTS: &[&str] = &[
    "producedby",
    "poweredby",
    "copyright",
    "©",
    "字体：",
    "字号：",
    "【字体：",
    "[字体:",
    "字体:",
    "【字号",
    "字体大小：",
    "【字体大小",
    "分享到",
    "分享：",
    "分享至",
    "浏览次数",
    "访问次数",
    "点击数",
    "点击量",
    "点击率",
    "点击次数",
    "阅读次数",
    "阅读量",
    "浏览量",
    "访问量",
    "上一篇",
    "下一篇",
    "上一条",
    "下一条",
    "前一篇",
    "后一篇",
    "当前位置",
    "您当前的位置",
    "您的位置",
    "您现在的位置",
    "你的位置",
    "您所在的位置",
    "所在位置",
    "当前所在位置",
    "扫一扫",
    "扫描二维码",
    "微信扫一扫",
    "【打印",
    "[打印",
    "【关闭",
    "页面功能",
    "网站标识码",
];
/// What a line holds that the foot of a page prints.
static FOOT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)ICP备\s*\d|ICP备案|公网安备|网站标识码|政府网站标识码|版权所有|Copyright\s*[©(]|All\s*Rights\s*Reserved|建议使用.{0,40}浏览器|最佳浏览(?:效果|分辨率)|网站管理员邮箱|您是第.{0,12}位",
    )
    .ok()
});
/// What the foot of a page prints beside each other, and notices of events in
/// lines of their own.
static OFFICES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:主办|主办单位|承办|承办单位|协办|维护单位|技术支持|运维单位)[：:]").ok()
});
/// Labels of what a page says about itself.
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:发布日期|发布时间|发稿时间|发文时间|更新日期|更新时间|上传时间|录入时间|编辑日期|时\s*间|日\s*期|信息来源|文章来源|稿件来源|信息来自|来\s*源|稿源|供稿|作\s*者|责任编辑|责\s*编|编\s*辑|编辑人员|审\s*核|审核人|校\s*对|初\s*审|复\s*审|终\s*审|签\s*发|录入|撰稿|摄影|发布者|发布人|发布单位|信息发布|点击次数|点击数|点击率|点击量|点\s*击|浏览次数|浏览量|浏\s*览|阅读次数|阅读量|阅读数|阅\s*读|访问量|访问次数|人气|字\s*体|字\s*号|字体大小|文字大小|背景色|视力保护色|保护视力色|保护色|分享到?|打\s*印|收\s*藏)\s*[：:]",
    )
    .ok()
});
/// A day or an instant in digits alone, as pages print it.
static INSTANT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\d{4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?$").ok()
});

fn bare(line: &str) -> String {
    line.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// Whether a line belongs to the page and not to the document.
pub(super) fn is_boilerplate(line: &str) -> bool {
    let count = line.chars().take(LONGEST + 1).count();
    let bare = bare(line);
    if count > LONGEST || bare.is_empty() {
        // The foot of a page is long where nothing parts it.
        return count <= LONGEST * 4 && matches(&FOOT, line) && !line.contains('。');
    }
    if WORDS.contains(&bare.as_str()) {
        return true;
    }
    let offices = OFFICES.as_ref().map_or(0, |pattern| pattern.find_iter(line).take(2).count());
    let is_foot = STARTS.iter().any(|start| bare.starts_with(start)) || matches(&FOOT, line) || offices > 1;
    if is_foot && !line.contains('。') {
        return true;
    }
    is_path(&bare) || all_words(line)
}

/// 首页 > 政务公开 > 政策文件
fn is_path(bare: &str) -> bool {
    let parts = bare.split(['>', '»', '›', '＞']).filter(|part| !part.is_empty()).count();
    (bare.starts_with("首页") || bare.starts_with("网站首页")) && parts > 1 && !bare.contains(['。', '；'])
}

/// Whether nothing but words of buttons stands in a line.
fn all_words(line: &str) -> bool {
    let parts_at = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '|' | '｜'
                    | '['
                    | ']'
                    | '【'
                    | '】'
                    | '：'
                    | ':'
                    | '('
                    | ')'
                    | '（'
                    | '）'
                    | '>'
                    | '<'
                    | '/'
                    | '·'
                    | '、'
                    | '-'
                    | '—'
            )
    };
    let mut words = line.split(parts_at).filter(|word| !word.is_empty()).map(str::to_lowercase).peekable();
    words.peek().is_some() && words.all(|word| WORDS.contains(&word.as_str()))
}

/// Whether a line says when and by whom a page was put up: 发布日期：… 来源：…
pub(super) fn is_page_info(line: &str) -> bool {
    let count = line.chars().take(LONGEST + 1).count();
    if count > LONGEST || line.contains(['。', '；']) {
        return false;
    }
    let trimmed = line.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '【' | '】' | '[' | ']' | '(' | ')' | '（' | '）')
    });
    if matches(&INSTANT, trimmed) {
        return true;
    }
    let Some(pattern) = LABEL.as_ref() else { return false };
    let mut labels = pattern.find_iter(trimmed);
    let first = labels.next();
    let more = labels.next().is_some();
    let starts = first.is_some_and(|first| first.start() == 0);
    // Notices of events print 时间：3月5日 in their text.
    let is_common = first.is_some_and(|first| {
        let label = bare(first.as_str());
        ["时间", "日期"].iter().any(|word| label.starts_with(word))
            && !matches(&INSTANT, trimmed.get(first.end()..).unwrap_or_default().trim())
    });
    let dated = trimmed.split_whitespace().next().is_some_and(|word| matches(&INSTANT, word));
    (starts && (more || (count <= 40 && !is_common))) || (dated && first.is_some())
}

/// `label: value` pairs of such a line.
pub(super) fn page_info(line: &str) -> Vec<(String, String)> {
    let Some(pattern) = LABEL.as_ref() else { return Vec::new() };
    let labels: Vec<_> = pattern.find_iter(line).collect();
    let ends = labels.iter().skip(1).map(regex::Match::start).chain([line.len()]);
    let pair = |(label, end): (&regex::Match<'_>, usize)| {
        let name: String = bare(label.as_str()).trim_end_matches([':', '：']).to_owned();
        let value = line.get(label.end()..end)?.trim().trim_end_matches(['【', '[', '|', '（', '(']).trim();
        (!value.is_empty()).then(|| (name, value.to_owned()))
    };
    labels.iter().zip(ends).filter_map(pair).collect()
}

/// The heading of a list of other pages.
pub(super) fn heads_other_pages(line: &str) -> bool {
    let bare = bare(line);
    let bare = bare.trim_end_matches(['：', ':', '>', '»']);
    matches!(
        bare,
        "相关阅读"
            | "相关链接"
            | "相关信息"
            | "相关文章"
            | "相关新闻"
            | "相关稿件"
            | "相关报道"
            | "相关推荐"
            | "推荐阅读"
            | "热点新闻"
            | "热门文章"
            | "延伸阅读"
            | "相关文件"
            | "相关政策"
            | "相关解读"
            | "政策解读"
            | "图片解读"
            | "专家解读"
            | "媒体解读"
            | "友情链接"
            | "猜你喜欢"
            | "最新文章"
            | "最新发布"
            | "信息推荐"
    )
}

#[cfg(test)]
mod tests {
    use super::{is_boilerplate, is_page_info, page_info};

    #[test]
    fn furniture_is_known_and_text_is_not_taken_for_it() {
        for line in [
            "当前位置：首页 > 政务公开 > 政策文件",
            "您现在的位置： 首页>政务公开",
            "首页 > 政策 > 正文",
            "字体：【大 中 小】",
            "【字体： 大 中 小 】 打印 关闭",
            "用户登录 | 注册 | 无障碍 | 长者模式",
            "[打印] [关闭]",
            "分享到： 微信 微博",
            "京ICP备05070218号 网站标识码bm12000007 京公网安备11010202000001号",
            "版权所有：示例市交通运输局",
            "主办：示例市人民政府办公室 承办：示例市大数据局",
            "上一篇：关于停车的通知",
            "大 中 小",
            "扫一扫在手机打开当前页",
        ] {
            assert!(is_boilerplate(line), "{line}");
        }
        for line in [
            "各网站应当在首页显著位置标明网站标识码。",
            "一、打印店、复印店应当登记。",
            "主办单位应当在活动举办前二十日提出申请。",
            "示例市交通运输局",
            "（一）登录政务服务网办理",
            "2026年3月2日",
        ] {
            assert!(!is_boilerplate(line) && !is_page_info(line), "{line}");
        }
        for line in [
            "发布日期：2025-11-03 信息来源：某局 浏览量：12 字体 大 中 小",
            "来源：示例市交通运输局",
            "2025-11-03 10:20",
            "2025-11-03 来源：某局",
            "责任编辑：张某",
            "时间：2025-11-03 作者：某处 点击： 次",
        ] {
            assert!(is_page_info(line), "{line}");
        }
        let pairs = page_info("发布日期：2025-11-03 信息来源：某局 【浏览量：12】");
        assert_eq!(
            pairs[..2],
            [("发布日期".to_owned(), "2025-11-03".to_owned()), ("信息来源".to_owned(), "某局".to_owned())]
        );
    }
}
