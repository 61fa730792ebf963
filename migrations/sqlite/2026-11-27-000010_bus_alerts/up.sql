-- What is said of a notification goes with it.
ALTER TABLE bus_messages ADD COLUMN notification_id BIGINT REFERENCES notifications (id) ON DELETE CASCADE;
CREATE INDEX bus_messages_by_notification ON bus_messages (notification_id);

-- What was said before knows it in its data.
UPDATE bus_messages
    SET notification_id = (SELECT notifications.id FROM notifications WHERE notifications.id = json_extract(bus_messages.data, '$.id'))
    WHERE channel = 'notification-alert';
DELETE FROM bus_messages WHERE channel = 'notification-alert' AND notification_id IS NULL;
