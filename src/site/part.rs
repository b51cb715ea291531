//! One part of a policy, or of a comparison, that is too long for one page.
//!
//! The page of such a policy keeps everything around the text and shows a
//! contents list that holds every anchor; the text stands in parts beside it
//! (`part-1.html` …) and once more as a whole, for print (`whole.html`). The
//! files share the page's folder, so that no link inside the text changes.

use serde::Serialize;

use super::lists::{Crumb, here};
use super::notice::Notice;
use super::policy::PolicyView;
use super::status::StatusView;

/// The file that shows the whole text.
pub const WHOLE: &str = "whole.html";

/// The page of a part.
#[derive(Debug, Serialize)]
pub struct PartView {
    crumbs: Vec<Crumb>,
    pub(super) title_html: String,
    /// The first and the last provision on the page.
    span: String,
    /// Of a part of a policy.
    status: Option<StatusView>,
    notices: Vec<Notice>,
    /// Whether it shows rows of a comparison.
    pub(super) compare: bool,
    number: usize,
    count: usize,
    previous: String,
    next: String,
    whole: &'static str,
}

/// The file of a part, counted from 1.
pub fn part_file(number: usize) -> String {
    format!("part-{number}.html")
}

impl PolicyView {
    /// The page of a part, counted from 1.
    pub fn part(&self, number: usize, count: usize, span: &str) -> PartView {
        let mut part = PartView::new(&self.crumbs, &self.notices, number, count, span);
        part.title_html.clone_from(&self.title_html);
        part.status = Some(self.status.clone());
        part
    }
}

impl PartView {
    /// One of `count` parts, its title still to come.
    pub(super) fn new(crumbs: &[Crumb], notices: &[Notice], number: usize, count: usize, span: &str) -> Self {
        let mut crumbs = crumbs.to_vec();
        if let Some(page) = crumbs.last_mut().filter(|crumb| crumb.href.is_empty()) {
            "./".clone_into(&mut page.href);
        }
        crumbs.push(here(&format!("第{number}部分")));
        Self {
            crumbs,
            title_html: String::new(),
            span: span.to_owned(),
            status: None,
            notices: notices.to_vec(),
            compare: false,
            number,
            count,
            previous: if number > 1 { part_file(number - 1) } else { String::new() },
            next: if number < count { part_file(number + 1) } else { String::new() },
            whole: WHOLE,
        }
    }
}
