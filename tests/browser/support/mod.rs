//! A real browser for one test: Debian's Chromium, steered by its chromedriver.
//!
//! Every test starts its own pair and ends it by dropping [`Browser`], also when the test panics. Nothing is shared: a new
//! profile, a free port, an exact window. Start reading in `browser.rs`; `media.rs` changes how the page is seen, `checks.rs`
//! looks for what no page may have, `axe.rs` runs the accessibility rules. Stories begin with [`Stage`], which adds the server; its
//! `look` does all of this to a page. `website.rs` serves somebody else's pages.
//!
//! Needs what `tests/run packages tools` installs: the programs `chromium` and `chromedriver`, and axe-core below
//! `target/tools/browser`.

mod axe;
mod browser;
mod checks;
mod chromedriver;
mod devtools;
mod landing;
mod look;
mod media;
mod network;
mod stage;
mod website;

use std::path::{Path, PathBuf};

pub(crate) use browser::Browser;
pub(crate) use landing::Landing;
pub(crate) use media::Media;
pub(crate) use stage::Stage;
pub(crate) use website::Website;

/// Cargo's target folder, wherever it was asked to be.
pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("Cargo's folder for tests is in the target folder")
        .to_owned()
}
