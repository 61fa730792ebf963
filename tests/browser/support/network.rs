//! What travelled to and from the browser, what it was told to copy, and waiting for something to be so.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Browser;

const PATIENCE: Duration = Duration::from_secs(20);
const UNTIL: &str = "const done = arguments[arguments.length - 1];
    const look = () => (CONDITION) ? done(true) : setTimeout(look, 20);
    look();";

// Also where a test has hidden the clipboard from the page.
const CLIPBOARD: &str = "const done = arguments[arguments.length - 1];
    const clipboard = Navigator.prototype.__lookupGetter__('clipboard').call(navigator);
    clipboard.CALL.then(text => done(text ?? null), error => done(String(error)));";

impl Browser {
    /// Waits until this JavaScript is true on the page.
    pub(crate) async fn until(&self, condition: &str) {
        let script = UNTIL.replace("CONDITION", condition);
        let met = self.driver().execute_async(script, Vec::new()).await;
        met.unwrap_or_else(|error| panic!("never: {condition}: {error}"));
    }

    /// Waits until a CSS selector finds something, also where a page is still on its way.
    pub(crate) async fn shows(&self, selector: &str) {
        let latest = Instant::now() + PATIENCE;
        let shown = format!("return document.querySelector({}) !== null", Value::from(selector));
        while !self.driver().execute(shown.clone(), Vec::new()).await.is_ok_and(|answer| answer.json() == true) {
            assert!(Instant::now() < latest, "{selector} never comes");
        }
    }

    /// Goes to a second window, once there is one.
    pub(crate) async fn enter_popup(&self) {
        let latest = Instant::now() + PATIENCE;
        let here = self.driver().window().await.expect("the browser has a window");
        loop {
            let windows = self.driver().windows().await.expect("the browser has windows");
            if let Some(popup) = windows.into_iter().find(|window| *window != here) {
                return self.driver().switch_to_window(popup).await.expect("it is still open");
            }
            assert!(Instant::now() < latest, "no second window opens");
        }
    }

    /// Does something that leads to another page, and waits until that is there. Chromedriver alone does not always wait
    /// where JavaScript is off.
    pub(crate) async fn leave_by(&self, act: impl Future<Output = ()>) {
        self.ask("window.left = true").await;
        act.await;
        let latest = Instant::now() + PATIENCE;
        let arrived = "return window.left === undefined && document.readyState === 'complete'";
        // Between two pages there is none to ask.
        while !self.driver().execute(arrived, Vec::new()).await.is_ok_and(|answer| answer.json() == true) {
            assert!(Instant::now() < latest, "no other page came");
        }
    }

    /// Forgets what travelled so far.
    pub(crate) async fn forget_answers(&self) {
        self.traffic().await;
    }

    /// Where answers with a `Location` led to, since this was last asked.
    pub(crate) async fn locations(&self) -> Vec<String> {
        let received = self.traffic().await;
        let headers = received.iter().filter(|event| event["method"] == "Network.responseReceivedExtraInfo");
        headers.filter_map(|event| location(&event["params"]["headers"])).collect()
    }

    async fn traffic(&self) -> Vec<Value> {
        let log = self.driver().get_log("performance").await.expect("Chromium hands out what travelled");
        let events = log.into_iter().map(|entry| serde_json::from_str::<Value>(&entry.message));
        events.map(|event| event.expect("an event is JSON")["message"].take()).collect()
    }

    /// Lets the tests read the clipboard, and empties it.
    pub(crate) async fn empty_clipboard(&self) {
        let permissions = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        self.tell("Browser.grantPermissions", permissions).await;
        assert_eq!(self.clipboard("writeText('')").await, Value::Null);
    }

    /// What is in the clipboard.
    pub(crate) async fn copied(&self) -> Value {
        self.clipboard("readText()").await
    }

    async fn clipboard(&self, call: &str) -> Value {
        let answer = self.driver().execute_async(CLIPBOARD.replace("CALL", call), Vec::new()).await;
        answer.expect("the clipboard answers").json().clone()
    }
}

fn location(headers: &Value) -> Option<String> {
    let header = headers.as_object()?.iter().find(|(name, _)| name.eq_ignore_ascii_case("location"))?.1;
    header.as_str().map(str::to_owned)
}
