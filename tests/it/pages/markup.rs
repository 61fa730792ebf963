//! Just enough of a reader of HTML to check pages with: opening tags with their attributes, in order.

/// An opening tag.
#[derive(Clone, Debug)]
pub(crate) struct Tag<'p> {
    /// Its name: `form`.
    pub(crate) name: &'p str,
    attributes: Vec<(&'p str, &'p str)>,
}

impl<'p> Tag<'p> {
    /// The value of an attribute as it is written; empty for one without a value.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'p str> {
        self.attributes.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
    }

    /// The names of its attributes.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &'p str> {
        self.attributes.iter().map(|(name, _)| *name)
    }

    /// Whether the keyboard stops here.
    pub(crate) fn takes_focus(&self) -> bool {
        let shown = self.attribute("hidden").is_none() && self.attribute("type") != Some("hidden");
        shown && matches!(self.name, "a" | "button" | "input" | "summary" | "select" | "textarea")
    }
}

/// The opening tags of a page in order. Panics where the page is not well-formed: our own pages quote every value, repeat
/// no attribute and close every tag.
pub(crate) fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for piece in html.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("a tag that ends");
        assert!(!text.contains('>'), "a bare > in {text}");
        if tag.starts_with('!') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "tags are closed in order");
            continue;
        }
        let tag = read(tag.trim_end_matches('/'), tag.ends_with('/'), &mut open);
        tags.push(tag);
    }
    assert!(open.is_empty(), "still open: {open:?}");
    tags
}

/// The part of a page from the tag that starts so to the next one that closes it.
pub(crate) fn within<'p>(html: &'p str, start: &str, end: &str) -> &'p str {
    let from = html.find(start).expect("the start");
    let rest = &html[from..];
    &rest[..rest.find(end).expect("the end") + end.len()]
}

fn read<'p>(tag: &'p str, closed: bool, open: &mut Vec<&'p str>) -> Tag<'p> {
    let (name, mut rest) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
    if !closed && !matches!(name, "meta" | "link" | "img" | "input" | "br") {
        open.push(name);
    }
    let mut attributes: Vec<(&str, &str)> = Vec::new();
    while !rest.trim_start().is_empty() {
        rest = rest.trim_start();
        let end = rest.find(['=', ' ', '\n']).unwrap_or(rest.len());
        let (attribute, after) = rest.split_at(end);
        let value = after.strip_prefix("=\"").map(|after| after.split_once('"').expect("a closing quote"));
        assert!(value.is_some() || !after.starts_with('='), "an unquoted value in {tag}");
        assert!(attributes.iter().all(|(other, _)| *other != attribute), "{attribute} twice in {tag}");
        attributes.push((attribute, value.map_or("", |(value, _)| value)));
        rest = value.map_or(after, |(_, after)| after);
    }
    Tag { name, attributes }
}
