//! Assets and their fingerprinted names.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ThemeError, ThemeFault, ThemeFile, minify};
use jiedu_base::name::Digest;

/// A file that pages refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Path from the site's root: `assets/site.1f3a….css`.
    pub path: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// Names every asset after its bytes. Style sheets come last, because they
/// name other assets.
pub(super) fn fingerprint(
    files: &BTreeMap<String, ThemeFile<'_>>,
) -> Result<BTreeMap<String, Asset>, ThemeError> {
    let mut assets = BTreeMap::new();
    let found = || files.iter().filter_map(|(path, file)| Some((path.strip_prefix("assets/")?, file)));
    for (name, file) in found().filter(|(name, _)| !is_css(name)) {
        let script =
            std::str::from_utf8(file.bytes).ok().filter(|_| file.built_in && extension(name) == "js");
        let bytes = script.map_or_else(|| file.bytes.into(), |script| minify::js(script).into_bytes().into());
        assets.insert(name.to_owned(), asset(name, file, bytes)?);
    }
    let mut sheets = Vec::new();
    for (name, file) in found().filter(|(name, _)| is_css(name)) {
        let css = std::str::from_utf8(file.bytes)
            .map_err(|error| ThemeError::new(&file.origin, ThemeFault::NotText(error.valid_up_to())))?;
        let css = if file.built_in { minify::css(css) } else { css.to_owned() };
        sheets.push((name.to_owned(), asset(name, file, lead_urls(&css, &assets).into_bytes().into())?));
    }
    assets.extend(sheets);
    Ok(assets)
}

fn is_css(name: &str) -> bool {
    extension(name) == "css"
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn asset(name: &str, file: &ThemeFile<'_>, bytes: Arc<[u8]>) -> Result<Asset, ThemeError> {
    let plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let Some((stem, extension)) =
        name.rsplit_once('.').filter(|(stem, extension)| plain(stem) && plain(extension))
    else {
        return Err(ThemeError::new(&file.origin, ThemeFault::AssetName(name.to_owned())));
    };
    let hash: String = Digest::of(&bytes).hex().chars().take(16).collect();
    Ok(Asset { path: format!("assets/{stem}.{hash}.{extension}"), bytes })
}

/// Replaces `url(name)` by the fingerprinted name; the style sheet lies in the
/// same folder.
fn lead_urls(css: &str, assets: &BTreeMap<String, Asset>) -> String {
    let mut out = css.to_owned();
    for (name, asset) in assets {
        let file = asset.path.strip_prefix("assets/").unwrap_or(&asset.path);
        out = out.replace(&format!("url({name})"), &format!("url({file})"));
    }
    out
}
