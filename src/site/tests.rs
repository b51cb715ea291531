//! The plan of a site: routes, lists, links and what must not be in it.
