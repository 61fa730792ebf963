//! Showing what we got: the only place that prints the key.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::ConnectArgs;
use super::calls::Seen;
use super::payload::Grant;
use super::request::Request;
use crate::cli::print;

/// To standard output, as lines or as one JSON object.
pub(super) fn print(args: &ConnectArgs, request: &Request, grant: &Grant, seen: &Seen) -> anyhow::Result<()> {
    if args.json {
        return print::json(&as_json(args, request, grant, seen));
    }
    lines(args, request, grant, seen).iter().try_for_each(|line| print::data(line))?;
    Ok(())
}

fn password(grant: &Grant) -> Option<&str> {
    grant.one_time_password.as_ref().map(SecretString::expose_secret)
}

fn as_json(args: &ConnectArgs, request: &Request, grant: &Grant, seen: &Seen) -> Value {
    let limits = seen.limits.iter().map(|(name, value)| (name.clone(), json!(value)));
    json!({
        "site": args.site.to_string(),
        "key": grant.key.expose_secret(),
        "client_id": request.client_id,
        "scopes": args.scopes.split(',').collect::<Vec<_>>(),
        "expires_at": grant.expires_at,
        "push": grant.push,
        "api": grant.api,
        "one_time_password": password(grant),
        "user": seen.user.as_ref().ok().cloned().flatten(),
        "limits": limits.collect::<serde_json::Map<_, _>>(),
    })
}

fn lines(args: &ConnectArgs, request: &Request, grant: &Grant, seen: &Seen) -> Vec<String> {
    let user =
        seen.user.as_ref().ok().and_then(Option::as_ref).and_then(|user| user.get("username")).and_then(Value::as_str);
    let mut rows = vec![
        ("key", grant.key.expose_secret()),
        ("user", user.unwrap_or("unknown")),
        ("scopes asked", args.scopes.as_str()),
        ("expires", grant.expires_at.as_deref().unwrap_or("at no set time")),
        ("client_id", request.client_id.as_str()),
    ];
    rows.extend(password(grant).map(|password| ("one-time password", password)));
    rows.extend(seen.limits.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    rows.iter().map(|(name, value)| format!("{name:<17} {}", print::visible(value))).collect()
}
