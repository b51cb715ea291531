//! A theme: templates, texts and assets, made from bytes.
//!
//! The built-in theme is part of the program (`embedded`); a repository lays
//! its own files over it, file by file, from `themes/<name>/`:
//!
//! - `templates/<name>.hbs`: Handlebars in strict mode, so that a misspelt
//!   field is an error and not an empty place on the page; every template is
//!   also a partial (`{{> name}}`);
//! - `i18n/zh.toml`: the words of the interface, laid over key by key. A key
//!   that a template names and nobody defines is an error when the theme loads;
//! - `assets/<file>`: published as `/assets/<name>.<hash>.<ext>`, so that an
//!   address never changes its bytes. `url(<file>)` in a style sheet is led to
//!   the fingerprinted name;
//! - `theme.toml`: what the theme is called.
//!
//! A theme places values, it decides nothing: what a page says is settled by
//! the views of `jiedu-site`. Helpers: `{{t "key" n=3}}` (a text with its
//! `{n}` filled in), `{{asset "site.css"}}` (a path from the site's root),
//! `{{day "2025-06-29"}}`, `{{slot "name"}}` (where `jiedu-render` puts
//! prepared HTML).
//!
//! To add a template: 1. write `themes/default/templates/<name>.hbs`; 2. add
//! its line to the table in `embedded.rs`; 3. name it in
//! `jiedu_site::Content::template`.

mod asset;
mod bounds;
mod embedded;
mod error;
mod helpers;
mod minify;
mod templates;
mod texts;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use handlebars::{Context, RenderError};
use serde::Serialize;

use jiedu_base::files::SetFile;
use jiedu_base::name::Digest;

pub use asset::Asset;
pub use error::{ThemeError, ThemeFault};
pub use helpers::slot_marker;
use templates::Registries;
pub use texts::Texts;

/// The theme used when nothing else is asked for.
pub const DEFAULT: &str = "default";

/// A loaded theme, ready to render.
pub struct Theme {
    registries: Registries,
    texts: Arc<Texts>,
    assets: Arc<BTreeMap<String, Asset>>,
    /// Where each template came from, for messages.
    origins: BTreeMap<String, String>,
}

/// The values of a page, in the form that templates take.
#[derive(Debug)]
pub struct Values(Context);

/// One file of a theme: its path inside the theme and where it came from.
struct ThemeFile<'a> {
    /// The path to show in messages.
    origin: String,
    bytes: &'a [u8],
    /// Whether it came with the program.
    built_in: bool,
}

impl Theme {
    /// The built-in theme.
    ///
    /// # Errors
    /// Never for a released program: a test loads it.
    pub fn built_in() -> Result<Self, ThemeError> {
        Self::load(DEFAULT, &[])
    }

    /// The built-in theme with the repository's `themes/<name>/` laid over it.
    ///
    /// `site_files` are the files of the set `site`, paths relative to the
    /// repository; those of other themes are not looked at.
    ///
    /// # Errors
    /// The first file that is not usable, with its path and line.
    pub fn load(name: &str, site_files: &[SetFile]) -> Result<Self, ThemeError> {
        let mut files = BTreeMap::new();
        for (path, bytes) in embedded::FILES {
            files.insert(
                (*path).to_owned(),
                ThemeFile { origin: format!("themes/{DEFAULT}/{path}"), bytes, built_in: true },
            );
        }
        let folder = format!("themes/{name}/");
        let mut texts = Texts::parse(&files, embedded::TEXTS)?;
        let mut overlaid = false;
        for file in site_files {
            let Some(path) = file.path.strip_prefix(&folder) else { continue };
            overlaid = true;
            let theme_file = ThemeFile { origin: file.path.clone(), bytes: &file.bytes, built_in: false };
            if path == embedded::TEXTS {
                texts.lay_over(&theme_file)?;
            } else {
                files.insert(path.to_owned(), theme_file);
            }
        }
        if !overlaid && name != DEFAULT {
            return Err(ThemeError::new(folder, ThemeFault::NoSuchTheme(name.to_owned())));
        }
        Self::assemble(&files, texts)
    }

    /// Reads `theme.toml`, which says what the theme is called.
    fn check_manifest(files: &BTreeMap<String, ThemeFile<'_>>) -> Result<(), ThemeError> {
        let Some(file) = files.get("theme.toml") else { return Ok(()) };
        let table = texts::toml_table(file)?;
        match table
            .iter()
            .find(|(key, value)| !matches!(key.as_str(), "name" | "title" | "texts") || !value.is_str())
        {
            Some((key, _)) => Err(ThemeError::new(
                &file.origin,
                ThemeFault::Toml(format!("`{key}` is not a text that a theme has")),
            )),
            None => Ok(()),
        }
    }

    fn assemble(files: &BTreeMap<String, ThemeFile<'_>>, texts: Texts) -> Result<Self, ThemeError> {
        Self::check_manifest(files)?;
        let assets = Arc::new(asset::fingerprint(files)?);
        let texts = Arc::new(texts);
        let mut registries = templates::registries(files, &texts, &assets)?;
        helpers::register(&mut registries.fast, &texts, &assets);
        helpers::register(&mut registries.written, &texts, &assets);
        let name = |path: &str| Some(path.strip_prefix("templates/")?.strip_suffix(".hbs")?.to_owned());
        let origins =
            files.iter().filter_map(|(path, file)| Some((name(path)?, file.origin.clone()))).collect();
        Ok(Self { registries, texts, assets, origins })
    }

    /// Renders a template.
    ///
    /// # Errors
    /// A field, helper or text that the template names and that is not there.
    pub fn render<T: Serialize>(&self, template: &str, data: &T) -> Result<String, ThemeError> {
        self.render_values(template, &self.values(template, data)?)
    }

    /// The values of a page, for all the templates that make it.
    ///
    /// # Errors
    /// Never for plain data.
    pub fn values<T: Serialize>(&self, template: &str, data: &T) -> Result<Values, ThemeError> {
        let fault = |error: RenderError| error::of_render(template, &self.origins, &error);
        Context::wraps(data).map(Values).map_err(fault)
    }

    /// Renders a template with values prepared once.
    ///
    /// # Errors
    /// As [`Theme::render`].
    pub fn render_values(&self, template: &str, values: &Values) -> Result<String, ThemeError> {
        let Registries { fast, written } = &self.registries;
        let made = fast.render_with_context(template, &values.0);
        // Once more, so that the place is the one in the file.
        let made = made.or_else(|_| written.render_with_context(template, &values.0));
        made.map_err(|error| error::of_render(template, &self.origins, &error))
    }

    /// A text of the interface.
    ///
    /// # Errors
    /// When no file of the theme defines the key.
    pub fn text(&self, key: &str) -> Result<&str, ThemeError> {
        self.texts
            .get(key)
            .ok_or_else(|| ThemeError::new(embedded::TEXTS, ThemeFault::MissingText(key.to_owned())))
    }

    /// All texts.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The assets by their name in the theme.
    pub fn assets(&self) -> &BTreeMap<String, Asset> {
        &self.assets
    }

    /// A digest over every asset, for the manifest of a preview.
    pub fn fingerprint(&self) -> Digest {
        let parts: Vec<&[u8]> = self.assets.values().map(|asset| asset.path.as_bytes()).collect();
        Digest::of_parts(&parts)
    }
}
