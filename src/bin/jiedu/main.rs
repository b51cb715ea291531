//! The program: parse, one match on the command, one table of exit codes.
//!
//! The binary never renders or decides; it turns what was typed into calls of
//! the library and what comes back into text.

mod args;
mod commands;
mod engine;
mod exit;
#[cfg(feature = "serve")]
mod http;
mod lsp;
#[cfg(feature = "serve")]
mod preview;
mod ui;

use std::process::ExitCode;

use args::{Cli, Command};
use exit::Exit;
use ui::{Failure, Ui};

/// A build makes and drops millions of small texts in several threads: this
/// allocator saves a sixth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Deeply nested Markdown is walked recursively by the parser; this is room
/// enough for the nesting limit of the Markdown room.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let cli = match args::parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let ui = Ui::new(&cli);
    // A panic must not end in 101: the caller could take it for a finding.
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || run(&cli, ui));
    let outcome = worker.map(std::thread::JoinHandle::join);
    match outcome {
        Ok(Ok(Ok(exit))) => exit.into(),
        Ok(Ok(Err(failure))) => {
            ui.failure(&failure);
            failure.exit.into()
        }
        Ok(Err(_)) | Err(_) => {
            ui.failure(
                &Failure::usage("程序内部出错，未写出任何结果", "internal fault, nothing was written").hint(
                    "请把上面的信息和所用命令报告给维护者",
                    "please report the text above with the command",
                ),
            );
            Exit::Usage.into()
        }
    }
}

fn run(cli: &Cli, ui: Ui) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Demo(args) => commands::demo::run(ui, args),
        Command::Init(args) => commands::init::run(ui, args),
        Command::Import(args) => commands::import::run(cli, ui, args),
        Command::Migrate(args) => commands::migrate::run(cli, ui, args),
        Command::Attach(args) => commands::import::run_attach(cli, ui, args),
        Command::New(args) => commands::new::run(cli, ui, args),
        Command::Submit(args) => commands::sign::run_submit(cli, ui, args),
        Command::Approve(args) => commands::sign::run_approve(cli, ui, args),
        Command::Sync(args) => commands::sync::run(cli, ui, args),
        Command::Cards(args) => commands::cards::run(cli, ui, args),
        Command::Catalogue(args) => commands::catalogue::run(cli, ui, args),
        Command::Requests(args) => commands::requests::run(cli, ui, args),
        Command::Completions(args) => commands::completions::completions(ui, args),
        Command::Man(args) => commands::completions::man(ui, args),
        Command::Due(args) => commands::due::run(cli, ui, args),
        Command::Status(args) => commands::status::run(cli, ui, args),
        Command::Collect(args) => commands::collect::run(cli, ui, args),
        Command::Withdraw(args) => commands::sign::run_withdraw(cli, ui, args),
        Command::Key(args) => commands::key::run(cli, ui, args),
        Command::Patrol(args) => commands::patrol::run(cli, ui, args),
        Command::Report(args) => commands::report::run(cli, ui, args),
        Command::Proof(args) => commands::proof::run(cli, ui, args),
        Command::Roster(args) => commands::roster::run(cli, ui, args),
        Command::Check(args) => commands::check::run(cli, ui, args),
        Command::Train(args) => commands::train::run(ui, args),
        Command::Fix(args) => commands::fix::run(cli, ui, args),
        Command::Explain(args) => commands::explain::run(ui, args),
        Command::Digest(args) => commands::digest::run(cli, ui, args),
        Command::Outline(args) => commands::outline::run(ui, args),
        Command::Compare(args) => commands::compare::run(ui, args),
        Command::Diff(args) => commands::editions::diff(cli, ui, args),
        Command::Log(args) => commands::editions::log(cli, ui, args),
        Command::Build(args) => commands::build::run(cli, ui, args),
        Command::Export(args) => commands::export::run(cli, ui, args),
        Command::Join(args) => commands::join::run(cli, ui, args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => commands::serve::run(cli, ui, args),
        Command::Lsp(_) => lsp::run(ui),
        Command::Engine => engine::serve(),
        Command::EngineTest(args) => engine::test(ui, args),
        Command::Verify(args) => commands::verify::run(cli, ui, args),
    }
}
