//! Who is let in.
//!
//! A server on the loopback address is reached by every page that a browser of
//! this machine shows: by a form that posts here, by a name of the web that is
//! pointed at 127.0.0.1 (DNS rebinding), by a frame or an image. The rules are
//! those of the Fetch standard's request headers and of exact host names.

use hyper::header::{HOST, HeaderMap};
use hyper::http::request::Parts;
use hyper::{Method, Version};

use super::Reply;

/// Decides whether a request may be answered.
///
/// # Errors
/// The answer for a request that may not.
pub(super) fn admit(parts: &Parts, port: u16, methods: &[Method]) -> Result<(), Reply> {
    if !is_addressed(parts, port) {
        return Err(Reply::text(403, "only for this machine: http://127.0.0.1"));
    }
    if !methods.contains(&parts.method) {
        let mut reply = Reply::text(405, "this method is not offered");
        let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
        reply.headers.push(("allow", names.join(", ")));
        return Err(reply);
    }
    if is_from_elsewhere(&parts.headers, &parts.method) {
        return Err(Reply::text(403, "not for other sites"));
    }
    Ok(())
}

/// Whether the request names this server, once and exactly.
fn is_addressed(parts: &Parts, port: u16) -> bool {
    let mut hosts = parts.headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let known = matches!(parts.version, Version::HTTP_10 | Version::HTTP_11);
    let named = |name: &str| is_own_name(name, port);
    // The target may name a host too (`GET http://host/ HTTP/1.1`).
    let target = parts.uri.authority().is_none_or(|authority| named(authority.as_str()));
    known && target && host.to_str().is_ok_and(named)
}

/// `name:port` of this machine; the port may be left out where it is HTTP's own.
fn is_own_name(host: &str, port: u16) -> bool {
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| {
        host.strip_prefix(name)
            .is_some_and(|rest| rest == format!(":{port}") || rest.is_empty() && port == 80)
    })
}

/// Whether the browser says that another site asks. A person who follows a link
/// to this address may come from anywhere: nothing of the answer gets back.
fn is_from_elsewhere(headers: &HeaderMap, method: &Method) -> bool {
    let says = |name: &str, value: &str| {
        let mut all = headers.get_all(name).iter();
        all.any(|found| found.to_str().is_ok_and(|found| found.trim().eq_ignore_ascii_case(value)))
    };
    let elsewhere = says("sec-fetch-site", "cross-site") || says("sec-fetch-site", "same-site");
    let follows_link =
        *method == Method::GET && says("sec-fetch-mode", "navigate") && says("sec-fetch-dest", "document");
    elsewhere && !follows_link
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(uri: &str, method: Method, headers: &[(&str, &str)]) -> u16 {
        let mut request = hyper::Request::builder().uri(uri).method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let parts = request.body(()).unwrap().into_parts().0;
        admit(&parts, 4000, &[Method::GET, Method::HEAD]).map_or_else(|reply| reply.status, |()| 200)
    }

    #[test]
    fn only_exact_names_of_this_machine_are_answered() {
        for host in ["127.0.0.1:4000", "localhost:4000", "[::1]:4000"] {
            assert_eq!(status("/a", Method::GET, &[("host", host)]), 200, "{host}");
            assert_eq!(status(&format!("http://{host}/a"), Method::HEAD, &[("host", host)]), 200, "{host}");
        }
        for host in [
            "127.0.0.1",
            "127.0.0.1:4001",
            "127.0.0.1:4000@evil",
            "a@127.0.0.1:4000",
            "evil.example",
            "127.0.0.1.evil.example:4000",
            "localhost:04000",
            "LOCALHOST:4000x",
            "",
            "127.0.0.1:4000, x",
        ] {
            assert_eq!(status("/a", Method::GET, &[("host", host)]), 403, "{host}");
        }
        assert_eq!(status("/a", Method::GET, &[]), 403);
        let twice = [("host", "127.0.0.1:4000"), ("host", "127.0.0.1:4000")];
        assert_eq!(status("/a", Method::GET, &twice), 403);
        assert_eq!(status("http://evil.example/a", Method::GET, &twice[..1]), 403);
    }

    #[test]
    fn methods_and_other_sites_are_refused() {
        let own = ("host", "localhost:4000");
        for method in
            [Method::POST, Method::PUT, Method::DELETE, Method::TRACE, Method::OPTIONS, Method::PATCH]
        {
            assert_eq!(status("/", method, &[own]), 405);
        }
        for site in ["cross-site", "same-site", "Cross-Site"] {
            assert_eq!(status("/", Method::GET, &[own, ("sec-fetch-site", site)]), 403, "{site}");
            let frame =
                [own, ("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
            assert_eq!(status("/", Method::GET, &frame), 403, "{site}");
        }
        for site in ["none", "same-origin"] {
            assert_eq!(status("/", Method::GET, &[own, ("sec-fetch-site", site)]), 200, "{site}");
        }
        let link = [
            own,
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        assert_eq!(status("/", Method::GET, &link), 200);
    }
}
