//! The invented staff of the sample office, and their keys.

use sha2::{Digest as _, Sha256};
use ssh_key::private::Ed25519Keypair;
use ssh_key::{LineEnding, PrivateKey};

use crate::WorkspaceError;
use crate::roster_file::{PersonDraft, RosterDraft};

/// One invented person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Staff {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) post: &'static str,
    pub(super) steps: &'static [&'static str],
    pub(super) keys: &'static [&'static str],
}

const REVIEW: &[&str] = &["review"];
const ROOT: &[&str] = &["root"];

/// Everybody of roster 2; [`NEWCOMER`] is not yet in roster 1.
pub(super) const STAFF: [Staff; 17] = [
    staff("zhang.wen", "张文", "办公室科员", &["submit"], REVIEW),
    staff("zhao.ming", "赵明", "公共交通处科员", &["submit"], REVIEW),
    staff(NEWCOMER, "何苗", "运输管理处科员", &["submit"], REVIEW),
    staff("qian.min", "钱敏", "保密办公室主任", &["secrecy-review"], REVIEW),
    staff("li.chu", "李楚", "办公室副主任", &["first-review"], REVIEW),
    staff("wang.fu", "王甫", "办公室主任", &["second-review"], REVIEW),
    staff("chen.zhong", "陈忠", "副局长", &["final-review", "withdraw"], REVIEW),
    staff("gao.yuan", "高远", "总工程师", &["extra-review"], REVIEW),
    staff("lin.mu", "林牧", "法规处处长", &["extra-review"], REVIEW),
    staff("song.bo", "宋博", "机关党委书记", &["gatekeeper"], REVIEW),
    staff("sun.yi", "孙艺", "校对员", &["first-proof"], REVIEW),
    staff("zhou.er", "周尔", "校对员", &["second-proof"], REVIEW),
    staff("wu.san", "吴珊", "校对员", &["third-proof"], REVIEW),
    staff(WEBMASTER, "汪湛", "网站管理员", &["submit"], &["review", "publish"]),
    staff("liu.gen", "刘庚", "名册管理人", &[], ROOT),
    staff("xu.gen", "许耕", "名册管理人", &[], ROOT),
    staff("tang.gen", "唐亘", "名册管理人", &[], ROOT),
];

/// Joins the office with roster 2.
pub(super) const NEWCOMER: &str = "he.miao";
/// Runs the site: merges, collects, publishes.
pub(super) const WEBMASTER: &str = "wang.zhan";
/// Who takes which step of an ordinary text, in order.
pub(super) const CHAIN: [(&str, &str); 7] = [
    ("secrecy-review", "qian.min"),
    ("first-review", "li.chu"),
    ("second-review", "wang.fu"),
    ("final-review", "chen.zhong"),
    ("first-proof", "sun.yi"),
    ("second-proof", "zhou.er"),
    ("third-proof", "wu.san"),
];

/// The extra steps of a text marked 重要; they follow the final review.
pub(super) const EXTRA: [(&str, &str); 3] =
    [("extra-review", "gao.yuan"), ("extra-review", "lin.mu"), ("gatekeeper", "song.bo")];

const fn staff(
    id: &'static str,
    name: &'static str,
    post: &'static str,
    steps: &'static [&'static str],
    keys: &'static [&'static str],
) -> Staff {
    Staff { id, name, post, steps, keys }
}

impl Staff {
    /// The person with the id.
    pub(super) fn find(id: &str) -> Result<&'static Self, WorkspaceError> {
        STAFF.iter().find(|person| person.id == id).ok_or_else(|| {
            WorkspaceError::usage(format!("示例人员中没有 {id}"), format!("no sample person is called {id}"))
        })
    }

    /// The address in commits; `.example` belongs to nobody.
    pub(super) fn email(&self) -> String {
        format!("{}@jtj.shili.example", self.id)
    }

    /// The private key for a use, derived from the seed.
    pub(super) fn key(&self, seed: &[u8; 32], purpose: &str) -> Result<PrivateKey, WorkspaceError> {
        let mut hasher = Sha256::new();
        hasher.update(b"jiedu-demo-key/1\n");
        hasher.update(seed);
        hasher.update(format!("{}\n{purpose}\n", self.id));
        let pair = Ed25519Keypair::from_seed(&hasher.finalize().into());
        PrivateKey::new(pair.into(), self.email()).map_err(|error| self.broken(purpose, &error))
    }

    /// Private and public file of a key.
    pub(super) fn key_files(&self, seed: &[u8; 32], purpose: &str) -> Result<[String; 2], WorkspaceError> {
        let key = self.key(seed, purpose)?;
        let private = key.to_openssh(LineEnding::LF).map_err(|error| self.broken(purpose, &error))?;
        let public = key.public_key().to_openssh().map_err(|error| self.broken(purpose, &error))?;
        Ok([private.as_str().to_owned(), format!("{}\n", public.trim_end())])
    }

    /// File name of a key below `keys/`.
    pub(super) fn key_name(&self, purpose: &str) -> String {
        format!("{}-{purpose}", self.id)
    }

    fn broken(&self, purpose: &str, error: &ssh_key::Error) -> WorkspaceError {
        WorkspaceError::Key { path: self.key_name(purpose).into(), problem: error.to_string() }
    }

    fn draft(&self, seed: &[u8; 32]) -> Result<PersonDraft, WorkspaceError> {
        let mut keys = Vec::new();
        for purpose in self.keys {
            let [_, public] = self.key_files(seed, purpose)?;
            let bare: Vec<&str> = public.split_whitespace().take(2).collect();
            keys.push((bare.join(" "), *purpose));
        }
        Ok(PersonDraft {
            id: self.id.to_owned(),
            name: self.name.to_owned(),
            post: self.post.to_owned(),
            emails: vec![self.email()],
            steps: self.steps.iter().map(|step| (*step).to_owned()).collect(),
            keys,
        })
    }
}

/// The roster's text: version 1 without the newcomer, version 2 with.
pub(super) fn roster(
    version: u32,
    previous: Option<String>,
    seed: &[u8; 32],
) -> Result<String, WorkspaceError> {
    let members = STAFF.iter().filter(|person| version > 1 || person.id != NEWCOMER);
    let roots = STAFF.iter().filter(|person| person.keys == ROOT).map(|person| person.id.to_owned());
    let draft = RosterDraft {
        version,
        previous,
        default_profile: Some("strict".to_owned()),
        roots: roots.collect(),
        threshold: 2,
        people: members.map(|person| person.draft(seed)).collect::<Result<_, _>>()?,
    };
    Ok(draft.to_toml())
}
