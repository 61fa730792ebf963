//! Samples of the pages for a code from another device.

use hallpass::http::views::consent::{ConsentPage, Fingerprint, KeyHistory, PasswordProblem, PasswordQuestion};
use hallpass::http::views::consent::{RequestLimits, Standing};
use hallpass::http::views::destination::Destination;
use hallpass::http::views::device::{ActivatePage, Asked, CodeProblem, DeviceDonePage, DevicePage, Step};
use hallpass::http::views::expiry::Expiry;
use hallpass::model::UserAgent;

use super::samples::{ada, days_ago, name, render};
use super::samples_consent::{HOSTILE, line};

fn question(base: &str, application: &str, scopes: &[&str], fields: &[(&str, &str)]) -> ConsentPage {
    let token = [("authenticity_token", "csrf-of-the-session")];
    let fields = token.iter().chain(fields).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    ConsentPage {
        frame: ada(base),
        application: name(application),
        standing: Standing::SelfNamed,
        destination: Destination::AskingApplication,
        push_to: None,
        scopes: scopes.iter().map(|scope| line(scope)).collect(),
        expiry: Expiry::UntilEnded,
        limits: RequestLimits { per_minute: 20, per_day: 2880 },
        fingerprint: Fingerprint { shown: "7f3a 91c2 04be d811".to_owned(), history: KeyHistory::FirstTime },
        approved_before: None,
        password: None,
        fields: fields.collect(),
        sealed_return: "sealed-way-back".to_owned(),
    }
}

fn asked(address: &str, program: &str) -> Asked {
    Asked { seconds: 40, address: address.to_owned(), program: UserAgent::of(program) }
}

fn typed(base: &str, application: &str, scopes: &[&str]) -> DevicePage {
    let token = ("approval_token", "token-for-this-request");
    DevicePage {
        frame: ada(base),
        question: question(base, application, scopes, &[token]),
        asked: asked("203.0.113.7", "curl/8.5.0 (Linux)"),
        step: Step::Typed { approval_token: token.1.to_owned() },
    }
}

fn linked(base: &str, wrong: Option<&str>) -> DevicePage {
    DevicePage {
        frame: ada(base),
        question: question(base, "Deskbell", &["read", "notifications"], &[("request", "aZ3_-k9Q")]),
        asked: asked("2001:db8:85a3::8a2e:370:7334", ""),
        step: Step::Link { wrong: wrong.map(str::to_owned) },
    }
}

fn with_end_and_password(base: &str) -> DevicePage {
    let page = typed(base, "Deskbell", &["read", "write"]);
    let question = ConsentPage {
        expiry: Expiry::On(days_ago(-91)),
        password: Some(PasswordQuestion { problem: Some(PasswordProblem::Wrong) }),
        standing: Standing::Registered { since: days_ago(265) },
        ..page.question
    };
    let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    DevicePage { question, asked: asked("203.0.113.7", browser), ..page }
}

/// The samples.
pub(super) fn pages(base: &str) -> Vec<(&'static str, String)> {
    let enter = |problem| render(&ActivatePage { frame: ada(base), problem });
    let (_, markup) = HOSTILE[0];
    vec![
        ("device_code", enter(None)),
        ("device_code_unknown", enter(Some(CodeProblem::Unknown))),
        ("device_code_expired", enter(Some(CodeProblem::Expired))),
        ("device_typed", render(&typed(base, "Deskbell", &["read", "notifications", "write"]))),
        ("device_typed_password", render(&with_end_and_password(base))),
        ("device_typed_name_markup", render(&typed(base, markup, &["read"]))),
        ("device_link", render(&linked(base, None))),
        ("device_link_wrong", render(&linked(base, Some("AAAA-AAAA\"><b>")))),
        ("device_done", render(&DeviceDonePage { frame: ada(base), application: name("Deskbell") })),
    ]
}
