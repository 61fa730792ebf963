//! Samples of the question, one for each kind of application and each name that could deceive.

use hallpass::http::views::consent::{
    ConsentPage, Fingerprint, KeyHistory, PasswordProblem, PasswordQuestion, RequestLimits, Standing,
};
use hallpass::http::views::destination::{Destination, WebAddress};
use hallpass::http::views::expiry::Expiry;
use hallpass::http::views::scope::ScopeLine;

use super::samples::{NOW, ada, days_ago, name, render, web, words};

/// Names that try to be markup, to turn the line around, to run over it or to be nothing.
pub(super) const HOSTILE: [(&str, &str); 7] = [
    ("consent_name_markup", "<script>alert(1)</script><b>\"'&amp;"),
    ("consent_name_quotes", "” is safe. “Meadow Forum"),
    ("consent_name_bidi", "evil\u{202e}lleb\u{2066}kseD\u{2069}\u{202c}"),
    ("consent_name_rtl", "تطبيق الإشعارات למכתבים"),
    (
        "consent_name_zalgo",
        "D\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}e\u{316}\u{317}\u{318}\u{319}\u{31c}skbell",
    ),
    ("consent_name_nothing", "\u{200b}\u{3164}\u{202e}"),
    (
        "consent_name_long",
        "Deskbell, the notification bell for your desktop, your kitchen, your garden shed and every other room you have, thirteenth edition",
    ),
];

pub(super) fn line(scope: &str) -> ScopeLine {
    let dangerous = matches!(scope, "write" | "one_time_password");
    let (label, short) = (words().scope_label(scope), words().scope_short(scope));
    ScopeLine { label, short, dangerous, new: false }
}

fn question(base: &str, application: &str) -> ConsentPage {
    let fields = [
        ("authenticity_token", "csrf-of-this-question"),
        ("application_name", application),
        ("public_key", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"),
        ("nonce", "5f0c1d"),
        ("client_id", "deskbell-1"),
        ("scopes", "read,notifications,write"),
        ("auth_redirect", "http://127.0.0.1:51004/done?a=1&b=\"2\""),
    ];
    ConsentPage {
        frame: ada(base),
        application: name(application),
        standing: Standing::SelfNamed,
        destination: Destination::OnThisComputer { host: "127.0.0.1".to_owned(), port: Some(51004) },
        push_to: None,
        scopes: ["read", "notifications", "write"].map(line).to_vec(),
        expiry: Expiry::On(days_ago(-91)),
        limits: RequestLimits { per_minute: 20, per_day: 2880 },
        fingerprint: Fingerprint {
            shown: "7f3a 91c2 04be d811".to_owned(),
            history: KeyHistory::SameAs(days_ago(203)),
        },
        approved_before: Some(days_ago(203)),
        password: None,
        fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        sealed_return: "sealed-way-back".to_owned(),
    }
}

/// The same, asked for the first time and without a scope that can change things.
fn harmless(base: &str) -> ConsentPage {
    let page = question(base, "Deskbell");
    ConsentPage {
        scopes: ["read", "notifications"].map(line).to_vec(),
        expiry: Expiry::UntilUnused { days: 180 },
        fingerprint: Fingerprint { history: KeyHistory::FirstTime, ..page.fingerprint },
        approved_before: None,
        ..page
    }
}

/// The samples.
pub(super) fn pages(base: &str) -> Vec<(&'static str, String)> {
    let mut pages = vec![
        ("consent", render(&question(base, "Deskbell"))),
        ("consent_harmless", render(&harmless(base))),
        ("consent_registered", render(&registered(base))),
        ("consent_changed_key", render(&changed(base))),
        ("consent_more_scopes", render(&more(base))),
        ("consent_only_write", render(&ConsentPage { scopes: vec![line("write")], ..question(base, "Deskbell") })),
        ("consent_many_scopes", render(&many(base))),
    ];
    pages.extend(places(base));
    pages.extend(passwords(base));
    pages.extend(HOSTILE.map(|(sample, raw)| (sample, render(&question(base, raw)))));
    pages
}

fn places(base: &str) -> Vec<(&'static str, String)> {
    let to = |destination| ConsentPage { destination, ..harmless(base) };
    let unusual = WebAddress {
        scheme: Some("http".to_owned()),
        host: "xn--bcherwurm-q9a.example".to_owned(),
        readable: Some("bücherwurm.example".to_owned()),
        port: Some(8080),
    };
    let push = ConsentPage { push_to: Some(web("push.deskbell.example")), ..harmless(base) };
    vec![
        ("consent_shown_here", render(&to(Destination::ShownHere))),
        ("consent_web", render(&to(Destination::Web(web("app.deskbell.example"))))),
        ("consent_web_unusual", render(&to(Destination::Web(unusual)))),
        ("consent_scheme", render(&to(Destination::AppScheme { scheme: "deskbell".to_owned() }))),
        ("consent_push", render(&push)),
    ]
}

fn passwords(base: &str) -> Vec<(&'static str, String)> {
    let asked = |problem| {
        let password = Some(PasswordQuestion { problem });
        render(&ConsentPage { password, ..question(base, "Deskbell") })
    };
    vec![
        ("consent_password", asked(None)),
        ("consent_password_missing", asked(Some(PasswordProblem::Missing))),
        ("consent_password_wrong", asked(Some(PasswordProblem::Wrong))),
        ("consent_password_too_many", asked(Some(PasswordProblem::TooManyTries { seconds: 50 }))),
    ]
}

fn registered(base: &str) -> ConsentPage {
    ConsentPage {
        standing: Standing::Registered { since: days_ago(265) },
        expiry: Expiry::UntilEnded,
        ..harmless(base)
    }
}

fn changed(base: &str) -> ConsentPage {
    let shown = "c041 5e77 a9d2 0b36".to_owned();
    let fingerprint = Fingerprint { shown, history: KeyHistory::ChangedSince(days_ago(203)) };
    ConsentPage { fingerprint, ..question(base, "Deskbell") }
}

fn more(base: &str) -> ConsentPage {
    let mut page = question(base, "Deskbell");
    for line in &mut page.scopes {
        line.new = line.label != words().scope_label("read");
    }
    page
}

fn many(base: &str) -> ConsentPage {
    let scopes = hallpass::http::views::words::SCOPES.map(line).to_vec();
    let mut page = ConsentPage { scopes, expiry: Expiry::On(NOW), ..question(base, "Deskbell") };
    page.scopes.push(line("meadow-extras:pick_flowers"));
    page
}
