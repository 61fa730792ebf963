//! What those get who present nothing.

/// What a request without a key is answered when a proxy asks (`security.md W9`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anonymous {
    /// 401.
    Refuse,
    /// 200, with nobody's name.
    Allow,
}
