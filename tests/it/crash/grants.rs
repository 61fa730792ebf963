//! What a grant is made of: all of it is there, once, or none of it.

use diesel::RunQueryDsl;
use diesel::sql_types::BigInt;

use crate::support::server::Server;

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// What would be half a grant, or two, and the rows that are.
const HALVES: [(&str, &str); 7] = [
    (
        "a key without its line in the audit log",
        "user_api_keys k WHERE NOT EXISTS \
         (SELECT 1 FROM audit_log a WHERE a.event = 'key_issued' AND a.user_api_key_id = k.id AND a.user_id = k.user_id)",
    ),
    (
        "a key whose approval is not remembered",
        "user_api_keys k WHERE NOT EXISTS (SELECT 1 FROM approvals p \
         WHERE p.user_id = k.user_id AND p.user_api_key_client_id = k.user_api_key_client_id)",
    ),
    (
        "an approval without a key",
        "approvals p WHERE NOT EXISTS (SELECT 1 FROM user_api_keys k \
         WHERE p.user_id = k.user_id AND p.user_api_key_client_id = k.user_api_key_client_id)",
    ),
    (
        "an application without a key",
        "user_api_key_clients c WHERE NOT EXISTS \
         (SELECT 1 FROM user_api_keys k WHERE k.user_api_key_client_id = c.id)",
    ),
    (
        "a key that was issued twice",
        "(SELECT user_api_key_id FROM audit_log WHERE event = 'key_issued' GROUP BY user_api_key_id HAVING count(*) > 1) x",
    ),
    ("a hash that is there twice", "(SELECT key_hash FROM user_api_keys GROUP BY key_hash HAVING count(*) > 1) x"),
    (
        "an application that was approved once and has two keys of one user",
        "(SELECT k.user_id FROM user_api_keys k JOIN user_api_key_clients c ON c.id = k.user_api_key_client_id \
         WHERE c.client_id LIKE 'once-%' GROUP BY k.user_id, c.id HAVING count(*) > 1) x",
    ),
];

pub(super) fn check(server: &Server) {
    let mut connection = server.database().connect();
    for (half, rows) in HALVES {
        let count = diesel::sql_query(format!("SELECT count(*) AS number FROM {rows}"));
        let Number { number } = count.get_result(&mut connection).unwrap_or_else(|error| panic!("{half}: {error}"));
        assert_eq!(number, 0, "there is {half}");
    }
}
