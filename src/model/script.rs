//! Which letters belong together, so that a Cyrillic `а` in a Latin name is not shown as if it were Latin.

/// Scripts that may be shown. What is not here is shown in its `xn--` form only, which is never wrong.
const SCRIPTS: &[(Script, char, char)] = &[
    (Script::Latin, 'a', 'z'),
    (Script::Latin, '\u{df}', '\u{f6}'),
    (Script::Latin, '\u{f8}', '\u{17f}'),
    (Script::Greek, '\u{3ac}', '\u{3ce}'),
    (Script::Cyrillic, '\u{430}', '\u{45f}'),
    (Script::Cyrillic, '\u{490}', '\u{491}'),
    (Script::Armenian, '\u{561}', '\u{586}'),
    (Script::Hebrew, '\u{5d0}', '\u{5ea}'),
    (Script::Arabic, '\u{620}', '\u{64a}'),
    (Script::Arabic, '\u{671}', '\u{6d3}'),
    (Script::Devanagari, '\u{900}', '\u{963}'),
    (Script::Bengali, '\u{981}', '\u{9cd}'),
    (Script::Tamil, '\u{b82}', '\u{bcd}'),
    (Script::Thai, '\u{e01}', '\u{e4e}'),
    (Script::Georgian, '\u{10d0}', '\u{10f0}'),
    (Script::Japanese, '\u{3041}', '\u{3096}'),
    (Script::Japanese, '\u{30a1}', '\u{30fc}'),
    (Script::Japanese, '\u{4e00}', '\u{9fff}'),
    (Script::Hangul, '\u{ac00}', '\u{d7a3}'),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Hebrew,
    Arabic,
    Devanagari,
    Bengali,
    Tamil,
    Thai,
    Georgian,
    /// Kana and Han, which are written together; Chinese is Han alone.
    Japanese,
    Hangul,
}

/// Whether all letters of a label are of one script that we know; digits and hyphens go with each.
pub(super) fn is_of_one_script(label: &str) -> bool {
    let mut scripts = label.chars().filter(|c| !c.is_ascii_digit() && *c != '-').map(script);
    match scripts.next() {
        None => true,
        Some(None) => false,
        Some(first) => scripts.all(|script| script == first),
    }
}

fn script(character: char) -> Option<Script> {
    SCRIPTS.iter().find(|(_, first, last)| (*first..=*last).contains(&character)).map(|(script, _, _)| *script)
}
