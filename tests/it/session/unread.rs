//! The database cannot be asked whose session it is.

use diesel::connection::SimpleConnection as _;

use crate::support::server::Server;
use crate::support::{PASSWORD, Visitor};

#[actix_web::test]
async fn while_sessions_cannot_be_read_who_is_signed_in_is_told_to_come_back_and_stays_signed_in() {
    let server = Server::start(&[]);
    server.account("ada", PASSWORD, &[]);
    let ada = Visitor::new(&server.base);
    assert_eq!(ada.sign_in("ada", PASSWORD).await.status, 200);
    let ada = ada.csrf().await;
    let rename = |from: &str, to: &str| {
        server.database().connect().batch_execute(&format!("ALTER TABLE {from} RENAME TO {to}")).unwrap();
    };
    rename("sessions", "sessions_away");
    for path in ["/", "/login", "/u/ada/preferences/apps", "/session/current.json"] {
        let answer = ada.get(path).await;
        assert_eq!(answer.status, 503, "{path} {answer:?}");
        assert!(!answer.header("retry-after").is_empty() && !answer.header("x-request-id").is_empty(), "{answer:?}");
        assert!(!answer.body.is_empty() && !answer.header("x-content-type-options").is_empty(), "{answer:?}");
    }
    assert_eq!(ada.delete("/session/ada").await.status, 503);
    assert_eq!(Visitor::new(&server.base).sign_in("ada", PASSWORD).await.json()["error_type"], "internal");
    let counted = Visitor::new(&server.internal).get("/metrics").await.body;
    assert!(counted.contains(r#"code="503""#) && counted.contains(r#"code="500""#), "{counted}");
    rename("sessions_away", "sessions");
    assert_eq!(ada.get("/session/current.json").await.status, 200);
    assert_eq!(ada.delete("/session/ada").await.status, 200);
    assert_eq!(ada.get("/session/current.json").await.status, 404);
}
