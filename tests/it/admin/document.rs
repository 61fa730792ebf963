//! Somebody else's program reads the document, asks the service all that it allows and much that it does not, and holds the
//! answers against it.

use std::path::Path;
use std::process::Command;

use super::full_key;
use super::openapi::calls;
use crate::support::server::Server;

/// How many requests of each call it makes up, beside those that follow from the document. By number and not by time, so that a
/// busy machine does not make the test show less.
const MADE_UP: &str = "12";

/// What it would have otherwise than we do: what a schema allows may still be refused, a name that is taken, a scope that the site
/// does not offer.
const NOT_OURS: &str = "positive_data_acceptance";

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
        .args(["--max-examples", MADE_UP, "--seed", "1", "--no-color", "--continue-on-failure"])
        .current_dir(server.folder())
        .output()
        .expect("schemathesis is there: tests/run tools installs it");
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{told}");
    // It did ask, and for each call.
    assert!(told.contains(&format!("Tested: {}", calls().len())), "{told}");
    let asked = told.split(" generated, ").next().and_then(|before| before.rsplit(' ').next()).unwrap();
    assert!(asked.parse::<u32>().unwrap() > 500, "{told}");
}
