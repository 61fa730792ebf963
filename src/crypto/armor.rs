//! The lines around a PEM block, read as leniently as real clients need (`clients.md` 3.1).

use pem::PemError;

use super::public_key::PublicKeyError;

/// The DER inside the first PEM block of a text that ought to hold a public key.
pub(super) fn public_der(text: &str) -> Result<Vec<u8>, PublicKeyError> {
    if text.contains("PRIVATE KEY") {
        return Err(PublicKeyError::Private);
    }
    // `pem` takes what stands before a blank line for header fields; clients send blank lines anywhere.
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if text.contains("-----BEGIN ") && lost_characters(&lines) {
        return Err(PublicKeyError::Spaces);
    }
    let block = pem::parse(lines.join("\n")).map_err(|error| match error {
        PemError::InvalidData(fault) => PublicKeyError::Base64(fault),
        PemError::MissingData => PublicKeyError::Damaged,
        _ => PublicKeyError::NotPem,
    })?;
    match block.tag() {
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Ok(block.into_contents()),
        label if label.contains("CERTIFICATE") => Err(PublicKeyError::Certificate),
        _ => Err(PublicKeyError::NotRsa),
    }
}

/// Whether `+` or line ends became spaces on the way, the commonest fault of all: spaces inside a line of the body, or
/// a whole block on one line with spaces between.
fn lost_characters(lines: &[&str]) -> bool {
    let body = |line: &&&str| !line.starts_with("----");
    let one_line = |line: &&str| line.contains("----- ") || line.contains(" -----");
    lines.iter().filter(body).any(|line| line.contains(' ')) || lines.iter().any(one_line)
}
