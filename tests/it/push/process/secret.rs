//! What a receiver checks with.

use super::{allow, publish, start};
use crate::support::receiver::{Receiver, SECRET, ids};
use crate::support::server::cli;

#[actix_web::test]
async fn the_secret_that_receivers_check_with_is_printed_wherever_it_is_from() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("push_secret");
    std::fs::write(&file, format!("{SECRET}\n")).unwrap();
    let file = file.display().to_string();
    let none: &[(&str, &str)] = &[];
    for settings in
        [none, &[("user_api.push_api_secret_key", SECRET)], &[("user_api.push_api_secret_key_file", file.as_str())]]
    {
        let (server, ada, admin) = start(settings).await;
        let printed = server.cli(&["push", "secret"], "");
        assert!(printed.status.success() && printed.stderr.is_empty(), "{printed:?}");
        let secret = String::from_utf8(printed.stdout).unwrap().trim_end().to_owned();
        assert!(secret.len() >= 32 && (secret == SECRET) != settings.is_empty(), "{settings:?}");
        let receiver = Receiver::knowing(&secret).await;
        allow(&ada, "phone", &receiver.url).await;
        publish(&server, &admin).await;
        assert_eq!(ids(&receiver.next().await), [1], "{settings:?}");
    }
}

#[test]
fn before_the_first_start_on_sqlite_there_is_no_secret_to_print_and_none_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [("database.url".to_owned(), format!("sqlite://{}", folder.path().join("hallpass.db").display()))];
    let printed = cli(folder.path(), &settings, &["push", "secret"], "");
    assert!(!printed.status.success() && printed.stdout.is_empty(), "{printed:?}");
    assert!(String::from_utf8_lossy(&printed.stderr).contains("hallpass.db.secret_key"), "{printed:?}");
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}
