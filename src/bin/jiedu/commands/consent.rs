//! Whether the person who signs has seen what is signed.
//!
//! The check code is on the proof sheet and on the screen of everybody else who
//! looks at the same text: typing it (`--code`) says that it was compared.
//! `--yes` is for those who decided already; on a terminal there is a question,
//! and without a terminal nothing is signed that nobody agreed to.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use jiedu::name::Digest;

use crate::args::ConsentArgs;
use crate::exit::Exit;
use crate::ui::{Failure, Ui};

/// Hexadecimal digits of a whole check code.
const DIGITS: usize = 32;

/// How consent will be had.
pub(super) struct Consent {
    ui: Ui,
    /// The check code as typed, without blanks, in lower case.
    code: Option<String>,
    is_given: bool,
}

impl Consent {
    /// Looks at what was typed, before anything else is done.
    pub(super) fn of(ui: Ui, args: &ConsentArgs, subjects: usize, print: bool) -> Result<Self, Failure> {
        let code = args.code.as_deref().map(whole_code).transpose()?;
        if code.is_some() && subjects > 1 {
            return Err(Failure::usage(
                "--code 一次只能签一集：每一集有自己的核对码",
                "--code is for one set at a time: every set has a code of its own",
            ));
        }
        let is_given = args.yes || print;
        if !is_given && code.is_none() && !is_terminal() {
            return Err(Failure::usage(
                "不在终端里运行，没有人可以确认，所以不签名",
                "this is no terminal: nobody can agree, so nothing is signed",
            )
            .hint(
                "核对校样后加 --code 核对码；已经决定的，加 --yes；只看要签的文字，加 --print",
                "give --code CODE after a look at the proof sheet, --yes if it is decided, or --print for the text only",
            ));
        }
        Ok(Self { ui, code, is_given })
    }

    /// Only a terminal is asked (`submit`).
    pub(super) fn on_terminal(ui: Ui, is_given: bool) -> Self {
        Self { ui, code: None, is_given: is_given || !is_terminal() }
    }

    /// Asks for consent to sign these texts, which were shown.
    pub(super) fn ask(&self, digests: &[Digest], act: (&str, &str)) -> Result<(), Failure> {
        if let Some(code) = &self.code {
            let is_same = |digest: &Digest| digest.check_code().replace(' ', "") == *code;
            return if digests.iter().all(is_same) { Ok(()) } else { Err(other_text()) };
        }
        if self.is_given {
            return Ok(());
        }
        self.question(digests, act)
    }

    fn question(&self, digests: &[Digest], act: (&str, &str)) -> Result<(), Failure> {
        let failure = |error: std::io::Error| {
            Failure::usage(format!("读不到回答：{error}"), format!("cannot read the answer: {error}"))
        };
        let question = match self.ui.lang {
            jiedu::text::Lang::Zh => format!("{}？核对无误请输入 y 再按回车，不签直接按回车：", act.0),
            jiedu::text::Lang::En => format!("{}? Type y to sign, nothing to leave it: ", act.1),
        };
        let mut err = std::io::stderr().lock();
        write!(err, "{question}").and_then(|()| err.flush()).map_err(failure)?;
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(failure)?;
        let answer = line.trim().to_lowercase();
        let typed: String = answer.split_whitespace().collect();
        let is_code =
            digests.len() == 1 && digests.iter().all(|digest| digest.check_code().replace(' ', "") == typed);
        if is_code || matches!(answer.as_str(), "y" | "yes" | "是" | "签" | "同意") {
            return Ok(());
        }
        Err(Failure { exit: Exit::Usage, ..Failure::usage("没有签名", "nothing was signed") })
    }
}

fn is_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// The code without blanks: all eight groups, or it proves too little.
fn whole_code(text: &str) -> Result<String, Failure> {
    let code: String = text.split_whitespace().collect::<String>().to_lowercase();
    if code.len() == DIGITS && code.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(code);
    }
    Err(Failure::usage(
        format!("--code 要写完整的核对码（八组、每组四位），这里有 {} 位", code.chars().count()),
        format!(
            "--code takes the whole check code (eight groups of four), not {} digits",
            code.chars().count()
        ),
    )
    .hint(
        "照校样或屏幕上的核对码抄写，空格和大小写不限",
        "copy it from the proof sheet; blanks and case do not matter",
    ))
}

fn other_text() -> Failure {
    Failure {
        exit: Exit::Refused,
        code: Some("DIGEST_MISMATCH"),
        ..Failure::usage(
            "核对码与这里的稿件不符：您核对过的不是这份文字，没有签名",
            "the check code is not that of the text here: what you compared is another text; nothing was signed",
        )
    }
    .hint(
        "请先运行 jiedu sync 取得最新稿件，再重新打印校样（jiedu proof）核对",
        "run `jiedu sync` for the newest text, and make the proof sheet again (`jiedu proof`)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_whole_whatever_its_blanks_and_case() {
        let code = Digest::of(b"x").check_code();
        let plain = code.replace(' ', "");
        for typed in [
            code.clone(),
            code.to_uppercase(),
            plain.clone(),
            format!("  {plain}\t"),
            code.replace(' ', "　"),
        ] {
            assert_eq!(whole_code(&typed).unwrap(), plain, "{typed}");
        }
        let cut: String = code.chars().take(34).collect();
        for wrong in [
            String::new(),
            "abcd".to_owned(),
            cut,
            format!("{code} 00"),
            code.replace(' ', "-"),
            "g".repeat(32),
        ] {
            assert!(whole_code(&wrong).is_err(), "{wrong}");
        }
    }
}
