DROP TABLE jobs;
DROP INDEX user_api_keys_by_replaced_until;
ALTER TABLE user_api_keys DROP COLUMN replaced_until;
ALTER TABLE user_api_keys DROP COLUMN replaces;
