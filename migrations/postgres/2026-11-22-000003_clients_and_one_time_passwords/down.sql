DROP TABLE one_time_passwords;
DROP TABLE user_api_key_client_scopes;
DROP INDEX user_api_key_clients_by_fingerprint;
ALTER TABLE user_api_key_clients DROP COLUMN fingerprint;
