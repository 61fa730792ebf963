//! A new key takes over in two steps (deviation from `C-073`).

#![cfg(test)]

mod chains;
mod list;
mod takeover;

use std::time::Duration;

use crate::support::{ClientApp, TestApp, Visitor};

const NOW: &str = "/session/current.json";
const MINUTE: Duration = Duration::from_mins(1);

/// A program with a new key of this user for this application.
async fn approved(application: &ClientApp, user: &Visitor) -> Visitor {
    user.holder_of(&application.approved_by(user).await.key)
}

async fn works(program: &Visitor) -> bool {
    let status = program.get(NOW).await.status;
    assert!(matches!(status, 200 | 403), "{status}");
    status == 200
}

/// With no grace, as the protocol has it.
async fn at_once() -> TestApp {
    TestApp::with(&[("user_api.user_api_key_replacement_grace_seconds", "0")]).await
}
