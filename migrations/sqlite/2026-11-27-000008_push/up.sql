-- What is still to be pushed: a row for each notification and key. `payload` is the JSON object that is sent. A row goes
-- when it is delivered, when nobody wants it any more or the notification goes, and after a day.
CREATE TABLE push_deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_api_key_id BIGINT NOT NULL REFERENCES user_api_keys (id) ON DELETE CASCADE,
    notification_id BIGINT NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
    push_url TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL
);
CREATE INDEX push_deliveries_by_target ON push_deliveries (push_url, due_at);
CREATE INDEX push_deliveries_by_key ON push_deliveries (user_api_key_id);
CREATE INDEX push_deliveries_by_notification ON push_deliveries (notification_id);
CREATE INDEX push_deliveries_by_time ON push_deliveries (created_at);

-- Where something is being pushed right now, and where it did not go well. `due_at` is when somebody may try again: who
-- sends moves it on first, so that of several nodes one does.
CREATE TABLE push_targets (
    push_url TEXT PRIMARY KEY NOT NULL,
    due_at BIGINT NOT NULL,
    failures INTEGER NOT NULL,
    failing_since BIGINT,
    last_failure TEXT,
    switched_off_at BIGINT
);
