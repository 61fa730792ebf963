//! Is `server.public_url` what browsers see, in the configuration and in what the running service says?

use super::Scene;
use super::finding::Finding;
use crate::cli::proxy_config::warnings;

const ICON: &str = "/static/apple-touch-icon.png";

pub(super) fn check(scene: &Scene) -> Vec<Finding> {
    vec![configured(scene), told(scene), cookies(scene), proxies(scene)]
}

fn configured(scene: &Scene) -> Finding {
    const CHECK: &str = "public_url";
    let (Some(config), asked) = (scene.config, scene.url) else {
        return Finding::not_checked(CHECK, "no configuration counts here", "run it where the service runs");
    };
    let set = &config.server.public_url;
    let paths = [asked.base_path(), set.base_path()];
    if asked.origin() == set.origin() && (paths[0].is_empty() || paths[0] == paths[1]) {
        return Finding::ok(CHECK, format!("server.public_url is {set}"));
    }
    let advice = format!("set it to what browsers see ({asked}), or run doctor with the address that it names");
    Finding::failed(CHECK, format!("server.public_url is {set}"), advice)
}

/// Every link, cookie and redirect of the service is made of what this answer is made of.
fn told(scene: &Scene) -> Finding {
    const CHECK: &str = "links";
    let answer = scene.live.get(&format!("{}/site/basic-info.json", scene.live.base), &[]);
    let here = scene.live.to_string();
    let icon = answer.json("/apple_touch_icon_url");
    match icon.as_str().and_then(|icon| icon.strip_suffix(ICON)) {
        Some(told) if told == here => Finding::ok(CHECK, format!("the service's links lead to {here}")),
        Some(told) => {
            let advice = "set server.public_url to what browsers see and start the service again";
            Finding::failed(CHECK, format!("the service's links lead to {told}, not to {here}"), advice)
        }
        None => {
            let advice = "have the proxy send it to server.listen, as `hallpass proxy-config` has it";
            Finding::failed(CHECK, format!("site/basic-info.json is answered {answer}, not by Hallpass"), advice)
        }
    }
}

/// `security.md W4`, through the proxy.
fn cookies(scene: &Scene) -> Finding {
    const CHECK: &str = "cookies";
    let answer = scene.live.page("/login");
    let cookies = answer.all("set-cookie");
    let path = if scene.live.base.is_empty() { "/" } else { &scene.live.base };
    let Some(cookie) = cookies.iter().find(|cookie| cookie.contains("hallpass_visitor=")) else {
        let says = format!("/login is answered {answer} without the cookie of its form");
        return Finding::failed(CHECK, says, "have the proxy pass on Set-Cookie, and cache no page of Hallpass");
    };
    let marks: Vec<_> = cookie.split(';').skip(1).map(|mark| mark.trim().to_ascii_lowercase()).collect();
    let https = scene.url.is_https();
    let wanted = ["httponly", "samesite=lax", &format!("path={path}")].map(str::to_lowercase);
    let missing = wanted.iter().find(|mark| !marks.contains(mark));
    if let Some(mark) = missing {
        let says = format!("the cookie of /login has lost its {mark}");
        return Finding::failed(CHECK, says, "have the proxy leave Set-Cookie as it is");
    }
    match (https, marks.iter().any(|mark| mark == "secure")) {
        (true, false) => Finding::failed(
            CHECK,
            "the cookie of /login travels without https too",
            "set server.public_url to the https:// address, and have the proxy leave Set-Cookie as it is",
        ),
        (false, true) => Finding::failed(
            CHECK,
            "the cookie of /login is for https only, and a browser drops it here",
            "set server.public_url to what browsers see, or run doctor with the https:// address",
        ),
        _ => Finding::ok(CHECK, "cookies are marked as they have to be"),
    }
}

fn proxies(scene: &Scene) -> Finding {
    const CHECK: &str = "trusted_proxies";
    let Some(config) = scene.config else {
        return Finding::not_checked(CHECK, "no configuration counts here", "run it where the service runs");
    };
    match warnings(config).first() {
        Some(warning) => Finding::warning(CHECK, warning, "list the proxy's address there"),
        None => Finding::ok(CHECK, "the proxy's word on a client's address is taken"),
    }
}
