//! Where Hallpass does not answer nobody is let in.

use crate::stage::Stage;

#[actix_web::test]
async fn with_hallpass_stopped_the_proxy_answers_5xx_and_the_site_is_not_asked_l5() {
    for anonymous in ["refuse", "allow"] {
        let mut stage = Stage::new(&[("verify.anonymous", anonymous)]);
        let key = stage.key("deskbell-1", "read").await;
        for proxy in &stage.proxies {
            assert_eq!(proxy.get("/api/books", &[key.header()]).status, 200);
        }
        stage.shop.take();
        stage.hallpass.kill();
        for proxy in &stage.proxies {
            for headers in [&[][..], &[key.header()], &[("User-Api-Key", "0"), ("Remote-User", "ada")]] {
                let response = proxy.get("/api/books", headers);
                assert!((500..600).contains(&response.status), "{:?}: {response:?}", proxy.proxy);
                assert!(stage.shop.take().is_empty(), "{:?}", proxy.proxy);
            }
        }
    }
}
