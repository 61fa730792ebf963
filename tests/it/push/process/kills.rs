//! The program ends, orderly or not, between publishing and delivery.

use super::{allow, publish, start};
use crate::message_bus::look;
use crate::support::Visitor;
use crate::support::receiver::{Manner, Receiver, SECRET, ids};

#[actix_web::test]
async fn neither_a_restart_nor_a_kill_loses_what_was_published_on_its_way_to_bus_and_push() {
    let receiver = Receiver::start().await;
    let (mut server, ada, admin) = start(&[("user_api.push_api_secret_key", SECRET)]).await;
    let key = allow(&ada, "phone", &receiver.url).await;
    // As if another node were sending there, so that the end comes before this one sends.
    let (url, begun) = (&receiver.url, i64::MAX);
    let claimed = format!("INSERT INTO push_targets (push_url, due_at, failures) VALUES ('{url}', {begun}, 0)");
    server.database().execute(&claimed);
    for number in 1..=4 {
        publish(&server, &admin).await;
        if number % 2 == 0 {
            server.kill();
            server = server.again();
        } else {
            server = server.restart();
        }
    }
    let program = Visitor::new(&server.base).with("User-Api-Key", &key);
    let heard = look(&program, &[("/notification-alert/1", "0")]).await.json();
    let heard: Vec<_> = heard.as_array().unwrap().iter().map(|one| one["data"]["id"].as_i64().unwrap()).collect();
    assert_eq!((heard, receiver.take().len()), (vec![1, 2, 3, 4], 0));
    server.database().execute("DELETE FROM push_targets");
    assert_eq!(ids(&receiver.next().await), [1, 2, 3, 4]);
}

#[actix_web::test]
async fn what_was_on_its_way_to_a_receiver_when_the_program_was_killed_is_sent_again() {
    let receiver = Receiver::start().await;
    let (mut server, ada, admin) = start(&[("user_api.push_api_secret_key", SECRET)]).await;
    allow(&ada, "phone", &receiver.url).await;
    receiver.behave(Manner::Hangs);
    publish(&server, &admin).await;
    assert_eq!(ids(&receiver.next().await), [1]);
    server.kill();
    // As if the thirty seconds of its claim were over.
    server.database().execute("UPDATE push_targets SET due_at = 0");
    receiver.behave(Manner::Takes);
    let server = server.again();
    assert_eq!(ids(&receiver.next().await), [1]);
    drop(server);
}
