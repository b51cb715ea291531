//! The preview server: pages are made when they are asked for.
//!
//! Serves on the loopback address only. The page asks for the build's number
//! once a second and reloads itself when it has changed; nothing of that is
//! part of a built site.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use jiedu::pipeline::{Preview, PreviewOptions, Previewer};
use jiedu::render::Shown;
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::commands::judge::Bench;
use crate::http::{Exchange, Limits, Method, Reply, Route, Router, Server};
use crate::ui::{Failure, Ui};

const RELOAD_SCRIPT: &str = "'use strict';\nlet seen;\nsetInterval(async () => {\n  try {\n    const build = await (await fetch('/__jiedu/build', { cache: 'no-store' })).text();\n    if (seen && seen !== build) location.reload();\n    seen = build;\n  } catch { /* the server is restarting */ }\n}, 1000);\n";

/// How long a quiet server waits before it looks for changes.
const TICK: Duration = Duration::from_millis(50);

/// Events closer together than this are one change.
const BURST: Duration = Duration::from_millis(200);

/// A folder in which something always changes is looked at all the same.
const LONGEST_BURST: usize = 50;

/// What is looked at, and how.
pub(crate) struct Desk<'a> {
    pub(crate) bench: &'a Bench,
    pub(crate) drafts: bool,
    /// The folder in which people write.
    pub(crate) root: &'a Path,
    pub(crate) port: u16,
}

impl Desk<'_> {
    /// The site as it stands now; none when nothing changed.
    fn look(&self, previewer: &mut Previewer) -> Result<Option<Preview>, Failure> {
        let options = PreviewOptions {
            revision: self.bench.revision(),
            time: self.bench.time,
            anchor: self.bench.anchor.as_ref(),
            drafts: self.drafts,
        };
        Ok(previewer.look(&self.bench.repository, &options)?)
    }
}

/// Serves the site, and looks again after every change; returns only on failure
/// to start.
pub(crate) fn serve(ui: Ui, desk: &Desk<'_>) -> Result<(), Failure> {
    // Before the first look, so that nothing saved meanwhile is missed.
    let (sender, changes) = channel();
    let _watcher = watch(ui, desk.root, sender);
    let mut previewer = Previewer::default();
    let Some(mut site) = desk.look(&mut previewer)? else { return Ok(()) };
    let server = open(ui, desk.port)?;
    let (mut build, mut good) = (1, None);
    loop {
        let shown = site.show(|pages| {
            if good.take().is_some() {
                ui.say("已更新预览", "preview updated");
            }
            attend(&server, pages, build, &changes, || {
                desk.look(&mut previewer).unwrap_or_else(|failure| {
                    // The last good site stays up.
                    ui.failure(&failure);
                    None
                })
            })
        });
        match shown {
            Ok(next) => {
                good = Some(std::mem::replace(&mut site, next));
                build += 1;
            }
            Err(stop) => {
                let failure = Failure::from(stop);
                let Some(last) = good.take() else { return Err(failure) };
                ui.failure(&failure);
                site = last;
            }
        }
    }
}

/// Tells of every change below a folder, as long as the answer is held.
fn watch(ui: Ui, root: &Path, sender: Sender<()>) -> Option<RecommendedWatcher> {
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            // The receiver outlives the watcher; a failed send means shutdown.
            let _ = sender.send(());
        }
    });
    let started =
        watcher.and_then(|mut watcher| watcher.watch(root, RecursiveMode::Recursive).map(|()| watcher));
    if started.is_err() {
        ui.say(
            "无法监视文件变化，改动后请重新运行 serve",
            "cannot watch files; run serve again after changes",
        );
    }
    started.ok()
}

fn open(ui: Ui, port: u16) -> Result<Server, Failure> {
    let server = Server::open(port, Limits::reading()).map_err(|error| {
        Failure::usage(
            format!("端口 {port} 打不开：{error}"),
            format!("cannot listen on port {port}: {error}"),
        )
        .hint(
            "换一个端口，如 --port 8080，或用 --port 0 自动选择",
            "choose another port: --port 8080, or --port 0",
        )
    })?;
    let address = server.address();
    ui.say(
        format!("预览地址：http://{address}/　按 Ctrl+C 结束；保存文件后页面自动刷新"),
        format!("preview: http://{address}/  Ctrl+C ends it; pages reload when files change"),
    );
    Ok(server)
}

/// Answers requests until something changed, and gives the site as it is then.
fn attend(
    server: &Server,
    pages: &Shown<'_>,
    build: u64,
    changes: &Receiver<()>,
    mut look: impl FnMut() -> Option<Preview>,
) -> Preview {
    loop {
        if let Some(exchange) = server.next(TICK) {
            answer(exchange, pages, build);
        }
        if changes.try_recv().is_err() {
            continue;
        }
        let more = std::iter::from_fn(|| changes.recv_timeout(BURST).ok());
        more.take(LONGEST_BURST).for_each(drop);
        if let Some(next) = look() {
            return next;
        }
    }
}

/// What an address of the preview gives.
#[derive(Debug, Clone, Copy)]
enum Target {
    /// The script that reloads pages.
    Reload,
    /// The number of the build.
    Build,
    /// A file of the site.
    Site,
}

fn routes() -> Router<Target> {
    Router::new()
        .on(Method::GET, "/__jiedu/reload.js", Target::Reload)
        .on(Method::GET, "/__jiedu/build", Target::Build)
        .on(Method::GET, "/{*}", Target::Site)
}

fn answer(exchange: Exchange, pages: &Shown<'_>, build: u64) {
    let reply = respond(exchange.method(), exchange.path(), build, &|path| file(pages, path));
    exchange.answer(reply);
}

/// A file of the site; of a page that the theme cannot show, why.
fn file(pages: &Shown<'_>, path: &str) -> Option<Vec<u8>> {
    pages.file(path).unwrap_or_else(|error| {
        let mut why = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            why = format!("{why}: {cause}");
            source = cause.source();
        }
        let why = jiedu::text::escape_html(&why);
        Some(format!("<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body><pre>{why}</pre></body></html>").into_bytes())
    })
}

/// The answer for an address.
fn respond(method: &Method, path: &str, build: u64, file: &dyn Fn(&str) -> Option<Vec<u8>>) -> Reply {
    let router = routes();
    let path = match router.find(method, path) {
        Route::Found(Target::Reload, _) => return Reply::new(200, media_type("x.js"), RELOAD_SCRIPT),
        Route::Found(Target::Build, _) => return Reply::new(200, "text/plain", build.to_string()),
        Route::Found(Target::Site, parts) => decode(&parts.concat()),
        Route::OtherMethod => return Reply::text(405, "this method is not offered"),
        Route::Unknown => return Reply::text(404, "not found"),
    };
    let index = if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        format!("{path}/index.html")
    };
    let found = [path, index].into_iter().find_map(|path| Some((file(&path)?, path)));
    if let Some((bytes, name)) = found {
        Reply::new(200, media_type(&name), with_reload(&name, bytes))
    } else {
        let page = file("404.html").map_or_else(Vec::new, |page| with_reload("404.html", page));
        Reply::new(404, media_type("404.html"), page)
    }
}

/// Adds the reload script to a page.
fn with_reload(name: &str, bytes: Vec<u8>) -> Vec<u8> {
    if media_type(name) != media_type("x.html") {
        return bytes;
    }
    let page = String::from_utf8_lossy(&bytes);
    page.replacen("</body>", "<script src=\"/__jiedu/reload.js\"></script></body>", 1).into_bytes()
}

/// Undoes percent-encoding; bytes that are no UTF-8 become replacement marks
/// and so match no page.
fn decode(path: &str) -> String {
    let mut out = Vec::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        let pair = (byte == b'%').then(|| bytes.clone().take(2).collect::<Vec<_>>());
        // A cut-off escape stands for itself.
        let value = pair
            .filter(|pair| pair.len() == 2)
            .and_then(|pair| u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok());
        match value {
            Some(value) => {
                out.push(value);
                bytes.nth(1);
            }
            None => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json; charset=utf-8",
        Some("xml") => "application/xml; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("txt" | "csv") => "text/plain; charset=utf-8",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_found_by_folder_and_reload_themselves() {
        let file = |path: &str| (path == "a/index.html").then(|| b"<body>x</body>".to_vec());
        for path in ["/a", "/a/", "/%61/"] {
            let reply = respond(&Method::GET, path, 7, &file);
            let text = String::from_utf8(reply.body).unwrap();
            assert_eq!((reply.status, text.contains("reload.js")), (200, true), "{path}");
        }
        assert_eq!(respond(&Method::HEAD, "/missing", 7, &file).status, 404);
        assert_eq!(respond(&Method::GET, "/__jiedu/build", 7, &file).body, b"7");
        assert_eq!(decode("%e6%94%bf%2"), "政%2");
    }
}
