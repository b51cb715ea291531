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
    "assets/cursor.svg",
    "assets/icon.svg",
    "assets/prefs.js",
    "assets/print.css",
    "assets/search.js",
    "assets/site.css",
    "assets/site.js",
    "templates/change_item.hbs",
    "templates/changes.hbs",
    "templates/compare.hbs",
    "templates/crumbs.hbs",
    "templates/footer.hbs",
    "templates/groups.hbs",
    "templates/home.hbs",
    "templates/interpretation.hbs",
    "templates/layout.hbs",
    "templates/list.hbs",
    "templates/masthead.hbs",
    "templates/material_item.hbs",
    "templates/missing.hbs",
    "templates/notice.hbs",
    "templates/pager.hbs",
    "templates/policy.hbs",
    "templates/policy_item.hbs",
    "templates/proof.hbs",
    "templates/record.hbs",
    "templates/search.hbs",
    "templates/standing.hbs",
    "templates/tombstone.hbs",
];
