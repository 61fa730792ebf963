DROP INDEX audit_log_by_event;
ALTER TABLE audit_log DROP COLUMN route;
