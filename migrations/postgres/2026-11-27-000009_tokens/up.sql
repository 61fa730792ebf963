-- Which call of the admin API a line came from, as its page has it: `GET /admin/users/{id}`.
ALTER TABLE audit_log ADD COLUMN route TEXT COLLATE "C";

-- Lines about calls are found by their age, and go when it is over.
CREATE INDEX audit_log_by_event ON audit_log (event, happened_at);
