//! The account may not let applications in.

use askama::Template;

use super::frame::Frame;
use crate::model::ApplicationName;

/// Which group is needed (`security.md` C5).
#[derive(Template)]
#[template(path = "pages/not_allowed.html")]
pub struct NotAllowedPage {
    /// The frame, with the account.
    pub frame: Frame,
    /// What the application calls itself.
    pub application: ApplicationName,
    /// The groups, any of which would do: `admins`, `trust_level_1` … The page shows their names for people.
    pub groups: Vec<String>,
}

impl NotAllowedPage {
    fn group_count(&self) -> u64 {
        u64::try_from(self.groups.len()).unwrap_or(u64::MAX)
    }
}
