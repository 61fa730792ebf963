//! The OpenAPI document as a page: plain HTML of our own, so that it needs neither script nor network.

use askama::Template;
use serde_json::{Map, Value};

/// The page.
#[derive(Template)]
#[template(path = "admin/reference.html")]
pub(super) struct ReferencePage {
    title: String,
    about: String,
    calls: Vec<Call>,
    shapes: Vec<Shape>,
}

struct Call {
    id: String,
    method: String,
    path: String,
    summary: String,
    about: String,
    scope: String,
    parameters: Vec<Member>,
    body: Option<Kind>,
    answer: Kind,
    example: String,
}

/// A thing with members, that others refer to.
struct Shape {
    name: String,
    about: String,
    members: Vec<Member>,
}

struct Member {
    name: String,
    kind: Kind,
    about: String,
    needed: bool,
}

/// What a value is, and the shape that says more of it.
struct Kind {
    text: String,
    shape: Option<String>,
}

const JSON_SCHEMA: &str = "/content/application~1json/schema";

impl ReferencePage {
    /// Of this document.
    pub(super) fn of(document: &Value) -> Self {
        let paths = members(document, "/paths");
        let calls =
            paths.flat_map(|(path, item)| members(item, "").map(move |(method, call)| Call::of(path, method, call)));
        Self {
            title: text(document, "/info/title"),
            about: text(document, "/info/description"),
            calls: calls.collect(),
            shapes: members(document, "/components/schemas").map(|(name, schema)| Shape::of(name, schema)).collect(),
        }
    }
}

impl Call {
    fn of(path: &str, method: &str, call: &Value) -> Self {
        let at = |pointer: &str| call.pointer(pointer);
        let body = at(&format!("/requestBody{JSON_SCHEMA}")).map(Kind::of);
        let method = method.to_uppercase();
        Self {
            id: text(call, "/operationId"),
            example: example(&method, path, body.is_some()),
            summary: text(call, "/summary"),
            about: text(call, "/description"),
            scope: text(call, "/security/0/admin_key/0"),
            parameters: items(call, "/parameters").map(parameter).collect(),
            answer: at(&format!("/responses/200{JSON_SCHEMA}")).map_or_else(Kind::nothing, Kind::of),
            path: path.to_owned(),
            method,
            body,
        }
    }
}

fn example(method: &str, path: &str, has_body: bool) -> String {
    let body = if has_body { " --json '{…}'" } else { "" };
    format!("curl --request {method} --header \"Api-Key: $KEY\"{body} \"$HALLPASS{path}\"")
}

fn parameter(parameter: &Value) -> Member {
    Member {
        name: text(parameter, "/name"),
        kind: parameter.get("schema").map_or_else(Kind::nothing, Kind::of),
        about: text(parameter, "/description"),
        needed: parameter.get("required").and_then(Value::as_bool).unwrap_or_default(),
    }
}

impl Shape {
    fn of(name: &str, schema: &Value) -> Self {
        let needed: Vec<&str> = items(schema, "/required").filter_map(Value::as_str).collect();
        let member = |(name, schema): (&String, &Value)| Member {
            kind: Kind::of(schema),
            about: text(schema, "/description"),
            needed: needed.contains(&name.as_str()),
            name: name.clone(),
        };
        let all_of: Vec<String> = items(schema, "/allOf").map(|part| Kind::of(part).text).collect();
        let about = if all_of.is_empty() { text(schema, "/description") } else { all_of.join(", and ") };
        Self { name: name.to_owned(), about, members: members(schema, "/properties").map(member).collect() }
    }
}

impl Kind {
    fn nothing() -> Self {
        Self { text: "nothing".to_owned(), shape: None }
    }

    fn of(schema: &Value) -> Self {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
            return Self { text: name.to_owned(), shape: Some(name.to_owned()) };
        }
        if let Some(one) = schema.get("items") {
            let Self { text, shape } = Self::of(one);
            return Self { text: format!("list of {text}"), shape };
        }
        let either: Vec<Self> = items(schema, "/oneOf").map(Self::of).collect();
        let words = either.iter().map(|kind| kind.text.as_str()).chain(types(schema));
        let text = words.collect::<Vec<_>>().join(" or ");
        let shape = either.iter().find_map(|kind| kind.shape.clone());
        let needs = items(schema, "/required").filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
        match (text.as_str(), needs.as_str()) {
            ("object", needs) if !needs.is_empty() => Self { text: format!("needed: {needs}"), shape },
            _ => Self { text, shape },
        }
    }
}

/// `type` is a word or a list of words.
fn types(schema: &Value) -> impl Iterator<Item = &str> {
    let one = schema.get("type").and_then(Value::as_str);
    one.into_iter().chain(items(schema, "/type").filter_map(Value::as_str))
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn items<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

fn members<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}
