//! Clauses that are and are not proposed for the catalogue.

use super::suggest;
use jiedu_base::text::SourceFile;
use jiedu_model::provisions_of;

fn anchors(text: &str) -> Vec<(String, &'static str)> {
    let provisions = provisions_of(&SourceFile::new("law.md", text));
    let organs = ["交通运输主管部门".to_owned()];
    suggest(&provisions, &organs).into_iter().map(|found| (found.anchor, found.verb)).collect()
}

fn verb(clause: &str) -> Option<&'static str> {
    anchors(&format!("第一条 {clause}\n")).pop().map(|(_, verb)| verb)
}

#[test]
fn own_duties_are_proposed() {
    for (clause, found) in [
        ("县级以上人民政府交通运输主管部门应当将检查结果向社会公布。", "公布"),
        ("市、县交通运输主管部门应当定期公开收费标准。", "公开"),
        ("交通运输主管部门应当建立信用档案，对经营者进行考核，并将考核结果公示。", "公示"),
        ("处罚决定由交通运输主管部门向社会公布。", "公布"),
        ("交通运输主管部门会同有关部门制定方案，报本级人民政府批准后公布。", "公布"),
        ("公安、交通运输、应急管理等部门应当及时发布预警信息。", "发布"),
        ("交通运输主管部门每年公布线路调整情况。", "公布"),
        ("设区的市人民政府交通运输主管部门应当向社会公开征求意见。", "向社会"),
        ("交通运输主管部门应当制定规划。规划草案应当向社会公告。", "公告"),
        ("交通运输主管部门收到申请后，应当在十日内予以公告。", "公告"),
        ("除依法不予公开的外，交通运输主管部门应当公开检查计划。", "公开"),
        ("市交通运输主管部门及其所属机构应当公布监督电话。", "公布"),
        ("交通运输主管部门负责本行政区域内的监督管理，定期公布服务质量。", "公布"),
    ] {
        assert_eq!(verb(clause), Some(found), "{clause}");
    }
}

#[test]
fn duties_of_others_are_not() {
    for clause in [
        "经营者应当公示收费标准。",
        "经营者应当向交通运输主管部门备案，并向社会公布。",
        "国务院交通运输主管部门应当公布目录。",
        "上级交通运输主管部门应当公布名单。",
        "交通运输主管部门应当责令经营者公示收费标准。",
        "取得交通运输主管部门许可的企业应当公开服务承诺。",
        "经交通运输主管部门批准后，由市人民政府公布。",
        "交通运输主管部门应当督促客运企业公布票价。",
        "市人民政府应当公布规划。",
        "交通运输主管部门所属单位的工作人员应当公开身份。",
        "经营者在每年年底应当公布营运情况。",
        "交通运输主管部门应当加强监督；经营者应当公布投诉电话。",
    ] {
        assert_eq!(verb(clause), None, "{clause}");
    }
}

#[test]
fn negated_and_nominal_uses_are_not() {
    for clause in [
        "交通运输主管部门不得公开商业秘密。",
        "交通运输主管部门对涉及国家秘密的信息不予公开。",
        "交通运输主管部门未按照规定公布检查结果的，由本级人民政府责令改正。",
        "交通运输主管部门应当通过公开招标确定经营者。",
        "交通运输主管部门应当遵循公开、公平、公正的原则。",
        "交通运输主管部门应当对主动公开的信息进行审查。",
        "本条例自公布之日起施行。",
        "交通运输主管部门应当建立信息公开工作制度。",
        "交通运输主管部门禁止发布虚假信息。",
    ] {
        assert_eq!(verb(clause), None, "{clause}");
    }
}

#[test]
fn items_take_their_subject_from_the_lead() {
    let own = "第一条 交通运输主管部门应当履行下列职责：\n\n（一）制定规划；\n\n（二）公布监督电话；\n\n（三）依法查处违法行为，并向社会公布结果。\n";
    let found = anchors(own);
    assert_eq!(found, [("art1-i2".to_owned(), "公布"), ("art1-i3".to_owned(), "公布")]);
    let other = own.replace("交通运输主管部门应当", "经营者应当");
    assert_eq!(anchors(&other), []);
}

#[test]
fn paragraphs_of_an_article_do_not_share_subjects() {
    let text = "第一条 交通运输主管部门应当加强监督。\n\n收费标准应当公示。\n\n第二条 收费标准应当公示。\n";
    assert_eq!(anchors(text), []);
}

#[test]
fn hostile_texts_end() {
    let long = "交通运输主管部门应当公布".repeat(5_000);
    assert_eq!(anchors(&format!("第一条 {long}\n")).len(), 1);
    assert_eq!(anchors(""), []);
}
