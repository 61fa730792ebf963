//! The log: to standard error, so that standard output stays data.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::model::LogFormat;

/// Begins logging. `RUST_LOG` says what; without it, everything of ours from `info` on. Libraries are quieter: what
/// they log has not passed our rule that secrets stay out (`security.md K7`), and actix would write a line of its own for
/// every broken request that anybody sends.
pub fn start(format: LogFormat) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_unset| EnvFilter::new("warn,hallpass=info,actix_http=off"));
    let colors = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colors).with_writer(std::io::stderr);
    // A second start in one process changes nothing.
    match format {
        LogFormat::Text => drop(log.try_init()),
        LogFormat::Json => drop(log.json().flatten_event(true).with_span_list(false).try_init()),
    }
}
