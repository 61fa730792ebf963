//! Samples of the pages about one-time passwords.

use hallpass::http::views::consent::{PasswordProblem, PasswordQuestion, Standing};
use hallpass::http::views::destination::Destination;
use hallpass::http::views::otp::OtpPage;
use hallpass::http::views::otp_gone::OtpGonePage;
use hallpass::http::views::otp_sign_in::OtpSignInPage;

use super::samples::{ada, days_ago, name, render, stranger, web};

fn question(base: &str) -> OtpPage {
    let fields = [
        ("authenticity_token", "csrf~mac"),
        ("application_name", "Deskbell"),
        ("public_key", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"),
        ("auth_redirect", "deskbell://auth_redirect"),
    ];
    OtpPage {
        frame: ada(base),
        application: name("Deskbell"),
        standing: Standing::SelfNamed,
        destination: Destination::AppScheme { scheme: "deskbell".to_owned() },
        password: None,
        fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        sealed_return: "sealed-way-back".to_owned(),
    }
}

/// The samples.
pub(super) fn pages(base: &str) -> Vec<(&'static str, String)> {
    let listed = OtpPage {
        standing: Standing::Registered { since: days_ago(265) },
        destination: Destination::Web(web("app.deskbell.example")),
        ..question(base)
    };
    let password = Some(PasswordQuestion { problem: Some(PasswordProblem::Wrong) });
    let sign_in = |frame| OtpSignInPage {
        frame,
        username: "ada".to_owned(),
        csrf: "csrf-of-the-form".to_owned(),
        action: format!("{base}/session/otp/00112233445566778899aabbccddeeff"),
    };
    let mut grace = ada(base);
    grace.account.as_mut().expect("an account").username = "grace".to_owned();
    vec![
        ("otp", render(&question(base))),
        ("otp_registered", render(&listed)),
        ("otp_password_wrong", render(&OtpPage { password, ..question(base) })),
        ("otp_sign_in", render(&sign_in(stranger(base)))),
        ("otp_sign_in_instead", render(&sign_in(grace))),
        ("otp_gone", render(&OtpGonePage { frame: stranger(base) })),
    ]
}
