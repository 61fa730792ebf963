//! What no page may have: complaints of the browser, sideways scrolling, a focus that gets lost.

use serde_json::{Value, json};
use thirtyfour::Key;

use super::Browser;

const NOTE_VIOLATIONS: &str = "addEventListener('securitypolicyviolation', event => {
    (window.policyViolations ??= []).push(`${event.effectiveDirective} blocked ${event.blockedURI}`);
});";

// Elements that reach over the right edge, unless something around them scrolls or cuts them off by itself; fields that do
// not show a whole code.
const TOO_WIDE: &str = "const edge = document.documentElement.clientWidth;
    const named = elements => elements.map(element => element.outerHTML.slice(0, 120));
    const cut = named([...document.querySelectorAll('.code')].filter(field => field.scrollWidth > field.clientWidth));
    if (document.scrollingElement.scrollWidth <= edge) return cut;
    return ['the page is ' + document.scrollingElement.scrollWidth + ' pixels wide'].concat(cut, named(
        [...document.body.querySelectorAll('*')].filter(element => element.getBoundingClientRect().right > edge)));";

// Null when the focus has left the page or is where it has been before.
const FOCUSED: &str = "const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    const seen = (window.focusSeen ??= new Set());
    if (seen.has(element)) return null;
    seen.add(element);
    const label = element.labels && element.labels.length ? element.labels[0].textContent : '';
    const value = ['submit', 'button', 'reset'].includes(element.type) ? element.value : '';
    const name = element.getAttribute('aria-label') || label || element.textContent || value || element.name || element.id;
    const kind = element.getAttribute('role') || element.tagName.toLowerCase();
    return kind + ' ' + name.trim().replace(/\\s+/g, ' ');";
const LONGEST_WALK: usize = 200;

/// What the browser complained about.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Complaints {
    /// Violations of the content security policy.
    pub(crate) policy: Vec<String>,
    /// Errors of scripts and failed loads, the page's own error status included.
    pub(crate) errors: Vec<String>,
}

impl Complaints {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.policy.is_empty() && self.errors.is_empty()
    }
}

impl Browser {
    /// Everything since the last time this was asked; the page shown now is asked for its events as well.
    pub(crate) async fn complaints(&self) -> Complaints {
        let mut found =
            Complaints { policy: texts(self.ask("return window.policyViolations ?? [];").await), errors: Vec::new() };
        for entry in self.driver().browser_log().await.expect("Chromium hands out its log") {
            if entry.message.contains("Content Security Policy") {
                found.policy.push(entry.message);
            } else if entry.level == "SEVERE" {
                found.errors.push(entry.message);
            }
        }
        found
    }

    /// The elements that make the page scroll sideways, how wide it is, and fields too narrow for their code; empty
    /// when it fits.
    pub(crate) async fn too_wide(&self) -> Vec<String> {
        texts(self.ask(TOO_WIDE).await)
    }

    /// Presses Tab from the top of the page until the focus leaves it, and tells each stop as `button Deny`.
    pub(crate) async fn tab_walk(&self) -> Vec<String> {
        let mut stops = Vec::new();
        self.ask("document.activeElement?.blur(); window.focusSeen = undefined; scrollTo(0, 0);").await;
        while stops.len() < LONGEST_WALK {
            self.press(Key::Tab).await;
            match self.ask(FOCUSED).await {
                Value::String(stop) => stops.push(stop),
                _ => break,
            }
        }
        stops
    }

    pub(super) async fn note_policy_violations(&self) {
        self.tell("Page.addScriptToEvaluateOnNewDocument", json!({ "source": NOTE_VIOLATIONS })).await;
    }
}

fn texts(list: Value) -> Vec<String> {
    serde_json::from_value(list).expect("a list of texts")
}
