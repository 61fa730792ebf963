-- Ids are never used twice (AUTOINCREMENT): an id in a log or a form keeps meaning one row.
-- Times are microseconds since 1970 in UTC.

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    username TEXT NOT NULL,
    username_folded TEXT NOT NULL UNIQUE,
    email TEXT,
    email_folded TEXT UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    admin BOOLEAN NOT NULL,
    moderator BOOLEAN NOT NULL,
    trust_level INTEGER NOT NULL,
    suspended_at BIGINT,
    last_seen_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE user_groups (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    PRIMARY KEY (user_id, name)
);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_last_seen ON sessions (last_seen_at);

CREATE TABLE user_api_key_clients (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    client_id TEXT NOT NULL UNIQUE,
    application_name TEXT NOT NULL,
    public_key TEXT,
    auth_redirect TEXT,
    created_at BIGINT NOT NULL
);

-- No unique index on (user_id, user_api_key_client_id): a replacement and the key it replaces may live side by side.
CREATE TABLE user_api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_api_key_client_id BIGINT NOT NULL REFERENCES user_api_key_clients (id) ON DELETE CASCADE,
    key_hash TEXT NOT NULL UNIQUE,
    key_start TEXT NOT NULL,
    application_name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    auth_redirect TEXT,
    push_url TEXT,
    fingerprint TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX user_api_keys_by_user ON user_api_keys (user_id, user_api_key_client_id);
CREATE INDEX user_api_keys_by_client ON user_api_keys (user_api_key_client_id);

-- What a user last approved for a client: outlives the key, so that the consent page can say what changed.
CREATE TABLE approvals (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_api_key_client_id BIGINT NOT NULL REFERENCES user_api_key_clients (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    approved_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, user_api_key_client_id)
);

-- The accepted instants of a key's two windows, so that a restart forgets no request.
CREATE TABLE user_api_key_windows (
    user_api_key_id BIGINT PRIMARY KEY NOT NULL REFERENCES user_api_keys (id) ON DELETE CASCADE,
    windows BLOB NOT NULL
);

-- No foreign keys: a line of the log outlives what it speaks of.
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    happened_at BIGINT NOT NULL,
    event TEXT NOT NULL,
    actor_id BIGINT,
    user_id BIGINT,
    user_api_key_id BIGINT,
    client_id TEXT,
    address TEXT,
    request_id TEXT
);
CREATE INDEX audit_log_by_time ON audit_log (happened_at);
