//! Compiling the templates and checking what they name.

use std::collections::BTreeMap;

use handlebars::{Handlebars, Template};

use super::{Asset, Texts, ThemeError, ThemeFault, ThemeFile, error};

/// A registry with every template of the theme.
pub(super) fn registry(
    files: &BTreeMap<String, ThemeFile<'_>>,
    texts: &Texts,
    assets: &BTreeMap<String, Asset>,
) -> Result<Handlebars<'static>, ThemeError> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.set_prevent_indent(true);
    for (path, file) in files {
        let Some(name) = path.strip_prefix("templates/").and_then(|name| name.strip_suffix(".hbs")) else {
            continue;
        };
        let source = std::str::from_utf8(file.bytes)
            .map_err(|fault| ThemeError::new(&file.origin, ThemeFault::NotText(fault.valid_up_to())))?;
        let template = Template::compile_with_name(source, name.to_owned())
            .map_err(|fault| error::of_template(&file.origin, &fault))?;
        check_names(source, &file.origin, texts, assets)?;
        registry.register_template(name, template);
    }
    Ok(registry)
}

/// Checks every text and asset that the template names literally.
fn check_names(
    source: &str,
    origin: &str,
    texts: &Texts,
    assets: &BTreeMap<String, Asset>,
) -> Result<(), ThemeError> {
    for (number, line) in source.lines().enumerate() {
        let missing = literals(line, "t")
            .find(|key| texts.get(key).is_none())
            .map(|key| ThemeFault::MissingText(key.to_owned()));
        let missing = missing.or_else(|| {
            literals(line, "asset")
                .find(|name| !assets.contains_key(*name))
                .map(|name| ThemeFault::MissingAsset(name.to_owned()))
        });
        if let Some(fault) = missing {
            return Err(ThemeError::new(origin, fault).at_line(number + 1));
        }
    }
    Ok(())
}

/// The first literal argument of each call of a helper: `{{t "key" …}}`, `(t "key")`.
fn literals<'a>(line: &'a str, helper: &'a str) -> impl Iterator<Item = &'a str> {
    line.split(['{', '(']).filter_map(move |call| {
        let argument = call.trim_start().strip_prefix(helper)?;
        let argument = argument.strip_prefix(' ')?.trim_start().strip_prefix('"')?;
        argument.split_once('"').map(|(literal, _)| literal)
    })
}
