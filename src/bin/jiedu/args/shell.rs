//! Options of the commands for shells and manuals.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// 哪种命令行 · Which shell
    #[arg(value_enum)]
    pub(crate) shell: ShellArg,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ShellArg {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Elvish,
}

impl From<ShellArg> for clap_complete::Shell {
    fn from(shell: ShellArg) -> Self {
        match shell {
            ShellArg::Bash => Self::Bash,
            ShellArg::Zsh => Self::Zsh,
            ShellArg::Fish => Self::Fish,
            ShellArg::PowerShell => Self::PowerShell,
            ShellArg::Elvish => Self::Elvish,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// 写到哪个文件夹，不写则只输出总的一页 · Where all pages go [default: the first page to standard output]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
