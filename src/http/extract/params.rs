//! The parameters of a request: query, form or JSON, all become [`Fields`].

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use percent_encoding::percent_decode;
use serde_json::Value;
use tokio::time::timeout;
use url::form_urlencoded;

use crate::http::error::Problem;
use crate::model::Fields;

/// How long a body may take. Whoever sends it drop by drop would hold a connection for nothing.
const PATIENCE: Duration = Duration::from_secs(10);

/// The parameters of the query.
pub(in crate::http) struct Query(pub(in crate::http) Fields);

/// The parameters of the query and of the body, which may be a form or a JSON object, or empty under any content type
/// (`clients.md` 2.6).
pub(in crate::http) struct Body(pub(in crate::http) Fields);

impl FromRequest for Query {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(form(request.query_string().as_bytes()).map(|pairs| Self(Fields::new(pairs))))
    }
}

impl FromRequest for Body {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("application/json"));
        let query = form(request.query_string().as_bytes());
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            let bytes = whole(bytes).await?;
            let body = match bytes.iter().all(u8::is_ascii_whitespace) {
                true => Vec::new(),
                false if is_json => json(&bytes)?,
                false => form(&bytes)?,
            };
            Ok(Self(Fields::new(query?.into_iter().chain(body).collect())))
        })
    }
}

/// A body, once it is all there.
///
/// # Errors
/// When it takes too long, or is too large.
pub(in crate::http) async fn whole(
    bytes: impl Future<Output = Result<Bytes, actix_web::Error>>,
) -> Result<Bytes, Problem> {
    let bytes = timeout(PATIENCE, bytes).await.map_err(|_late| Problem::slow_body())?;
    bytes.map_err(|error| Problem::from_actix(&error))
}

/// `url`'s reader replaces broken UTF-8; what the user is shown would not be what was sent, so it is refused. So is NUL,
/// which means nothing in any parameter and which PostgreSQL cannot store.
fn form(encoded: &[u8]) -> Result<Vec<(String, String)>, Problem> {
    let decoded: Vec<u8> = percent_decode(encoded).collect();
    if decoded.contains(&0) || std::str::from_utf8(&decoded).is_err() {
        return Err(Problem::bad_encoding());
    }
    Ok(form_urlencoded::parse(encoded).into_owned().collect())
}

/// Numbers and booleans count as their text (`C-129`), null as absent.
fn json(body: &[u8]) -> Result<Vec<(String, String)>, Problem> {
    let text = std::str::from_utf8(body).map_err(|_broken| Problem::bad_encoding())?;
    let members: Members = serde_json::from_str(text).map_err(|error| Problem::bad_json(&error.to_string()))?;
    let mut pairs = Vec::new();
    for (name, value) in members.0 {
        match value {
            Value::Null => {}
            Value::String(text) if text.contains('\0') => return Err(Problem::bad_encoding()),
            Value::String(text) => pairs.push((name, text)),
            Value::Bool(_) | Value::Number(_) => pairs.push((name, value.to_string())),
            Value::Array(_) | Value::Object(_) => return Err(Problem::nested(&name)),
        }
    }
    Ok(pairs)
}

/// The members of an object in order, doubles kept: `serde_json`'s own map would drop all but the last of a name, and
/// repeated parameters are to be refused.
struct Members(Vec<(String, Value)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object with the parameters as members")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}
