//! The preview server: pages from memory, rebuilt when a file changes.
//!
//! Serves on the loopback address only. The page asks for the build's number
//! once a second and reloads itself when it has changed; nothing of that is
//! part of a built site.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use notify::Watcher as _;
use tiny_http::{Header, Request, Response, Server};

use crate::ui::{Failure, Ui};

/// A built site in memory.
pub(crate) type Pages = BTreeMap<String, Arc<[u8]>>;

const RELOAD_PATH: &str = "__jiedu/reload.js";
const BUILD_PATH: &str = "__jiedu/build";
const RELOAD_SCRIPT: &str = "'use strict';\nlet seen;\nsetInterval(async () => {\n  try {\n    const build = await (await fetch('/__jiedu/build', { cache: 'no-store' })).text();\n    if (seen && seen !== build) location.reload();\n    seen = build;\n  } catch { /* the server is restarting */ }\n}, 1000);\n";

struct Shared {
    pages: RwLock<Pages>,
    build: AtomicU64,
}

impl Shared {
    fn replace(&self, pages: Pages) {
        *self.pages.write().unwrap_or_else(PoisonError::into_inner) = pages;
        self.build.fetch_add(1, Ordering::SeqCst);
    }
}

/// Builds, serves, and rebuilds after every change below `root`; returns only
/// on failure to start.
pub(crate) fn serve<B>(ui: Ui, root: &Path, port: u16, build: B) -> Result<(), Failure>
where
    B: Fn() -> Result<Pages, Failure> + Send + 'static,
{
    let shared = Arc::new(Shared { pages: RwLock::new(build()?), build: AtomicU64::new(1) });
    let server = Server::http(("127.0.0.1", port)).map_err(|error| {
        Failure::usage(
            format!("端口 {port} 打不开：{error}"),
            format!("cannot listen on port {port}: {error}"),
        )
        .hint(
            "换一个端口，如 --port 8080，或用 --port 0 自动选择",
            "choose another port: --port 8080, or --port 0",
        )
    })?;
    let address = server.server_addr().to_ip().map_or_else(String::new, |address| address.to_string());
    ui.say(
        format!("预览地址：http://{address}/　按 Ctrl+C 结束；保存文件后页面自动刷新"),
        format!("preview: http://{address}/  Ctrl+C ends it; pages reload when files change"),
    );
    let watched = Arc::clone(&shared);
    let root = root.to_owned();
    std::thread::spawn(move || watch(ui, &root, &watched, &build));
    for request in server.incoming_requests() {
        answer(request, &shared);
    }
    Ok(())
}

/// Rebuilds after changes; a burst of events counts as one change.
fn watch<B: Fn() -> Result<Pages, Failure>>(ui: Ui, root: &Path, shared: &Shared, build: &B) {
    let (sender, receiver) = channel();
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            // The receiver outlives the watcher; a failed send means shutdown.
            let _ = sender.send(());
        }
    });
    let started = watcher
        .and_then(|mut watcher| watcher.watch(root, notify::RecursiveMode::Recursive).map(|()| watcher));
    let Ok(_watcher) = started else {
        ui.say(
            "无法监视文件变化，改动后请重新运行 serve",
            "cannot watch files; run serve again after changes",
        );
        return;
    };
    while receiver.recv().is_ok() {
        while !matches!(
            receiver.recv_timeout(Duration::from_millis(200)),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected)
        ) {}
        match build() {
            Ok(pages) => {
                shared.replace(pages);
                ui.say("已更新预览", "preview updated");
            }
            // The last good build stays up.
            Err(failure) => ui.failure(&failure),
        }
    }
}

fn answer(request: Request, shared: &Shared) {
    let (status, kind, body) = respond(request.url(), shared);
    let mut response =
        Response::new(status.into(), Vec::new(), Cursor::new(body.clone()), Some(body.len()), None);
    for (name, value) in
        [("Content-Type", kind), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
    {
        if let Ok(header) = Header::from_bytes(name.as_bytes(), value.as_bytes()) {
            response.add_header(header);
        }
    }
    // A reader who went away is no fault.
    let _ = request.respond(response);
}

/// Status, media type and bytes for an address.
fn respond(url: &str, shared: &Shared) -> (u16, &'static str, Vec<u8>) {
    let path = url.split(['?', '#']).next().unwrap_or("").trim_start_matches('/');
    if path == RELOAD_PATH {
        return (200, media_type(path), RELOAD_SCRIPT.as_bytes().to_vec());
    }
    if path == BUILD_PATH {
        return (200, "text/plain", shared.build.load(Ordering::SeqCst).to_string().into_bytes());
    }
    let path = decode(path);
    let pages = shared.pages.read().unwrap_or_else(PoisonError::into_inner);
    let index = if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        format!("{path}/index.html")
    };
    match pages.get_key_value(path.as_str()).or_else(|| pages.get_key_value(index.as_str())) {
        Some((name, bytes)) => (200, media_type(name), with_reload(name, bytes)),
        None => (
            404,
            "text/html; charset=utf-8",
            pages.get("404.html").map_or_else(Vec::new, |page| with_reload("404.html", page)),
        ),
    }
}

/// Adds the reload script to a page.
fn with_reload(name: &str, bytes: &[u8]) -> Vec<u8> {
    if media_type(name) != media_type("x.html") {
        return bytes.to_vec();
    }
    let page = String::from_utf8_lossy(bytes);
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
        let page: Arc<[u8]> = b"<body>x</body>".as_slice().into();
        let pages = Pages::from([("a/index.html".to_owned(), page)]);
        let shared = Shared { pages: RwLock::new(pages), build: AtomicU64::new(7) };
        for url in ["/a", "/a/", "/%61/?q=1"] {
            let (status, _, body) = respond(url, &shared);
            assert_eq!(
                (status, String::from_utf8(body).unwrap().contains("reload.js")),
                (200, true),
                "{url}"
            );
        }
        assert_eq!(respond("/missing", &shared).0, 404);
        assert_eq!(respond("/__jiedu/build", &shared).2, b"7");
        assert_eq!(decode("%e6%94%bf%2"), "政%2");
    }
}
