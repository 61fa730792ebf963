-- How far each channel of a user has come. The row stays when the messages are gone, so that no position means two things.
CREATE TABLE bus_channels (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    last_id BIGINT NOT NULL,
    PRIMARY KEY (user_id, channel)
);

-- What was said in it lately. `id` is of all channels together, `message_id` is the position in this one.
CREATE TABLE bus_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    message_id BIGINT NOT NULL,
    data TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, channel, message_id)
);
