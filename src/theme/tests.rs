//! Loading themes: the built-in one, overrides, and what is refused.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;

use super::*;

fn file(path: &str, text: &str) -> SetFile {
    SetFile { path: path.to_owned(), bytes: text.as_bytes().into(), digest: Digest::of(text.as_bytes()) }
}

fn refused(path: &str, text: &str) -> String {
    let name = path.split('/').nth(1).unwrap_or(DEFAULT);
    Theme::load(name, &[file(path, text)]).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn the_table_names_every_file_of_the_folder() {
    fn below(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                below(&entry.path(), &format!("{name}/"), found);
            } else {
                found.insert(name);
            }
        }
    }
    let mut found = BTreeSet::new();
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../themes/default"), "", &mut found);
    let table: BTreeSet<String> = embedded::FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(table, found);
}

#[test]
fn assets_are_named_after_their_bytes() {
    let theme = Theme::built_in().unwrap();
    let css = &theme.assets()["site.css"];
    let hash: String = Digest::of(&css.bytes).hex().chars().take(16).collect();
    assert_eq!(css.path, format!("assets/site.{hash}.css"));
    let cursor = theme.assets()["cursor.svg"].path.strip_prefix("assets/").unwrap().to_owned();
    assert!(std::str::from_utf8(&css.bytes).unwrap().contains(&format!("url({cursor})")));
    let other = Theme::load(DEFAULT, &[file("themes/default/assets/site.css", "p{}")]).unwrap();
    assert_ne!(other.assets()["site.css"].path, css.path);
}

#[test]
fn a_repository_overrides_file_by_file() {
    let files = [
        file(
            "themes/bureau/templates/footer.hbs",
            "<footer>{{t \"nav.home\"}} {{t \"own.word\" n=2}}</footer>",
        ),
        file("themes/bureau/i18n/zh.toml", "[nav]\nhome = \"主页\"\n[own]\nword = \"第{n}号 {x}\"\n"),
        file("themes/bureau/assets/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        file("themes/other/templates/footer.hbs", "{{broken"),
    ];
    let theme = Theme::load("bureau", &files).unwrap();
    let footer = theme.render("footer", &json!({})).unwrap();
    assert_eq!(footer, "<footer>主页 第2号 {x}</footer>");
    assert_eq!(theme.text("nav.policies").unwrap(), "政策文件", "what is not overridden stays");
    assert!(theme.assets().contains_key("logo.svg") && theme.assets().contains_key("site.css"));
}

#[test]
fn a_broken_override_is_refused_with_its_place() {
    let template = refused("themes/default/templates/list.hbs", "<h1>\n{{#if a}}\n");
    assert!(template.starts_with("themes/default/templates/list.hbs:"), "{template}");
    let text = refused("themes/default/templates/list.hbs", "<h1>\n<p>{{t \"no.such\"}}\n");
    assert_eq!(
        text,
        "themes/default/templates/list.hbs:2: the text `no.such` is defined nowhere; add it to `i18n/zh.toml`"
    );
    let asset = refused("themes/default/templates/list.hbs", "{{asset \"none.css\"}}");
    assert!(asset.contains(":1: there is no asset `none.css`"), "{asset}");
    let toml = refused("themes/default/i18n/zh.toml", "[nav]\nhome = 主页\n");
    assert!(toml.starts_with("themes/default/i18n/zh.toml:2"), "{toml}");
    assert!(refused("themes/default/i18n/zh.toml", "[nav]\nhome = 3\n").contains("`nav.home` is not a text"));
    assert!(refused("themes/default/assets/图.png", "x").contains("图.png"));
    assert!(Theme::load("absent", &[]).is_err());
}

#[test]
fn a_field_that_is_not_there_is_an_error_with_its_place() {
    let files = [file("themes/default/templates/pager.hbs", "<p>\n{{no_such_field}}\n")];
    let theme = Theme::load(DEFAULT, &files).unwrap();
    let error = theme.render("pager", &json!({ "number": 1 })).unwrap_err().to_string();
    assert!(error.starts_with("themes/default/templates/pager.hbs:2:"), "{error}");
}

#[test]
fn values_are_escaped() {
    let files = [file(
        "themes/default/templates/pager.hbs",
        "<p title=\"{{v}}\">{{v}}{{t \"list.year\" name=v}}</p>",
    )];
    let theme = Theme::load(DEFAULT, &files).unwrap();
    let html = theme.render("pager", &json!({ "v": "<b>\"'&" })).unwrap();
    assert!(!html.contains("<b>") && html.matches("&lt;b&gt;&quot;&#39;&amp;").count() == 3, "{html}");
    assert_eq!(theme.render("pager", &json!({ "v": "" })).unwrap().matches("年").count(), 1);
}

#[test]
fn a_settled_template_makes_what_the_written_one_makes() {
    let texts = "[w]\nplain = \"政策 & 解读\"\nbrace = \"第{n}版{{x}}\"\nblank = \" \"\nedge = \" 甲\"\n";
    let template = "{{#if v}}\n  {{t \"w.plain\"}}\n{{/if}}\n{{t \"w.blank\"}}\n{{~#if v}}{{t \"w.edge\"}}{{/if~}} {{{t \"w.plain\"}}}\n\\{{t \"w.plain\"}} {{t \"w.brace\"}}{{t \"w.brace\" n=v}}{{!-- {{t \"w.plain\"}} --}}{{slot \"body\"}}{{asset \"site.css\"}}";
    let files =
        [file("themes/default/i18n/zh.toml", texts), file("themes/default/templates/pager.hbs", template)];
    let theme = Theme::load(DEFAULT, &files).unwrap();
    let values = json!({ "v": 7 });
    let written = theme.registries.written.render("pager", &values).unwrap();
    assert_eq!(theme.registries.fast.render("pager", &values).unwrap(), written);
    assert!(written.contains("政策 &amp; 解读") && written.contains("第7版"), "{written}");
}

/// Views name texts by key; a key that no text has would only show when such a
/// page is made.
#[test]
fn every_key_that_a_view_names_has_a_text() {
    let theme = Theme::built_in().unwrap();
    let pattern = regex::Regex::new(
        r#""((?:meta|class|notice|policy|timeline|stage|list|nav|record|changes|tombstone|validity)\.[a-z-]+)""#,
    )
    .unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src/site");
    let is_file = |key: &str| Path::new(key).extension().is_some_and(|kind| kind == "md" || kind == "toml");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(source) = std::fs::read_to_string(&path) else { continue };
        for found in pattern.captures_iter(&source).filter(|found| !is_file(&found[1])) {
            seen += 1;
            assert!(theme.text(&found[1]).is_ok(), "{} in {}", &found[1], path.display());
        }
    }
    assert!(seen > 40, "{seen}");
    let states = [
        "in-force",
        "unstated",
        "amended",
        "partial",
        "expired",
        "repealed",
        "consultation",
        "consultation-closed",
        "not-yet",
    ];
    let sources = [
        "printed",
        "unstated",
        "until",
        "expires",
        "effective",
        "repealed-by",
        "amended-by",
        "consultation",
        "consultation-closed",
    ];
    let made = states.iter().map(|key| format!("validity.{key}"));
    let made = made.chain(sources.iter().map(|key| format!("validity-source.{key}")));
    let made = made.chain(jiedu_approve::profile_steps().map(|key| format!("step.{key}")));
    for key in made.chain(["notice.current-edition-text", "notice.old-edition-text"].map(str::to_owned)) {
        assert!(theme.text(&key).is_ok(), "{key}");
    }
}
