//! The recipe that is not run, because no package has the proxy: at least it is YAML, and what it names is there.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::stage::Wiring;

// Takes a path, prints JSON.
const READ: &str = "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)";

#[test]
fn what_traefik_is_told_is_whole_though_not_tried() {
    let secret = ("verify.secret", "0123456789abcdef0123456789abcdef");
    let (public, internal) = ("127.0.0.1:8080".to_owned(), "127.0.0.1:8081".to_owned());
    let wiring = Wiring { public, internal, shop: 3000, public_url: None };
    for protect in ["/", "/api/"] {
        let recipe = read(&wiring.printed("traefik", 8000, protect, &[secret], &["--with-secret"]));
        let http = &recipe["http"];
        for router in http["routers"].as_object().unwrap().values() {
            let service = router["service"].as_str().unwrap();
            assert!(http["services"][service]["loadBalancer"]["servers"][0]["url"].is_string(), "{service}");
            for middleware in router["middlewares"].as_array().into_iter().flatten() {
                assert!(http["middlewares"][middleware.as_str().unwrap()].is_object(), "{middleware}");
            }
        }
        let clean = &http["middlewares"]["hallpass-clean"]["headers"]["customRequestHeaders"];
        assert_eq!(clean["Hallpass-Secret"], secret.1);
        assert_eq!((&clean["Remote-User"], &clean["Remote_User"]), (&"".into(), &"".into()), "{clean}");
        let routers = http["routers"].as_object().unwrap().len();
        assert_eq!(routers, if protect == "/" { 2 } else { 3 });
    }
}

fn read(yaml: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hallpass.yaml");
    std::fs::write(&file, yaml).unwrap();
    let python = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("tools/proxies/bin/python");
    let output = Command::new(python).args(["-c", READ]).arg(&file).output().expect("tests/run tools installs it");
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}
