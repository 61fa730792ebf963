//! What the guide says to those who write a receiver.

use std::process::Command;

use hallpass::config::{Config, FileSource, Sources};
use hallpass::crypto::sign_push;

use crate::docs::blocks;

/// A value of the guide's example.
fn example(name: &str) -> String {
    let block = blocks("push.md", "text").remove(0);
    let line = block.lines().find(|line| line.split(' ').next() == Some(name)).unwrap();
    line.strip_prefix(name).unwrap().trim().to_owned()
}

#[test]
fn the_guides_example_of_a_signature_is_true() {
    let at = example("t").parse().unwrap();
    assert_eq!(sign_push(&example("secret"), at, &example("body")), example("v1"));
}

#[test]
fn the_guides_receiver_takes_the_example_and_neither_a_late_one_nor_another() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("receiver.py"), blocks("push.md", "python").concat()).unwrap();
    std::fs::write(folder.path().join("push_secret"), format!("{}\n", example("secret"))).unwrap();
    let [at, body, v1] = ["t", "body", "v1"].map(example);
    let check = format!(
        "from receiver import is_good\n\
         mark, body = 't={at},v1={v1}', b'{body}'\n\
         assert is_good(mark, body, {at} + 299)\n\
         for wrong in [(mark, body, {at} + 300), (mark, body + b' ', {at}), (mark[:-1], body, {at}), ('', body, {at})]:\n\
         \x20   assert not is_good(*wrong), wrong\n"
    );
    let done = Command::new("python3").args(["-c", &check]).current_dir(folder.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_guides_settings_have_no_fault() {
    for text in blocks("push.md", "toml") {
        let file = FileSource { path: "hallpass.toml".into(), text: text.clone() };
        let config = Config::load(&Sources { file: Some(file), ..Sources::default() }).unwrap();
        assert_eq!(config.warnings(), [""; 0], "{text}");
    }
}
