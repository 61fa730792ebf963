//! Names that try to deceive, on every page that shows a name.

use super::samples_consent::HOSTILE;
use super::{all, page};

#[test]
fn a_name_is_never_markup_c3() {
    let html = page("consent_name_markup");
    assert!(!html.contains("<script>") && !html.contains("<b>"));
    assert!(html.contains("&#60;script&#62;alert(1)&#60;/script&#62;"));
    assert!(html.contains("&#38;amp;"), "an entity in a name stays text");
}

#[test]
fn outside_the_fields_sent_back_no_direction_or_invisible_character_is_left_c3() {
    for (sample, _) in HOSTILE {
        let html = page(sample);
        let shown: String = html.lines().filter(|line| !line.contains("type=\"hidden\"")).collect();
        for turned in ['\u{202a}', '\u{202b}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{200b}', '\u{3164}'] {
            assert!(!shown.contains(turned), "{sample}: {turned:?}");
        }
        assert_eq!(shown.matches('\u{2068}').count(), shown.matches('\u{2069}').count(), "{sample}");
    }
}

#[test]
fn the_fields_sent_back_carry_the_name_as_it_came() {
    let html = page("consent_name_bidi");
    assert!(html.contains("name=\"application_name\" value=\"evil\u{202e}lleb\u{2066}kseD\u{2069}\u{202c}\""));
}

#[test]
fn a_right_to_left_name_is_set_apart_from_the_sentence_c3() {
    assert!(page("consent_name_rtl").contains("<h1>\u{2068}“\u{2068}تطبيق الإشعارات למכתבים\u{2069}”\u{2069} wants"));
}

#[test]
fn a_name_of_nothing_has_words_instead_c3() {
    let html = page("consent_name_nothing");
    assert!(html.contains("<h1>An application without a name wants to use your account</h1>"));
    assert!(html.contains("Allow the application"));
}

#[test]
fn a_long_name_is_cut_c3() {
    let html = page("consent_name_long");
    assert!(html.contains("every other room…”") || html.contains("…” wants"));
    assert_eq!(html.matches("thirteenth edition").count(), 1, "once, in the field sent back");
}

#[test]
fn no_page_leaves_a_blank_or_an_id_in_its_words_c2() {
    for (name, html) in all("") {
        assert!(!html.contains("{$") && !html.contains("{ $"), "{name}");
    }
}
