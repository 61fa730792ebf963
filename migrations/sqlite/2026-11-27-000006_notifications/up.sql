-- What the site has to tell a user. `data` is a JSON object, `dedupe_id` what the site calls the notification.
CREATE TABLE notifications (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    notification_type INTEGER NOT NULL,
    read BOOLEAN NOT NULL,
    high_priority BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    data TEXT NOT NULL,
    url TEXT,
    dedupe_id TEXT
);
CREATE INDEX notifications_by_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, read);
CREATE INDEX notifications_by_time ON notifications (created_at);
CREATE UNIQUE INDEX notifications_by_dedupe_id ON notifications (user_id, dedupe_id) WHERE dedupe_id IS NOT NULL;

-- The newest notification that the user has been shown; 0 before any.
ALTER TABLE users ADD COLUMN seen_notification_id BIGINT NOT NULL DEFAULT 0;

INSERT INTO jobs (name, last_run_at) VALUES ('delete_old_notifications', 0);
