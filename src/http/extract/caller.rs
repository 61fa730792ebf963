//! Who asks: nobody, somebody signed in, or a program with a key.

use std::future::Future;
use std::pin::Pin;

use actix_session::{Session, SessionExt};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};

use super::presence::is_there;
use crate::app::App;
use crate::domain::session;
use crate::domain::verify::Verified;
use crate::http::error::Problem;
use crate::http::routes::POLL;
use crate::http::session_store::token;
use crate::model::{SessionId, Timestamp, User};

/// A user at a browser.
#[derive(Clone, Debug)]
pub(in crate::http) struct SignedIn {
    /// The user.
    pub(in crate::http) user: User,
    /// The id of the session, to which tokens are bound.
    pub(in crate::http) session: SessionId,
    /// When the password was given.
    pub(in crate::http) since: Timestamp,
}

/// Who asks. A key wins over a session (`C-269`).
#[derive(Clone, Debug)]
pub(in crate::http) enum Caller {
    /// Nobody we know.
    Anonymous,
    /// Somebody signed in.
    User(SignedIn),
    /// A program, for the key's owner.
    Key(Box<Verified>),
}

impl Caller {
    /// The user, however they come.
    pub(in crate::http) fn user(&self) -> Option<&User> {
        match self {
            Self::Anonymous => None,
            Self::User(signed_in) => Some(&signed_in.user),
            Self::Key(verified) => Some(&verified.known.owner),
        }
    }

    /// The user, or the answer for those who are nobody.
    ///
    /// # Errors
    /// `not_logged_in` (`C-027`).
    pub(in crate::http) fn known(&self) -> Result<&User, Problem> {
        self.user().ok_or(Problem::NotLoggedIn)
    }

    /// The user at a browser, if it is one.
    pub(in crate::http) const fn signed_in(&self) -> Option<&SignedIn> {
        match self {
            Self::User(signed_in) => Some(signed_in),
            Self::Anonymous | Self::Key(_) => None,
        }
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (request, session) = (request.clone(), request.get_session());
        Box::pin(async move {
            let known = request.extensions().get::<Self>().cloned();
            if let Some(caller) = known {
                return Ok(caller);
            }
            let app = request.app_data::<Data<App>>().ok_or_else(|| Problem::internal("no App"))?;
            let caller = from_session(app, &session, &request).await?;
            if let Some(user) = caller.user().filter(|_| is_there(&request)) {
                app.cx.last_used.user_seen(user.id, app.cx.now());
            }
            request.extensions_mut().insert(caller.clone());
            Ok(caller)
        })
    }
}

async fn from_session(app: &App, state: &Session, request: &HttpRequest) -> Result<Caller, Problem> {
    let Some(token) = token(state) else { return Ok(Caller::Anonymous) };
    // 503 whatever stands in the way, a row that cannot be read too: who is signed in stays so, and is told to come back.
    let found = session::find(&app.cx, &token).await;
    let Some((session, user)) = found.map_err(|error| Problem::Unavailable(error.to_string()))? else {
        return Ok(Caller::Anonymous);
    };
    // A page that is left open polls on its own: nobody has to be there.
    if request.match_name() != Some(POLL) {
        session::used(&app.cx, session.id, session.last_seen_at).await;
    }
    Ok(Caller::User(SignedIn { user, session: session.id, since: session.created_at }))
}
