//! The body of a push, as the protocol has it.

use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::{Map, Value};

use super::Sender;
use crate::model::Delivery;

#[derive(Serialize)]
struct Body<'a> {
    secret_key: &'a str,
    url: &'a str,
    title: &'a str,
    description: &'a str,
    notifications: Vec<Map<String, Value>>,
}

/// All of these in one body, each with the `client_id` of the application that it is for.
///
/// # Errors
/// When what is stored is no JSON object.
pub(super) fn body(sender: &Sender, deliveries: &[Delivery]) -> serde_json::Result<String> {
    let notifications = deliveries.iter().map(notification).collect::<Result<_, _>>()?;
    let Sender { url, title, description, .. } = sender;
    serde_json::to_string(&Body { secret_key: sender.secret.expose_secret(), url, title, description, notifications })
}

fn notification(delivery: &Delivery) -> serde_json::Result<Map<String, Value>> {
    let mut members: Map<String, Value> = serde_json::from_str(&delivery.payload)?;
    members.insert("client_id".to_owned(), Value::from(delivery.client_id.as_str()));
    Ok(members)
}
