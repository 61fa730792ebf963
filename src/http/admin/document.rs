//! The OpenAPI document: made of the handlers, so that it says what they do.

use serde_json::{Value, json};
use utoipa::openapi::path::PathItem;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Content, OpenApi as Spec, Ref, RefOr, ResponseBuilder};
use utoipa::{OpenApi, ToSchema};
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::scope::scope;

use super::methods::Methods;
use super::reference::ReferencePage;
use super::scopes;

/// The document as it goes out.
pub(super) struct Document {
    /// For programs.
    pub(super) json: String,
    /// For people.
    pub(super) page: String,
    /// Which methods are called where.
    pub(super) methods: Methods,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hallpass admin API",
        description = "For the site's back end and the operator's scripts, on the internal listener alone. Every call \
                       needs a key of `hallpass admin-key create` in the header `Api-Key`; `Api-Username` may name the \
                       user for whom it is made. `XF-Api-Key` is another name of the first, and `XF-Api-User` says the \
                       user's id in place of the name. Lists come a page at a time: `next_cursor` of one page is `cursor` of \
                       the next.",
        license(name = "MIT", identifier = "MIT")
    ),
    servers((url = "/")),
    components(schemas(Refusal, Wait))
)]
struct Base;

/// What is answered to a call that is not carried out.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its shape is told; `http/error/json.rs` writes it")]
struct Refusal {
    /// One sentence for people.
    #[schema(min_items = 1, max_items = 1)]
    errors: Vec<String>,
    /// The kind of failure; not there when a parameter is missing.
    #[schema(required = false)]
    error_type: String,
    /// The stable word for why, where there is more than one reason.
    #[schema(required = false)]
    reason: String,
    /// Of 429: when to come again.
    #[schema(required = false)]
    extras: Wait,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "only its shape is told; `http/error/json.rs` writes it")]
struct Wait {
    /// Seconds.
    wait_seconds: u64,
    /// The same for people.
    time_left: String,
}

/// How any call may be refused.
const REFUSALS: [(&str, &str, &str); 7] = [
    ("400", "Invalid", "The request cannot be read, or a value in it is wrong."),
    ("401", "KeyNeeded", "There is no key."),
    ("403", "Forbidden", "The key is not good, or lacks the scope, or a rule of the site stands in the way."),
    ("404", "NotFound", "There is no such thing."),
    ("413", "TooLarge", "The body is larger than is read."),
    ("429", "Limited", "Too many keys that do not exist came from this address, or too many passwords."),
    ("503", "Unavailable", "The database does not answer."),
];

/// The document of all handlers.
pub(super) fn documented() -> Document {
    let spec = openapi();
    Document { json: spec.to_string(), page: ReferencePage::of(&spec).to_string(), methods: Methods::of(&spec) }
}

/// The OpenAPI document of the admin API.
#[must_use]
pub fn openapi() -> Value {
    let (mut document, mut schemas) = (Base::openapi(), Vec::new());
    for (path, listed) in scopes() {
        let handlers = scope(path).configure(listed);
        document.paths.merge(handlers.paths());
        handlers.schemas(&mut schemas);
    }
    document.paths.paths.values_mut().for_each(add_refusals);
    add_components(&mut document, schemas);
    // Of structs of texts: it always is JSON.
    serde_json::to_value(document).unwrap_or_else(|_never| json!({}))
}

fn add_refusals(item: &mut PathItem) {
    let calls = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
    for call in calls.into_iter().flatten() {
        for (status, name, _) in REFUSALS {
            call.responses.responses.insert(status.to_owned(), RefOr::Ref(Ref::from_response_name(name)));
        }
    }
}

fn add_components(document: &mut Spec, schemas: Vec<(String, RefOr<utoipa::openapi::Schema>)>) {
    let components = document.components.get_or_insert_default();
    components.schemas.extend(schemas);
    for (_, name, meaning) in REFUSALS {
        let body = Content::new(Some(Ref::from_schema_name("Refusal")));
        let response = ResponseBuilder::new().description(meaning).content("application/json", body).build();
        components.responses.insert(name.to_owned(), response.into());
    }
    let key = ApiKeyValue::with_description("Api-Key", "A key of `hallpass admin-key create`.");
    components.add_security_scheme("admin_key", SecurityScheme::ApiKey(ApiKey::Header(key)));
}
