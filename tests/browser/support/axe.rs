//! The accessibility rules of axe-core.

use std::fs;

use serde::Deserialize;

use super::Browser;

const RUN: &str = "const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then(
        result => done(result.violations.map(({ id, impact, help, nodes }) => ({
            id, impact, help, nodes: nodes.map(({ target, html }) => target.join(' ') + '  ' + html),
        }))),
        error => done([{ id: 'axe', impact: 'failed', help: String(error), nodes: [] }]));";

#[derive(Deserialize)]
struct Violation {
    id: String,
    impact: Option<String>,
    help: String,
    nodes: Vec<String>,
}

impl Browser {
    /// What axe-core finds wrong with the page as it is shown now, WCAG 2.2 AA and its best practices, one text each.
    pub(crate) async fn axe(&self) -> Vec<String> {
        let file = super::target().join("tools/browser/node_modules/axe-core/axe.min.js");
        let source = fs::read_to_string(file).expect("axe-core is there: tests/run tools installs it");
        // Handed to WebDriver, not to the page, so that the page's content security policy does not matter.
        self.driver().execute(source, Vec::new()).await.expect("axe-core loads");
        let found = self.driver().execute_async(RUN, Vec::new()).await.expect("axe-core runs");
        let found: Vec<Violation> = found.convert().expect("axe-core answers with its violations");
        found.into_iter().map(described).collect()
    }
}

fn described(violation: Violation) -> String {
    let Violation { id, impact, help, nodes } = violation;
    let headline = format!("{id} ({}): {help}", impact.as_deref().unwrap_or("unrated"));
    [vec![headline], nodes].concat().join("\n    ")
}
