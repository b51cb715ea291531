//! The office's own lists.

use crate::document::{Document, Segment};
use crate::lists::{Entry, Lists};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};

pub(crate) static FAMILY: Family = Family { rules: &[&TERM, &ORDER], check: Check::Lists(check) };

static TERM: Rule = Rule {
    code: "P511",
    name: "office-term",
    category: "user-list",
    severity: Severity::Warning,
    what: ("本单位词表要求避免或禁止的用语", "an expression that the office's list avoids or forbids"),
    why: (
        "机构名称、固定提法有规范和时效，由本单位词表规定。",
        "Names and set phrases are the office's own, dated data.",
    ),
    bad: "由县环保局负责解释。",
    good: "由县生态环境局负责解释。",
    except: ("书名号和引号内的旧称降为提示。", "Inside titles and quotations a hint."),
};

static ORDER: Rule = Rule {
    code: "P512",
    name: "office-order",
    category: "user-list",
    severity: Severity::Warning,
    what: ("机构排列次序与词表不符", "bodies named in another order than the list's"),
    why: ("机构排序有规定，由本单位词表规定。", "The order of bodies is set by the office's list."),
    bad: "贯彻市政府、市委部署。",
    good: "贯彻市委、市政府部署。",
    except: ("不相邻的机构不查。", "Bodies that are not adjacent."),
};

fn check(document: &Document<'_>, lists: &Lists, sink: &mut Sink) {
    for segment in &document.segments {
        let found: Vec<_> = lists.matches(&segment.text).collect();
        if found.is_empty() {
            continue;
        }
        terms(segment, &found, sink);
        orders(segment, lists, &found, sink);
    }
}

type Found<'l> = (std::ops::Range<usize>, &'l Entry);

fn terms(segment: &Segment<'_>, found: &[Found<'_>], sink: &mut Sink) {
    // Ends ascend; a longer entry that covers a shorter one wins.
    let covers = |outer: &std::ops::Range<usize>, inner: &std::ops::Range<usize>| {
        outer.start <= inner.start && inner.end <= outer.end && outer.len() > inner.len()
    };
    for (index, (range, entry)) in found.iter().enumerate() {
        let Entry::Avoid { right, grade, owned, source } = entry else { continue };
        let near = found.get(index.saturating_sub(8)..(index + 9).min(found.len())).unwrap_or(&[]);
        let is_covered = near.iter().any(|(other, entry)| {
            covers(other, range) && matches!(entry, Entry::Right | Entry::Allow | Entry::Avoid { .. })
        });
        if is_covered {
            continue;
        }
        let written = segment.slice(range.clone());
        let (zh, en) = match right {
            Some(right) => (
                format!("“{written}”应为“{right}”（本单位词表）"),
                format!("`{written}` should be `{right}` (office list)"),
            ),
            None => (
                format!("“{written}”是本单位词表中的禁用语"),
                format!("`{written}` is forbidden by the office's list"),
            ),
        };
        let severity = if segment.is_quoted(range.start) { Severity::Hint } else { *grade };
        let mut hit =
            Hit::new(&TERM, segment, range.clone(), zh, en).severity(severity).source(source.as_str());
        if let Some(right) = right {
            hit = hit.review(right.as_str());
        }
        if let Some(reason) = &owned.reason {
            hit = hit.note(reason.as_str(), reason.as_str());
        }
        sink.push(hit);
    }
}

fn orders(segment: &Segment<'_>, lists: &Lists, found: &[Found<'_>], sink: &mut Sink) {
    for pair in found.windows(2) {
        let [(first, Entry::Ordered { order, rank }), (second, Entry::Ordered { order: other, rank: next })] =
            pair
        else {
            continue;
        };
        let between = segment.slice(first.end..second.start);
        if order != other || rank <= next || !matches!(between, "、" | "和" | "与" | "及") {
            continue;
        }
        let (a, b) = (segment.slice(first.clone()), segment.slice(second.clone()));
        let right = format!("{b}{between}{a}");
        let all = lists.orders.get(*order).map(|order| order.join("、")).unwrap_or_default();
        let zh = format!("排列次序应为“{right}”（词表：{all}）");
        let hit =
            Hit::new(&ORDER, segment, first.start..second.end, zh, format!("order should be `{right}`"));
        sink.push(hit.review(right));
    }
}
