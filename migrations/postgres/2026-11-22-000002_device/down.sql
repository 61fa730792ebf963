DROP TABLE device_approval_tokens;
DROP TABLE device_grants;
