-- What the site's back end speaks to the admin API with. Only the hash of a key is here. A table of its own, so that no
-- user's key is ever taken for one, nor one for a user's.
CREATE TABLE admin_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL,
    key_hash TEXT NOT NULL UNIQUE,
    key_start TEXT NOT NULL,
    scopes TEXT NOT NULL,
    networks TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);

-- No foreign key: a line of the log outlives what it speaks of.
ALTER TABLE audit_log ADD COLUMN admin_key_id BIGINT;

-- What the site calls the user, and where the site has their picture.
ALTER TABLE users ADD COLUMN external_id TEXT;
ALTER TABLE users ADD COLUMN avatar_template TEXT;
CREATE UNIQUE INDEX users_by_external_id ON users (external_id);

-- Since when nobody gets a key for this application any more.
ALTER TABLE user_api_key_clients ADD COLUMN blocked_at BIGINT;
