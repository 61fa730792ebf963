//! `/verify` as bytes on a connection: some of it never reaches the framework, and nobody may notice.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use crate::support::server::Server;
use crate::support::{ClientApp, PASSWORD, TestApp, Visitor};

const PATIENCE: Duration = Duration::from_secs(10);

fn connected(base: &str) -> TcpStream {
    let stream = TcpStream::connect(base.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// All that comes back for these pieces, each sent when the answer to the one before has begun.
fn conversation(base: &str, pieces: &[&str]) -> String {
    let (mut stream, mut said) = (connected(base), String::new());
    for piece in pieces {
        stream.write_all(piece.as_bytes()).unwrap();
        if piece.ends_with("\r\n\r\n") {
            let mut some = [0; 4096];
            let length = stream.read(&mut some).unwrap();
            said += std::str::from_utf8(&some[..length]).unwrap();
        }
    }
    stream.shutdown(Shutdown::Write).unwrap();
    stream.read_to_string(&mut said).unwrap();
    said
}

fn statuses(said: &str) -> Vec<u16> {
    said.split("HTTP/1.1 ").skip(1).map(|answer| answer[..3].parse().unwrap()).collect()
}

fn question(line: &str, key: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: a\r\nUser-Api-Key: {key}\r\nX-Original-Method: GET\r\nX-Original-URI: /books\r\n")
}

async fn site() -> (TestApp, String) {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let key = site.client_app().scopes("read").approved_by(&ada).await.key;
    (site, key)
}

#[actix_web::test]
async fn questions_that_come_together_are_answered_in_their_order() {
    let (site, key) = site().await;
    let (good, bad) = (question("GET /verify", &key), question("GET /verify", "0123456789abcdef0123456789abcdef"));
    let said = conversation(&site.internal, &[&format!("{good}\r\n{bad}\r\n{good}\r\n")]);
    assert_eq!(statuses(&said), [200, 403, 200], "{said}");
    assert!(said.contains("\"minute\";r=19;") && said.contains("\"minute\";r=18;"), "{said}");
}

#[actix_web::test]
async fn a_connection_goes_on_with_whatever_else_there_is_to_ask() {
    let (site, key) = site().await;
    let good = format!("{}\r\n", question("GET /verify", &key));
    let health = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";
    let said = conversation(&site.internal, &[&good, &format!("{good}{health}"), &good, health, &good]);
    assert_eq!(statuses(&said), [200, 200, 200, 200, 200, 200], "{said}");
    assert_eq!(said.matches("remote-user: ada").count(), 4, "{said}");
}

#[actix_web::test]
async fn an_answer_is_the_same_whoever_gives_it_w9() {
    let (site, key) = site().await;
    let good = question("GET /verify", &key);
    let here = conversation(&site.internal, &[&format!("{good}\r\n")]);
    let framework = conversation(&site.internal, &[&format!("{good}Connection: keep-alive, x-nothing\r\n\r\n")]);
    let lines = |said: &str| {
        let own = |line: &&str| !line.starts_with("date: ") && !line.starts_with("ratelimit: ");
        let mut lines: Vec<_> = said.lines().map(str::trim_end).filter(own).map(ToOwned::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(&here), lines(&framework));
    assert_eq!(lines(&here).len(), 12, "{here}");
}

#[actix_web::test]
async fn a_question_that_comes_in_pieces_is_answered_too() {
    let (site, key) = site().await;
    let good = format!("{}\r\n", question("GET /verify", &key));
    for cut in [1, 12, good.len() - 3, good.len() - 1] {
        let said = conversation(&site.internal, &[&good[..cut], &good[cut..]]);
        assert_eq!(statuses(&said), [200], "{cut}: {said}");
    }
}

#[actix_web::test]
async fn what_a_question_carries_is_no_question_of_its_own() {
    let (site, key) = site().await;
    let inner = format!("{}\r\n", question("GET /verify", &key));
    let length = format!("Content-Length: {}\r\n\r\n", inner.len());
    let chunked = format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{inner}\r\n0\r\n\r\n", inner.len());
    for announced in [length + &inner, chunked] {
        let said = conversation(&site.internal, &[&(question("POST /verify", &key) + &announced)]);
        assert_eq!(statuses(&said), [200], "{said}");
    }
}

#[actix_web::test]
async fn an_answer_to_head_has_no_body_and_close_closes() {
    let (site, _) = site().await;
    let bad = question("HEAD /verify", "0123456789abcdef0123456789abcdef");
    let said = conversation(&site.internal, &[&format!("{bad}\r\n{bad}\r\n")]);
    assert_eq!((statuses(&said), said.matches("errors").count()), (vec![403, 403], 0), "{said}");
    let mut stream = connected(&site.internal);
    stream.write_all(format!("{bad}Connection: close\r\n\r\n").as_bytes()).unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert_eq!(statuses(&said), [403], "{said}");
}

/// What follows is no request (RFC 9112, 9.6), wherever it is asked and however the last one came.
#[actix_web::test]
async fn behind_the_last_request_of_a_connection_nothing_is_answered_and_nothing_charged() {
    let (site, key) = site().await;
    let good = question("GET /verify", &key);
    let health = "GET /health/live HTTP/1.1\r\nHost: a\r\n";
    let about = "GET /site/basic-info HTTP/1.1\r\nHost: a\r\n";
    let with_body = format!("{}Content-Length: 3\r\nConnection: close\r\n\r\na=b", question("POST /verify", &key));
    let in_chunks = "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\na=b\r\n0\r\n\r\n";
    let in_chunks = question("POST /verify", &key) + in_chunks;
    let close = |request: &str| format!("{request}Connection: close\r\n\r\n");
    for (base, sent, answers) in [
        (&site.internal, close(&good), 1),
        (&site.internal, with_body, 1),
        (&site.internal, in_chunks, 1),
        (&site.internal, format!("{good}\r\n{health}\r\n{}", close(health)), 3),
        (&site.base, close(about), 1),
        (&site.base, format!("{about}\r\n{}", close(about)), 2),
    ] {
        let follows = if *base == site.base { about } else { &good };
        let said = conversation(base, &[&format!("{sent}{follows}\r\n{follows}\r\n")]);
        assert_eq!(
            (statuses(&said), said.to_lowercase().matches("connection: close").count()),
            (vec![200; answers], 1),
            "{said}"
        );
    }
    let said = conversation(&site.internal, &[&format!("{good}\r\n")]);
    assert!(said.contains("\"minute\";r=15;"), "only the first of each was charged: {said}");
}

#[actix_web::test]
async fn what_is_no_http_is_refused_and_closed() {
    let (site, _) = site().await;
    for nonsense in ["\0\0\0\0", "GET /verify\r\n\r\n", "GET /verify HTTP/1.1\r\nHost : a\r\n\r\n"] {
        let said = conversation(&site.internal, &[nonsense]);
        assert!(statuses(&said).iter().all(|status| *status == 400), "{nonsense:?}: {said}");
    }
}

/// The framework would read it without what follows, and a site may not.
#[actix_web::test]
async fn a_target_with_a_fragment_is_refused_however_it_comes_w10() {
    let (site, key) = site().await;
    let headers = format!("Host: a\r\nUser-Api-Key: {key}\r\n");
    let padding = format!("X-Padding: {}\r\n", "a".repeat(9000));
    for more in
        ["", "Connection: close\r\n", "Content-Length: 0\r\nContent-Length: 0\r\n", &padding, &"a: b\r\n".repeat(90)]
    {
        let whole = format!("GET /verify/envoy/books#/../admin HTTP/1.1\r\n{headers}{more}\r\n");
        for pieces in [vec![whole.as_str()], vec![&whole[..30], &whole[30..]]] {
            let said = conversation(&site.internal, &pieces);
            assert_eq!(statuses(&said), [400], "{more}: {said}");
        }
    }
}

#[actix_web::test]
async fn a_head_longer_than_most_is_answered_all_the_same() {
    let (site, key) = site().await;
    let cookie = format!("Cookie: a={}\r\n", "b".repeat(20_000));
    let said = conversation(&site.internal, &[&format!("{}{cookie}\r\n", question("GET /verify", &key))]);
    assert_eq!(statuses(&said), [200], "{said}");
}

#[actix_web::test]
async fn a_head_that_comes_byte_by_byte_is_not_waited_for_l6() {
    let (site, key) = site().await;
    let (mut stream, begin) = (connected(&site.internal), Instant::now());
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let mut bytes = question("GET /verify", &key).into_bytes().into_iter();
    let mut more = move || bytes.next().map_or(b'a', |byte| byte);
    while begin.elapsed() < 2 * PATIENCE {
        let sent = stream.write_all(&[more()]);
        match stream.read(&mut [0; 16]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock && sent.is_ok() => {}
            _ => break,
        }
    }
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
}

#[actix_web::test]
async fn who_says_nothing_is_let_go_of_l6() {
    let (site, _) = site().await;
    let mut stream = connected(&site.internal);
    assert_eq!(stream.read(&mut [0; 16]).unwrap(), 0);
}

/// More answers than a connection holds, for somebody who reads none of them.
#[actix_web::test]
async fn the_end_waits_for_no_one_who_does_not_read() {
    let server = Server::start(&[]);
    let mut stream = connected(&server.internal);
    stream.set_write_timeout(Some(Duration::from_millis(300))).unwrap();
    let many = format!("{}\r\n", question("GET /verify", "0123456789abcdef0123456789abcdef")).repeat(100);
    while stream.write_all(many.as_bytes()).is_ok() {}
    let begin = Instant::now();
    server.stop();
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
}

#[actix_web::test]
async fn the_end_waits_for_no_idle_connection() {
    let server = Server::start(&[]);
    server.account("ada", PASSWORD, &[]);
    let ada = Visitor::new(&server.base);
    ada.sign_in("ada", PASSWORD).await;
    let key = ClientApp::new(&server.base).scopes("read").approved_by(&ada).await.key;
    let good = format!("{}\r\n", question("GET /verify", &key));
    let mut streams = [good.as_str(), "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"].map(|request| {
        let mut stream = connected(&server.internal);
        stream.write_all(request.as_bytes()).unwrap();
        let length = stream.read(&mut [0; 4096]).unwrap();
        assert!(length > 0);
        stream
    });
    let begin = Instant::now();
    server.stop();
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
    assert!(streams.iter_mut().all(|stream| stream.read(&mut [0; 16]).is_ok_and(|length| length == 0)));
}
