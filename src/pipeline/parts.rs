//! Parts of a site that several machines made, read back and put together.
//!
//! A part is a folder in the form of a site with drafts: a manifest lists every
//! file, and `verify` never calls it a release. `part.json` beside the manifest
//! says which part of what it is. Whoever joins parts believes nothing of them
//! but their bytes: chains are judged again, and every file is compared with
//! its digest while it is copied.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Shard, Stop};
use jiedu_evidence::{FileFact, GENERATOR, MANIFEST_PATH, Manifest};
use jiedu_output::{self as output, Limits};
use jiedu_render::Put;

/// Where a part says what it is.
pub(super) const PART_PATH: &str = ".well-known/jiedu/part.json";
/// What only the joined site has.
const SEALED: &str = ".well-known/jiedu/";
const SCHEMA: &str = "jiedu.part/1";

/// What a part says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    schema: String,
    generator: String,
    shard: u32,
    of: u32,
    /// The commit, in full.
    pub(super) revision: String,
    /// The publication instant, RFC 3339.
    pub(super) at: String,
    /// Whether the instant was given with `--at`.
    pub(super) at_given: bool,
    /// Whether the part holds unapproved texts.
    pub(super) drafts: bool,
}

impl Header {
    pub(super) fn new(shard: Shard, revision: &str, at: String, at_given: bool, drafts: bool) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            generator: GENERATOR.to_owned(),
            shard: shard.index(),
            of: shard.count(),
            revision: revision.to_owned(),
            at,
            at_given,
            drafts,
        }
    }

    /// The bytes of `part.json`.
    pub(super) fn to_json(&self) -> Vec<u8> {
        // Texts and numbers always serialise.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Whether both are parts of one build.
    fn fits(&self, other: &Self) -> bool {
        Self { shard: other.shard, ..self.clone() } == *other
    }
}

/// All parts of one site.
pub(super) struct Parts {
    /// What they say of their build.
    pub(super) header: Header,
    folders: Vec<PathBuf>,
    /// Each file, and the part that holds it.
    files: BTreeMap<String, (usize, FileFact)>,
}

impl Parts {
    /// Reads what the parts list, and whether together they are one site.
    ///
    /// # Errors
    /// A part that is missing, doubled, damaged, or of another build.
    pub(super) fn read(folders: &[PathBuf]) -> Result<Self, Stop> {
        let parts = folders.iter().map(|folder| read_part(folder)).collect::<Result<Vec<_>, Stop>>()?;
        let Some((header, _)) = parts.first() else {
            return Err(Stop::usage("没有指定分片", "no part was named"));
        };
        let header = header.clone();
        let mut holders: BTreeMap<u32, &Path> = BTreeMap::new();
        for (folder, (other, _)) in folders.iter().zip(&parts) {
            if !header.fits(other) {
                return Err(mixed(folder, &header, other));
            }
            if let Some(first) = holders.insert(other.shard, folder) {
                return Err(Stop::usage(
                    format!(
                        "第 {} 片有两份：“{}”和“{}”；请只留一份",
                        other.shard,
                        first.display(),
                        folder.display()
                    ),
                    format!(
                        "part {} stands twice: `{}` and `{}`; keep one",
                        other.shard,
                        first.display(),
                        folder.display()
                    ),
                ));
            }
        }
        let missing: Vec<String> = (1..=header.of)
            .filter(|index| !holders.contains_key(index))
            .map(|index| index.to_string())
            .collect();
        if !missing.is_empty() {
            let (of, list) = (header.of, missing.join("、"));
            return Err(Stop::usage(
                format!("共 {of} 片，缺第 {list} 片；请先在各机器上用 build --shard I/{of} 生成"),
                format!("of {of} parts these are missing: {list}; make them with build --shard I/{of}"),
            ));
        }
        let mut files = BTreeMap::new();
        for (index, (_, listed)) in parts.into_iter().enumerate() {
            for (path, fact) in listed {
                if files.insert(path.clone(), (index, fact)).is_some() {
                    return Err(Stop::usage(
                        format!("文件“{path}”在两片里都有；请用同一版本的 jiedu 重新生成各片"),
                        format!(
                            "`{path}` stands in two parts; make all parts again with one version of jiedu"
                        ),
                    ));
                }
            }
        }
        Ok(Self { header, folders: folders.to_vec(), files })
    }

    /// Hands every file on, compared with its digest.
    ///
    /// # Errors
    /// A file that is not what its part lists, or what `put` answers.
    pub(super) fn files_into(&self, put: &Put<'_, Stop>) -> Result<(), Stop> {
        self.files.par_iter().try_for_each(|(path, (part, fact))| {
            let folder = self.folders.get(*part).map_or(Path::new(""), PathBuf::as_path);
            let bytes = output::read_file_of(folder, path, fact.size).map_err(|error| {
                let message = error.message();
                Stop::usage(message.zh, message.en)
            })?;
            if FileFact::of(&bytes) != *fact {
                return Err(damaged(folder, path));
            }
            put(path, Cow::Owned(bytes))
        })
    }
}

/// One part: what it says of itself, and its files without its own documents.
fn read_part(folder: &Path) -> Result<(Header, BTreeMap<String, FileFact>), Stop> {
    let no_part = |why_zh: &str, why_en: &str| {
        Stop::usage(
            format!("“{}”不是完整的分片：{why_zh}；请重新运行这一片的 build --shard", folder.display()),
            format!("`{}` is no complete part: {why_en}; run its build --shard again", folder.display()),
        )
    };
    let site = output::read_site_with(folder, None, &Limits::default()).map_err(|error| {
        let message = error.message();
        Stop::usage(message.zh, message.en)
    })?;
    let document = |path: &str| {
        site.documents.get(path).ok_or_else(|| no_part(&format!("没有 {path}"), &format!("it has no {path}")))
    };
    let header: Header = serde_json::from_slice(document(PART_PATH)?).map_err(|error| {
        no_part(&format!("part.json 无法读取（{error}）"), &format!("part.json cannot be read ({error})"))
    })?;
    let manifest = Manifest::parse(document(MANIFEST_PATH)?).map_err(|error| {
        no_part(&format!("清单无法读取（{error}）"), &format!("its manifest cannot be read ({error})"))
    })?;
    if header.schema != SCHEMA || Shard::new(header.shard, header.of).is_none() {
        return Err(no_part("part.json 的写法不合规定", "part.json is malformed"));
    }
    if header.generator != GENERATOR {
        return Err(Stop::usage(
            format!(
                "“{}”由 {} 生成，这里是 {GENERATOR}；各片和合并须用同一版本",
                folder.display(),
                header.generator
            ),
            format!(
                "`{}` was made by {}, this is {GENERATOR}; parts and join need one version",
                folder.display(),
                header.generator
            ),
        ));
    }
    let mut found = site.files;
    found.remove(MANIFEST_PATH);
    let odd = site.odd.into_keys().next();
    if let Some(path) = odd.or_else(|| different(&found, &manifest.files)) {
        return Err(damaged(folder, &path));
    }
    let mut files = manifest.files;
    files.remove(PART_PATH);
    match files.keys().find(|path| path.starts_with(SEALED)) {
        Some(path) => Err(damaged(folder, path)),
        None => Ok((header, files)),
    }
}

/// The first path at which what was found differs from what is listed.
fn different(found: &BTreeMap<String, FileFact>, listed: &BTreeMap<String, FileFact>) -> Option<String> {
    let changed = listed.iter().find(|(path, fact)| found.get(*path) != Some(fact));
    let extra = || found.keys().find(|path| !listed.contains_key(*path));
    changed.map(|(path, _)| path).or_else(extra).cloned()
}

fn damaged(folder: &Path, path: &str) -> Stop {
    Stop::usage(
        format!("分片“{}”里的“{path}”与它的清单不符；请重新运行这一片的 build --shard", folder.display()),
        format!(
            "`{path}` in the part `{}` is not what its manifest lists; run its build --shard again",
            folder.display()
        ),
    )
}

fn mixed(folder: &Path, first: &Header, other: &Header) -> Stop {
    let shown = |header: &Header| {
        let drafts = if header.drafts { ", --drafts" } else { "" };
        let commit: String = header.revision.chars().take(12).collect();
        format!("{commit} @ {} /{}{drafts}", header.at, header.of)
    };
    let (a, b) = (shown(first), shown(other));
    Stop::usage(
        format!(
            "“{}”是另一次生成的分片（{b}，其他是 {a}）；各片的提交、时刻、片数和选项必须相同",
            folder.display()
        ),
        format!(
            "`{}` is a part of another build ({b}, the others {a}); commit, instant, number of parts and options must be the same",
            folder.display()
        ),
    )
}
