//! What has to be true of every page, however it is seen.

use serde_json::json;

use super::{Browser, Media, Stage};

const PLAIN: Media = Media { dark: false, forced_colors: false, reduced_motion: false };
/// What a browser takes for 100 %.
const TEXT: u32 = 16;

impl Stage {
    /// Looks at the page as it is shown now: in light and dark, from 320 pixels on, with large text, with forced colours
    /// and without motion. No complaint of the browser, none of axe-core, nothing that scrolls sideways. Pictures are saved
    /// under this name.
    pub(crate) async fn look(&self, name: &str) {
        self.quiet(name).await;
        let browser = &self.browser;
        for (how, media) in [("light", PLAIN), ("dark", Media { dark: true, ..PLAIN })] {
            browser.see_as(media).await;
            assert_eq!(browser.axe().await, Vec::<String>::new(), "{name}, {how}");
            browser.screenshot(&format!("{name}-{how}")).await;
        }
        browser.see_as(Media { forced_colors: true, reduced_motion: true, ..PLAIN }).await;
        browser.screenshot(&format!("{name}-forced")).await;
        browser.see_as(PLAIN).await;
        self.fits(name).await;
        self.quiet(name).await;
    }

    /// Nothing that the browser had to complain about, but for the page's own status.
    pub(crate) async fn quiet(&self, name: &str) {
        let here = self.browser.driver().current_url().await.expect("the browser is somewhere");
        let mut complaints = self.browser.complaints().await;
        complaints.errors.retain(|text| !(text.starts_with(here.as_str()) && text.contains("with a status of 4")));
        assert!(complaints.is_empty(), "{name}: {complaints:#?}");
    }

    async fn fits(&self, name: &str) {
        let browser = &self.browser;
        for (width, percent) in [(768, 100), (320, 100), (320, 200), (1280, 200)] {
            browser.text_size(TEXT * percent / 100).await;
            browser.resize(width, 800).await;
            assert_eq!(browser.too_wide().await, Vec::<String>::new(), "{name} at {width} with text at {percent} %");
            if width != 768 {
                browser.screenshot(&format!("{name}-{width}-{percent}")).await;
            }
        }
        browser.text_size(TEXT).await;
        browser.resize(1280, 800).await;
    }
}

impl Browser {
    /// Sets the size of text that the visitor has chosen, in pixels.
    pub(crate) async fn text_size(&self, pixels: u32) {
        self.tell("Page.setFontSizes", json!({ "fontSizes": { "standard": pixels, "fixed": pixels * 13 / 16 } })).await;
    }
}
