//! The handlers of pages. What a page shows is a struct of `views`; here it is filled and sent.

mod apps;
mod authorize;
mod consent;
mod device;
mod home;
mod login;
mod notifications;
mod otp;
mod redeem;
mod scopes;
mod sealed_form;
mod setup;
mod shell;
mod statics;

pub(super) use apps::{get_apps, keys_as_json, post_end, post_end_unused, post_undo};
pub(super) use authorize::{get_authorize, head_authorize, post_authorize};
pub(super) use device::{get_activate, post_activate, post_device_authorize, post_device_deny};
pub(super) use home::{get_declined, get_home};
pub(super) use login::{begin_session, end_session, get_login, login_url, post_login, post_logout};
pub(super) use notifications::{get_notifications, post_read};
pub(super) use otp::{get_otp, post_otp};
pub(super) use redeem::{get_redeem, post_redeem};
pub(super) use setup::{get_setup, get_welcome, post_setup};
pub(super) use shell::error_page;
pub(super) use statics::{get_accent, get_avatar, get_favicon, get_static};
