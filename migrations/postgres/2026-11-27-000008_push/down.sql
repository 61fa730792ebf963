DROP TABLE push_targets;
DROP TABLE push_deliveries;
