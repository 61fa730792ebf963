//! Two keys while the newer takes over.

use hallpass::model::{KeyState, Succession};
use hallpass::store;

use super::{Done, at, client, key, new_key, on_each, user};

#[actix_web::test]
async fn a_replacement_is_stored_found_when_it_is_due_and_settled_once() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bell, door) = (user(tx, "ada")?, client(tx, "bell")?, client(tx, "door")?);
                let old = key(tx, ada, bell, 1)?;
                assert!(store::update_succession(tx, old, Succession::ReplacedUntil(at(60)))?);
                let new = store::insert_key(tx, bell, &new_key(ada, 2), Succession::Replaces(old))?;
                assert_eq!(store::find_key(tx, new)?.unwrap().succession, Succession::Replaces(old));
                let stored = store::find_key(tx, old)?.unwrap();
                assert_eq!(stored.state(at(59)), KeyState::BeingReplaced(at(60)));
                assert_eq!(stored.state(at(60)), KeyState::Replaced(at(60)));
                assert_eq!(store::count_live_keys(tx, ada, door, at(20))?, 1, "the two are one");
                assert!(store::list_replaced_keys(tx, at(59))?.is_empty());
                assert_eq!(store::list_replaced_keys(tx, at(60))?, [stored]);
                assert!(store::update_successor_settled(tx, old)?);
                assert!(!store::update_successor_settled(tx, old)?);
                assert_eq!(store::find_key(tx, new)?.unwrap().succession, Succession::Settled);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn a_key_moves_to_another_client_c279() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bell, door) = (user(tx, "ada")?, client(tx, "bell")?, client(tx, "door")?);
                let id = key(tx, ada, bell, 1)?;
                assert!(store::update_key_client(tx, id, door)?);
                let moved = store::find_key(tx, id)?.unwrap();
                assert_eq!((moved.client_row, moved.client_id.as_str()), (door, "door"));
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[test]
fn a_key_cannot_be_the_older_and_the_newer() {
    assert!(Succession::parse(Some(1), Some(2)).is_err() && Succession::parse(Some(0), None).is_err());
    for succession in [Succession::Settled, Succession::ReplacedUntil(at(1))] {
        let (replaces, until) = succession.columns();
        assert_eq!(Succession::parse(replaces, until), Ok(succession));
    }
}
