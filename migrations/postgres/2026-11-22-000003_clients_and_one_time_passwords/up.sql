-- Of the public key of a registered application, so that one is found by its key in whatever PEM shape.
ALTER TABLE user_api_key_clients ADD COLUMN fingerprint TEXT COLLATE "C";
CREATE INDEX user_api_key_clients_by_fingerprint ON user_api_key_clients (fingerprint);

-- What a registered application may ask for.
CREATE TABLE user_api_key_client_scopes (
    user_api_key_client_id BIGINT NOT NULL REFERENCES user_api_key_clients (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (user_api_key_client_id, name)
);

-- Only the hash of a one-time password is here, and its row goes when it is spent.
CREATE TABLE one_time_passwords (
    hash TEXT COLLATE "C" PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX one_time_passwords_by_user ON one_time_passwords (user_id);
CREATE INDEX one_time_passwords_by_expiry ON one_time_passwords (expires_at);
