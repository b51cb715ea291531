//! `jiedu compare`: two versions of one text, as files.

use jiedu::redline::{self, Pair, terminal};
use jiedu::render::compare_page;
use jiedu::theme::Theme;
use serde::Serialize;

use super::texts::document;
use crate::args::{CompareArgs, CompareFormat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

#[derive(Serialize)]
struct Compared {
    schema: &'static str,
    pairs: Vec<Pair>,
}

pub(crate) fn run(ui: Ui, args: &CompareArgs) -> Result<Exit, Failure> {
    let (old, new) = (document(ui, &args.old)?, document(ui, &args.new)?);
    let redline = redline::compare(&old, &new);
    match args.format {
        CompareFormat::Human => {
            if redline.is_empty() {
                output(ui.pick("两个文本没有差别\n", "the two texts do not differ\n"))?;
            }
            let options = terminal::Options { color: ui.color, lang: ui.lang, context: 1 };
            output(&terminal::render(&redline, options))?;
        }
        CompareFormat::Json => {
            let compared = Compared { schema: "jiedu.compare/1", pairs: redline::pairs(&redline) };
            let text = serde_json::to_string_pretty(&compared).map_err(|error| {
                Failure::usage(format!("写不出结果：{error}"), format!("cannot write the result: {error}"))
            })?;
            output(&format!("{text}\n"))?;
        }
        CompareFormat::Html => output(&page(&redline, args)?)?,
    }
    Ok(Exit::Clean)
}

fn page(redline: &redline::Redline, args: &CompareArgs) -> Result<String, Failure> {
    let name = |path: &std::path::Path| {
        path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    };
    let names = (name(&args.old), name(&args.new));
    let fault = |error: String| {
        Failure::usage(format!("排不出页面：{error}"), format!("cannot lay out the page: {error}"))
    };
    let theme = Theme::built_in().map_err(|error| fault(error.to_string()))?;
    let title = format!("{}与{}的差别", names.0, names.1);
    compare_page(&theme, redline, &title, (&names.0, &names.1)).map_err(|error| fault(error.to_string()))
}
