//! What the activation page answers: its JSON models (section 7.5 of the protocol), or the pages that say the same.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::ACTIVATE;
use crate::app::App;
use crate::domain::device::Facts;
use crate::http::api::json_ok;
use crate::http::extract::{Caller, Csrf, Format, SignedIn};
use crate::http::pages::authorize::current_user;
use crate::http::pages::consent;
use crate::http::pages::login::seal_return;
use crate::http::pages::scopes::scope_label;
use crate::http::pages::sealed_form::password_status;
use crate::http::pages::shell::{Shell, frame};
use crate::http::views::consent::{ConsentPage, PasswordProblem};
use crate::http::views::declined::DeclinedPage;
use crate::http::views::destination::Destination;
use crate::http::views::device::{ActivatePage, Asked, CodeProblem, DeviceDonePage, DevicePage, Step};
use crate::http::views::not_allowed::NotAllowedPage;
use crate::model::{ApplicationName, RequestToken, Timestamp};

/// Why a code has to be typed anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// There is no such code.
    Unknown,
    /// Its request is over, answered, or somebody else's.
    Expired,
}

/// Whom to answer, and in which form.
pub(super) struct Desk<'a> {
    pub(super) app: &'a App,
    pub(super) request: &'a HttpRequest,
    pub(super) caller: &'a Caller,
    pub(super) format: Format,
}

/// The path of the activation page, with the token of a link where there is one.
pub(super) fn activate_path(app: &App, token: Option<&RequestToken>) -> String {
    let path = format!("{}{ACTIVATE}", app.public_url.base_path());
    token.map_or(path.clone(), |token| format!("{path}?request={}", token.as_str()))
}

impl Desk<'_> {
    /// State `enter_code` (`C-186`).
    pub(super) fn enter_code(&self, why: Option<Why>) -> HttpResponse {
        if self.format == Format::Json {
            return json_ok(&match why {
                None => json!({ "state": "enter_code" }),
                Some(Why::Unknown) => json!({ "state": "enter_code", "invalid_code": true }),
                Some(Why::Expired) => json!({ "state": "enter_code", "expired_code": true }),
            });
        }
        let problem = why.map(|why| match why {
            Why::Unknown => CodeProblem::Unknown,
            Why::Expired => CodeProblem::Expired,
        });
        Shell::isolated().send(&ActivatePage { frame: frame(self.app, self.request, self.caller), problem })
    }

    /// State `authorize` for a request that came with a link; `wrong` is what was typed and is not its code.
    pub(super) fn linked(
        &self,
        who: &SignedIn,
        facts: &Facts,
        wrong: Option<&str>,
        problem: Option<PasswordProblem>,
    ) -> HttpResponse {
        let allowed = self.app.cx.check_may_approve(&who.user).is_ok();
        let token = facts.grant.request_token.as_ref();
        if self.format == Format::Json {
            let marks = Marks { request: token, approval: None, no_trust_level: !allowed, invalid: wrong.is_some() };
            return json_ok(&self.model(who, facts, &marks));
        }
        if !allowed {
            return self.not_allowed_page(facts);
        }
        let field = token.map(|token| ("request", token.as_str()));
        self.page(facts, field, Step::Link { wrong: wrong.map(str::to_owned) }, problem)
    }

    /// State `authorize` for a typed code.
    pub(super) fn typed(
        &self,
        who: &SignedIn,
        facts: &Facts,
        token: &str,
        problem: Option<PasswordProblem>,
    ) -> HttpResponse {
        if self.format == Format::Json {
            let marks = Marks { request: None, approval: Some(token), no_trust_level: false, invalid: false };
            return json_ok(&self.model(who, facts, &marks));
        }
        let step = Step::Typed { approval_token: token.to_owned() };
        self.page(facts, Some(("approval_token", token)), step, problem)
    }

    /// State `authorize` for somebody who may not answer (`C-157`).
    pub(super) fn not_allowed(&self, who: &SignedIn, facts: &Facts) -> HttpResponse {
        if self.format == Format::Json {
            let marks = Marks { request: None, approval: None, no_trust_level: true, invalid: false };
            return json_ok(&self.model(who, facts, &marks));
        }
        self.not_allowed_page(facts)
    }

    /// State `complete`, yes.
    pub(super) fn allowed(&self, application: &ApplicationName) -> HttpResponse {
        if self.format == Format::Json {
            return json_ok(&json!({ "state": "complete", "denied": false }));
        }
        let frame = frame(self.app, self.request, self.caller);
        Shell::isolated().send(&DeviceDonePage { frame, application: application.clone() })
    }

    /// State `complete`, no.
    pub(super) fn denied(&self, application: Option<ApplicationName>) -> HttpResponse {
        if self.format == Format::Json {
            return json_ok(&json!({ "state": "complete", "denied": true }));
        }
        let frame = frame(self.app, self.request, self.caller);
        Shell::isolated().send(&DeclinedPage { frame, application })
    }

    /// Every member present, null or false where unused (`C-187`, `C-188`).
    fn model(&self, who: &SignedIn, facts: &Facts, marks: &Marks<'_>) -> Value {
        let labels: Vec<String> = facts.wish.scopes.iter().map(|scope| scope_label(self.app, scope)).collect();
        json!({
            "state": "authorize",
            "request_token": marks.request.map(RequestToken::as_str),
            "approval_token": marks.approval,
            "no_trust_level": marks.no_trust_level,
            "invalid_code": marks.invalid,
            "device_auth": {
                "application_name": facts.wish.application_name.as_str(),
                "localized_scopes": labels,
                "write_scope": facts.wish.scopes.has("write"),
                "unregistered_client": facts.wish.registered_since.is_none(),
                "expires_at": facts.known.expires_at.map(Timestamp::iso_seconds),
            },
            "current_user": current_user(self.app, &who.user),
        })
    }

    fn page(
        &self,
        facts: &Facts,
        field: Option<(&str, &str)>,
        step: Step,
        problem: Option<PasswordProblem>,
    ) -> HttpResponse {
        let (app, grant) = (self.app, &facts.grant);
        let csrf = Csrf::of(app, self.request, self.caller).token;
        let fields = [("authenticity_token", csrf.as_str())].into_iter().chain(field);
        let again = activate_path(app, grant.request_token.as_ref().filter(|_| matches!(step, Step::Link { .. })));
        let question = ConsentPage {
            destination: Destination::AskingApplication,
            fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            sealed_return: seal_return(app, &again),
            ..consent::question(app, self.request, self.caller, &facts.wish, &facts.known, problem)
        };
        let asked = Asked {
            seconds: app.cx.now().since(grant.created_at).as_secs(),
            address: grant.address.to_string(),
            program: grant.user_agent.clone(),
        };
        let (status, retry_after) = password_status(problem);
        Shell { status, retry_after, ..Shell::isolated() }.send(&DevicePage {
            frame: question.frame.clone(),
            question,
            asked,
            step,
        })
    }

    fn not_allowed_page(&self, facts: &Facts) -> HttpResponse {
        let groups = self.app.cx.rules.user_api_key_allowed_groups.iter().map(ToString::to_string).collect();
        let (frame, application) = (frame(self.app, self.request, self.caller), facts.wish.application_name.clone());
        Shell::isolated().send(&NotAllowedPage { frame, application, groups })
    }
}

/// What differs between the answers in the state `authorize`.
struct Marks<'a> {
    request: Option<&'a RequestToken>,
    approval: Option<&'a str>,
    no_trust_level: bool,
    invalid: bool,
}
