//! What people see: one file a page, each an askama struct of plain values over a template in `templates/pages/`.
//!
//! A page decides nothing and asks nobody. A handler fills its struct and renders it; the words come from
//! [`words::Words`]. Start at [`frame::Frame`], which every page carries.

pub mod apps;
pub mod consent;
pub mod declined;
pub mod destination;
pub mod device;
pub mod error;
pub mod expiry;
pub mod frame;
pub mod handed_over;
pub mod home;
pub mod login;
pub mod not_allowed;
pub mod notifications;
pub mod otp;
pub mod otp_gone;
pub mod otp_sign_in;
pub mod refused;
pub mod result;
pub mod scope;
pub mod setup;
pub mod welcome;
pub mod words;
