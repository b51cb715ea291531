//! Help and messages of the parser in the language of the user.
//!
//! The comments on commands and options hold both languages (`中文 · English`);
//! of each the right half is shown. What the parser itself says is put into
//! Chinese here: it has no other languages.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory as _, FromArgMatches as _};

use super::{Cli, LangArg};
use crate::ui::{default_lang, note, output};

/// What the parser prints in help texts, and what to say instead.
const WORDS: [(&str, &str); 14] = [
    ("Usage: ", "用法："),
    ("Usage:", "用法："),
    ("Commands:", "命令："),
    ("Options:", "选项："),
    ("Arguments:", "参数："),
    ("[OPTIONS]", "[选项]"),
    ("<COMMAND>", "<命令>"),
    ("[default: ", "[默认："),
    ("[possible values: ", "[可选："),
    ("Possible values:", "可选："),
    ("Print this message or the help of the given subcommand(s)", "显示这份说明，或者某个命令的说明"),
    ("Print help (see more with '--help')", "显示说明"),
    ("Print help", "显示说明"),
    ("Print version", "显示版本"),
];

/// Reads the command line; help, version and faults are answered here.
pub(crate) fn parse() -> Result<Cli, ExitCode> {
    let typed: Vec<OsString> = std::env::args_os().collect();
    let lang = spoken(&typed);
    let matches = command(lang).try_get_matches_from(typed).and_then(|it| Cli::from_arg_matches(&it));
    matches.map_err(|error| answer(&error, lang))
}

/// The commands as they are described in one language.
pub(crate) fn command(lang: LangArg) -> Command {
    localise(Cli::command(), lang)
}

/// The language asked for, before anything is parsed.
fn spoken(typed: &[OsString]) -> LangArg {
    let texts: Vec<&str> = typed.iter().filter_map(|text| text.to_str()).collect();
    let pairs = texts.windows(2).filter_map(|pair| match pair {
        ["--lang", value] => Some(*value),
        _ => None,
    });
    let joined = texts.iter().filter_map(|text| text.strip_prefix("--lang="));
    match pairs.chain(joined).last() {
        Some("en") => LangArg::En,
        Some("zh") => LangArg::Zh,
        _ => default_lang(),
    }
}

fn localise(command: Command, lang: LangArg) -> Command {
    let about = command.get_about().map(|text| half(text, lang));
    let details = command.get_long_about().map(|text| half(text, lang));
    let mut command = command.mut_args(|arg| match arg.get_help().map(|text| half(text, lang)) {
        Some(help) => arg.help(help),
        None => arg,
    });
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(details) = details {
        command = command.long_about(details);
    }
    command.mut_subcommands(|inner| localise(inner, lang))
}

/// The half of a text that is in the language.
fn half(text: &StyledStr, lang: LangArg) -> String {
    let text = text.to_string();
    let Some((zh, en)) = text.split_once('·') else { return text };
    match lang {
        LangArg::Zh => zh.trim().to_owned(),
        LangArg::En => en.trim().to_owned(),
    }
}

/// Prints what the parser has to say and gives the exit code.
fn answer(error: &clap::Error, lang: LangArg) -> ExitCode {
    let code = ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
    let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let is_bare = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if matches!(lang, LangArg::En) {
        // Nobody is left to tell when the stream is closed.
        let _ = error.print();
        return code;
    }
    if is_help || is_bare {
        let text = translated(&error.render().to_string());
        if is_help {
            let _ = output(&text);
        } else {
            note(text.trim_end());
        }
        return code;
    }
    note(&format!("错误：{}", fault(error)));
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        note(&format!("  {}", translated(usage.to_string().trim())));
    }
    note("  办法：加 --help 查看这个命令的说明");
    code
}

fn translated(text: &str) -> String {
    WORDS.iter().fold(text.to_owned(), |text, (en, zh)| text.replace(en, zh))
}

/// What is wrong with the command line, in Chinese.
fn fault(error: &clap::Error) -> String {
    let said = |kind| error.get(kind).map(ContextValue::to_string).unwrap_or_default();
    let (arg, value) = (said(ContextKind::InvalidArg), said(ContextKind::InvalidValue));
    let mut text = match error.kind() {
        ErrorKind::UnknownArgument => format!("不认识“{arg}”"),
        ErrorKind::InvalidSubcommand => {
            format!("没有“{}”这个命令", said(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => "还要写上做什么".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("还缺少：{}", arg.replace(", ", "、")),
        ErrorKind::InvalidValue if value.is_empty() => format!("“{arg}”后面要写值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("“{arg}”不能是“{value}”"),
        ErrorKind::ArgumentConflict => format!("“{arg}”不能与“{}”同时使用", said(ContextKind::PriorArg)),
        ErrorKind::NoEquals => format!("“{arg}”与它的值之间要写 ="),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("“{arg}”的值的个数不对")
        }
        ErrorKind::InvalidUtf8 => "命令里有不是 UTF-8 的文字".to_owned(),
        _ => "命令写得不对".to_owned(),
    };
    let valid = said(ContextKind::ValidValue);
    if !valid.is_empty() {
        text += "；可以是：";
        text += &valid.replace(", ", "、");
    }
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue] {
        let near = said(kind);
        if !near.is_empty() {
            text += "；是不是要写 ";
            text += &near.replace(", ", "、");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(args: &[&str]) -> String {
        let typed = std::iter::once("jiedu").chain(args.iter().copied());
        fault(&command(LangArg::Zh).try_get_matches_from(typed).unwrap_err())
    }

    #[test]
    fn faults_are_told_in_chinese_with_what_was_meant() {
        assert!(
            said(&["statuss"]).contains("没有“statuss”这个命令；是不是要写 status"),
            "{}",
            said(&["statuss"])
        );
        assert!(said(&["status", "--formt", "json"]).contains("--format"));
        assert!(said(&["status", "--format", "xml"]).contains("可以是：human、json"));
        assert!(said(&["approve", "2025/a"]).contains("还缺少"));
        let both = ["approve", "2025/a", "--step", "初审", "--reject", "--retract"];
        assert!(said(&both).contains("不能与"), "{}", said(&both));
    }

    #[test]
    fn help_is_in_one_language() {
        let zh = command(LangArg::Zh).render_long_help().to_string();
        assert!(zh.contains("送审") && !zh.contains("opens a round"), "{zh}");
        let en = command(LangArg::En).render_long_help().to_string();
        assert!(en.contains("opens a round") && !en.contains("拟稿人签名"), "{en}");
    }
}
