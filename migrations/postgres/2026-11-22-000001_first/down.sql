DROP TABLE audit_log;
DROP TABLE user_api_key_windows;
DROP TABLE approvals;
DROP TABLE user_api_keys;
DROP TABLE user_api_key_clients;
DROP TABLE sessions;
DROP TABLE user_groups;
DROP TABLE users;
