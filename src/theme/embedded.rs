//! The built-in theme, file by file.

/// Path of the interface's words inside a theme.
pub(super) const TEXTS: &str = "i18n/zh.toml";

macro_rules! theme_files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("../../themes/default/", $path)))),*]
    };
}

/// Every file of `themes/default/`; a test compares the table with the folder.
pub(super) const FILES: &[(&str, &[u8])] = theme_files![
    "theme.toml",
    "i18n/zh.toml",
    "assets/art.css",
    "assets/at.js",
    "assets/cursor.svg",
    "assets/find.js",
    "assets/icon.svg",
    "assets/more.css",
    "assets/near.js",
    "assets/policy.css",
    "assets/policy.js",
    "assets/prefs.js",
    "assets/print.css",
    "assets/search.js",
    "assets/site.css",
    "assets/site.js",
    "templates/as_of.hbs",
    "templates/at.hbs",
    "templates/change_item.hbs",
    "templates/changes.hbs",
    "templates/compare.hbs",
    "templates/consultation.hbs",
    "templates/crumbs.hbs",
    "templates/data.hbs",
    "templates/diff_legend.hbs",
    "templates/footer.hbs",
    "templates/force.hbs",
    "templates/groups.hbs",
    "templates/history.hbs",
    "templates/home.hbs",
    "templates/interpretation.hbs",
    "templates/interpretation_groups.hbs",
    "templates/layout.hbs",
    "templates/list.hbs",
    "templates/map.hbs",
    "templates/masthead.hbs",
    "templates/material_item.hbs",
    "templates/missing.hbs",
    "templates/notice.hbs",
    "templates/opinions.hbs",
    "templates/pager.hbs",
    "templates/part.hbs",
    "templates/policy.hbs",
    "templates/policy_item.hbs",
    "templates/proof.hbs",
    "templates/question.hbs",
    "templates/questions.hbs",
    "templates/record.hbs",
    "templates/search.hbs",
    "templates/standing.hbs",
    "templates/status.hbs",
    "templates/tombstone.hbs",
    "templates/topic.hbs",
    "templates/topics.hbs",
    "templates/ways.hbs",
];
