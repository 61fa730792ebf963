//! The tables as diesel sees them. Written by hand, because one schema serves several databases; held to the
//! migrations by `tests/it/migrations.rs`.

diesel::table! {
    users (id) {
        id -> BigInt,
        username -> Text,
        username_folded -> Text,
        email -> Nullable<Text>,
        email_folded -> Nullable<Text>,
        name -> Text,
        password_hash -> Nullable<Text>,
        admin -> Bool,
        moderator -> Bool,
        trust_level -> Integer,
        suspended_at -> Nullable<BigInt>,
        last_seen_at -> Nullable<BigInt>,
        created_at -> BigInt,
        external_id -> Nullable<Text>,
        avatar_template -> Nullable<Text>,
        seen_notification_id -> BigInt,
    }
}

diesel::table! {
    user_groups (user_id, name) {
        user_id -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        token_hash -> Text,
        user_id -> BigInt,
        created_at -> BigInt,
        last_seen_at -> BigInt,
    }
}

diesel::table! {
    user_api_key_clients (id) {
        id -> BigInt,
        client_id -> Text,
        application_name -> Text,
        public_key -> Nullable<Text>,
        auth_redirect -> Nullable<Text>,
        created_at -> BigInt,
        fingerprint -> Nullable<Text>,
        blocked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    user_api_keys (id) {
        id -> BigInt,
        user_id -> BigInt,
        user_api_key_client_id -> BigInt,
        key_hash -> Text,
        key_start -> Text,
        application_name -> Text,
        scopes -> Text,
        auth_redirect -> Nullable<Text>,
        push_url -> Nullable<Text>,
        fingerprint -> Text,
        created_at -> BigInt,
        last_used_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        replaces -> Nullable<BigInt>,
        replaced_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    approvals (user_id, user_api_key_client_id) {
        user_id -> BigInt,
        user_api_key_client_id -> BigInt,
        scopes -> Text,
        fingerprint -> Text,
        approved_at -> BigInt,
    }
}

diesel::table! {
    user_api_key_windows (user_api_key_id) {
        user_api_key_id -> BigInt,
        windows -> Binary,
    }
}

diesel::table! {
    audit_log (id) {
        id -> BigInt,
        happened_at -> BigInt,
        event -> Text,
        actor_id -> Nullable<BigInt>,
        user_id -> Nullable<BigInt>,
        user_api_key_id -> Nullable<BigInt>,
        client_id -> Nullable<Text>,
        address -> Nullable<Text>,
        request_id -> Nullable<Text>,
        admin_key_id -> Nullable<BigInt>,
        route -> Nullable<Text>,
    }
}

diesel::table! {
    admin_keys (id) {
        id -> BigInt,
        name -> Text,
        key_hash -> Text,
        key_start -> Text,
        scopes -> Text,
        networks -> Text,
        created_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    jobs (name) {
        name -> Text,
        last_run_at -> BigInt,
    }
}

diesel::table! {
    user_api_key_client_scopes (user_api_key_client_id, name) {
        user_api_key_client_id -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    one_time_passwords (hash) {
        hash -> Text,
        user_id -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    device_grants (id) {
        id -> BigInt,
        device_code_hash -> Text,
        user_code -> Nullable<Text>,
        request_token -> Nullable<Text>,
        request -> Text,
        address -> Text,
        user_agent -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        state -> Text,
        user_id -> Nullable<BigInt>,
        payload -> Nullable<Text>,
        user_api_key_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    device_approval_tokens (token_hash) {
        token_hash -> Text,
        session_id -> BigInt,
        user_id -> BigInt,
        device_grant_id -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    bus_channels (user_id, channel) {
        user_id -> BigInt,
        channel -> Text,
        last_id -> BigInt,
    }
}

diesel::table! {
    bus_messages (id) {
        id -> BigInt,
        user_id -> BigInt,
        channel -> Text,
        message_id -> BigInt,
        data -> Text,
        created_at -> BigInt,
        notification_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    notifications (id) {
        id -> BigInt,
        user_id -> BigInt,
        notification_type -> Integer,
        read -> Bool,
        high_priority -> Bool,
        created_at -> BigInt,
        data -> Text,
        url -> Nullable<Text>,
        dedupe_id -> Nullable<Text>,
    }
}

diesel::table! {
    push_deliveries (id) {
        id -> BigInt,
        user_api_key_id -> BigInt,
        notification_id -> BigInt,
        push_url -> Text,
        payload -> Text,
        created_at -> BigInt,
        due_at -> BigInt,
    }
}

diesel::table! {
    push_targets (push_url) {
        push_url -> Text,
        due_at -> BigInt,
        failures -> Integer,
        failing_since -> Nullable<BigInt>,
        last_failure -> Nullable<Text>,
        switched_off_at -> Nullable<BigInt>,
    }
}

diesel::joinable!(user_groups -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(user_api_keys -> user_api_key_clients (user_api_key_client_id));
diesel::joinable!(user_api_keys -> users (user_id));
diesel::joinable!(approvals -> user_api_key_clients (user_api_key_client_id));
diesel::joinable!(push_deliveries -> user_api_keys (user_api_key_id));
diesel::joinable!(push_deliveries -> notifications (notification_id));
diesel::allow_tables_to_appear_in_same_query!(
    users,
    user_groups,
    sessions,
    user_api_key_clients,
    user_api_keys,
    notifications,
    push_deliveries
);
diesel::allow_tables_to_appear_in_same_query!(approvals, user_api_key_clients);
diesel::allow_tables_to_appear_in_same_query!(push_deliveries, push_targets);
