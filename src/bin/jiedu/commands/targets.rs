//! What a command is to look at: sets by id, or paths inside the repository.

use std::path::Path;

use jiedu::name::{SetId, SmallSet};

use super::judge;
use crate::args::Cli;
use crate::ui::Failure;

/// Where the sets lie.
const POLICIES: &str = "content/policies/";

/// What was named; everything when nothing was.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    /// Sets named by id, or by a path inside of them.
    pub(crate) sets: Vec<SetId>,
    /// Whether the set `site`, or a file of it, was named.
    pub(crate) site: bool,
    /// Files and folders named by path, as the repository calls them.
    paths: Vec<String>,
    /// The catalogue, lists and reports that were named.
    small: Vec<String>,
    /// Sets that were named as a whole.
    whole: Vec<SetId>,
}

impl Targets {
    /// Reads ids and paths as typed.
    pub(crate) fn read(cli: &Cli, texts: &[String]) -> Result<Self, Failure> {
        let mut targets = Self::default();
        for text in texts {
            targets.add(cli, text)?;
        }
        Ok(targets)
    }

    fn add(&mut self, cli: &Cli, text: &str) -> Result<(), Failure> {
        if let Some(id) = SmallSet::of_path(text).or_else(|| SmallSet::parse(text)) {
            self.paths.extend(id.paths());
            self.small.push(id.to_string());
            return Ok(());
        }
        if text == "site" {
            self.site = true;
            self.paths.push("site.toml".to_owned());
            return Ok(());
        }
        let inside = if SetId::parse(text).is_ok() { None } else { path_inside(cli, Path::new(text)) };
        let Some(path) = inside else {
            let id = judge::set_id(text)?;
            self.sets.push(id.clone());
            self.whole.push(id);
            return Ok(());
        };
        match set_of(&path) {
            Some((id, "")) => {
                self.sets.push(id.clone());
                self.whole.push(id);
            }
            Some((id, _)) => {
                self.sets.push(id);
                self.paths.push(path);
            }
            None => {
                self.site |= !path.starts_with(POLICIES);
                self.paths.push(path);
            }
        }
        Ok(())
    }

    /// Whether paths were named, so that a choice by sets is not enough.
    pub(crate) fn has_paths(&self) -> bool {
        !self.paths.is_empty()
    }

    /// Whether something at a path, or about a set, is among what was named.
    pub(crate) fn contain(&self, set: Option<&str>, path: &str) -> bool {
        let below = |named: &String| {
            let rest = path.strip_prefix(named.as_str());
            named.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let of_set = |id: &SetId| set == Some(id.as_str()) || path.starts_with(&format!("{POLICIES}{id}/"));
        self.paths.iter().any(below) || self.whole.iter().any(of_set)
    }

    /// Whether a set is named, or holds a file that is, or lies below a folder
    /// that is.
    pub(crate) fn contain_set(&self, id: &str) -> bool {
        let folder = format!("{POLICIES}{id}");
        let below = |named: &String| named.is_empty() || folder.starts_with(&format!("{named}/"));
        self.sets.iter().any(|set| set.as_str() == id)
            || self.small.iter().any(|set| set == id)
            || (id == "site" && self.site)
            || self.paths.iter().any(below)
    }
}

/// The set that a path of the repository lies in, and the rest of the path.
fn set_of(path: &str) -> Option<(SetId, &str)> {
    let rest = path.strip_prefix(POLICIES)?;
    let mut parts = rest.splitn(3, '/');
    let (year, slug) = (parts.next()?, parts.next()?);
    let id = SetId::parse(&format!("{year}/{slug}")).ok()?;
    Some((id, parts.next().unwrap_or_default()))
}

/// A path as the repository calls it, when it lies in the work tree: seen from
/// the current folder, else from the top of the repository.
fn path_inside(cli: &Cli, path: &Path) -> Option<String> {
    let root = judge::open(cli, true).ok()?.work_tree()?.canonicalize().ok()?;
    let found = path.canonicalize().or_else(|_| root.join(path).canonicalize()).ok()?;
    let inside = found.strip_prefix(&root).ok()?;
    let parts: Vec<&str> = inside.components().filter_map(|part| part.as_os_str().to_str()).collect();
    Some(parts.join("/"))
}
