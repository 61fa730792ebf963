//! The findings, for people and for scripts.

use anyhow::ensure;
use serde_json::json;

use super::finding::{Finding, Outcome};
use crate::cli::print::{data, json as print_json, talk, visible};

/// A line for each finding, or one JSON object, to standard output.
///
/// # Errors
/// When a check failed.
pub(super) fn print(url: &str, findings: &[Finding], as_json: bool) -> anyhow::Result<()> {
    if as_json {
        print_json(&json!({ "url": url, "checks": findings }))?;
    } else {
        findings.iter().try_for_each(|finding| data(&line(finding)))?;
        talk(&sum(findings));
    }
    let failed = count(findings, Outcome::Failed);
    ensure!(failed == 0, "{failed} of {} checks failed", findings.len());
    Ok(())
}

/// Texts of the other side may be part of it.
fn line(finding: &Finding) -> String {
    let advice = finding.advice.as_ref().map(|advice| format!(": {advice}")).unwrap_or_default();
    visible(&format!("{:<11}  {:<15}  {}{advice}", finding.outcome.word(), finding.check, finding.says))
}

fn count(findings: &[Finding], outcome: Outcome) -> usize {
    findings.iter().filter(|finding| finding.outcome == outcome).count()
}

fn sum(findings: &[Finding]) -> String {
    let all = [Outcome::Ok, Outcome::Warning, Outcome::Failed, Outcome::NotChecked];
    all.map(|outcome| format!("{} {}", count(findings, outcome), outcome.word())).join(", ")
}
