//! The kinds of lists, with the fields that each row needs.

/// A kind of list.
#[derive(Debug, Clone, Copy)]
pub struct ListKind {
    /// 种类.
    pub name: &'static str,
    /// Fields without which a row is not whole.
    pub required: &'static [&'static str],
    /// Why.
    pub basis: &'static str,
}

/// All kinds.
pub const KINDS: [ListKind; 13] = [
    ListKind {
        name: "权责清单",
        required: &["事项名称", "权力类型", "实施依据", "实施主体"],
        basis: "权责清单应依法公开并动态更新",
    },
    ListKind {
        name: "办事指南",
        required: &[
            "事项名称",
            "设定依据",
            "申请条件",
            "申请材料",
            "办理流程",
            "办结时限",
            "收费",
            "咨询电话",
        ],
        basis: "国办秘函〔2019〕19号：办事指南要素缺失即为服务不实用",
    },
    ListKind {
        name: "中介服务",
        required: &["服务名称", "设定依据", "服务条件"],
        basis: "规范发布中介服务事项清单",
    },
    ListKind {
        name: "市场准入",
        required: &["事项", "准入措施", "主管部门"],
        basis: "全国统一的市场准入负面清单，动态调整后更新并解读",
    },
    ListKind {
        name: "行政事业性收费",
        required: &["收费项目", "收费标准", "收费依据", "执收单位"],
        basis: "政府信息公开条例第二十条第八项",
    },
    ListKind {
        name: "行政检查事项",
        required: &["检查事项", "检查依据", "检查主体", "检查对象"],
        basis: "按规定公布行政检查事项",
    },
    ListKind {
        name: "行政检查计划",
        required: &["检查事项", "检查对象", "检查时间", "检查方式"],
        basis: "按规定公布行政检查计划",
    },
    ListKind {
        name: "招标投标",
        required: &["项目名称", "招标人", "公告日期", "监督部门"],
        basis: "招标公告要载明招标投标行政监督部门",
    },
    ListKind {
        name: "中标合同",
        required: &["项目名称", "中标人", "合同金额", "签订日期"],
        basis: "加大中标合同信息公开力度",
    },
    ListKind {
        name: "履约",
        required: &["项目名称", "履约主体", "履约情况", "监督部门"],
        basis: "加大履约信息公开力度",
    },
    ListKind {
        name: "行政执法公示",
        required: &["环节", "公示内容", "执法主体"],
        basis: "行政执法公示制度：事前、事中、事后",
    },
    ListKind {
        name: "重大建设项目",
        required: &["项目名称", "批准文件", "批准结果", "实施情况"],
        basis: "重大建设项目批准和实施领域政府信息公开",
    },
    ListKind {
        name: "公共企事业单位",
        required: &["单位名称", "公开事项", "公开渠道", "监督电话"],
        basis: "公共企事业单位信息公开：统一公开目录，完善咨询服务",
    },
];

/// The kind of that name.
#[must_use]
pub fn list_kind(name: &str) -> Option<&'static ListKind> {
    KINDS.iter().find(|kind| kind.name == name)
}
