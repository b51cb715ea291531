//! A site made in parts: one part, and the join of all.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::assemble::{Source, list_pages};
use super::build::{BuildOptions, BuildReport, output_stop, publish, read, read_previous, site_sets};
use super::instant::{Instant, Time};
use super::parts::{Header, PART_PATH, Parts};
use super::pins;
use super::{Shard, Stop, in_pool};
use jiedu_approve::TrustAnchor;
use jiedu_base::clock::Clock;
use jiedu_base::name::CommitId;
use jiedu_evidence::{FileFact, MANIFEST_PATH, Manifest, Sealed};
use jiedu_output as output;
use jiedu_source::Repository;

/// What was made of one part of a site.
#[derive(Debug)]
pub struct PartReport {
    /// The commit.
    pub revision: CommitId,
    /// The instant.
    pub instant: Instant,
    /// The folder written.
    pub folder: PathBuf,
    /// Files written, without what says which part it is.
    pub files: usize,
}

/// Builds one part of a site into the folder `options.out`. Parts are joined by
/// [`join`]; `previous` and `publish_key` belong there.
///
/// # Errors
/// [`Stop`]; nothing was written then.
pub fn build_shard(
    repository: &Repository,
    options: &BuildOptions<'_>,
    shard: Shard,
) -> Result<PartReport, Stop> {
    in_pool(options.jobs, || {
        output::check_target(options.out).map_err(|error| output_stop(&error))?;
        let read = read(repository, options)?;
        let mut sets = site_sets(&read, options.drafts);
        if !options.drafts {
            // As in the join, which is given the same release before.
            let previous = options.previous.map(read_previous).transpose()?;
            let known = previous.as_ref().and_then(|previous| previous.release.as_ref());
            let known = known.map(|release| pins::released(&release.sets)).unwrap_or_default();
            pins::hold_back(&mut sets, |id, digest| known.get(id).is_some_and(|set| set.contains(digest)));
        }
        let publication = output::Publication::begin(options.out).map_err(|error| output_stop(&error))?;
        let put =
            |path: &str, bytes: &[u8]| publication.put(path, bytes).map_err(|error| output_stop(&error));
        let mut listed =
            list_pages(&read, &sets, options, &Source::Shard(shard), &|path, bytes| put(path, &bytes))?;
        let files = listed.len();
        let at = read.instant.at;
        let header =
            Header::new(shard, read.commit.as_str(), at.rfc3339(), read.instant.given, options.drafts)
                .to_json();
        put(PART_PATH, &header)?;
        listed.insert(PART_PATH.to_owned(), FileFact::of(&header));
        // A part is marked like a preview: nobody takes it for a release.
        let sealed = Sealed::drafts_listed(listed, read.commit.as_str(), &at);
        sealed.files.iter().try_for_each(|(path, bytes)| put(path, bytes))?;
        let published = publication.finish().map_err(|error| output_stop(&error))?;
        Ok(PartReport { revision: read.commit, instant: read.instant, folder: published.folder, files })
    })
}

/// How parts are joined.
#[derive(Debug, Clone, Copy)]
pub struct JoinOptions<'a> {
    /// The machine's clock; see [`Time::machine`].
    pub machine: Clock,
    /// The trust anchor; may be absent only for parts with drafts.
    pub anchor: Option<&'a TrustAnchor>,
    /// Where the site goes.
    pub out: &'a Path,
    /// An older build that this release follows.
    pub previous: Option<&'a Path>,
    /// The publisher's key.
    pub publish_key: Option<&'a Path>,
    /// The manifest that the site must come to, as bytes of `manifest.json`.
    pub expect: Option<&'a [u8]>,
    /// Threads; none for as many as the machine has.
    pub jobs: Option<usize>,
}

/// Puts all parts of a site together: judges every chain again, seals and signs
/// the site, and puts it in place. It is the site that [`build`](crate::build()) makes, byte for
/// byte.
///
/// # Errors
/// [`Stop`]: a part that is missing, doubled, damaged or of another build, and
/// whatever stops [`build`](crate::build()); nothing was written then.
pub fn join(
    repository: &Repository,
    parts: &[PathBuf],
    options: &JoinOptions<'_>,
) -> Result<BuildReport, Stop> {
    in_pool(options.jobs, || {
        let parts = Parts::read(parts)?;
        let at = Clock::parse(&parts.header.at)
            .map_err(|error| Stop::usage(format!("part.json 的时刻无法读取：{error}"), error.to_string()))?;
        let build = BuildOptions {
            revision: &parts.header.revision,
            time: Time { given: parts.header.at_given.then_some(at), machine: options.machine },
            anchor: options.anchor,
            drafts: parts.header.drafts,
            out: options.out,
            previous: options.previous,
            publish_key: options.publish_key,
            jobs: options.jobs,
        };
        publish(repository, &build, &Source::Parts(&parts), options.expect)
    })
}

/// Refuses a site whose manifest is not the one that was expected.
pub(super) fn refuse_unexpected(sealed: &Sealed, expect: Option<&[u8]>) -> Result<(), Stop> {
    let Some(expected) = expect else { return Ok(()) };
    let made = sealed.files.get(MANIFEST_PATH).map_or(&[][..], |bytes| bytes);
    if made == expected {
        return Ok(());
    }
    let listed = |bytes: &[u8]| Manifest::parse(bytes).map(|manifest| manifest.files).unwrap_or_default();
    let (made, expected) = (listed(made), listed(expected));
    let paths: BTreeSet<&String> = made.keys().chain(expected.keys()).collect();
    let first = paths.into_iter().find(|path| made.get(*path) != expected.get(*path));
    let first = first.map_or("manifest.json", String::as_str);
    Err(Stop::refused(
        "RENDER_MISMATCH",
        format!("合并的网站与 --expect 指定的清单不同（第一处：{first}），没有写出"),
        format!(
            "the joined site is not what the manifest of --expect lists (first at {first}); nothing was written"
        ),
    ))
}
