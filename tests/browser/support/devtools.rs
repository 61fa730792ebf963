//! Commands of Chromium's own protocol, through chromedriver.
//!
//! thirtyfour has types for them behind a feature; three commands are not worth compiling all of it.

use reqwest::Method;
use serde_json::{Value, json};
use thirtyfour::SessionId;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::common::requestdata::RequestData;

use super::Browser;

#[derive(Debug)]
struct DevTools<'a> {
    command: &'a str,
    parameters: Value,
}

impl FormatRequestData for DevTools<'_> {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(Method::POST, format!("session/{session}/goog/cdp/execute"))
            .add_body(json!({ "cmd": self.command, "params": self.parameters }))
    }
}

impl Browser {
    /// Sends one command and hands out its answer.
    pub(super) async fn tell(&self, command: &str, parameters: Value) -> Value {
        let answer = self.driver().cmd(DevTools { command, parameters }).await.expect("Chromium knows the command");
        answer.value_json().expect("chromedriver answers in JSON")
    }
}
