//! What applications are told unasked: the operator's rules about it, what waits to be sent, and where it goes.

use std::time::Duration;

use super::{
    KeyId, NotificationId, PublicUrl, PushUrl, RedirectRules, RedirectUri, ScopeCatalog, Scopes, Timestamp, User,
};

/// The operator's rules of pushing.
#[derive(Clone, Debug)]
pub struct PushRules {
    /// Where pushes may be sent; none where nothing is pushed.
    pub urls: Option<RedirectRules>,
    /// How long a user must not have been seen before something is pushed to them; zero pushes at once.
    pub window: Duration,
    /// Where this service is for browsers: what leads to a path of the site leads there.
    pub public_url: PublicUrl,
    /// Whom scopes are kept for.
    pub scopes: ScopeCatalog,
}

impl PushRules {
    /// Whether anything is pushed at all.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.urls.is_some()
    }

    /// Where this is, if it may be pushed to.
    #[must_use]
    pub fn target(&self, url: &PushUrl) -> Option<RedirectUri> {
        let target = RedirectUri::parse(url.as_str()).ok()?;
        let web = matches!(target.scheme(), "https" | "http");
        (web && self.urls.as_ref()?.allows(&target)).then_some(target)
    }

    /// Whether a key with these scopes is pushed to as long as its owner is who they are (`C-081`).
    #[must_use]
    pub fn wants(&self, scopes: Scopes, owner: &User) -> bool {
        wants_pushes(&self.scopes.held(scopes, owner))
    }
}

/// Whether a key with these scopes is pushed to at all (`C-081`).
#[must_use]
pub fn wants_pushes(scopes: &Scopes) -> bool {
    scopes.has("push") || scopes.has("notifications")
}

/// Something to be pushed, before it is stored.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// The key whose application is told.
    pub key: KeyId,
    /// The notification that it is about.
    pub notification: NotificationId,
    /// Where.
    pub push_url: PushUrl,
    /// What: a JSON object.
    pub payload: String,
    /// When there was something to tell. It is due at once.
    pub created_at: Timestamp,
}

/// Something to be pushed.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The id of its row.
    pub id: i64,
    /// The application's `client_id`.
    pub client_id: String,
    /// What is told: a JSON object.
    pub payload: String,
    /// When there was something to tell.
    pub created_at: Timestamp,
    /// The scopes of the key.
    pub scopes: Scopes,
    /// Whose key it is.
    pub owner: User,
    /// When they were last seen, as far as it is written down.
    pub last_seen_at: Option<Timestamp>,
    /// Whether the key is good, its owner not suspended and the notification not read (`C-214`).
    pub wanted: bool,
}

/// Where something is being pushed, or did not go well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushTarget {
    /// The address.
    pub push_url: PushUrl,
    /// Nobody tries before this instant.
    pub due_at: Timestamp,
    /// How often it failed in a row.
    pub failures: u32,
    /// Since when it has failed.
    pub failing_since: Option<Timestamp>,
    /// How it failed last.
    pub last_failure: Option<String>,
    /// When it was given up.
    pub switched_off_at: Option<Timestamp>,
}

impl PushTarget {
    /// One of which nothing bad is known.
    #[must_use]
    pub const fn new(push_url: PushUrl, due_at: Timestamp) -> Self {
        Self { push_url, due_at, failures: 0, failing_since: None, last_failure: None, switched_off_at: None }
    }
}
