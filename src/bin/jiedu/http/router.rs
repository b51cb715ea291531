//! What a path means.

use hyper::Method;

/// Routes in order; the first that fits answers.
///
/// A pattern is a path whose parts may be `{}` (any one part) and, at its end,
/// `{*}` (all that is left). Paths are compared as they were sent, without
/// query: whoever takes a part decodes it.
#[derive(Debug)]
pub(crate) struct Router<T> {
    routes: Vec<(Method, &'static str, T)>,
}

/// What was found for a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route<'r, 'p, T> {
    /// The route, and what stood in the place of its `{}`.
    Found(&'r T, Vec<&'p str>),
    /// The path is known under other methods.
    OtherMethod,
    /// Nothing has that path.
    Unknown,
}

impl<T> Router<T> {
    /// No routes yet.
    pub(crate) fn new() -> Self {
        Self { routes: Vec::new() }
    }

    /// Adds a route. `HEAD` is answered where `GET` is.
    pub(crate) fn on(mut self, method: Method, pattern: &'static str, target: T) -> Self {
        self.routes.push((method, pattern, target));
        self
    }

    /// Finds the route of a path.
    pub(crate) fn find<'p>(&self, method: &Method, path: &'p str) -> Route<'_, 'p, T> {
        let wanted = if *method == Method::HEAD { &Method::GET } else { method };
        let mut known = false;
        for (of, pattern, target) in &self.routes {
            let Some(parts) = fit(pattern, path) else { continue };
            if of == wanted {
                return Route::Found(target, parts);
            }
            known = true;
        }
        if known { Route::OtherMethod } else { Route::Unknown }
    }
}

/// The parts of a path that a pattern leaves open, when it fits.
fn fit<'p>(pattern: &str, path: &'p str) -> Option<Vec<&'p str>> {
    let mut found = Vec::new();
    let (mut pattern, mut path) = (pattern.strip_prefix('/')?, path.strip_prefix('/')?);
    loop {
        if pattern == "{*}" {
            found.push(path);
            return Some(found);
        }
        let (head, more) = split(pattern);
        let (part, rest) = split(path);
        match head {
            "{}" if !part.is_empty() => found.push(part),
            _ if head == part => {}
            _ => return None,
        }
        match (more, rest) {
            (None, None) => return Some(found),
            (Some(more), Some(rest)) => (pattern, path) = (more, rest),
            _ => return None,
        }
    }
}

fn split(path: &str) -> (&str, Option<&str>) {
    path.split_once('/').map_or((path, None), |(part, rest)| (part, Some(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_pattern_that_fits_answers() {
        let router = Router::new()
            .on(Method::GET, "/__jiedu/build", "build")
            .on(Method::GET, "/sets/{}/{}/edit", "edit")
            .on(Method::POST, "/session", "session")
            .on(Method::GET, "/{*}", "page");
        let found = |method: Method, path: &'static str| match router.find(&method, path) {
            Route::Found(name, parts) => format!("{name} {parts:?}"),
            other => format!("{other:?}"),
        };
        assert_eq!(found(Method::GET, "/__jiedu/build"), "build []");
        assert_eq!(found(Method::HEAD, "/sets/2025/a/edit"), "edit [\"2025\", \"a\"]");
        assert_eq!(found(Method::GET, "/sets/2025//edit"), "page [\"sets/2025//edit\"]");
        assert_eq!(found(Method::GET, "/"), "page [\"\"]");
        assert_eq!(found(Method::GET, "/a/b/"), "page [\"a/b/\"]");
        assert_eq!(found(Method::POST, "/session"), "session []");
        assert_eq!(found(Method::POST, "/other"), "OtherMethod");
        assert_eq!(found(Method::GET, "no-slash"), "Unknown");
    }
}
