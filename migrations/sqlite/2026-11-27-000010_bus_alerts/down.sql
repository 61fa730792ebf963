DROP INDEX bus_messages_by_notification;
ALTER TABLE bus_messages DROP COLUMN notification_id;
