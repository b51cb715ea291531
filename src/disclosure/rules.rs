//! What `explain` prints about the data of the office.

use jiedu_base::finding::{Rule, Severity};

const fn rule(
    code: &'static str,
    name: &'static str,
    category: &'static str,
    severity: Severity,
    what: (&'static str, &'static str),
    why: (&'static str, &'static str),
) -> Rule {
    Rule::without_example(code, name, category, severity, what, why)
}

/// All rules.
pub(super) static ALL: [Rule; 20] = [
    rule(
        "O101",
        "office-data-unreadable",
        "data",
        Severity::Error,
        (
            "目录、清单、年报、卡片和办件文件的写法（TOML、JSON）",
            "the syntax of catalogues, lists, reports, cards and requests",
        ),
        ("读不出来的文件不能核对，也不会发布。", "What cannot be read is neither checked nor published."),
    ),
    rule(
        "O102",
        "office-data-unknown-key",
        "data",
        Severity::Warning,
        ("只用规定的项目名", "keys are the known ones"),
        ("写错名称的项目不起作用。", "A misspelt key has no effect."),
    ),
    rule(
        "O103",
        "office-data-missing-key",
        "data",
        Severity::Error,
        ("必填的项目都填写", "required keys are given"),
        ("缺了就无法办理、核对或者公开。", "Without them nothing can be handled, checked or disclosed."),
    ),
    rule(
        "O104",
        "office-data-wrong-value",
        "data",
        Severity::Error,
        ("值的写法符合规定", "values have the right form"),
        ("日期写成 2025-06-30，是否写 true 或 false。", "Dates as 2025-06-30, yes and no as true and false."),
    ),
    rule(
        "O201",
        "report-row-missing",
        "report",
        Severity::Error,
        ("年度报告的官方表格一行不缺", "no row of the official tables is missing"),
        (
            "国办公开办函〔2021〕30号规定的表格，没有的填 0。",
            "国办公开办函〔2021〕30号: a row without cases says 0.",
        ),
    ),
    rule(
        "O202",
        "report-number",
        "report",
        Severity::Error,
        ("年度报告的表格里只写不小于 0 的整数", "the tables hold whole numbers that are not negative"),
        (
            "空、/、— 都不是 0，别人汇总时会当作没有数据。",
            "A blank, / or — is not zero: whoever adds up takes it for no data.",
        ),
    ),
    rule(
        "O203",
        "report-row-sum",
        "report",
        Severity::Error,
        ("每一行的总计等于各列之和", "the total of a row is the sum of its columns"),
        ("", ""),
    ),
    rule(
        "O204",
        "report-column-sum",
        "report",
        Severity::Error,
        ("表三各列勾稽一致", "the columns of table three agree"),
        (
            "“3.7”等于“3.1”至“3.6.3”之和；“1”加“2”等于“3.7”加“4”。",
            "Row 3.7 is the sum of rows 3.1 to 3.6.3; rows 1 and 2 equal rows 3.7 and 4.",
        ),
    ),
    rule(
        "O205",
        "report-in-force",
        "report",
        Severity::Error,
        ("现行有效件数与上年衔接", "the number in force follows from the year before"),
        (
            "本年现行有效 = 上年现行有效 + 本年制发 − 本年废止。",
            "In force = in force last year + issued - repealed.",
        ),
    ),
    rule(
        "O206",
        "report-carried",
        "report",
        Severity::Warning,
        ("上年结转等于上一年的结转下年度", "what was carried over is what was left"),
        ("", ""),
    ),
    rule(
        "O207",
        "report-year",
        "report",
        Severity::Error,
        ("年份与文件名一致", "the year is that of the file's name"),
        ("", ""),
    ),
    rule(
        "O301",
        "card-value-not-in-clause",
        "card",
        Severity::Error,
        ("卡片里的数字、日期和名称在它的条文里找得到", "every value of a card stands in its clause"),
        (
            "卡片是对企业和群众的承诺，只能写条文里有的。百分之三十与30%、三百万元与300万元是一回事。",
            "A card promises; it may say only what its clause says.",
        ),
    ),
    rule(
        "O302",
        "card-clause-unknown",
        "card",
        Severity::Error,
        ("卡片的条文在政策文件里找得到", "the clause of a card exists"),
        ("写法同条款链接，如（五）、第三条第二款。", "Written as in clause links."),
    ),
    rule(
        "O303",
        "card-boundary",
        "card",
        Severity::Warning,
        ("正好等于边界数时，卡片与条文结论一致", "at the boundary itself card and clause agree"),
        (
            "以上、以下、以内包括本数，不满、超过、以外不包括本数（民法典第一千二百五十九条）。",
            "以上, 以下 and 以内 include the number; 不满 and 超过 do not (民法典 art. 1259).",
        ),
    ),
    rule(
        "O304",
        "card-contradiction",
        "card",
        Severity::Warning,
        ("同一张卡片的条件能够同时成立", "the conditions of a card can hold together"),
        ("", ""),
    ),
    rule(
        "O305",
        "card-wrong-value",
        "card",
        Severity::Error,
        ("卡片的类型、比较和值符合规定", "kind, comparison and value of a card have the right form"),
        (
            "类型：免申即享、快申快享、申报；比较：=、!=、>、>=、<、<=、in。比较大小的值是数字或者日期。",
            "Comparisons with an order take numbers or dates.",
        ),
    ),
    rule(
        "O306",
        "card-twice",
        "card",
        Severity::Error,
        ("卡片编号不重复", "the id of a card stands once"),
        ("", ""),
    ),
    rule(
        "O307",
        "card-automatic-materials",
        "card",
        Severity::Warning,
        ("免申即享的卡片不要求提交材料", "what is granted without an application asks for no papers"),
        ("", ""),
    ),
    rule(
        "O308",
        "card-stale",
        "card",
        Severity::Warning,
        ("条文改动以后，卡片要重新核对", "a card is looked at again when its clause changes"),
        (
            "卡片一字未动而条文已经不同，可能还在承诺旧的条件。",
            "The card still says what the clause said before.",
        ),
    ),
    rule(
        "REQUEST_IN_REPO",
        "request-in-repo",
        "pii",
        Severity::Error,
        ("依申请公开的办件不放进仓库", "requests for information stay out of the repository"),
        (
            "办件含有申请人的个人信息，必须能够彻底删除，而仓库的历史永远保留。用 --requests 指明仓库外的文件夹。",
            "A request holds personal data that must be erasable; history keeps everything.",
        ),
    ),
];
