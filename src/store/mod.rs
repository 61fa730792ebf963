//! Keeps what must outlive the process.
//!
//! `Store::read` and `Store::write` lend a connection to a closure, off the event loop; the functions of the
//! tables (`users`, `keys`, …) take that connection. Start with this file, then `keys.rs`.
//!
//! The store decides nothing: it finds, lists, inserts, updates and deletes. It never logs or returns a secret.

mod admin_keys;
mod approvals;
mod audit;
mod backup;
mod bus;
mod clients;
mod connection;
mod copy;
mod device_grants;
mod device_tokens;
mod error;
mod freshness;
mod jobs;
mod keys;
mod lane;
mod last_used;
mod manager;
mod meanwhile;
mod migrations;
mod notifications;
mod one_time_passwords;
mod open;
mod others;
mod prepared;
mod push_deliveries;
mod push_targets;
mod room;
mod schema;
mod sessions;
mod transaction;
mod users;
mod waiting;
mod windows;

use std::sync::Arc;
use std::time::Duration;

pub use admin_keys::{
    find_admin_key, insert_admin_key, list_admin_keys, update_admin_key_revoked, update_admin_key_used,
};
pub use approvals::{find_approval, upsert_approval};
pub use audit::{
    delete_calls_until, find_last_old_call, insert_audit_line, is_ended_by_operator, list_audit_lines, list_audit_page,
};
pub use backup::{BackupError, backup};
pub use bus::{
    delete_bus_messages_before, find_bus_positions, has_bus_messages_before, insert_bus_alert, insert_bus_message,
    list_bus_messages,
};
pub use clients::{
    FoundClient, delete_client, find_client, find_client_by_row, find_or_insert_client, insert_registered_client,
    is_client_blocked, list_client_ids, list_client_keys, list_clients_by_fingerprint, list_clients_page,
    list_registered_clients, list_unrevoked_client_keys, list_unused_registered_clients, update_blocked,
};
pub use connection::AnyConnection;
pub use copy::{CopyError, copy};
pub use device_grants::{
    delete_device_grant, find_device_grant, find_device_grant_by_code_hash, find_device_grant_by_token,
    find_device_grant_by_user_code, insert_device_grant, list_expired_device_grants, update_device_grant_authorized,
    update_device_grant_denied, update_device_grant_user,
};
pub use device_tokens::{
    TokenOwner, delete_approval_token, delete_expired_approval_tokens, find_approval_token, insert_approval_token,
};
pub use error::StoreError;
pub use freshness::{Freshness, Stamp};
pub use jobs::{is_job_due, update_job_claimed};
pub use keys::{
    count_live_keys, delete_key, find_key, find_key_with_owner, insert_key, list_keys, list_keys_made_before,
    list_keys_of_client, list_keys_page, list_keys_unused_since, list_pushed_keys, list_replaced_keys, update_expiry,
    update_key_client, update_last_used, update_revoked, update_succession, update_successor_settled,
};
pub use lane::Connections;
pub use last_used::{LastUsed, Seen};
pub use migrations::{MigrationState, list_migrations};
pub use notifications::{
    count_notifications, delete_notification, delete_notifications_beyond, delete_old_notifications,
    find_newest_notification, find_notification, find_notification_by_dedupe_id, find_totals, insert_notification,
    list_notifications, list_notifications_page, list_recent_notifications, update_notification_read,
    update_notifications_read, update_seen_notification,
};
pub use one_time_passwords::{
    delete_expired_one_time_passwords, delete_one_time_password, delete_one_time_passwords_of, find_one_time_password,
    insert_one_time_password,
};
pub use push_deliveries::{
    count_push_deliveries, delete_push_deliveries, delete_push_deliveries_to, delete_stale_push_deliveries,
    insert_push_delivery, list_due_push_deliveries, list_due_push_urls, update_push_deliveries_due_now,
    update_push_delivery_due,
};
pub use push_targets::{
    count_switched_off_push_targets, delete_push_target, delete_switched_off_push_target, find_push_target,
    list_failing_push_targets, list_switched_off_push_urls, upsert_push_target,
};
pub use sessions::{
    delete_session, delete_session_by_token, delete_sessions_of, delete_stale_sessions, find_session_by_id,
    find_session_with_user, insert_session, update_session_seen,
};
pub use users::{
    any_administrator, delete_user, find_password_hash, find_user, find_user_by, find_user_by_login, insert_user,
    is_user_active, list_users, list_users_page, update_last_seen, update_password, update_suspended, update_user,
};
pub use waiting::Waiter;
pub use windows::{list_windows, upsert_windows};

use crate::model::{Timestamp, UserId};
use freshness::Touched;
use lane::Lane;
use manager::Manager;
use others::Others;
use waiting::Waiting;

/// The database of the site.
#[derive(Clone, Debug)]
pub struct Store {
    manager: Manager,
    reads: Lane,
    writes: Lane,
    others: Others,
    freshness: Arc<Freshness>,
    waiting: Arc<Waiting>,
}

impl Store {
    /// Whether a SQLite file is still where it was opened, and the same.
    ///
    /// # Errors
    /// When it is not.
    pub fn check_there(&self) -> Result<(), StoreError> {
        self.manager.check()
    }

    /// Brings everything that was written into the SQLite file itself, for the end of the service: whoever copies it then has all
    /// of it. Another process that reads may keep that from happening.
    ///
    /// # Errors
    /// Of the database.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        self.writes.run(AnyConnection::checkpoint).await
    }

    /// How things stand with the connections, those that read and those that write taken together.
    #[must_use]
    pub fn connections(&self) -> Connections {
        match &self.manager {
            Manager::Sqlite { .. } => self.reads.connections() + self.writes.connections(),
            Manager::Postgres { .. } => self.reads.connections(),
        }
    }

    /// How often nothing could be stored because the disk was full.
    #[must_use]
    pub fn lacked_room(&self) -> u64 {
        self.manager.room().lacked()
    }

    /// Lends a connection that reads.
    ///
    /// # Errors
    /// The closure's own, or that of getting a connection.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.reads.run(work).await
    }

    /// Lends a connection inside one transaction: committed when the closure says `Ok`, otherwise as if nothing
    /// had happened. Whatever is remembered about keys is stale afterwards; the two below cost less where they fit.
    ///
    /// On PostgreSQL the closure may run twice, so it must change nothing but the database.
    ///
    /// # Errors
    /// The closure's own, or that of the transaction.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Clone + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.transaction(Touched::AnyKey, work).await
    }

    /// `write`, for what changes this user, or keys of theirs, and nobody else's.
    ///
    /// # Errors
    /// As `write`.
    pub async fn write_of<T, E, F>(&self, owner: UserId, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Clone + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.transaction(Touched::KeysOf(owner), work).await
    }

    /// `write`, for what changes neither keys nor their owners nor their clients.
    ///
    /// # Errors
    /// As `write`.
    pub async fn write_aside<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Clone + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.transaction(Touched::NoKey, work).await
    }

    async fn transaction<T, E, F>(&self, touched: Touched, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Clone + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (freshness, others) = (Arc::clone(&self.freshness), self.others.clone());
        let work = move |connection: &mut AnyConnection| {
            let begun = |tx: &mut AnyConnection| {
                let _writing = others.begin_writing(tx, &freshness);
                work(tx)
            };
            let done = transaction::run(connection, touched, begun);
            // Here and not where the caller waits: a caller who goes away must not leave an ended key remembered.
            freshness.touch(touched);
            others.wrote(connection);
            done
        };
        self.writes.run(work).await
    }

    /// Takes in everything that other processes have written to the database until now; what they touched of keys is then
    /// no longer remembered. To be called every [`Store::hear_every`]; for what comes in between there is `hear_arrived`.
    ///
    /// # Errors
    /// Of the database, or that it does not pass on what it is told.
    pub async fn hear_others(&self, now: Timestamp) -> Result<(), StoreError> {
        self.others.hear(&self.freshness, now).await
    }

    /// Takes in what has arrived of that without being asked for. Waits for nothing.
    ///
    /// # Errors
    /// When nothing can arrive any more, until `hear_others` is called.
    pub fn hear_arrived(&self) -> Result<(), StoreError> {
        self.others.hear_arrived(&self.freshness)
    }

    /// Begins to wait for messages of the bus for this user, whichever process says them.
    #[must_use]
    pub fn wait_for(&self, user: UserId) -> Waiter {
        self.waiting.wait_for(user)
    }

    /// How late each change was that has been taken in since the last call, at most; but for what a transaction of ours took
    /// in when it began, which knows no lag.
    #[must_use]
    pub fn take_lags(&self) -> Vec<Duration> {
        self.freshness.take_lags()
    }

    /// Whether anything arrives unasked.
    #[must_use]
    pub const fn is_told(&self) -> bool {
        matches!(self.others, Others::Server(_))
    }

    /// How often `hear_others` is to be called.
    #[must_use]
    pub const fn hear_every(&self) -> Duration {
        self.others.hear_every()
    }

    /// Tells whether what was read a while ago still stands.
    #[must_use]
    pub fn freshness(&self) -> &Freshness {
        &self.freshness
    }

    /// The instant before which everything that other processes wrote is known here; `None` before `hear_others`.
    #[must_use]
    pub fn heard_at(&self) -> Option<Timestamp> {
        self.freshness.heard_at()
    }
}
