//! Samples of every page but the question and the list of applications.

use std::sync::Arc;

use askama::Template;
use hallpass::http::views::declined::DeclinedPage;
use hallpass::http::views::destination::{Destination, WebAddress};
use hallpass::http::views::error::{ErrorKind, ErrorPage};
use hallpass::http::views::frame::{Account, Frame};
use hallpass::http::views::handed_over::HandedOverPage;
use hallpass::http::views::home::HomePage;
use hallpass::http::views::login::{LoginPage, LoginProblem};
use hallpass::http::views::not_allowed::NotAllowedPage;
use hallpass::http::views::refused::RefusedPage;
use hallpass::http::views::result::ResultPage;
use hallpass::http::views::setup::{FieldProblem, SetupPage, SetupProblems};
use hallpass::http::views::welcome::WelcomePage;
use hallpass::http::views::words::Words;
use hallpass::model::ApplicationName;
use hallpass::model::Timestamp;

/// A payload as a 2048-bit key gives it, in lines of 60 characters.
pub(super) const PAYLOAD: &str = "Yk3vU0sF1m9Qe7bT2nXcR8LpHgWdJa5oZiK4tVyE6uNqMfSxOwDlBrCjGhAP\n\
    Qz7eT5nU1kXsV9oRb3LmYcWf8HgJdKa2pZiM4tEyN6uBqOxSwDlFrCjGhAPv\n\
    Tf1mQ9eU7bXsR3nLcV8pWgHdKa5oZiJ4tYyE6uNqMxSwOlDrBjCGhAPkTz0s\n\
    Rb7eU5nQ1kXsV9oLm3YcWf8HgJdKa2pZiT4tEyN6uBqMxSwOlDrFjCGhAPvT\n\
    z1mQ9eU7bXsR3nLcV8pWgHdKa5oZiJ4tYyE6uNqMxSwOlDrBjCGhAPkTz0sQ\n\
    Xb7eU5nQ1kXsV9oLm3YcWf8HgJdKa2pZiT4tEyN6uA==\n";

/// 22 November 2026, 09:30 UTC: the present of every sample.
pub(super) const NOW: Timestamp = Timestamp::from_micros(1_795_339_800_000_000);
const DAY: i64 = 24 * 3600 * 1_000_000;

/// So many days before the present.
pub(super) fn days_ago(days: i64) -> Timestamp {
    Timestamp::from_micros(NOW.as_micros() - days * DAY)
}

pub(super) fn name(raw: &str) -> ApplicationName {
    ApplicationName::parse(raw).expect("a name")
}

pub(super) fn words() -> Arc<Words> {
    Arc::new(Words::english().expect("the words"))
}

/// The frame of somebody who is not signed in.
pub(super) fn stranger(base: &str) -> Frame {
    Frame {
        site_title: "Meadow Forum".to_owned(),
        description: "Where people talk about wild flowers.".to_owned(),
        logo_url: None,
        base: base.to_owned(),
        has_accent: false,
        account: None,
        words: words(),
    }
}

/// The frame of a signed-in user.
pub(super) fn ada(base: &str) -> Frame {
    let account = Account { username: "ada".to_owned(), csrf: "csrf-of-the-session".to_owned() };
    Frame { account: Some(account), ..stranger(base) }
}

pub(super) fn web(host: &str) -> WebAddress {
    WebAddress { scheme: None, host: host.to_owned(), readable: None, port: None }
}

pub(super) fn render(page: &impl Template) -> String {
    page.render().expect("a page")
}

/// The samples.
pub(super) fn pages(base: &str) -> Vec<(&'static str, String)> {
    let mut pages = vec![
        ("home", render(&HomePage { frame: stranger(base), needs_setup: false })),
        ("home_signed_in", render(&HomePage { frame: with_own_looks(ada(base)), needs_setup: false })),
        ("home_before_setup", render(&HomePage { frame: stranger(base), needs_setup: true })),
        ("welcome", render(&welcome(base))),
        ("result", render(&result(base, "Deskbell"))),
        ("result_nameless", render(&result(base, "\u{200b}"))),
        ("declined", render(&DeclinedPage { frame: ada(base), application: Some(name("Deskbell")) })),
        ("declined_unnamed", render(&DeclinedPage { frame: stranger(base), application: None })),
    ];
    pages.extend(sign_in(base));
    pages.extend(set_up(base));
    pages.extend(refusals(base));
    pages.extend(handed_over(base));
    pages.extend(errors(base));
    pages
}

fn with_own_looks(frame: Frame) -> Frame {
    let logo = format!("{}/static/icon.svg", frame.base);
    Frame { has_accent: true, logo_url: Some(logo), ..frame }
}

fn welcome(base: &str) -> WelcomePage {
    WelcomePage {
        frame: ada(base),
        connect_command: "hallpass connect https://meadow.example".to_owned(),
        settings_command: "hallpass proxy-config nginx".to_owned(),
        user_command: "hallpass user add NAME EMAIL".to_owned(),
    }
}

fn result(base: &str, application: &str) -> ResultPage {
    ResultPage { frame: ada(base), application: name(application), payload: PAYLOAD.to_owned() }
}

fn sign_in(base: &str) -> Vec<(&'static str, String)> {
    let page = |waiting: Option<&str>, login: &str, problem| LoginPage {
        frame: stranger(base),
        csrf: "csrf-of-the-form".to_owned(),
        sealed_return: waiting.map(|_| "sealed-way-back".to_owned()),
        waiting: waiting.map(name),
        login: login.to_owned(),
        problem,
    };
    let slow = LoginProblem::TooManyTries { seconds: 40 };
    vec![
        ("login", render(&page(None, "", None))),
        ("login_waiting", render(&page(Some("Deskbell"), "", None))),
        ("login_wrong", render(&page(Some("Deskbell"), "ada", Some(LoginProblem::WrongNameOrPassword)))),
        ("login_too_many", render(&page(None, "ada", Some(slow)))),
        ("login_suspended", render(&page(None, "ada", Some(LoginProblem::Suspended)))),
        ("login_form_too_old", render(&page(None, "\"><b>", Some(LoginProblem::FormTooOld)))),
    ]
}

fn set_up(base: &str) -> Vec<(&'static str, String)> {
    let page = |username: &str, email: &str, problems| SetupPage {
        frame: stranger(base),
        csrf: "csrf-of-the-form".to_owned(),
        token: "token-of-the-link".to_owned(),
        least_password: 12,
        username: username.to_owned(),
        email: email.to_owned(),
        problems,
    };
    let problems = SetupProblems {
        username: Some(FieldProblem::UsernameShape),
        email: Some(FieldProblem::EmailShape),
        password: Some(FieldProblem::PasswordTooShort { least: 12 }),
        password_again: Some(FieldProblem::PasswordsDiffer),
    };
    vec![
        ("setup", render(&page("", "", SetupProblems::default()))),
        ("setup_problems", render(&page("ada lovelace", "ada", problems))),
    ]
}

fn refusals(base: &str) -> Vec<(&'static str, String)> {
    let refused = |application: Option<&str>, reason: &str, message: &str| RefusedPage {
        frame: ada(base),
        application: application.map(name),
        reason: reason.to_owned(),
        message: message.to_owned(),
    };
    let address = "auth_redirect https://deskbell.example/done is not in allowed_user_api_auth_redirects";
    let not_allowed = |groups: &[&str]| NotAllowedPage {
        frame: ada(base),
        application: name("Deskbell"),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
    };
    vec![
        ("refused", render(&refused(Some("Deskbell"), "redirect_not_allowed", address))),
        ("refused_unnamed", render(&refused(None, "missing_parameter", "application_name is missing"))),
        ("not_allowed", render(&not_allowed(&["admins", "moderators", "trust_level_2"]))),
        ("not_allowed_one_group", render(&not_allowed(&["gardeners"]))),
    ]
}

fn handed_over(base: &str) -> Vec<(&'static str, String)> {
    let page = |destination, link: &str| HandedOverPage {
        frame: ada(base),
        application: name("Deskbell"),
        destination,
        link: link.to_owned(),
    };
    let scheme = Destination::AppScheme { scheme: "deskbell".to_owned() };
    let site = Destination::Web(web("deskbell.example"));
    vec![
        ("handed_over_scheme", render(&page(scheme, "deskbell://auth_redirect?payload=Yk3v%2B&x=1"))),
        ("handed_over_web", render(&page(site, "https://deskbell.example/done?payload=Yk3v%2B"))),
    ]
}

fn errors(base: &str) -> Vec<(&'static str, String)> {
    let page = |status, kind| {
        render(&ErrorPage { frame: stranger(base), status, kind, request_id: "7f3a91c204bed811".to_owned() })
    };
    vec![
        ("error_bad_request", page(400, ErrorKind::BadRequest)),
        ("error_sign_in_first", page(401, ErrorKind::SignInFirst)),
        ("error_forbidden", page(403, ErrorKind::Forbidden)),
        ("error_form_too_old", page(403, ErrorKind::FormTooOld)),
        ("error_not_found", page(404, ErrorKind::NotFound)),
        ("error_setup_over", page(404, ErrorKind::SetupOver)),
        ("error_too_large", page(413, ErrorKind::TooLarge)),
        ("error_too_many", page(429, ErrorKind::TooManyTries { seconds: 150 })),
        ("error_internal", page(500, ErrorKind::Internal)),
        ("error_unavailable", page(503, ErrorKind::Unavailable)),
    ]
}
