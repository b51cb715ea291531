//! What the codes of repository, files and built site mean: those that neither
//! a rule's page nor a reason of the approval room explains.

use jiedu_base::text::Message;

/// One code: what it says, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodePage {
    /// The stable code.
    pub code: &'static str,
    /// What was found.
    pub what: Message,
    /// What to do about it.
    pub help: Message,
}

/// Every such code, sorted.
#[must_use]
pub fn codes() -> Vec<CodePage> {
    TABLE
        .iter()
        .map(|(code, zh, en, help_zh, help_en)| CodePage {
            code,
            what: Message::new(*zh, *en),
            help: Message::new(*help_zh, *help_en),
        })
        .collect()
}

/// Code, what in both languages, help in both languages.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const TABLE: [Row; 31] = [
    ("DRAFTS", "网站含未审签的稿件（--drafts）", "the site holds drafts (--drafts)", "正式发布请不带 --drafts 重新生成", "build again without --drafts"),
    ("EDITION_HIDDEN", "审签完毕的文本在提交历史里，但主线没有经过它，所以不在网站上", "an approved text lies in the history, but not on the first-parent line, and is therefore not on the site", "若发布过，把主线接回审签完成的提交再合并（git checkout -B main <提交>；git merge --no-ff <现在的提交>）；若不打算发布，对现在的文本重新送审", "if it was published, put the line back to the commit that completed the approvals and merge there; if it shall not be published, open a new round for the present text"),
    ("EDITION_VANISHED", "上一次发布已有的版本，这次不见了或换了编号", "an edition of the release before is missing, or has another number", "把主线接回上一次发布的提交再合并后重新生成；要撤下已发布的文件，只能用 jiedu withdraw", "put the line back to the commit of the release before, merge there and build again; only jiedu withdraw takes published texts down"),
    ("ENTRY_MODE", "仓库里有链接、子模块或可执行文件", "a link, a submodule or an executable file", "只能提交普通文件：删除链接，或用 git update-index --chmod=-x 去掉执行权限", "commit plain files only: remove the link, or run git update-index --chmod=-x"),
    ("ENVELOPE_MALFORMED", "manifest.json 或 release.json 的写法不合规定", "manifest.json or release.json is malformed", "请从仓库重新生成并签署网站", "build and sign the site again"),
    ("FILE_TOO_LARGE", "文件超过 32 MiB", "a file is larger than 32 MiB", "压缩或拆分文件；录像请放到视频平台后链接", "compress or split the file"),
    ("LEDGER_SHRUNK", "声明总账比上一次发布少了声明，可能有退回或撤下被隐瞒", "the ledger lost a statement that an earlier release had", "用 jiedu collect 收回缺少的声明，再重新生成", "bring the statement back with jiedu collect and build again"),
    ("LFS_POINTER", "文件只是 Git LFS 的指针，内容不在仓库里", "the file is a Git LFS pointer without its content", "把文件本身提交入库：git lfs untrack 后重新添加", "commit the file itself: git lfs untrack, then add it again"),
    ("NOT_DISCLOSED", "公开方式是依申请公开或不予公开，不上网站", "the text is not for the public and stays off the site", "这不是错误；要公开，请改公开方式并重新审签", "this is no error; to publish it, change 公开方式 and have it approved"),
    ("OBJECT_CORRUPT", "仓库里的对象损坏，或被换成了别的内容", "an object of the repository is corrupt or was exchanged", "运行 git fsck，从可信的远程仓库重新克隆", "run git fsck, and clone again from a trusted remote"),
    ("OBJECT_MISSING", "仓库里缺少对象（可能是部分克隆）", "an object of the repository is missing (a partial clone?)", "请用完整克隆", "use a full clone"),
    ("PATH_COLLISION", "两个文件名只差大小写或写法，在有的电脑上会互相覆盖", "two names differ in case or form only", "改掉其中一个文件名", "rename one of them"),
    ("PATH_INVALID", "文件名或位置不合规定", "a name or a place that is not allowed", "文件名用文字、数字、连字符、下划线和点，不以点开头；集放在 content/policies/<年份>/<短名>/", "use letters, digits, -, _ and ., no leading dot; sets lie in content/policies/<year>/<slug>/"),
    ("RELEASE_ROLLBACK", "这次发布比信任锚或上一次发布记录的旧", "this release is older than what is remembered", "用 --previous 指明现有网站重新生成；核验时说明有人放回了旧网站", "build with --previous; in verification an old site was put back"),
    ("RENDER_MISMATCH", "网页与从仓库重新生成的不一致", "a page is not what the source gives", "网页被改动，或不是用这个版本的 jiedu 生成的；请重新生成", "the page was changed, or another version built it; build again"),
    ("REPO_ALTERNATES", "仓库借用别处的对象（objects/info/alternates）", "the repository borrows objects", "运行 git repack -a -d 并删除该文件；确认可信时加 --allow-alternates", "run git repack -a -d and remove the file, or give --allow-alternates"),
    ("REPO_GRAFTS", "仓库用 info/grafts 改写了提交的先后", "info/grafts changes the parents of commits", "删除 .git/info/grafts", "remove .git/info/grafts"),
    ("REPO_REPLACE_REFS", "仓库有替换引用，同一编号会显示别的内容", "replace refs show other content under the same id", "用 git replace -d 删除", "delete them with git replace -d"),
    ("REPO_SHALLOW", "浅克隆缺少历史，无法核对审签", "a shallow clone lacks history", "运行 git fetch --unshallow", "run git fetch --unshallow"),
    ("SITE_FILE_CHANGED", "网站文件与清单不符", "a file of the site is not what the manifest says", "从仓库重新生成；并查明是谁改了网站服务器上的文件", "build again, and find out who changed the file"),
    ("SITE_FILE_EXTRA", "网站里有清单以外的文件", "a file that the manifest does not list", "移走该文件；网站文件夹里只放 jiedu 生成的内容", "move the file away"),
    ("SITE_FILE_MISSING", "清单列出的文件不见了", "a file of the manifest is missing", "从仓库重新生成并整个上传", "build again and upload all of it"),
    ("SITE_TOO_LARGE", "网站文件夹太深或太大，不可能是 jiedu 生成的", "the folder is too deep or too large to be a site of jiedu", "移走混进来的文件夹后再核验", "move the foreign folder away and verify again"),
    ("SITE_UNREADABLE", "网站文件夹里有读不了的地方", "a part of the folder cannot be read", "检查磁盘和读取权限后再核验", "check the disk and your permission to read, then verify again"),
    ("TEXT_BIDI", "文字里有改变显示方向的控制字符，看到的与写着的不同", "the text holds bidirectional control characters", "删掉这些字符", "delete them"),
    ("TEXT_ENCODING", "文件不是 UTF-8 编码", "the file is not UTF-8", "用编辑器另存为 UTF-8", "save it as UTF-8"),
    ("TEXT_EOL", "文件用 Windows 换行或带 BOM", "the file has Windows line ends or a byte-order mark", "保留仓库里的 .gitattributes（* text eol=lf），再运行 git add --renormalize .", "keep .gitattributes (* text eol=lf) and run git add --renormalize ."),
    ("TEXT_TOO_LARGE", "要校对的文件超过 32 MiB", "the text is larger than 32 MiB", "拆成几个文件", "split it into several files"),
    ("TOO_MANY_FILES", "一套文件超过 2000 个", "a set holds more than 2,000 files", "减少文件，或分成几套", "use fewer files, or several sets"),
    ("TREE_MALFORMED", "目录对象里有重复或乱序的条目，不是 git 自己写的", "a tree object with repeated or unsorted entries", "不要发布；查明这个提交从哪里来", "do not publish; find out where the commit came from"),
    ("WORKTREE_DIRTY", "文件夹里有尚未提交的修改，生成和签署只看已提交的内容", "the work tree differs from the commit; only what is committed counts", "需要这些修改时，先 git add 和 git commit", "commit the changes first if they are meant"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_unique() {
        assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(codes().len(), TABLE.len());
    }

    /// A comment may name any rule there is; a name that is none is told.
    #[test]
    fn every_rule_can_be_named_in_a_suppression() {
        use jiedu_proof::suppress::is_known;
        let synchrony = jiedu_synchrony::rule_infos();
        let mut all: Vec<&str> =
            synchrony.iter().flat_map(|info| [info.code, info.name, info.category]).collect();
        let rules = jiedu_engine::rules().chain(crate::patrol_rules()).chain(jiedu_attach::rules());
        all.extend(rules.flat_map(|rule| [rule.code, rule.name]));
        for name in all {
            assert!(is_known(name), "{name}");
        }
        assert!(!is_known("nonsense") && !is_known("P999") && !is_known("half-width"));
    }
}
