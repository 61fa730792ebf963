//! How the page is seen: colours, motion, scripts.

use serde_json::json;

use super::Browser;

/// What the visitor has set in the system. The default is a light page, no forced colours, motion allowed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Media {
    /// `prefers-color-scheme: dark`.
    pub(crate) dark: bool,
    /// `forced-colors: active`, as in a high-contrast theme.
    pub(crate) forced_colors: bool,
    /// `prefers-reduced-motion: reduce`.
    pub(crate) reduced_motion: bool,
}

impl Browser {
    /// Shows this page and all later ones to a visitor with these settings.
    pub(crate) async fn see_as(&self, media: Media) {
        let feature = |name, value| json!({ "name": name, "value": value });
        let features = [
            feature("prefers-color-scheme", if media.dark { "dark" } else { "light" }),
            feature("forced-colors", if media.forced_colors { "active" } else { "none" }),
            feature("prefers-reduced-motion", if media.reduced_motion { "reduce" } else { "no-preference" }),
        ];
        self.tell("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Switches the JavaScript of all later pages off or on.
    pub(crate) async fn allow_scripts(&self, allowed: bool) {
        self.tell("Emulation.setScriptExecutionDisabled", json!({ "value": !allowed })).await;
    }
}
