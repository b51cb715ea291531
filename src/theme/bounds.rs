//! How deep a theme goes.
//!
//! Templates are compiled and rendered by recursion, one level for each block
//! and each partial. A theme in which partials include each other, or blocks
//! are nested a thousand deep, would end the program instead of the build; one
//! whose partials include two more each would never end. So depth and size are
//! counted before anything is compiled.

use std::collections::BTreeMap;

use super::{ThemeError, ThemeFault};

/// Blocks and partials inside one another, on any page.
const DEPTH: usize = 100;
/// Brackets inside one another in one call.
const BRACKETS: usize = 16;
/// Templates that one page may be put together from, repetitions counted.
const PARTS: usize = 20_000;

/// What a template holds, as far as its depth goes.
#[derive(Debug, Default)]
struct Shape {
    /// The deepest block.
    depth: usize,
    /// Partials it names, with the depth at which each stands and the line.
    partials: Vec<(String, usize, usize)>,
}

/// Depth and number of parts of a whole template.
#[derive(Debug, Clone, Copy)]
struct Size {
    depth: usize,
    parts: usize,
}

/// Checks all templates: name, file and source.
///
/// # Errors
/// The first template that is too deep or includes itself.
pub(super) fn check(templates: &[(&str, &str, &str)]) -> Result<(), ThemeError> {
    let mut shapes = BTreeMap::new();
    for (name, origin, source) in templates {
        let shape = read(source).map_err(|(line, fault)| ThemeError::new(*origin, fault).at_line(line))?;
        shapes.insert(*name, (*origin, shape));
    }
    let mut sizes: BTreeMap<&str, Size> = BTreeMap::new();
    for (name, ..) in templates {
        measure(name, &shapes, &mut sizes)?;
    }
    Ok(())
}

/// Sizes of a template and of all it includes, innermost first.
fn measure<'t>(
    name: &'t str,
    shapes: &'t BTreeMap<&'t str, (&'t str, Shape)>,
    sizes: &mut BTreeMap<&'t str, Size>,
) -> Result<(), ThemeError> {
    // The way from the template to the one that is looked at, with the place in
    // each; a list and no recursion, since it may be as long as there are files.
    let mut way: Vec<(&str, usize)> = vec![(name, 0)];
    while let Some((at, next)) = way.last_mut() {
        let Some((origin, shape)) = shapes.get(at).filter(|_| !sizes.contains_key(at)) else {
            way.pop();
            continue;
        };
        if let Some((partial, _, line)) = shape.partials.get(*next) {
            *next += 1;
            if way.iter().any(|(open, _)| open == partial) {
                let fault = ThemeFault::PartialLoop(partial.clone());
                return Err(ThemeError::new(*origin, fault).at_line(*line));
            }
            way.push((partial, 0));
            continue;
        }
        let mut size = Size { depth: shape.depth, parts: 1 };
        for (partial, depth, _) in &shape.partials {
            let inner = sizes.get(partial.as_str()).copied().unwrap_or(Size { depth: 0, parts: 0 });
            size.depth = size.depth.max(depth + 1 + inner.depth);
            size.parts = size.parts.saturating_add(inner.parts);
        }
        if size.depth > DEPTH || size.parts > PARTS {
            return Err(ThemeError::new(*origin, ThemeFault::TooDeep(DEPTH)));
        }
        sizes.insert(*at, size);
        way.pop();
    }
    Ok(())
}

/// Walks over the calls of a template.
fn read(source: &str) -> Result<Shape, (usize, ThemeFault)> {
    let mut shape = Shape::default();
    // For each open block, the branches `{{else if …}}` that nest in it.
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(begin) = source.get(at..).and_then(|rest| rest.find("{{")).map(|found| at + found) {
        let line = source.get(..begin).unwrap_or_default().matches('\n').count() + 1;
        let rest = source.get(begin + 2..).unwrap_or_default();
        let (call, length) = call(rest);
        at = begin + 2 + length;
        let call = call.trim_matches(['{', '}', '~', '&']).trim_start();
        let fault = |fault: &str| Err((line, ThemeFault::Template(fault.to_owned())));
        if brackets(call) > BRACKETS {
            return Err((line, ThemeFault::TooDeep(BRACKETS)));
        }
        let depth = |open: &[usize]| open.iter().map(|branches| 1 + branches).sum::<usize>();
        match call.chars().next() {
            Some('!') | None => {}
            Some('*') => return fault("decorators are not part of a theme"),
            Some('#') => {
                let name = call.get(1..).unwrap_or_default().trim_start();
                if name.starts_with('*') {
                    return fault("inline partials are not part of a theme; write a template of its own");
                }
                if let Some(name) = name.strip_prefix('>') {
                    shape.partials.push((partial(name).map_err(|why| (line, why))?, depth(&open), line));
                }
                open.push(0);
            }
            Some('/') => drop(open.pop()),
            Some('>') => {
                let name = call.get(1..).unwrap_or_default();
                shape.partials.push((partial(name).map_err(|why| (line, why))?, depth(&open), line));
            }
            Some(_) if call.starts_with("else ") => {
                if let Some(branches) = open.last_mut() {
                    *branches += 1;
                }
            }
            Some(_) => {}
        }
        shape.depth = shape.depth.max(depth(&open));
        if shape.depth > DEPTH {
            return Err((line, ThemeFault::TooDeep(DEPTH)));
        }
    }
    Ok(shape)
}

/// What stands between the braces, and the number of bytes up to the end.
fn call(rest: &str) -> (&str, usize) {
    let end = if rest.trim_start_matches('~').starts_with("!--") { "--" } else { "}}" };
    let inside = rest.find(end).unwrap_or(rest.len());
    let close =
        rest.get(inside..).and_then(|tail| tail.find("}}")).map_or(rest.len(), |close| inside + close + 2);
    (rest.get(..inside).unwrap_or_default(), close)
}

/// The name of a partial; one that is computed could be any.
fn partial(call: &str) -> Result<String, ThemeFault> {
    let name = call.trim_start().split([' ', '\t', '\n', '}', '~']).next().unwrap_or_default();
    if name.starts_with('(') {
        return Err(ThemeFault::Template("a partial is named, not computed".to_owned()));
    }
    Ok(name.trim_matches(['"', '\'']).to_owned())
}

/// The deepest brackets of a call.
fn brackets(call: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in call.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(templates: &[(&str, &str)]) -> Option<String> {
        let templates: Vec<_> = templates.iter().map(|(name, source)| (*name, *name, *source)).collect();
        check(&templates).err().map(|error| error.to_string())
    }

    #[test]
    fn what_would_never_end_is_refused_with_its_place() {
        let deep = format!("{}x{}", "{{#if a}}".repeat(1_000), "{{/if}}".repeat(1_000));
        let chain = format!("{{{{#if a}}}}{}x{{{{/if}}}}", "{{else if b}}".repeat(1_000));
        let calls = format!("{{{{t {}x{}}}}}", "(t ".repeat(1_000), ")".repeat(1_000));
        for bad in [
            &deep,
            &chain,
            &calls,
            "{{#*inline \"a\"}}{{> a}}{{/inline}}",
            "{{> (lookup . \"a\")}}",
            "{{* d}}",
        ] {
            assert!(fault(&[("a", bad)]).is_some(), "{}", bad.chars().take(30).collect::<String>());
        }
        for bad in [
            &[("a", "{{> a}}")][..],
            &[("a", "x\n{{> b}}"), ("b", "{{#if x}}{{> \"c\"}}{{/if}}"), ("c", "{{#> a}}y{{/a}}")],
        ] {
            assert!(fault(bad).unwrap().contains("include"), "{bad:?}");
        }
        // Two of each: 2^30 parts.
        let names: Vec<String> = (0..31).map(|n| format!("p{n}")).collect();
        let sources: Vec<String> = (1..=31).map(|n| format!("{{{{> p{n}}}}}{{{{> p{n}}}}}")).collect();
        let doubled: Vec<(&str, &str)> =
            names.iter().map(String::as_str).zip(sources.iter().map(String::as_str)).collect();
        assert!(fault(&doubled).is_some());
    }

    #[test]
    fn themes_as_people_write_them_pass() {
        let nested = format!("{}{{{{> b}}}}{}", "{{#if a}}".repeat(20), "{{/if}}".repeat(20));
        let good = [
            ("a", nested.as_str()),
            (
                "b",
                "{{! {{> a}} }}{{!-- {{> a}} --}}{{#each x}}{{t \"k\" n=(len y)}}{{else}}{{{raw}}}{{~/each}}{{> c}}{{> c}}",
            ),
            ("c", "{{#if a}}1{{else if b}}2{{else}}3{{/if}} } }} {{unknown}}"),
        ];
        assert_eq!(fault(&good), None);
    }
}
