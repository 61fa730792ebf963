//! Accounts and sessions: signing in, staying signed in, signing out, and what protects it.

#![cfg(test)]

mod cookies;
mod csrf;
mod life;
mod limits;
mod sign_in;
mod unread;

use crate::support::{Answer, TestApp, Visitor};

/// `name=value` of the cookie of this name that an answer sets.
fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let start = format!("{name}=");
    let line = answer.cookies().into_iter().find(|line| line.starts_with(&start))?;
    Some(line.split(';').next().unwrap().to_owned())
}

/// Whether a browser with nothing but this cookie is somebody.
async fn holds(site: &TestApp, cookie: &str) -> bool {
    let answer = site.anonymous().with("Cookie", cookie).get("/session/current.json").await;
    assert!(matches!(answer.status, 200 | 404), "{answer:?}");
    answer.status == 200
}

async fn is_signed_in(visitor: &Visitor) -> bool {
    visitor.get("/session/current.json").await.status == 200
}

fn sessions(site: &TestApp) -> i64 {
    site.number("SELECT count(*) FROM sessions").unwrap()
}
