//! Somebody else's program reads the document, asks the service all that it allows and much that it does not, and holds the
//! answers against it.

use std::path::Path;
use std::process::Command;

use super::full_key;
use crate::support::server::Server;

/// How long it asks, seconds.
const SECONDS: &str = "20";

/// What it would have otherwise than we do. A method that a path has not is as unknown as the path, here too (`C-011`). And
/// what a schema allows may still be refused: a name that is taken, a scope that the site does not offer.
const NOT_OURS: &str = "unsupported_method,positive_data_acceptance";

/// The one that `tests/run tools` installs.
fn schemathesis() -> Command {
    Command::new(Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("tools/api/bin/st"))
}

#[test]
fn no_answer_is_outside_the_document_and_none_says_that_the_service_failed() {
    let server = Server::logging("warn,hallpass::cli=info", &[]);
    server.account("root", "correct horse battery", &["--admin"]);
    server.account("ada", "correct horse battery", &["--email", "ada@example.org"]);
    let key = full_key(&server);
    let done = schemathesis()
        .args(["run", &format!("{}/admin/openapi.json", server.internal)])
        .args(["--header", &format!("Api-Key: {key}"), "--exclude-checks", NOT_OURS])
        .args(["--max-time", SECONDS, "--seed", "1", "--no-color", "--continue-on-failure"])
        .current_dir(server.folder())
        .output()
        .expect("schemathesis is there: tests/run tools installs it");
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{told}");
    // It did ask: of each call, and with answers that were no refusals.
    assert!(told.contains("Tested: 17"), "{told}");
    assert!(!told.contains("0 generated"), "{told}");
}
