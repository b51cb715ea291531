//! `jiedu completions` and `jiedu man`: what shells and manuals want to know.

use clap_complete::Shell;

use crate::args::{CompletionsArgs, LangArg, ManArgs, command};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

/// The script that a shell loads to complete command lines.
pub(crate) fn completions(ui: Ui, args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(Shell::from(args.shell), &mut command(language(ui)), "jiedu", &mut script);
    output(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}

/// Manual pages: one on standard output, or all of them in a folder.
pub(crate) fn man(ui: Ui, args: &ManArgs) -> Result<Exit, Failure> {
    let command = command(language(ui));
    let Some(folder) = &args.out else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page).map_err(|error| unwritten(&error))?;
        output(&String::from_utf8_lossy(&page))?;
        return Ok(Exit::Clean);
    };
    std::fs::create_dir_all(folder).map_err(|error| unwritten(&error))?;
    clap_mangen::generate_to(command, folder).map_err(|error| unwritten(&error))?;
    let folder = folder.display();
    ui.say(format!("手册页已写到 {folder}"), format!("the manual pages are in {folder}"));
    Ok(Exit::Clean)
}

fn language(ui: Ui) -> LangArg {
    match ui.lang {
        jiedu::text::Lang::Zh => LangArg::Zh,
        jiedu::text::Lang::En => LangArg::En,
    }
}

fn unwritten(error: &std::io::Error) -> Failure {
    Failure::usage(format!("写不出手册页：{error}"), format!("cannot write the manual pages: {error}"))
}
