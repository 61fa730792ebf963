//! The program `hallpass`.

use std::process::ExitCode;

fn main() -> ExitCode {
    hallpass::cli::run()
}
