//! The pages and the protocol of Hallpass, on the site's own host name.

use crate::proxy::{Proxy, Running};
use crate::shop::{BODY, Shop};
use crate::site::{ClientApp, Server, Visitor, free_port};
use crate::stage::{PASSWORD, Wiring};

#[actix_web::test]
async fn pages_and_protocol_stand_beside_the_site_with_a_path_of_their_own_or_without() {
    for (proxy, base) in Proxy::ALL.into_iter().flat_map(|proxy| [(proxy, ""), (proxy, "/hall")]) {
        let port = free_port();
        let url = format!("http://127.0.0.1:{port}{base}");
        let hallpass = Server::start(&[("server.public_url", &url), ("server.trusted_proxies", "127.0.0.1")]);
        hallpass.account("ada", PASSWORD, &[]);
        let shop = Shop::open();
        let wiring = Wiring { public_url: Some(url.clone()), ..Wiring::of(&hallpass, &shop) };
        let running = Running::start(proxy, port, &wiring.printed(proxy.word(), port, "/", &[], &[]));
        let key = approved(&url).await;
        assert!(shop.take().is_empty(), "{url}: the site was asked for a page of Hallpass");
        let book = running.get("/api/books", &[("User-Api-Key", &key)]);
        assert_eq!((book.status, book.body.as_str()), (200, BODY), "{proxy:?}: {book:?}");
        assert_eq!(running.get(&format!("{base}/session/current.json"), &[("User-Api-Key", &key)]).status, 200);
    }
}

/// The handshake, with a look at all that the consent page loads and links to.
async fn approved(url: &str) -> String {
    let (ada, wish) = (Visitor::new(url), ClientApp::new(url));
    assert_eq!(ada.sign_in("ada", PASSWORD).await.status, 200, "{url}");
    let page = ada.html().get(&wish.path()).await;
    assert_eq!(page.status, 200, "{page:?}");
    let origin = url.trim_end_matches("/hall");
    let loaded = ["href=\"", "src=\""].into_iter().flat_map(|attribute| page.body.split(attribute).skip(1));
    let mut checked = 0;
    for path in loaded.filter_map(|rest| rest.split('"').next()).filter(|path| path.contains("/static/")) {
        assert_eq!(ada.at(origin).get(path).await.status, 200, "{url}: {path}");
        checked += 1;
    }
    assert!(checked > 0, "{page:?}");
    wish.approved_by(&ada).await.key
}
