//! What `explain` prints about external proofreaders.

use jiedu_base::finding::{Rule, Severity};

/// All pages.
pub(super) static PAGES: [Rule; 5] = [
    Rule {
        code: "E101",
        name: "engine-finding",
        category: "external",
        severity: Severity::Hint,
        what: ("外部校对提出的问题", "a finding of an external proofreader"),
        why: (
            "由 --engine 指定的外部校对程序提出，仅供校对人参考：最高为警告，不影响发布，改法不会自动采用。确需保留时，在该段之前加 <!-- 校对:忽略 engine-finding 理由 -->。",
            "Found by the program named with --engine. At most a warning; it never blocks, and its suggestion is never applied by itself. To keep the text put <!-- proof:ignore engine-finding reason --> before the block.",
        ),
        bad: "",
        good: "",
        except: ("", ""),
    },
    Rule {
        code: "E901",
        name: "engine-failed",
        category: "external",
        severity: Severity::Warning,
        what: ("外部校对没有完成", "an external proofreader did not finish"),
        why: (
            "没有校对不等于没有问题。请检查校对程序的设置，用 jiedu engine-test 测试，再重新检查。",
            "What was not read has not passed. Look at the settings, try `jiedu engine-test`, and check again.",
        ),
        bad: "",
        good: "",
        except: ("", ""),
    },
    Rule {
        code: "E902",
        name: "engine-finding-dropped",
        category: "external",
        severity: Severity::Hint,
        what: ("外部校对的部分结果未采用", "findings of an external proofreader were dropped"),
        why: (
            "range：位置超出文本或落在字符中间；quote：引文与原文不符；empty：没有说明或没有范围；masked：涉及已遮盖的个人信息；surplus：超过条数上限。",
            "range: outside of the text or inside a character; quote: not the words that stand there; empty: no message or range; masked: over masked personal data; surplus: more than allowed.",
        ),
        bad: "",
        good: "",
        except: ("", ""),
    },
    Rule {
        code: "E903",
        name: "engine-not-sent",
        category: "external",
        severity: Severity::Hint,
        what: ("文稿没有送外部校对", "a text was not sent to external proofreaders"),
        why: (
            "公开方式不是主动公开、公开方式读不出来、有密级标志或个人信息过多的文稿，不离开本机。",
            "A text that is not for the public, whose disclosure cannot be read, that bears a marking of secrecy or holds too much personal data does not leave the machine.",
        ),
        bad: "",
        good: "",
        except: ("", ""),
    },
    Rule {
        code: "E904",
        name: "engine-declined",
        category: "external",
        severity: Severity::Hint,
        what: ("外部校对有几段没有校对", "an external proofreader did not read some segments"),
        why: ("引擎自己说明这些段落没有读。", "The engine itself says that it did not read them."),
        bad: "",
        good: "",
        except: ("", ""),
    },
];
