//! The buffer of last uses, and where it is written down.

use hallpass::model::{KeyId, UserId};
use hallpass::store::LastUsed;

use super::at;

#[test]
fn the_buffer_keeps_the_latest_instant_of_each_c278() {
    let buffer = LastUsed::default();
    let (key, user) = (KeyId::parse(1).unwrap(), UserId::parse(2).unwrap());
    for seconds in [10, 30, 20] {
        buffer.key_used(key, at(seconds));
        buffer.user_seen(user, at(seconds));
    }
    assert_eq!((buffer.of(key), buffer.of(KeyId::parse(9).unwrap())), (Some(at(30)), None));
    let seen = buffer.take();
    assert_eq!((seen.keys.get(&key), seen.users.get(&user)), (Some(&at(30)), Some(&at(30))));
    assert_eq!(buffer.of(key), None);
}

#[test]
fn what_is_put_back_does_not_hide_what_came_since_c278() {
    let buffer = LastUsed::default();
    let (old, new) = (KeyId::parse(1).unwrap(), KeyId::parse(2).unwrap());
    buffer.key_used(old, at(10));
    buffer.key_used(new, at(10));
    let seen = buffer.take();
    buffer.key_used(new, at(20));
    buffer.put_back(seen);
    assert_eq!((buffer.of(old), buffer.of(new)), (Some(at(10)), Some(at(20))));
}
