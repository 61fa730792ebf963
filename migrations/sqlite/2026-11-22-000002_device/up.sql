-- A request for a key by device code, from the first question to the fetched payload. In the database and not in memory,
-- so that a restart between the two loses nothing.
CREATE TABLE device_grants (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    device_code_hash TEXT NOT NULL UNIQUE,
    -- Both are NULL once the user has answered: an answered request is found by its device code only.
    user_code TEXT UNIQUE,
    request_token TEXT UNIQUE,
    request TEXT NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    -- Encrypted to the application; gone with the row when it is fetched.
    payload TEXT,
    user_api_key_id BIGINT REFERENCES user_api_keys (id) ON DELETE CASCADE
);
CREATE INDEX device_grants_by_expiry ON device_grants (expires_at);

-- That this user, in this session, typed the code of this request.
CREATE TABLE device_approval_tokens (
    token_hash TEXT PRIMARY KEY NOT NULL,
    session_id BIGINT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    device_grant_id BIGINT NOT NULL REFERENCES device_grants (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX device_approval_tokens_by_session ON device_approval_tokens (session_id, created_at);
CREATE INDEX device_approval_tokens_by_grant ON device_approval_tokens (device_grant_id);
