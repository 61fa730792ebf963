//! The windows outlive the process.

use hallpass::limits::SavedError;
use proptest::prelude::*;

use super::*;

fn only(limits: &KeyLimits) -> Vec<u8> {
    let changed = limits.take_changed();
    assert_eq!(changed.len(), 1);
    changed.into_iter().next().unwrap().1
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_loaded_key_is_answered_as_if_nothing_had_happened_c275_l1(
        before in proptest::collection::vec(prop_oneof![Just(0), 0..10 * SECOND, 0..30 * MINUTE], 1..800),
        after in proptest::collection::vec(prop_oneof![Just(0), 0..10 * SECOND, 0..30 * MINUTE], 1..800),
        per_minute in 1_u32..230, per_day in 1_u32..700,
    ) {
        let (old, hand) = limits(per_minute, per_day);
        accepted(&old, &hand, before);
        let new = KeyLimits::new(per_minute, per_day, hand.clone());
        for (key, bytes) in old.take_changed() {
            new.load(key, &bytes).unwrap();
        }
        for pause in after {
            hand.set(hand.get() + pause);
            prop_assert_eq!(new.standing(key(1)), old.standing(key(1)));
            prop_assert_eq!(new.take(key(1)), old.take(key(1)));
        }
    }

    #[test]
    fn a_changed_quota_reads_what_the_former_one_saved_and_stays_exact_l1(
        pauses in proptest::collection::vec(prop_oneof![Just(0), 0..10 * SECOND, 0..30 * MINUTE], 2..1200),
        former in 1_u32..700, present in 1_u32..700,
    ) {
        let (old, hand) = limits(PLENTY, former);
        let half = pauses.len() / 2;
        let earlier = accepted(&old, &hand, pauses[..half].iter().copied());
        let new = KeyLimits::new(PLENTY, present, hand.clone());
        new.load(key(1), &only(&old)).unwrap();
        let later = accepted(&new, &hand, pauses[half..].iter().copied());
        for (place, at) in later.iter().enumerate() {
            let inside = earlier.iter().chain(&later[..=place]).filter(|&&before| before > at - DAY).count();
            prop_assert!(inside <= usize::try_from(present).unwrap());
        }
    }

    #[test]
    fn garbage_is_an_error_and_leaves_everything_as_it_was_l6(mut bytes: Vec<u8>, place: usize, change in 1_u8..) {
        let (limits, hand) = limits(20, 2880);
        accepted(&limits, &hand, [0, SECOND]);
        let before = limits.standing(key(1));
        bytes.insert(0, change.wrapping_add(1));
        prop_assert_eq!(limits.load(key(1), &bytes), Err(SavedError::Version(bytes[0])));
        prop_assert_eq!(limits.standing(key(1)), before);
        let mut damaged = only(&limits);
        let place = place % damaged.len();
        damaged[place] ^= change;
        // Either refused or read as other numbers: never a panic, and never a key locked out beyond one window.
        let _ = limits.load(key(1), &damaged);
        hand.set(hand.get() + DAY);
        prop_assert!(limits.take(key(1)).is_ok());
    }
}

#[test]
fn a_clock_that_was_set_back_does_not_lock_a_loaded_key_out_c275() {
    let (old, hand) = limits(20, 2880);
    accepted(&old, &hand, vec![0; 20]);
    hand.set(hand.get() - 365 * DAY);
    let new = KeyLimits::new(20, 2880, hand.clone());
    new.load(key(1), &only(&old)).unwrap();
    assert_eq!(new.take(key(1)).unwrap_err().retry_after.as_secs(), 60);
    hand.set(hand.get() + MINUTE);
    assert!(new.take(key(1)).is_ok());
}

#[test]
fn what_was_accepted_before_loading_is_counted_as_well_l1() {
    let (old, hand) = limits(20, 2880);
    accepted(&old, &hand, vec![SECOND; 12]);
    let new = KeyLimits::new(20, 2880, hand.clone());
    accepted(&new, &hand, vec![SECOND; 3]);
    new.load(key(1), &only(&old)).unwrap();
    assert_eq!(new.standing(key(1)).minute.remaining, 5);
    assert_eq!(new.standing(key(1)).day.remaining, 2865);
}

#[test]
fn only_what_changed_is_handed_out_and_an_emptied_key_as_no_bytes_l6() {
    let (limits, hand) = limits(20, 2880);
    accepted(&limits, &hand, [0, 0]);
    limits.take(key(2)).unwrap();
    assert_eq!(limits.take_changed().len(), 2);
    assert_eq!(limits.take_changed(), []);
    limits.mark_changed(key(2));
    assert_eq!(limits.take_changed().len(), 1);
    limits.forget(key(2));
    assert_eq!(limits.take_changed(), [(key(2), vec![])]);
    limits.sweep();
    assert_eq!(limits.take_changed(), []);
    hand.set(hand.get() + DAY);
    limits.sweep();
    assert_eq!(limits.take_changed(), [(key(1), vec![])]);
    assert_eq!(limits.load(key(1), &[]), Ok(()));
}

#[test]
fn a_refusal_changes_nothing_that_would_have_to_be_saved_c275() {
    let (limits, hand) = limits(1, 1);
    accepted(&limits, &hand, [0]);
    assert_eq!(limits.take_changed().len(), 1);
    assert!(limits.take(key(1)).is_err());
    assert_eq!(limits.take_changed(), []);
}

#[test]
fn a_list_of_changes_that_nobody_takes_is_dropped_and_begins_anew_l6() {
    let (limits, hand) = limits(20, 2880);
    accepted(&limits, &hand, [0]);
    limits.take(key(2)).unwrap();
    limits.forget(key(2));
    limits.forget_changed();
    assert_eq!(limits.take_changed(), []);
    accepted(&limits, &hand, [0]);
    assert_eq!(limits.take_changed().len(), 1);
}

#[test]
fn windows_that_somebody_holds_on_to_stay_the_keys_own_l1_l6() {
    let (limits, hand) = limits(2, 2880);
    let held = limits.windows(key(1));
    limits.take_from(&held).unwrap();
    hand.set(hand.get() + DAY);
    limits.sweep();
    assert_eq!(limits.take_changed(), [(key(1), vec![])], "they are empty and need not be kept");
    limits.take_from(&held).unwrap();
    limits.take(key(1)).unwrap();
    assert!(limits.take_from(&held).is_err() && limits.take(key(1)).is_err(), "both count in the same windows");
    limits.sweep();
    assert!(limits.take(key(1)).is_err());
}
