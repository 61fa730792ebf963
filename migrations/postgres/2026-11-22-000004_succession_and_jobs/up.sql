-- A replacement under way: the new key has `replaces`, the one before has `replaced_until`; no key has both.
-- No foreign key: ids are never used twice, and whichever of the two goes first leaves the other in peace.
ALTER TABLE user_api_keys ADD COLUMN replaces BIGINT;
ALTER TABLE user_api_keys ADD COLUMN replaced_until BIGINT;
CREATE INDEX user_api_keys_by_replaced_until ON user_api_keys (replaced_until) WHERE replaced_until IS NOT NULL;

-- What runs once a day, on one node: whoever moves `last_run_at` on runs it. The rows are here from the beginning, so
-- that a run is claimed by an update of exactly one row.
CREATE TABLE jobs (
    name TEXT COLLATE "C" PRIMARY KEY,
    last_run_at BIGINT NOT NULL
);
INSERT INTO jobs (name, last_run_at) VALUES ('end_unused_keys', 0), ('end_old_keys', 0), ('delete_unused_clients', 0);
