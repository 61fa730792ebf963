ALTER TABLE user_api_key_clients DROP COLUMN blocked_at;
DROP INDEX users_by_external_id;
ALTER TABLE users DROP COLUMN avatar_template;
ALTER TABLE users DROP COLUMN external_id;
ALTER TABLE audit_log DROP COLUMN admin_key_id;
DROP TABLE admin_keys;
