//! One file of a site at a time, for a preview.
//!
//! A writer looks at a page or two after every change; what nobody asks for is
//! not made. A file is the same as [`super::render`] makes it: a test compares
//! them all.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::{Furniture, RenderError, Tools, far, furniture, lock, render_page, rows};
use jiedu_base::name::SetId;
use jiedu_site::{Put, SitePlan};
use jiedu_theme::{Asset, Theme};

/// Files by path.
type Files = BTreeMap<String, Vec<u8>>;

/// A site of which each file is made when it is asked for.
pub struct Shown<'p> {
    plan: &'p SitePlan<'p>,
    theme: &'p Theme,
    words: rows::Words,
    furniture: BTreeMap<(String, &'static str), Furniture>,
    far: far::Far,
    /// Positions in the plan, by path.
    pages: BTreeMap<&'p str, usize>,
    assets: BTreeMap<&'p str, &'p Asset>,
    /// The search index is one piece; it is made at the first search.
    search: OnceLock<Files>,
}

impl<'p> Shown<'p> {
    /// Prepares what all pages share.
    ///
    /// # Errors
    /// A shared part of the theme that is missing or broken.
    pub fn new(plan: &'p SitePlan<'p>, theme: &'p Theme) -> Result<Self, RenderError> {
        let words = rows::Words::new(theme)?;
        let far = far::Far::new(plan, &words);
        Ok(Self {
            plan,
            theme,
            furniture: furniture(plan, theme)?,
            far,
            words,
            pages: plan.pages.iter().enumerate().map(|(index, page)| (page.route.path(), index)).collect(),
            assets: theme.assets().values().map(|asset| (asset.path.as_str(), asset)).collect(),
            search: OnceLock::new(),
        })
    }

    /// The file at a path from the site's root; none where the site has none.
    ///
    /// # Errors
    /// A template that does not fit the page.
    pub fn file(&self, path: &str) -> Result<Option<Vec<u8>>, RenderError> {
        if let Some(bytes) = self.plan.files.get(path) {
            return Ok(Some(bytes.to_vec()));
        }
        if let Some(asset) = self.assets.get(path) {
            return Ok(Some(asset.bytes.to_vec()));
        }
        if path.starts_with("search/index/") {
            return Ok(self.search().get(path).cloned());
        }
        match self.page(path)? {
            Some(bytes) => Ok(Some(bytes)),
            None => self.twin(path),
        }
    }

    /// A page, or what is made with the page beside it.
    fn page(&self, path: &str) -> Result<Option<Vec<u8>>, RenderError> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside = format!("{folder}/index.html");
        let index = self.pages.get(path).or_else(|| self.pages.get(beside.as_str()));
        let Some(page) = index.and_then(|index| self.plan.pages.get(*index)) else { return Ok(None) };
        let Self { theme, words, furniture, far, .. } = self;
        let files = render_page(&Tools { theme, words, furniture, far }, self.plan, page)?;
        Ok(files.into_iter().find(|(made, _)| made == path).map(|(_, bytes)| bytes))
    }

    /// The catalogue, a feed or a machine twin of a set.
    fn twin(&self, path: &str) -> Result<Option<Vec<u8>>, RenderError> {
        if SitePlan::is_catalogue(path) {
            return Ok(collected(|put| self.plan.catalogue_into(put))?.remove(path));
        }
        let mut parts = path.split('/');
        let (Some("policies"), Some(year), Some(slug)) = (parts.next(), parts.next(), parts.next()) else {
            return Ok(None);
        };
        let id = SetId::parse(&format!("{year}/{slug}")).ok();
        let Some(entry) = id.and_then(|id| self.plan.catalogue.entry(&id)) else { return Ok(None) };
        let mut files = collected(|put| self.plan.twins_of(entry, put))?;
        Ok(files.remove(path))
    }

    fn search(&self) -> &Files {
        // Keeping files in memory never fails.
        self.search.get_or_init(|| collected(|put| self.plan.search_into(put)).unwrap_or_default())
    }
}

/// What some work hands on, by path.
fn collected(
    work: impl FnOnce(&Put<'_, RenderError>) -> Result<(), RenderError>,
) -> Result<Files, RenderError> {
    let files: Mutex<Files> = Mutex::default();
    work(&|path: &str, bytes: Cow<'_, [u8]>| {
        lock(&files).insert(path.to_owned(), bytes.into_owned());
        Ok(())
    })?;
    Ok(files.into_inner().unwrap_or_else(PoisonError::into_inner))
}
