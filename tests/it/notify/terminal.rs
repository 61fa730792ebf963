//! The notifier as a person has it: in a terminal, before two running services.

use std::process::Command;

use serde_json::json;

use super::{kept, notify};
use crate::cli::text;
use crate::support::server::Server;
use crate::support::terminal::Terminal;
use crate::support::{PASSWORD, Visitor};

/// Room for a test that asks every second.
const LIMITS: [(&str, &str); 2] =
    [("user_api.max_user_api_reqs_per_minute", "100000"), ("user_api.max_user_api_reqs_per_day", "10000000")];

/// A site with a name, and a user ada.
fn site(title: &str) -> Server {
    let server = Server::start(&[&LIMITS[..], &[("site.title", title)]].concat());
    server.account("ada", PASSWORD, &[]);
    server
}

/// The site's back end.
fn back_end(server: &Server) -> Visitor {
    let made = server.cli(&["admin-key", "create", "--name", "shop", "--scope", "notifications:write"], "");
    Visitor::new(&server.internal).with("Api-Key", text(&made.stdout).trim())
}

async fn tell(back_end: &Visitor, high_priority: bool) {
    let body = json!({ "usernames": ["ada"], "notification_type": 1, "high_priority": high_priority,
                       "data": { "topic_title": "Bread" } });
    let told = back_end.post_json("/admin/notifications", &body).await;
    assert_eq!(told.status, 200, "{told:?}");
}

/// The program, whose browser is ada.
fn as_ada(mut command: Command, server: &Server) -> Command {
    let visitor = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/visitor.py");
    command
        .env("BROWSER", format!("python3 {visitor} %s"))
        .env("HALLPASS_VISITOR_DIARY", server.folder().join("diary"))
        .env("HALLPASS_VISITOR_LOGIN", "ada")
        .env("HALLPASS_VISITOR_PASSWORD", PASSWORD);
    command
}

#[actix_web::test]
async fn two_sites_are_watched_in_a_terminal_from_the_first_key_to_ctrl_c_c286() {
    let (books, mut bread) = (site("Books"), site("Bread"));
    let folder = tempfile::tempdir().unwrap();
    let command = notify(folder.path(), &[&books.base, &bread.base], &["--every", "1"]);
    let mut terminal = Terminal::run(&as_ada(command, &books));
    terminal.line_with(&format!("Books ({}), ada: 0 new", books.base));
    terminal.line_with(&format!("Bread ({}), ada: 0 new", bread.base));
    assert_eq!(kept(&folder).len(), 2);

    let (of_books, of_bread) = (back_end(&books), back_end(&bread));
    tell(&of_bread, false).await;
    assert_eq!(terminal.line_with(" new"), format!("Bread ({}), ada: 1 new", bread.base));
    tell(&of_books, true).await;
    assert_eq!(terminal.line_with(" new"), format!("Books ({}), ada: 1 new; 1 unread of high priority", books.base));

    bread.kill();
    terminal.line_with(&format!("{}: it cannot be reached", bread.base));
    tell(&of_books, false).await;
    assert_eq!(terminal.line_with(" new"), format!("Books ({}), ada: 2 new; 1 unread of high priority", books.base));
    let bread = bread.again();
    terminal.line_with(&format!("{}: it answers again", bread.base));

    let ended = books.cli(&["key", "revoke", "1"], "");
    assert!(ended.status.success(), "{ended:?}");
    terminal.line_with(&format!("{}: its key has ended and is forgotten", books.base));
    tell(&back_end(&bread), false).await;
    assert_eq!(terminal.line_with(" new"), format!("Bread ({}), ada: 2 new", bread.base));
    assert_eq!(kept(&folder), [bread.base.as_str()]);
    let key = std::fs::read_to_string(folder.path().join("keys.json")).unwrap();
    let key = key.split('"').nth(5).unwrap().to_owned();

    let (status, screen) = terminal.interrupt();
    assert!(status.success() && screen.matches("cannot be reached").count() == 1, "{status}: {screen}");
    assert!(key.len() == 32 && !screen.contains(&key), "a key is on the screen: {screen}");
    assert_eq!(Visitor::new(&bread.base).holder_of(&key).get("/session/current.json").await.status, 200);
    let forgotten = notify(folder.path(), &[&bread.base], &["--forget"]).output().unwrap();
    assert!(forgotten.status.success() && kept(&folder).is_empty(), "{forgotten:?}");
    assert_eq!(Visitor::new(&bread.base).holder_of(&key).get("/session/current.json").await.status, 403);
}
