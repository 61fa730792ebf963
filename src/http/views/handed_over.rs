//! The body of the redirect that hands the key over.

use askama::Template;

use super::destination::Destination;
use super::frame::Frame;
use crate::model::ApplicationName;

/// The link to the application and what to do when the browser could not follow it.
#[derive(Template)]
#[template(path = "pages/handed_over.html")]
pub struct HandedOverPage {
    /// The frame.
    pub frame: Frame,
    /// What the application calls itself.
    pub application: ApplicationName,
    /// Where the redirect leads, in words.
    pub destination: Destination,
    /// Where the redirect leads: the checked address with the payload.
    pub link: String,
}
