//! The browser harness itself: each thing it is to notice is planted on a small page.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::json;

use crate::support::{Browser, Media};

const PLAIN: &str =
    "<h1>Keys</h1><p><a href='#one'>One</a> <label>Name <input name=name></label> <button>Deny</button></p>";

#[actix_web::test]
async fn axe_finds_a_planted_violation_under_the_strictest_policy() {
    let (browser, site) =
        (Browser::start().await, serve("default-src 'none'", "<h1>Keys</h1><img src='a.png'><input>"));
    browser.open(&site).await;
    let found = browser.axe().await.join("\n");
    assert!(found.contains("image-alt (critical)"), "{found}");
    assert!(found.contains("label (critical)"), "{found}");
}

#[actix_web::test]
async fn axe_finds_nothing_on_a_good_page() {
    let (browser, site) = (Browser::start().await, serve("default-src 'none'", PLAIN));
    browser.open(&site).await;
    assert_eq!(browser.axe().await, Vec::<String>::new());
    assert!(browser.complaints().await.is_empty());
}

#[actix_web::test]
async fn a_blocked_script_is_a_policy_complaint_and_a_thrown_error_is_an_error() {
    let browser = Browser::start().await;
    browser.open(&serve("default-src 'none'", "<script>document.title = 'run'</script>")).await;
    let complaints = browser.complaints().await;
    assert!(complaints.policy.iter().any(|text| text == "script-src-elem blocked inline"), "{complaints:?}");
    assert!(complaints.policy.len() > 1, "the log tells it as well: {complaints:?}");
    browser.open(&serve("default-src 'unsafe-inline'", "<script>throw new Error('planted')</script>")).await;
    let complaints = browser.complaints().await;
    assert_eq!(complaints.policy, Vec::<String>::new());
    assert!(complaints.errors.iter().any(|text| text.contains("planted")), "{complaints:?}");
}

#[actix_web::test]
async fn colours_and_motion_are_those_of_the_visitor() {
    let (browser, site) = (Browser::start().await, serve("default-src 'none'", PLAIN));
    browser.open(&site).await;
    let seen = "return ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-reduced-motion: reduce)']
        .map(query => matchMedia(query).matches);";
    for (dark, forced_colors, reduced_motion) in [(true, false, true), (false, true, false), (false, false, false)] {
        browser.see_as(Media { dark, forced_colors, reduced_motion }).await;
        assert_eq!(browser.ask(seen).await, json!([dark, forced_colors, reduced_motion]));
    }
}

#[actix_web::test]
async fn a_page_without_scripts_stays_as_it_was_sent() {
    let (browser, site) = (
        Browser::start().await,
        serve(
            "default-src 'unsafe-inline'",
            "<p>sent</p><script>document.querySelector('p').textContent = 'run'</script>",
        ),
    );
    browser.allow_scripts(false).await;
    browser.open(&site).await;
    assert_eq!(browser.find("p").await.text().await.unwrap(), "sent");
    assert!(browser.complaints().await.is_empty());
    browser.allow_scripts(true).await;
    browser.open(&site).await;
    assert_eq!(browser.find("p").await.text().await.unwrap(), "run");
}

#[actix_web::test]
async fn tab_stops_are_told_in_order() {
    let (browser, site) = (Browser::start().await, serve("default-src 'none'", PLAIN));
    browser.open(&site).await;
    for _ in 0..2 {
        assert_eq!(browser.tab_walk().await, ["a One", "input Name", "button Deny"]);
    }
}

#[actix_web::test]
async fn an_element_that_is_too_wide_is_named_and_the_picture_is_saved() {
    let (browser, site) = (
        Browser::start().await,
        serve("default-src 'unsafe-inline'", "<p id=wide style='width: 400px; height: 900px'>wide</p>"),
    );
    for (width, wide) in [(320, true), (768, false), (1280, false)] {
        browser.resize(width, 640).await;
        browser.open(&site).await;
        assert_eq!(browser.ask("return innerWidth").await, width);
        assert_eq!(browser.too_wide().await.iter().any(|element| element.contains("id=\"wide\"")), wide, "at {width}");
    }
    let picture = fs::read(browser.screenshot("harness").await).unwrap();
    assert_eq!(
        picture[16..24],
        [0, 0, 5, 0, 0, 0, 3, 164],
        "a PNG of 1280 by 932 pixels: the page is higher than the window"
    );
}

/// Serves one page with this policy at every path, until the test process ends; the URL of it.
fn serve(policy: &str, body: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Planted</title>\
         <link rel=icon href='data:,'><main>{body}</main></html>"
    );
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\
         Content-Security-Policy: {policy}; img-src data:\r\n\r\n{page}",
        page.len()
    );
    thread::spawn(move || listener.incoming().flatten().for_each(|stream| reply(&stream, &answer)));
    url
}

fn reply(mut stream: &TcpStream, answer: &str) {
    let asked = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).count();
    if asked > 0 {
        drop(stream.write_all(answer.as_bytes()));
    }
}

#[actix_web::test]
async fn text_grows_as_the_visitor_wants_it() {
    let (browser, site) = (Browser::start().await, serve("default-src 'none'", PLAIN));
    browser.open(&site).await;
    for pixels in [32, 16] {
        browser.text_size(pixels).await;
        let seen = "return getComputedStyle(document.querySelector('p')).fontSize + ' ' + matchMedia('(min-width: 41em)').matches";
        assert_eq!(browser.ask(seen).await, format!("{pixels}px {}", pixels == 16));
    }
}
