//! One comparison as a page that stands alone: what `jiedu compare` prints.
//!
//! The same template, words and style sheets as on a site, but nothing outside
//! the file is needed to read it: no script, no link into a site.

use serde::Serialize;

use super::{RenderError, fill};
use jiedu_base::text::escape_html_into;
use jiedu_redline::Redline;
use jiedu_site::{Content, compare};
use jiedu_theme::Theme;

/// What the template is given.
#[derive(Serialize)]
struct Loose<'s> {
    view: &'s Content,
}

/// The comparison of two texts as one HTML file.
///
/// # Errors
/// A theme whose template does not fit.
pub fn compare_page(
    theme: &Theme,
    redline: &Redline,
    title: &str,
    names: (&str, &str),
) -> Result<String, RenderError> {
    let (view, parts) = compare::loose(redline, title, names);
    let content = Content::Compare(Box::new(view));
    let main = theme.render(content.template(), &Loose { view: &content })?;
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>",
    );
    escape_html_into(&mut out, title);
    out.push_str("</title><style>");
    for (media, name) in [("", "site."), ("", "policy."), ("print", "print.")] {
        for asset in theme.assets().values().filter(|asset| is_sheet(&asset.path, name)) {
            let css = String::from_utf8_lossy(&asset.bytes);
            match media {
                "" => out.push_str(&without_urls(&css)),
                media => {
                    out.push_str("@media ");
                    out.push_str(media);
                    out.push('{');
                    out.push_str(&without_urls(&css));
                    out.push('}');
                }
            }
        }
    }
    out.push_str("</style></head><body><main id=\"main\">");
    fill(&mut out, &main, &mut |page, slot| {
        if let Some((_, html)) = parts.iter().find(|(known, _)| *known == slot) {
            page.push_str(html);
        }
    });
    out.push_str("</main></body></html>\n");
    Ok(out)
}

fn is_sheet(path: &str, name: &str) -> bool {
    let is_css = std::path::Path::new(path).extension().is_some_and(|extension| extension == "css");
    is_css && path.strip_prefix("assets/").is_some_and(|file| file.starts_with(name))
}

/// A style sheet without the rules that name another file.
fn without_urls(css: &str) -> String {
    let rule = |rule: &str| !rule.contains("url(");
    css.split_inclusive('}').filter(|one| rule(one)).collect()
}
