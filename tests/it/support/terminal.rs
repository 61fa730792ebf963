//! A pseudo-terminal with the program in it, as a person has it before them.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::{Child, Command, ExitStatus};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// A terminal, and what runs in it.
pub(crate) struct Terminal {
    child: Child,
    keyboard: File,
    screen: BufReader<File>,
    seen: String,
}

impl Terminal {
    /// Runs a command in a terminal of its own, whose Ctrl-C reaches it: `setsid` gives it that, as a log-in does.
    pub(crate) fn run(command: &Command) -> Self {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap();
        let path = std::path::Path::new(std::ffi::OsStr::from_bytes(name.to_bytes()));
        let inside = || OpenOptions::new().read(true).write(true).open(path).unwrap();
        let mut whole = Command::new("setsid");
        whole.arg("--ctty").arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            whole.env(name, value.unwrap());
        }
        command.get_current_dir().map(|folder| whole.current_dir(folder));
        let child = whole.stdin(inside()).stdout(inside()).stderr(inside()).spawn().unwrap();
        let keyboard = File::from(keyboard);
        let screen = BufReader::new(keyboard.try_clone().unwrap());
        Self { child, keyboard, screen, seen: String::new() }
    }

    /// Reads up to a line that holds this, and gives it.
    pub(crate) fn line_with(&mut self, words: &str) -> String {
        loop {
            let line = self.line().unwrap_or_else(|| panic!("it ended without {words:?}: {}", self.seen));
            if line.contains(words) {
                return line;
            }
        }
    }

    /// The next line; none when nobody is in the terminal any more, which Linux tells as an error.
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.screen.read_line(&mut line).unwrap_or(0);
        self.seen.push_str(&line);
        (read > 0).then(|| line.trim_end().to_owned())
    }

    /// Presses Ctrl and C, and waits for the end; gives all that was on the screen.
    pub(crate) fn interrupt(mut self) -> (ExitStatus, String) {
        self.keyboard.write_all(b"\x03").unwrap();
        while self.line().is_some() {}
        (self.child.wait().unwrap(), std::mem::take(&mut self.seen))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
