//! What can be wrong with a theme, with the file and the line.

use std::collections::BTreeMap;

use handlebars::{RenderError, TemplateError};

/// A theme that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}{}: {fault}", position(*line, *column))]
pub struct ThemeError {
    /// The file, as the repository names it.
    pub path: String,
    /// The line, from 1, when known.
    pub line: Option<usize>,
    /// The column, from 1, when known.
    pub column: Option<usize>,
    /// What is wrong.
    pub fault: ThemeFault,
}

/// What is wrong with a file of a theme.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ThemeFault {
    /// `site.toml` names a theme of which the repository holds no file.
    #[error("there is no theme `{0}` in the repository")]
    NoSuchTheme(String),
    /// A template that cannot be read.
    #[error("the template cannot be read: {0}")]
    Template(String),
    /// A template that asks for something that is not there.
    #[error("the template asks for what is not there: {0}")]
    Render(String),
    /// A partial that includes itself, by whatever way.
    #[error("the partials include each other without end: `{0}` leads back to itself")]
    PartialLoop(String),
    /// Blocks, partials or brackets nested too deep.
    #[error("nested more than {0} deep; use fewer blocks and partials inside one another")]
    TooDeep(usize),
    /// A text that nobody defines.
    #[error("the text `{0}` is defined nowhere; add it to `i18n/zh.toml`")]
    MissingText(String),
    /// A file that has to be text.
    #[error("not UTF-8 text at byte {0}")]
    NotText(usize),
    /// An asset whose name cannot be an address.
    #[error("the asset name `{0}` must be ASCII letters, digits, `-`, `_` and one extension")]
    AssetName(String),
    /// A TOML file that cannot be read.
    #[error("{0}")]
    Toml(String),
    /// An asset that a template names and that is not there.
    #[error("there is no asset `{0}`")]
    MissingAsset(String),
}

impl ThemeError {
    pub(super) fn new(path: impl Into<String>, fault: ThemeFault) -> Self {
        Self { path: path.into(), line: None, column: None, fault }
    }

    pub(super) fn at_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }
}

fn position(line: Option<usize>, column: Option<usize>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!(":{line}:{column}"),
        (Some(line), None) => format!(":{line}"),
        (None, _) => String::new(),
    }
}

/// A template that does not compile.
pub(super) fn of_template(origin: &str, error: &TemplateError) -> ThemeError {
    let (line, column) = error.pos().map_or((None, None), |(line, column)| (Some(line), Some(column)));
    ThemeError {
        path: origin.to_owned(),
        line,
        column,
        fault: ThemeFault::Template(error.reason().to_string()),
    }
}

/// A template that does not find what it names.
pub(super) fn of_render(
    template: &str,
    origins: &BTreeMap<String, String>,
    error: &RenderError,
) -> ThemeError {
    let name = error.template_name.as_deref().unwrap_or(template);
    ThemeError {
        path: origins.get(name).cloned().unwrap_or_else(|| format!("templates/{name}.hbs")),
        line: error.line_no,
        column: error.column_no,
        fault: ThemeFault::Render(error.reason().to_string()),
    }
}
