//! The site's place on the web, from `base_url`.

/// Where the site is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    url: String,
}

impl Base {
    /// Takes `base_url` with or without its last `/`.
    pub fn new(base_url: &str) -> Self {
        Self { url: base_url.trim_end_matches('/').to_owned() }
    }

    /// The path in the base URL: `/` or `/zc/`.
    pub fn path(&self) -> String {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        match rest.split_once('/') {
            Some((_, path)) => format!("/{path}/"),
            None => "/".to_owned(),
        }
    }

    /// The full address of an address from the site's root.
    pub fn absolute(&self, url: &str) -> String {
        format!("{}/{url}", self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_may_have_a_path() {
        let mounted = Base::new("https://a.gov.cn/zc/");
        assert_eq!(
            (mounted.path().as_str(), mounted.absolute("feed.xml").as_str()),
            ("/zc/", "https://a.gov.cn/zc/feed.xml")
        );
        let plain = Base::new("https://a.gov.cn");
        assert_eq!((plain.path().as_str(), plain.absolute("").as_str()), ("/", "https://a.gov.cn/"));
    }
}
