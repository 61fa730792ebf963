//! Who is there is told by the site, and not pushed to: who is, and for how long.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::{LOOPBACK, ada, ids, send, site, tell, waiting};
use crate::support::receiver::Receiver;
use crate::support::{PASSWORD, TestApp, Visitor};

/// The program that holds the key of the user's application.
async fn program(site: &TestApp, ada: &Visitor) -> Visitor {
    let application = site.client_app().scopes("notifications").set("client_id", "desk");
    ada.holder_of(&application.approved_by(ada).await.key)
}

#[actix_web::test]
async fn who_is_there_is_not_pushed_to_until_they_have_been_away_c292() {
    let receiver = Receiver::start().await;
    let site = site(&receiver, &[LOOPBACK]).await;
    let (browser, user) = ada(&site, &receiver).await;
    let looking = program(&site, &browser).await.with("Discourse-Present", "true");
    let again = site.anonymous();
    for way in ["page", "key", "sign-in"] {
        site.clock.advance(Duration::from_hours(1));
        match way {
            "page" => assert_eq!(browser.html().get("/notifications").await.status, 200),
            "key" => assert_eq!(looking.get("/notifications.json").await.status, 200),
            _ => assert_eq!(again.sign_in("ada", PASSWORD).await.status, 200),
        }
        let id = tell(&site, user).await;
        assert_eq!((send(&site).await, receiver.take().len(), waiting(&site)), (1, 0, 1), "{way}");
        // Written down, and known to a node that has seen nobody.
        site.flush().await;
        site.clock.advance(Duration::from_secs(599));
        assert_eq!((send(&site).await, waiting(&site)), (0, 1), "{way}");
        site.clock.advance(Duration::from_secs(1));
        assert_eq!((send(&site).await, ids(&receiver.take()), waiting(&site)), (1, vec![id], 0), "{way}");
    }
}

#[actix_web::test]
async fn who_comes_back_while_it_waits_or_reads_it_is_not_pushed_to() {
    let receiver = Receiver::start().await;
    let site = site(&receiver, &[LOOPBACK]).await;
    let (browser, user) = ada(&site, &receiver).await;
    let (page, program) = (browser.html(), program(&site, &browser).await);
    for way in ["looks", "reads"] {
        site.clock.advance(Duration::from_hours(1));
        page.get("/notifications").await;
        let id = tell(&site, user).await;
        send(&site).await;
        site.clock.advance(Duration::from_secs(1));
        if way == "looks" {
            assert_eq!(page.get("/notifications").await.status, 200);
        } else {
            let read = Some(("application/json", json!({ "id": id }).to_string().into_bytes()));
            assert_eq!(program.request(Method::PUT, "/notifications/read", read).await.status, 200);
        }
        site.clock.advance(Duration::from_mins(20));
        send(&site).await;
        assert_eq!((receiver.take().len(), waiting(&site)), (0, 0), "{way}");
    }
}

#[actix_web::test]
async fn what_asks_by_itself_does_not_say_that_its_user_is_there_c292() {
    let receiver = Receiver::start().await;
    let site = site(&receiver, &[LOOPBACK]).await;
    let (browser, user) = ada(&site, &receiver).await;
    let (program, script) = (program(&site, &browser).await, browser.with("X-Requested-With", "XMLHttpRequest"));
    site.clock.advance(Duration::from_hours(1));
    assert_eq!(program.get("/notifications.json").await.status, 200);
    assert_eq!(script.get("/notifications.json").await.status, 200);
    assert_eq!(browser.post_form("/message-bus/a/poll?dlp=t", &[("/notification/1", "0")]).await.status, 200);
    let id = tell(&site, user).await;
    assert_eq!((send(&site).await, ids(&receiver.take())), (1, vec![id]));
}
