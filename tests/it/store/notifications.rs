//! What users were told.

use hallpass::model::{
    DedupeId, NewNotification, Notification, NotificationData, NotificationType, NotificationUrl, Paging, Totals,
    UserId,
};
use hallpass::store::{self, AnyConnection, StoreError};

use super::{Done, at, on_each, user};

fn new(number: i64, high_priority: bool) -> NewNotification {
    NewNotification {
        notification_type: NotificationType::parse(number).unwrap(),
        high_priority,
        data: NotificationData::parse(r#"{"topic_title":"Bread"}"#).unwrap(),
        url: Some(NotificationUrl::parse("/t/7").unwrap()),
        dedupe_id: None,
    }
}

fn told(tx: &mut AnyConnection, user: UserId, high_priority: bool, second: i64) -> Done<Notification> {
    store::insert_notification(tx, user, &new(1, high_priority), at(second))
}

fn ids(notifications: &[Notification]) -> Vec<i64> {
    notifications.iter().map(|notification| notification.id.get()).collect()
}

#[actix_web::test]
async fn a_notification_comes_back_as_it_went_and_goes_with_its_user() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bob) = (user(tx, "ada")?, user(tx, "bob")?);
                let id = DedupeId::parse("seven").unwrap();
                let wish = NewNotification { dedupe_id: Some(id.clone()), ..new(6, true) };
                let made = store::insert_notification(tx, ada, &wish, at(5))?;
                assert_eq!((made.user_id, made.read, made.high_priority, made.created_at), (ada, false, true, at(5)));
                assert_eq!(
                    (made.notification_type, &made.data, &made.url),
                    (wish.notification_type, &wish.data, &wish.url)
                );
                assert_eq!(store::find_notification(tx, made.id)?.as_ref(), Some(&made));
                assert_eq!(store::find_notification_by_dedupe_id(tx, ada, &id)?.as_ref(), Some(&made));
                assert_eq!(store::find_notification_by_dedupe_id(tx, bob, &id)?, None);
                assert_ne!(store::insert_notification(tx, bob, &wish, at(5))?.id, made.id, "it is another user's");
                assert!(store::delete_notification(tx, made.id)? && !store::delete_notification(tx, made.id)?);
                let last = told(tx, ada, false, 6)?;
                assert!(store::delete_user(tx, ada)?);
                assert_eq!(store::find_notification(tx, last.id)?, None);
                assert_eq!((store::count_notifications(tx, ada)?, store::count_notifications(tx, bob)?), (0, 1));
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn a_user_has_what_the_site_calls_the_same_once() {
    on_each(async |store| {
        let twice = store.write(|tx| {
            let ada = user(tx, "ada")?;
            let wish = NewNotification { dedupe_id: Some(DedupeId::parse("seven").unwrap()), ..new(1, false) };
            store::insert_notification(tx, ada, &wish, at(1))?;
            store::insert_notification(tx, ada, &wish, at(2))
        });
        assert!(matches!(twice.await, Err(StoreError::Conflict(_))));
    })
    .await;
}

#[actix_web::test]
async fn what_matters_most_comes_first_and_a_list_the_newest() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bob) = (user(tx, "ada")?, user(tx, "bob")?);
                for high_priority in [true, false, true, false, false] {
                    told(tx, ada, high_priority, 1)?;
                }
                told(tx, bob, true, 1)?;
                let list = store::list_notifications(tx, ada, 0, 60)?;
                assert_eq!(ids(&list), [5, 4, 3, 2, 1]);
                assert!(
                    store::update_notification_read(tx, list[0].id)?
                        && store::update_notification_read(tx, list[2].id)?
                );
                assert!(!store::update_notification_read(tx, list[0].id)?, "it was read already");
                assert_eq!(ids(&store::list_recent_notifications(tx, ada, 0, 60)?), [1, 4, 2, 5, 3]);
                assert_eq!(ids(&store::list_recent_notifications(tx, ada, 1, 2)?), [4, 2]);
                assert_eq!(ids(&store::list_notifications(tx, ada, 3, 60)?), [2, 1]);
                assert_eq!((store::count_notifications(tx, ada)?, store::count_notifications(tx, bob)?), (5, 1));
                let paging = |cursor: Option<&str>| Paging::parse(cursor, Some("3")).unwrap();
                let first = store::list_notifications_page(tx, ada, paging(None))?;
                let next = first.next.unwrap().to_string();
                assert_eq!(ids(&first.items), [5, 4, 3]);
                assert_eq!(ids(&store::list_notifications_page(tx, ada, paging(Some(&next)))?.items), [2, 1]);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn what_is_new_is_counted_for_each_user_apart() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bob) = (user(tx, "ada")?, user(tx, "bob")?);
                assert_eq!(
                    (store::find_totals(tx, ada)?, store::find_newest_notification(tx, ada)?),
                    (Totals::default(), None)
                );
                told(tx, ada, false, 1)?;
                let second = told(tx, ada, true, 1)?;
                store::insert_notification(tx, ada, &new(6, false), at(1))?;
                told(tx, bob, false, 1)?;
                let totals = store::find_totals(tx, ada)?;
                let all = Totals { unread: 2, unread_high_priority: 1, all_unread: 3, personal_messages: 1, ..totals };
                assert_eq!(totals, all);
                assert_eq!(
                    store::find_newest_notification(tx, ada)?.map(hallpass::model::NotificationId::get),
                    Some(3)
                );
                assert!(store::update_seen_notification(tx, ada, second.id)?);
                assert!(!store::update_seen_notification(tx, ada, second.id)?, "that is no news");
                let totals = store::find_totals(tx, ada)?;
                assert_eq!((totals.unread, totals.unread_high_priority, totals.all_unread), (1, 1, 1));
                assert_eq!(totals.seen_notification_id, second.id.get());
                assert_eq!(
                    (store::update_notifications_read(tx, ada)?, store::update_notifications_read(tx, ada)?),
                    (3, 0)
                );
                assert_eq!(store::find_totals(tx, bob)?.unread, 1);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn what_is_too_old_or_too_much_goes_and_nothing_else() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bob) = (user(tx, "ada")?, user(tx, "bob")?);
                for second in 1..=4 {
                    told(tx, ada, false, second)?;
                }
                let other = told(tx, bob, false, 3)?;
                store::update_notification_read(tx, other.id)?;
                store::delete_notifications_beyond(tx, ada, 4)?;
                assert_eq!(store::count_notifications(tx, ada)?, 4);
                store::delete_notifications_beyond(tx, ada, 3)?;
                assert_eq!(ids(&store::list_notifications(tx, ada, 0, 60)?), [4, 3, 2]);
                assert_eq!(store::delete_old_notifications(tx, None, None)?, (vec![], 0));
                assert_eq!(
                    store::delete_old_notifications(tx, Some(at(2)), Some(at(3)))?,
                    (vec![], 0),
                    "not before that"
                );
                assert_eq!(
                    store::delete_old_notifications(tx, None, Some(at(4)))?,
                    (vec![bob], 1),
                    "only what was read"
                );
                assert_eq!(store::delete_old_notifications(tx, Some(at(4)), None)?, (vec![ada], 2));
                assert_eq!(ids(&store::list_notifications(tx, ada, 0, 60)?), [4]);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}
