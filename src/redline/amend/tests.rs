//! Amendments of the usual forms.

use super::*;

const BEFORE: &str = "# 某市停车管理办法\n\n第一条 为了加强停车管理，制定本办法。\n\n第二条 停车场应当公示收费标准，保持照明良好。\n\n经营者应当按月报送数据。\n\n## 第二章 罚则\n\n第三条 有下列情形之一的，处三千元罚款：\n\n（一）未公示收费标准的；\n\n（二）未报送数据的。\n\n第四条 本办法由市交通局解释。\n\n第五条 本办法自2020年1月1日起施行。\n";

fn decision(paragraphs: &[&str]) -> Vec<Instruction> {
    instructions(&paragraphs.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
}

fn said(paragraphs: &[&str]) -> Vec<String> {
    let line = |one: Instruction| {
        let becomes = one.becomes.map(|becomes| format!("→{becomes}")).unwrap_or_default();
        format!("{} {}{becomes}", one.action.as_str(), one.targets.join("和"))
    };
    decision(paragraphs).into_iter().map(line).collect()
}

fn after(paragraphs: &[&str]) -> String {
    let amended = amend(BEFORE, &decision(paragraphs));
    assert!(amended.failed.iter().all(Option::is_none), "{:?}", amended.failed);
    amended.text
}

#[test]
fn the_usual_forms_are_read() {
    let table: &[(&[&str], &[&str])] = &[
        (&["一、将第三条修改为：“停车场应当公示。”"], &["replace 第三条"]),
        (&["二、增加一条，作为第五条：“本办法有效期五年。”"], &["insert →第五条"]),
        (&["三、删去第四条。"], &["delete 第四条"]),
        (&["四、删去第四条、第六条和第七条第二款。"], &["delete 第四条和第六条和第七条第二款"]),
        (&["五、将第三条第一款中的“三千元”修改为“五千元”。"], &["replace words 第三条第一款"]),
        (&["六、原第四条作为第五条。"], &["renumber 第四条→第五条"]),
        (&["七、将第五条修改为第十条。"], &["renumber 第五条→第十条"]),
        (&["八、将第二条修改为第六条：", "“停车场应当公示。”"], &["replace 第二条→第六条"]),
        (&["九、将第六条和第七条合并修改为：", "“甲。", "（一）乙；", "乙。”"], &["merge 第六条和第七条"]),
        (
            &[
                "十、删去第三条第一款中的“甲”。同时增加一款作为第二款规定：“前款规定的地区没有的，由上级指定。”",
            ],
            &["delete words 第三条第一款", "insert →第三条第二款"],
        ),
        (
            &["十一、第五条条首部分修改为：“有下列情形的”；并增加一项作为第三项规定：“其他情形。”"],
            &["replace opening words 第五条", "insert →第五条第（三）项"],
        ),
        (&["十二、第一条第二款开始部分增加规定：“甲”。"], &["insert words at the beginning 第一条第二款"]),
        (
            &["十三、条文顺序作相应调整：“第八条”调整为“第七条”，“第九条”调整为“第八条”。"],
            &["renumber 第八条→第七条", "renumber 第九条→第八条"],
        ),
        (&["十四、《某办法》同时废止。"], &["repeal 《某办法》"]),
        (&["将第二条第二项修改为：“(二)春节，放假3天”。"], &["replace 第二条第（二）项"]),
    ];
    for (paragraphs, expected) in table {
        assert_eq!(said(paragraphs), *expected, "{paragraphs:?}");
    }
    let adding = decision(&["一、在刑法第一百六十五条中增加一款作为第二款，将该条修改为：“甲。", "“乙。”"]);
    assert_eq!((adding[0].adds.as_deref(), adding[0].new.len()), (Some("第二款"), 2));
    assert!(said(&["本决定自2022年1月1日起施行。", "根据第三条的规定，“一网通办”平台应当公开。"]).is_empty());
}

#[test]
fn instructions_are_applied_and_numbers_follow() {
    let text = after(&[
        "一、第二条第一款修改为：“停车场应当在入口处公示收费标准。”",
        "二、增加一条，作为第三条：“群众可以拨打热线投诉。”",
        "三、将第三条中的“三千元”修改为“五千元”，增加一项，作为第三项：“未保持照明的。”",
        "四、删去第四条。",
        "五、对条文顺序作相应调整。",
    ]);
    assert_eq!(
        text,
        "# 某市停车管理办法\n\n第一条 为了加强停车管理，制定本办法。\n\n第二条 停车场应当在入口处公示收费标准。\n\n经营者应当按月报送数据。\n\n## 第二章 罚则\n\n第三条 群众可以拨打热线投诉。\n\n第四条 有下列情形之一的，处五千元罚款：\n\n（一）未公示收费标准的；\n\n（二）未报送数据的；\n\n（三）未保持照明的。\n\n第五条 本办法自2020年1月1日起施行。\n"
    );
}

#[test]
fn words_go_without_leaving_two_marks() {
    let text = after(&["一、删去第二条第一款中的“保持照明良好”。"]);
    assert!(text.contains("第二条 停车场应当公示收费标准。"), "{text}");
    let text = after(&["一、第三条第二项修改为：“未按时报送数据的”。"]);
    assert!(text.contains("（二）未按时报送数据的。"), "{text}");
}

#[test]
fn what_cannot_be_done_is_said_and_changes_nothing() {
    let amended = amend(BEFORE, &decision(&["一、删去第九条。", "二、将第二条中的“免费”修改为“收费”。"]));
    assert_eq!(amended.failed[0].as_deref(), Some("原文没有第九条"));
    assert_eq!(amended.failed[1].as_deref(), Some("原文里没有“免费”"));
    assert_eq!(amended.text, BEFORE);
}
