//! Notifications on the desktop.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use notify_rust::Notification;

use crate::cli::print::talk;

/// The desktop, which a thread speaks to: it may take its time, and sites are to be asked meanwhile.
#[derive(Debug)]
pub(super) struct Desktop {
    notices: Sender<(String, String)>,
    thread: JoinHandle<()>,
}

impl Desktop {
    /// # Errors
    /// When no thread can be started.
    pub(super) fn open() -> anyhow::Result<Self> {
        let (notices, asked) = channel();
        let thread = thread::Builder::new().spawn(move || show_all(&asked))?;
        Ok(Self { notices, thread })
    }

    /// Shows a notification, soon.
    pub(super) fn show(&self, title: &str, text: &str) {
        drop(self.notices.send((title.to_owned(), text.to_owned())));
    }

    /// Waits until all are shown.
    pub(super) fn finish(self) {
        drop(self.notices);
        drop(self.thread.join());
    }
}

/// The text holds counts alone: some desktops would read marks in it.
fn show_all(asked: &Receiver<(String, String)>) {
    let mut was_told = false;
    for (title, text) in asked {
        let shown = Notification::new().appname("hallpass").summary(&title).body(&text).show();
        if let Err(error) = shown
            && !std::mem::replace(&mut was_told, true)
        {
            talk(&format!("The desktop cannot be reached, so that it shows no notifications: {error}"));
        }
    }
}
