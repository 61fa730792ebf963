//! The page after set-up.

use askama::Template;

use super::frame::Frame;

/// The next three steps of whoever runs the site, each with the command that does it.
#[derive(Template)]
#[template(path = "pages/welcome.html")]
pub struct WelcomePage {
    /// The frame.
    pub frame: Frame,
    /// How to try it: `hallpass connect https://forum.example`.
    pub connect_command: String,
    /// How to get the settings for a reverse proxy.
    pub settings_command: String,
    /// How to add a user.
    pub user_command: String,
}
