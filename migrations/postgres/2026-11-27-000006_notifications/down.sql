DELETE FROM jobs WHERE name = 'delete_old_notifications';
ALTER TABLE users DROP COLUMN seen_notification_id;
DROP TABLE notifications;
