//! Showing what we got: the only place that prints the key.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::ConnectArgs;
use super::calls::Seen;
use crate::cli::handshake::Obtained;
use crate::cli::print;

/// To standard output, as lines or as one JSON object.
pub(super) fn print(args: &ConnectArgs, obtained: &Obtained, seen: &Seen) -> anyhow::Result<()> {
    if args.json {
        return print::json(&as_json(args, obtained, seen));
    }
    lines(args, obtained, seen).iter().try_for_each(|line| print::data(line))?;
    Ok(())
}

fn password(obtained: &Obtained) -> Option<&str> {
    obtained.grant.one_time_password.as_ref().map(SecretString::expose_secret)
}

fn as_json(args: &ConnectArgs, obtained: &Obtained, seen: &Seen) -> Value {
    let limits = seen.limits.iter().map(|(name, value)| (name.clone(), json!(value)));
    json!({
        "site": args.site.to_string(),
        "key": obtained.grant.key.expose_secret(),
        "client_id": obtained.client_id,
        "scopes": args.scopes.split(',').collect::<Vec<_>>(),
        "expires_at": obtained.grant.expires_at,
        "push": obtained.grant.push,
        "api": obtained.grant.api,
        "one_time_password": password(obtained),
        "user": seen.user.as_ref().ok().cloned().flatten(),
        "limits": limits.collect::<serde_json::Map<_, _>>(),
    })
}

fn lines(args: &ConnectArgs, obtained: &Obtained, seen: &Seen) -> Vec<String> {
    let user =
        seen.user.as_ref().ok().and_then(Option::as_ref).and_then(|user| user.get("username")).and_then(Value::as_str);
    let mut rows = vec![
        ("key", obtained.grant.key.expose_secret()),
        ("user", user.unwrap_or("unknown")),
        ("scopes asked", args.scopes.as_str()),
        ("expires", obtained.grant.expires_at.as_deref().unwrap_or("at no set time")),
        ("client_id", obtained.client_id.as_str()),
    ];
    let pushes =
        if obtained.grant.push == Some(true) { "to that address" } else { "none; is the address on the site's list?" };
    rows.extend(args.push_url.as_ref().map(|_| ("pushes", pushes)));
    rows.extend(password(obtained).map(|password| ("one-time password", password)));
    rows.extend(seen.limits.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    rows.iter().map(|(name, value)| format!("{name:<17} {}", print::visible(value))).collect()
}
