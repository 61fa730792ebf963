//! The catalog and the configuration as text: a sample file, the reference page, the effective values.

use std::fmt::Write;

use super::catalog::{SECTIONS, Setting};
use super::reader::Effective;
use super::{access, scopes};

const SAMPLE_WIDTH: usize = 100;
const PAGE_WIDTH: usize = 120;

const SAMPLE_HEAD: &str = "\
# Configuration of Hallpass. Every setting is here with its default; take the `#` before a key away
# to change it. Environment variables (HALLPASS_SECTION__KEY) are stronger than this file, flags
# (--set section.key=value) stronger still.
";

const SAMPLE_SCOPES: &str = r#"
# The site's own scopes, each a table like this one. The label is what people read on the consent page; a rule is
# methods and a path, `*` for one segment and `**` at the end for any rest; a dangerous one is set apart.
#
# [scopes."books:read"]
# label = "Read your book list"
# allow = ["GET /api/books", "GET /api/books/**"]
# dangerous = false
#
# `groups = ["staff"]` keeps a scope for users in one of these groups; a scope of the protocol, such as [scopes.write], may
# have that and nothing else. What only certain users may do, whatever their keys' scopes:
#
# [[access]]
# paths = ["/admin/**"]
# groups = ["staff"]
"#;

const REFERENCE_HEAD: &str = "\
# Configuration

<!-- Made from src/config: `tests/generate` writes it anew, a test holds it. -->

Settings come from four places. Of several values for one key the one from the strongest place counts:

1. flags: `--set section.key=value`, as often as needed;
2. the environment: `HALLPASS_SECTION__KEY`, in capitals, with two underscores between section and key. A variable
   without `__` is no setting;
3. a TOML file: the one that `--config` names, else the one that the variable `HALLPASS_CONFIG` names, else
   `hallpass.toml` in the working directory, if there is one;
4. the defaults below.

A list is a TOML array, or one text with its entries separated by `|`; in the environment and in flags it is always
such a text. An empty text stands for \"not set\" where that is possible. A key that does not exist is a fault, and so
is a value that cannot be: the service does not start, and says of every fault at once where it is and what to write
instead.

`hallpass config check` looks for faults and prints warnings, `hallpass config show` prints each value with where it
came from (secrets masked), `hallpass config sample` prints a file with every setting and its default.
";

/// A `hallpass.toml` with every setting: prose behind `# `, and each default behind `#` alone.
#[must_use]
pub fn sample() -> String {
    let mut out = String::from(SAMPLE_HEAD);
    for section in SECTIONS {
        let _ = write!(out, "\n[{}]\n{}", section.name, wrap(section.about, "# ", SAMPLE_WIDTH));
        for setting in section.settings {
            let text = format!("{} Write {}.", setting.about, setting.form());
            let _ = write!(out, "\n{}#{} = {}\n", wrap(&text, "# ", SAMPLE_WIDTH), setting.name, setting.default);
        }
    }
    out + SAMPLE_SCOPES
}

/// The reference page, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut out = String::from(REFERENCE_HEAD);
    for section in SECTIONS {
        let _ = write!(out, "\n## `[{}]`\n\n{}", section.name, wrap(section.about, "", PAGE_WIDTH));
        for setting in section.settings {
            out += &paragraph(setting);
        }
    }
    out + scopes::ABOUT + access::ABOUT
}

fn paragraph(setting: &Setting) -> String {
    let (name, default, form, variable) = (setting.name, setting.default, setting.form(), setting.variable());
    let about = wrap(setting.about, "", PAGE_WIDTH);
    format!("\n### `{name}`\n\n{about}\n- Value: {form}\n- Default: `{default}`\n- Environment: `{variable}`\n")
}

/// Each value with where it came from.
pub(super) fn show(effective: &[Effective]) -> String {
    let mut out = String::new();
    let mut section = "";
    for Effective { setting, origin, shown } in effective {
        if setting.section != section {
            let gap = if section.is_empty() { "" } else { "\n" };
            let _ = writeln!(out, "{gap}[{}]", setting.section);
            section = setting.section;
        }
        let _ = writeln!(out, "{} = {shown}  # {origin}", setting.name);
    }
    out
}

/// Lines of at most `width` characters, each behind `prefix`.
fn wrap(text: &str, prefix: &str, width: usize) -> String {
    let mut out = String::new();
    let mut line = String::from(prefix);
    for word in text.split_whitespace() {
        let begun = line.len() > prefix.len();
        if begun && line.chars().count() + 1 + word.chars().count() > width {
            out += &line;
            out.push('\n');
            line.truncate(prefix.len());
        } else if begun {
            line.push(' ');
        }
        line += word;
    }
    format!("{out}{line}\n")
}
