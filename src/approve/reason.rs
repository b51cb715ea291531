//! Reason codes: why something was refused, each with a stable name.

use jiedu_base::text::Message;

/// Declares the enum and its table, so that no code can lack an explanation.
macro_rules! reasons {
    ($($variant:ident, $code:literal, $rule:literal, $zh:literal, $en:literal;)*) => {
        /// Why a statement, a chain or a roster was refused (`approvals.md` §8).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $(#[doc = $en] $variant,)*
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The kebab-case name.
            #[must_use]
            pub fn rule(self) -> &'static str {
                match self { $(Self::$variant => $rule,)* }
            }

            /// What it means, as a phrase.
            #[must_use]
            pub fn explanation(self) -> Message {
                match self { $(Self::$variant => Message::new($zh, $en),)* }
            }
        }
    };
}

reasons! {
    Ok, "OK", "ok", "有效", "valid";
    StepMissing, "STEP_MISSING", "step-missing", "这一步还没有人签署", "nobody has signed this step yet";
    Unsigned, "UNSIGNED", "unsigned", "声明没有签名", "the statement is not signed";
    KeyUnknown, "KEY_UNKNOWN", "key-unknown", "签名所用的密钥不在声明所指的名册里", "the key is not in the roster that the statement names";
    KeyUse, "KEY_USE", "key-use", "这把密钥不能用于此类声明（名册 use 不含该用途）", "the roster does not allow this key for this kind of statement";
    KeyWeak, "KEY_WEAK", "key-weak", "密钥强度不足", "the key is too weak";
    KeyKindReserved, "KEY_KIND_RESERVED", "key-kind-reserved", "国密密钥（x509-sm2）要用编入国密功能的程序（--features sm2）", "keys of the kind x509-sm2 need a build with the feature sm2";
    KeyShared, "KEY_SHARED", "key-shared", "同一把密钥登记在两个人名下", "one key is listed for two persons";
    KeyExpired, "KEY_EXPIRED", "key-expired", "密钥已过有效期", "the key's period has ended";
    KeyNotYetValid, "KEY_NOT_YET_VALID", "key-not-yet-valid", "密钥尚未生效", "the key's period has not begun";
    KeyRetired, "KEY_RETIRED", "key-retired", "密钥已停用，且该声明不在保留清单里", "the key was retired and the statement is not in the accepted list";
    KeyRevoked, "KEY_REVOKED", "key-revoked", "密钥已因泄露被撤销，该声明未经重新确认", "the key was revoked as compromised and the statement was not re-confirmed";
    SignerMismatch, "SIGNER_MISMATCH", "signer-mismatch", "声明写的签署人不是密钥的主人", "the named signer does not own the key";
    RoleMissing, "ROLE_MISSING", "role-missing", "签署人没有这一步的职责", "the signer does not hold the role for this step";
    RoleEnded, "ROLE_ENDED", "role-ended", "签署人这一步的职责已经结束，且该声明不在保留清单里", "the signer's role has ended and the statement is not in the accepted list";
    SubstituteInvalid, "SUBSTITUTE_INVALID", "substitute-invalid", "代签不在授权期限或范围内", "the substitution does not cover this step at this time";
    AuthorIsReviewer, "AUTHOR_IS_REVIEWER", "author-is-reviewer", "起草人不得签署这一步", "an author may not take this step";
    AuthorUndeclared, "AUTHOR_UNDECLARED", "author-undeclared", "签署人改过本套文本，却没有列为起草人", "the signer changed the text without being declared as an author";
    AuthorUnknown, "AUTHOR_UNKNOWN", "author-unknown", "送审声明里的起草人不在名册里", "an author named by the submission is not in the roster";
    PersonRepeated, "PERSON_REPEATED", "person-repeated", "同一人签署了必须由不同人签署的步骤", "one person took two steps that need different persons";
    StatementTooLarge, "STATEMENT_TOO_LARGE", "statement-too-large", "声明超过 64 KiB", "the statement is larger than 64 KiB";
    CommitNul, "COMMIT_NUL", "commit-nul", "提交含有 NUL 字节", "the commit holds a NUL byte";
    HeaderUnknown, "HEADER_UNKNOWN", "header-unknown", "提交头部有不允许的内容", "the commit has a header that statements may not have";
    EncodingHeader, "ENCODING_HEADER", "encoding-header", "提交声明了非 UTF-8 编码", "the commit declares an encoding";
    MessageEncoding, "MESSAGE_ENCODING", "message-encoding", "提交说明不是 UTF-8", "the message is not UTF-8";
    SigMultiple, "SIG_MULTIPLE", "sig-multiple", "不止一个签名", "there is more than one signature";
    SigMalformed, "SIG_MALFORMED", "sig-malformed", "签名格式有误", "the signature is malformed";
    SigNamespace, "SIG_NAMESPACE", "sig-namespace", "签名用途（namespace）不是 git", "the signature was made for another purpose (namespace)";
    SigAlgorithm, "SIG_ALGORITHM", "sig-algorithm", "签名算法不被接受", "the signature algorithm is not accepted";
    SigBad, "SIG_BAD", "sig-bad", "签名与内容不符", "the signature does not match the content";
    SkNoTouch, "SK_NO_TOUCH", "sk-no-touch", "签名时没有触碰硬件密钥", "the hardware key was not touched";
    NotAStatement, "NOT_A_STATEMENT", "not-a-statement", "看似审签声明，但不是（尾注不在最后一段）", "looks like a statement but is none: the trailers are not the last paragraph";
    TrailerMalformed, "TRAILER_MALFORMED", "trailer-malformed", "审签尾注写法有误", "the trailers are malformed";
    TrailerUnknown, "TRAILER_UNKNOWN", "trailer-unknown", "审签尾注里有不认识的行", "the trailers hold a line that does not belong there";
    TrailerDuplicate, "TRAILER_DUPLICATE", "trailer-duplicate", "审签尾注里同一项出现两次", "a trailer appears twice";
    SiteMismatch, "SITE_MISMATCH", "site-mismatch", "声明属于另一个网站", "the statement belongs to another site";
    SetMismatch, "SET_MISMATCH", "set-mismatch", "声明属于另一套文本", "the statement belongs to another set";
    IdentMismatch, "IDENT_MISMATCH", "ident-mismatch", "作者行与提交者行不一致（可能是变基、拣选或修补造成）", "author and committer differ (rebase, cherry-pick or amend)";
    StatementIsMerge, "STATEMENT_IS_MERGE", "statement-is-merge", "声明是合并提交", "the statement is a merge";
    StatementNotEmpty, "STATEMENT_NOT_EMPTY", "statement-not-empty", "声明提交同时改动了文件", "the statement also changes files";
    TreeDisagrees, "TREE_DISAGREES", "tree-disagrees", "声明的摘要与它所在版本的文本不符", "the digest contradicts the text the statement stands on";
    RosterUnknown, "ROSTER_UNKNOWN", "roster-unknown", "声明所指的名册版本不存在", "the statement names a roster that never was valid";
    RevisionMismatch, "REVISION_MISMATCH", "revision-mismatch", "轮次不对", "the revision does not fit";
    RevisionSuperseded, "REVISION_SUPERSEDED", "revision-superseded", "更高轮次已经批准，旧轮次不能用于当前文本", "a higher revision was approved since";
    DigestMismatch, "DIGEST_MISMATCH", "digest-mismatch", "声明针对的是另一个版本的文本", "the statement is about other bytes of this set";
    OrderBroken, "ORDER_BROKEN", "order-broken", "声明没有接在前一步之后", "the statement does not follow the step before it";
    Rejected, "REJECTED", "rejected", "这一轮已被退回", "this round was rejected";
    Retracted, "RETRACTED", "retracted", "签署人撤回了这一步", "the signer retracted this step";
    Withdrawn, "WITHDRAWN", "withdrawn", "本套文本已撤下", "the set was withdrawn";
    WithdrawalPending, "WITHDRAWAL_PENDING", "withdrawal-pending", "撤下还缺一人签署，文件仍在网站上", "the withdrawal lacks a second person; the text is still on the site";
    TimeImplausible, "TIME_IMPLAUSIBLE", "time-implausible", "声明所称的时间不可信", "the claimed time is not plausible";
    EvidenceId, "EVIDENCE_ID", "evidence-id", "证据文件名与内容不符", "the evidence file's name does not match its content";
    RosterThreshold, "ROSTER_THRESHOLD", "roster-threshold", "名册变更的同意人数不足", "too few roots agreed to the roster";
    RosterPending, "ROSTER_PENDING", "roster-pending", "名册新版还没有签齐，上一版仍然有效", "the newest roster still lacks signatures; the version before stays in force";
    RosterSequence, "ROSTER_SEQUENCE", "roster-sequence", "名册版本号不连续", "the roster versions are not consecutive";
    RosterRollback, "ROSTER_ROLLBACK", "roster-rollback", "名册比信任锚记录的旧", "the roster is older than the trust anchor remembers";
    RosterFork, "ROSTER_FORK", "roster-fork", "名册与信任锚记录的不是同一份", "the roster is not the one the trust anchor remembers";
    RosterDigest, "ROSTER_DIGEST", "roster-digest", "名册摘要对不上", "a digest of the roster does not match";
    RosterSchema, "ROSTER_SCHEMA", "roster-schema", "名册内容不合规定", "the roster breaks its schema";
    RosterRevocationDropped, "ROSTER_REVOCATION_DROPPED", "roster-revocation-dropped", "名册删掉了以前的撤销记录", "the roster drops an earlier revocation";
    Unanchored, "UNANCHORED", "unanchored", "没有给出信任锚", "no trust anchor was given";
    ThemeUnapproved, "THEME_UNAPPROVED", "theme-unapproved", "网站设置与版式（site）未经审签", "the site-wide files (set `site`) are not approved";
    PublisherInvalid, "PUBLISHER_INVALID", "publisher-invalid", "发布签名无效", "the publisher's signature is not valid";
    ReportStale, "REPORT_STALE", "report-stale", "校对报告无法重现", "the proofreading report cannot be reproduced";
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_rules_follow_them() {
        let codes: std::collections::BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            assert_eq!(reason.rule(), reason.code().to_lowercase().replace('_', "-"));
        }
    }
}
