//! What to do about a refusal: one sentence for every reason code, shown with
//! the finding and by `jiedu explain`.

use super::Reason;
use jiedu_base::text::Message;

/// Reasons that share an answer, Chinese, English.
type Row = (&'static [Reason], &'static str, &'static str);

impl Reason {
    /// What the reader does next.
    #[must_use]
    pub fn advice(self) -> Message {
        let row = ADVICE.iter().find(|(reasons, ..)| reasons.contains(&self));
        row.map_or_else(|| Message::new("", ""), |(_, zh, en)| Message::new(*zh, *en))
    }
}

#[rustfmt::skip]
const ADVICE: &[Row] = &[
    (&[Reason::Ok],
        "无须处理。",
        "nothing to do"),
    (&[Reason::StepMissing],
        "请该步骤的负责人运行 `jiedu approve <套> --step <步骤>`；如已签署但提交被压缩或变基，请先在原分支运行 `jiedu collect`。",
        "the holder of the step runs `jiedu approve SET --step STEP`; if signed commits were squashed or rebased away, run `jiedu collect` on the original branch"),
    (&[Reason::Unsigned],
        "请签署人用 `jiedu approve` 重新签署；签名密钥用 `jiedu key show` 查看。",
        "the signer signs again with `jiedu approve`; `jiedu key show` tells which key is in use"),
    (&[Reason::KeyUse],
        "请改用名册中用途含 review 的专用密钥签署。",
        "sign with the dedicated key whose use in the roster includes review"),
    (&[Reason::KeyUnknown, Reason::KeyWeak],
        "请核对签署所用密钥；新密钥须由名册管理人登记进下一版名册。",
        "check which key signed; a new key has to be registered by the roots in the next roster"),
    (&[Reason::KeyKindReserved],
        "请改用 Ed25519 密钥（`jiedu key new`）签署，并登记进下一版名册。",
        "sign with an Ed25519 key (`jiedu key new`) registered in the next roster"),
    (&[Reason::KeyShared],
        "每人一把密钥：请从名册里删去其中一处登记，由名册管理人签署新版名册。",
        "one key, one person: remove one of the entries and have the roots sign the roster"),
    (&[Reason::KeyExpired, Reason::KeyRetired, Reason::RoleEnded, Reason::KeyRevoked, Reason::SubstituteInvalid],
        "如该声明仍应有效，请名册管理人把它的编号列入 roster/accepted/ 并签署新版名册；否则请重新签署。",
        "if the statement shall stay valid, the roots list its id in roster/accepted/ and sign a new roster; otherwise the step is signed again"),
    (&[Reason::KeyNotYetValid],
        "请在密钥启用日（名册 from）以后再发布，或由名册管理人改正名册；判断时刻可用 --at 指明。",
        "publish after the key's `from` date, or have the roots correct the roster; --at names the instant"),
    (&[Reason::SignerMismatch],
        "请本人用自己的密钥签署；用 `jiedu approve` 签署时签署人由密钥决定，不会写错。",
        "each person signs with the own key; `jiedu approve` takes the signer from the key"),
    (&[Reason::RoleMissing],
        "请由名册登记的该步骤负责人签署（`jiedu roster show` 可查）；职责有变，须由名册管理人签署新版名册。",
        "somebody who holds the step signs (`jiedu roster show`); a new role takes a new roster signed by the roots"),
    (&[Reason::AuthorIsReviewer],
        "请换没有起草本稿的人签署这一步。",
        "somebody who did not write the text takes this step"),
    (&[Reason::AuthorUndeclared],
        "改过文本的人不能审校：请换人签署，或由他人合并、另行提交收集的声明，避免审校人成为提交者。",
        "whoever changed the text may not review it: let someone else sign; let someone else merge, or collect statements in a separate commit, so that a reviewer does not become committer"),
    (&[Reason::AuthorUnknown],
        "请核对起草人编号后重新送审；不在名册的人须先登记。",
        "check the ids of the authors and submit again; persons not in the roster are registered first"),
    (&[Reason::PersonRepeated],
        "请由另一人签署其中一步；哪些步骤可由一人兼办，见名册的方案。",
        "somebody else takes one of the steps; the roster's profile says which may be combined"),
    (&[Reason::StatementTooLarge, Reason::CommitNul, Reason::HeaderUnknown, Reason::EncodingHeader, Reason::MessageEncoding, Reason::SigMultiple, Reason::SigMalformed, Reason::SigNamespace],
        "这份声明不是用 `jiedu approve` 正常签出的，不予计算；请签署人用 `jiedu approve` 重新签署，并查明来源。",
        "this is no statement as `jiedu approve` makes it and does not count; have the step signed again, and find out where it came from"),
    (&[Reason::SigAlgorithm],
        "请用 Ed25519 或 ECDSA 密钥重新签署；`jiedu key new` 生成合适的密钥。",
        "sign again with an Ed25519 or ECDSA key; `jiedu key new` makes one"),
    (&[Reason::SkNoTouch],
        "请重新签署，并在提示时触碰硬件密钥。",
        "sign again and touch the hardware key when asked"),
    (&[Reason::EvidenceId, Reason::SigBad],
        "请用 `jiedu collect` 重新收集原始提交，不要改动文件。",
        "collect the original commit again with `jiedu collect`; never edit the file"),
    (&[Reason::NotAStatement],
        "如果本意是审签，请用 `jiedu approve` 重新签署；否则不必处理。",
        "if it was meant as an approval, sign again with `jiedu approve`; otherwise there is nothing to do"),
    (&[Reason::TrailerMalformed, Reason::TrailerUnknown, Reason::TrailerDuplicate],
        "声明文字请由 `jiedu approve --print` 生成，原样签署，不要手改。",
        "take the text from `jiedu approve --print` and sign it unchanged"),
    (&[Reason::SiteMismatch],
        "别的网站的审签在这里无效：请在本仓库重新签署，并核对信任锚是不是本网站的。",
        "approvals of another site do not count: sign in this repository, and check that the trust anchor is this site's"),
    (&[Reason::SetMismatch],
        "审签只对写明的那一套有效，复制到别处须重新送审。",
        "approvals count only for the set they name; a copy has to be submitted on its own"),
    (&[Reason::IdentMismatch, Reason::StatementIsMerge, Reason::StatementNotEmpty],
        "审签声明必须由签署人用 `jiedu approve` 新建，不能经变基、拣选、修补或合并得到；请重新签署。",
        "a statement is made afresh by its signer with `jiedu approve`, never by rebase, cherry-pick, amend or merge; sign again"),
    (&[Reason::TreeDisagrees],
        "签署时看到的与签下的不是同一文本：请更新到最新提交，核对校样上的核对码后重新签署，并查明所用工具。",
        "what was signed is not what lay there: update to the newest commit, compare the check code with the proof, sign again, and look into the tool that was used"),
    (&[Reason::RosterUnknown],
        "请更新仓库，取得最新名册后重新签署。",
        "update the repository to the newest roster and sign again"),
    (&[Reason::RevisionMismatch],
        "请用 `jiedu submit` 重新送审，轮次由程序接续。",
        "submit again with `jiedu submit`, which continues the count"),
    (&[Reason::DigestMismatch, Reason::RevisionSuperseded],
        "文本与审签时不同：请重新送审（轮次加一）并走完全部步骤。",
        "the text is not the one approved: submit again (next revision) and take all steps"),
    (&[Reason::OrderBroken],
        "请从断开的一步起按顺序重新签署。",
        "sign again in order, from the step where the chain breaks"),
    (&[Reason::Rejected],
        "修改后请以下一轮次重新送审；本轮不能再用。",
        "submit again with the next revision after revising; this round is closed"),
    (&[Reason::Retracted],
        "请换一位负责人签署这一步，或修改后重新送审。",
        "another holder takes the step, or the text is revised and submitted again"),
    (&[Reason::Withdrawn],
        "如需重新发布，请以更高轮次送审并走完全部步骤。",
        "to publish again, submit with a higher revision and take all steps"),
    (&[Reason::TimeImplausible],
        "请校准签署用电脑的时钟后重新签署；网站生成请用 --at 指明发布时刻。",
        "set the clock of the signing computer and sign again; give --at when building"),
    (&[Reason::RosterThreshold],
        "请上一版名册的名册管理人各运行 `jiedu roster sign`，直到人数足够。",
        "roots of the version before each run `jiedu roster sign` until there are enough"),
    (&[Reason::RosterPending],
        "请还没有签的名册管理人运行 `jiedu roster sign --push`；签齐之前仍按上一版办理。",
        "roots who have not signed run `jiedu roster sign --push`; until then the version before stays in force"),
    (&[Reason::WithdrawalPending],
        "请另一位有职责的人运行 `jiedu withdraw <套>`；有“撤下”职责的一人即可。",
        "somebody else runs `jiedu withdraw SET`; one person with the role `withdraw` is enough"),
    (&[Reason::RosterSequence],
        "名册文件须从 1.toml 起连续编号，一个不缺：请找回缺少的版本，或改正编号。",
        "the files must be 1.toml, 2.toml and so on without a gap: bring the missing one back or renumber"),
    (&[Reason::RosterRollback],
        "仓库里的名册比已知的旧：请取回最新提交；取不回时请联系名册管理人，不要改信任锚。",
        "the repository is older than what is known: fetch the newest commits; ask the roots if you cannot, and do not change the anchor"),
    (&[Reason::RosterFork],
        "有两份不同的同号名册：请立即停止发布，联系名册管理人查明哪一份是真的。",
        "there are two rosters of one number: stop publishing and ask the roots which is the right one"),
    (&[Reason::RosterDigest],
        "名册或保留清单在签署后被改过，或 previous、accepted 写错：请恢复原文件，改动须另立新版。",
        "the roster or its accepted list was changed after signing, or `previous` or `accepted` is wrong: restore the file; changes go into a new version"),
    (&[Reason::RosterSchema],
        "请按提示改正名册文件；已签署的版本不能改，须另立新版。",
        "correct the file as said; a signed version is never changed, make a new one"),
    (&[Reason::RosterRevocationDropped],
        "撤销记录只增不减：请把以前的 [[revocation]] 原样抄进新版名册。",
        "revocations are only ever added: copy the earlier [[revocation]] entries into the new version"),
    (&[Reason::Unanchored],
        "请用 --trust 指明网站管理人员保管的 trust.toml，或设置 JIEDU_TRUST。",
        "name the trust.toml that the website team keeps with --trust, or set JIEDU_TRUST"),
    (&[Reason::ThemeUnapproved],
        "请对 site 送审并审签：`jiedu submit site`，再由两人分别做保密审查和终审。",
        "have the set `site` approved: `jiedu submit site`, then secrecy review and final review by two persons"),
    (&[Reason::PublisherInvalid],
        "请用名册登记的发布人密钥重新生成网站（--publish-key）；核验时遇到，说明网站不是由发布人签署的，不要采信。",
        "build again with the key of a publisher in the roster (--publish-key); when verifying, the site was not signed by a publisher: do not trust it"),
    (&[Reason::ReportStale],
        "审签仍然有效；需要时请校对人看过新的校对结果后重新签署（--report）。",
        "the approval stands; the proofreader may sign again after a look at the new report (--report)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_one_answer() {
        for reason in Reason::ALL {
            let rows = ADVICE.iter().filter(|(reasons, ..)| reasons.contains(reason)).count();
            assert_eq!(rows, 1, "{reason}");
        }
    }
}
