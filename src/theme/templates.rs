//! Compiling the templates and checking what they name.

use std::collections::BTreeMap;

use handlebars::{Handlebars, Template};

use super::{Asset, Texts, ThemeError, ThemeFault, ThemeFile, bounds, error, slot_marker};
use jiedu_base::text::escape_html;

/// Every template of a theme, compiled twice.
pub(super) struct Registries {
    /// With the answers of [`settled`] calls: what pages are made with.
    pub(super) fast: Handlebars<'static>,
    /// As written: where a fault is told of, with its line and column.
    pub(super) written: Handlebars<'static>,
}

/// Compiles every template of the theme.
pub(super) fn registries(
    files: &BTreeMap<String, ThemeFile<'_>>,
    texts: &Texts,
    assets: &BTreeMap<String, Asset>,
) -> Result<Registries, ThemeError> {
    let [mut fast, mut written] = [Handlebars::new(), Handlebars::new()];
    for registry in [&mut fast, &mut written] {
        registry.set_strict_mode(true);
        registry.set_prevent_indent(true);
    }
    check_depth(files)?;
    for (path, file) in files {
        let Some(name) = path.strip_prefix("templates/").and_then(|name| name.strip_suffix(".hbs")) else {
            continue;
        };
        let source = std::str::from_utf8(file.bytes)
            .map_err(|fault| ThemeError::new(&file.origin, ThemeFault::NotText(fault.valid_up_to())))?;
        let compile = |source: &str| Template::compile_with_name(source, name.to_owned());
        let template = compile(source).map_err(|fault| error::of_template(&file.origin, &fault))?;
        check_names(source, &file.origin, texts, assets)?;
        if let Ok(quick) = compile(&settled(source, texts, assets)) {
            fast.register_template(name, quick);
        } else {
            fast.register_template(name, template.clone());
        }
        written.register_template(name, template);
    }
    Ok(Registries { fast, written })
}

/// Refuses templates whose depth would end the program.
fn check_depth(files: &BTreeMap<String, ThemeFile<'_>>) -> Result<(), ThemeError> {
    let templates: Vec<(&str, &str, &str)> = files
        .iter()
        .filter_map(|(path, file)| {
            let name = path.strip_prefix("templates/")?.strip_suffix(".hbs")?;
            Some((name, file.origin.as_str(), std::str::from_utf8(file.bytes).ok()?))
        })
        .collect();
    bounds::check(&templates)
}

/// The template with every call that has one answer replaced by it: most of a
/// page's calls name a text of the interface and nothing else.
fn settled(source: &str, texts: &Texts, assets: &BTreeMap<String, Asset>) -> String {
    let mut out = String::with_capacity(source.len() * 2);
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let may = !before.ends_with(['{', '\\']) && !after.starts_with('{');
        let call = after.split_once("}}").filter(|(_, tail)| may && !tail.starts_with('}'));
        let answer = call.and_then(|(call, tail)| Some((answer(call, texts, assets)?, tail)));
        if let Some((answer, tail)) = answer {
            out.push_str(&answer);
            rest = tail;
        } else {
            out.push_str("{{");
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// What a call gives on every page, when it is one of those and its answer
/// cannot be taken for a part of the template.
fn answer(call: &str, texts: &Texts, assets: &BTreeMap<String, Asset>) -> Option<String> {
    let (helper, argument) = call.split_once(' ')?;
    let name = argument.strip_prefix('"')?.strip_suffix('"').filter(|name| !name.contains('"'))?;
    let answer = match helper {
        "t" => escape_html(texts.get(name)?),
        "asset" => assets.get(name)?.path.clone(),
        "slot" => slot_marker(name),
        _ => return None,
    };
    let is_plain = !answer.is_empty() && answer.trim() == answer && !answer.contains(['{', '}', '\\', '\n']);
    is_plain.then_some(answer)
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
