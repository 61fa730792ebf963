//! The one table of failures: a snapshot of it, and the API's error reference made of it.

use std::fmt::Write;

use hallpass::http::views::words::{REASONS, Words};
use serde_json::json;

use crate::generated::hold;

#[test]
fn every_failure_has_its_status_and_body() {
    let rows: Vec<_> = hallpass::http::table()
        .into_iter()
        .map(|(name, status, body)| json!({ "problem": name, "status": status, "body": body }))
        .collect();
    insta::assert_json_snapshot!(rows);
}

#[test]
fn the_error_reference_says_what_the_table_says() {
    let mut page = String::from(
        "# Errors\n\nWhat the service answers when it cannot do what was asked. Rely on the status, on `error_type` and on \
         `reason`; the sentences are\nfor people and may change. Three things are fixed words inside sentences: the name of the \
         parameter at fault, `BAD CSRF`, and\n`Payload too large for OAEP` or `Payload too large for PKCS#1`.\n\n\
         Programs that ask for JSON (a path ending in `.json`, `Accept: application/json`, or \
         `X-Requested-With: XMLHttpRequest`) or present a key, get these bodies,\nbrowsers a page with the same status. Missing parameters and \
         limits are answered in JSON unless `text/html` is asked for. A `BadCsrf` is\nalways plain text, `[\"BAD CSRF\"]`, and a `KeyRefused` is plain text to whoever does not ask for JSON.\n\n\
         This page is generated from the table in `src/http/error/table.rs`. To renew it: `tests/generate`.\n",
    );
    for (name, status, body) in hallpass::http::table() {
        let text = serde_json::to_string_pretty(&body).unwrap();
        let reason = body["reason"].as_str().map(|reason| format!(", {reason}")).unwrap_or_default();
        write!(page, "\n## {name}{reason}: {status}\n\n```json\n{text}\n```\n").unwrap();
    }
    page.push_str("\n## Reasons\n\nWhat a `reason` means, as the page of a site called Meadow Forum puts it; requests that cannot be read \
         at all carry `bad_json` or\n`bad_request`.\n\n| `reason` | What a person is told |\n|---|---|\n");
    let words = Words::english().unwrap();
    for reason in REASONS {
        writeln!(page, "| `{reason}` | {} |", words.refusal(reason, "Meadow Forum").happened).unwrap();
    }
    hold("docs/reference/errors.md", &page);
}
