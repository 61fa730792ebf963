//! What cannot be seen from outside, and what the worker would do.

use std::collections::BTreeSet;

use hallpass::domain::{daily, housekeeping};
use hallpass::model::{KeyId, Username};
use hallpass::store;

use super::TestApp;

/// Of no key there is.
const FINGERPRINT: &str = "0000000000000000000000000000000000000000000000000000000000000000";

impl TestApp {
    /// The events of the audit log, oldest first, but for calls of the admin API: they stand before whatever a call does.
    pub(crate) async fn audit(&self) -> Vec<String> {
        let lines = self.app.cx.store.read(store::list_audit_lines).await.unwrap();
        lines.into_iter().map(|(event, _)| event).filter(|event| event != "admin_called").collect()
    }

    /// How often an event is in the audit log.
    pub(crate) async fn noted(&self, event: &str) -> usize {
        self.audit().await.iter().filter(|one| *one == event).count()
    }

    /// The client ids there are.
    pub(crate) async fn client_ids(&self) -> BTreeSet<String> {
        self.app.cx.store.read(store::list_client_ids).await.unwrap().into_iter().collect()
    }

    /// Makes registered applications of the client ids that match, which approvals have made.
    pub(crate) fn as_if_registered(&self, like: &str) {
        self.execute_unnoticed(&format!(
            "UPDATE user_api_key_clients SET auth_redirect = 'app://x', public_key = 'x', \
             fingerprint = '{FINGERPRINT}' WHERE client_id LIKE '{like}'"
        ));
    }

    /// The ids of a user's keys, in whatever state, oldest first.
    pub(crate) async fn key_ids(&self, user: &str) -> Vec<KeyId> {
        let name = Username::parse(user).unwrap();
        let owner = hallpass::domain::accounts::find(&self.app.cx, &name).await.unwrap();
        let keys = self.app.cx.store.read(move |c| store::list_keys(c, owner.id)).await.unwrap();
        let ids: BTreeSet<KeyId> = keys.into_iter().map(|key| key.id).collect();
        ids.into_iter().collect()
    }

    /// Does the daily work, if a day has passed; gives how many keys ended.
    pub(crate) async fn daily(&self) -> usize {
        daily::run(&self.app.cx).await.unwrap()
    }

    /// Does what the worker does every minute.
    pub(crate) async fn sweep(&self) {
        housekeeping::sweep(&self.app.cx).await.unwrap();
    }
}
