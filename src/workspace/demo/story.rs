//! The sample history as data: who did what on which day.

use std::sync::Arc;

use jiff::civil::{Date, date};

use super::objects::Files;
use crate::sample;

/// One round of approval of one text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Round {
    /// The set.
    pub(super) set: &'static str,
    /// Folder of the sample content that holds the text.
    pub(super) from: &'static str,
    /// Who writes and submits it.
    pub(super) writer: &'static str,
    /// First line of the drafting commit.
    pub(super) about: &'static str,
    /// Day of drafting, day of submission and reviews (成文日期), day of
    /// proofreading and release (发布日期).
    pub(super) days: [Date; 3],
    /// Whether the text is marked 重要.
    pub(super) important: bool,
    /// How many steps at the end are left open.
    pub(super) open: usize,
    /// Whether the proofreaders sign a proofreading report, as the office does
    /// from its second year on.
    pub(super) report: bool,
}

/// What happens, in order.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    /// A text is drafted, approved and merged.
    Round(Round),
    /// Site-wide files are added and the set `site` is approved again: folder
    /// of the sample content, folder of the repository.
    Site { from: &'static str, to: &'static str, about: &'static str, day: Date },
    /// A published set is taken down.
    Withdraw { set: &'static str, by: &'static str, day: Date },
    /// Roster 2 comes into force, signed by these roots.
    Roster { by: [&'static str; 2], day: Date },
}

/// The set that lacks its third proof.
pub(super) const UNFINISHED: &str = "2026/qingming-fuwu";
/// The day on which the repository is made and the site approved.
pub(super) const FOUNDED: Date = date(2025, 2, 10);

/// The whole story.
#[expect(clippy::too_many_lines, reason = "a flat table, one entry per event")]
pub(super) fn events() -> [Event; 18] {
    const BUS: &str = "2025/gongjiao-youhui";
    const DETOUR: &str = "2025/xianlu-tiaozheng";
    const TAXI: &str = "2025/chuzuche-fuwu";
    const WINDOW: &str = "2025/fuwu-chuangkou";
    [
        round(
            BUS,
            "editions/2025/gongjiao-youhui/1",
            "zhao.ming",
            "起草优惠乘车办法及解读",
            [(2, 20), (2, 24), (2, 25)],
        ),
        round(
            WINDOW,
            "editions/2025/fuwu-chuangkou/1",
            "zhang.wen",
            "起草窗口地址和办公时间通告",
            [(2, 27), (2, 28), (3, 3)],
        ),
        round(WINDOW, "policies/2025/fuwu-chuangkou", "zhang.wen", "更正办公时间", [(3, 4), (3, 5), (3, 6)]),
        round(
            "2025/chuzuche-kaohe",
            "policies/2025/chuzuche-kaohe",
            "zhao.ming",
            "起草出租汽车驾驶员考核办法及解读",
            [(3, 10), (3, 11), (3, 12)],
        ),
        round(
            "2025/jijiaoban-14",
            "policies/2025/jijiaoban-14",
            "zhang.wen",
            "起草政务公开工作要点及解读",
            [(6, 26), (6, 29), (6, 30)],
        ),
        round(
            DETOUR,
            "policies/2025/xianlu-tiaozheng",
            "zhao.ming",
            "起草线路调整通告及问答",
            [(9, 11), (9, 12), (9, 15)],
        ),
        round(
            BUS,
            "editions/2025/gongjiao-youhui/2",
            "zhao.ming",
            "修订优惠乘车办法：调整年龄、时限和费用",
            [(9, 18), (9, 22), (9, 23)],
        ),
        Event::Withdraw { set: DETOUR, by: "chen.zhong", day: date(2025, 9, 26) },
        round(
            TAXI,
            "editions/2025/chuzuche-fuwu/1",
            "zhang.wen",
            "起草出租汽车服务质量管理办法征求意见稿及起草说明",
            [(9, 25), (9, 28), (9, 29)],
        ),
        round(
            TAXI,
            "editions/2025/chuzuche-fuwu/2",
            "zhang.wen",
            "按公众意见修改出租汽车服务质量管理办法，公布采纳情况",
            [(12, 12), (12, 15), (12, 16)],
        ),
        round(
            "2026/chuangkou-qianzhi",
            "policies/2026/chuangkou-qianzhi",
            "zhang.wen",
            "起草窗口迁址通告",
            [(1, 9), (1, 12), (1, 13)],
        ),
        round(
            "2026/cailiang-jizhun",
            "policies/2026/cailiang-jizhun",
            "zhang.wen",
            "起草行政处罚裁量基准及解读",
            [(1, 26), (1, 28), (1, 29)],
        ),
        Event::Roster { by: ["liu.gen", "xu.gen"], day: date(2026, 2, 3) },
        late(round(
            BUS,
            "policies/2025/gongjiao-youhui",
            "zhao.ming",
            "修订优惠乘车办法：增加非本市户籍老年人待遇",
            [(2, 24), (2, 25), (2, 26)],
        )),
        round(
            "2026/gongxiang-danche",
            "policies/2026/gongxiang-danche",
            "he.miao",
            "起草停放秩序管理办法征求意见稿及起草说明",
            [(3, 5), (3, 6), (3, 9)],
        ),
        Event::Site {
            from: "topics",
            to: "content/topics",
            about: "设立市民出行专题",
            day: date(2026, 3, 10),
        },
        next_year(round(
            TAXI,
            "policies/2025/chuzuche-fuwu",
            "he.miao",
            "补充专家解读、跟踪解读和热线问答",
            [(3, 6), (3, 10), (3, 11)],
        )),
        unfinished(round(
            UNFINISHED,
            "policies/2026/qingming-fuwu",
            "he.miao",
            "起草清明节服务保障通知及解读",
            [(3, 13), (3, 16), (3, 17)],
        )),
    ]
}

fn round(
    set: &'static str,
    from: &'static str,
    writer: &'static str,
    about: &'static str,
    days: [(i8, i8); 3],
) -> Event {
    let year = if set.starts_with("2025/") { 2025 } else { 2026 };
    let days = days.map(|(month, day)| date(year, month, day));
    Event::Round(Round { set, from, writer, about, days, important: false, open: 0, report: year > 2025 })
}

/// A revision in the year after the one in the set's id.
fn next_year(event: Event) -> Event {
    let Event::Round(mut round) = event else { return event };
    round.days = round.days.map(|day| date(day.year() + 1, day.month(), day.day()));
    round.report = true;
    Event::Round(round)
}

/// The same of a text marked 重要.
fn late(event: Event) -> Event {
    let Event::Round(mut round) = next_year(event) else { return event };
    round.important = true;
    Event::Round(round)
}

fn unfinished(event: Event) -> Event {
    let Event::Round(mut round) = event else { return event };
    round.open = 1;
    Event::Round(round)
}

/// What stands in the repository from the first day, roster excepted.
pub(super) fn founding_files() -> Files {
    let top = sample::below("repository").map(|(path, bytes)| {
        let path = match path {
            "gitattributes" => ".gitattributes",
            "gitignore" => ".gitignore",
            other => other,
        };
        (path.to_owned(), Arc::from(bytes))
    });
    let pages =
        sample::below("pages").map(|(path, bytes)| (format!("content/pages/{path}"), Arc::from(bytes)));
    top.chain(pages).collect()
}
