//! Public keys as clients send them: what is read, and what is refused with which word.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hallpass::crypto::{PublicKey, PublicKeyError};
use hallpass::model::Fingerprint;
use proptest::prelude::*;

use super::{armored, body, key, pem, run};

/// The public key in PKCS#1, made by another implementation.
pub(crate) fn pkcs1(name: &str) -> String {
    let text = run("openssl", &["rsa", "-pubin", "-RSAPublicKey_out"], pem(name).as_bytes());
    String::from_utf8(text).unwrap()
}

/// A DER value of less than 65,536 bytes.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82], length.as_slice(), content].concat()
}

/// The shortest form of a length, as DER asks.
fn short_der(tag: u8, content: &[u8]) -> Vec<u8> {
    match content.len() {
        length @ 0..128 => [&[tag, u8::try_from(length).unwrap()], content].concat(),
        length @ 128..256 => [&[tag, 0x81, u8::try_from(length).unwrap()], content].concat(),
        _ => der(tag, content),
    }
}

/// A PKCS#1 public key of these numbers, big-endian without leading zeros.
pub(crate) fn of_numbers(modulus: &[u8], exponent: &[u8]) -> String {
    let integer = |number: &[u8]| match number.first() {
        Some(0x80..) => short_der(2, &[&[0], number].concat()),
        _ => short_der(2, number),
    };
    let sequence = short_der(0x30, &[integer(modulus), integer(exponent)].concat());
    armored("RSA PUBLIC KEY", &STANDARD.encode(sequence), 64, "\n")
}

pub(crate) fn modulus(bits: usize, last: u8) -> Vec<u8> {
    let mut bytes = vec![0xd5; bits / 8];
    bytes.push(last);
    bytes.remove(0);
    bytes
}

#[test]
fn every_pem_shape_that_clients_send_is_read_c082() {
    for name in ["rsa2048", "rsa4096"] {
        let (spki, expected) = (pem(name), key(name).fingerprint());
        let (spki_body, pkcs1_body) = (body(&spki), body(&pkcs1(name)));
        let mut shapes = vec![
            spki.clone(),
            spki.trim_end().to_owned(),
            spki.replace('\n', "\r\n"),
            spki.replace('\n', "\r\n").trim_end().to_owned(),
            format!("\n\n{spki}"),
            format!("\r\n \r\n{spki}\n\n \n"),
            spki.replace('\n', "\n\n"),
            spki.replace('\n', " \n"),
            spki.replace('\n', "\n  "),
            pkcs1(name),
            // A label that does not fit its content.
            armored("PUBLIC KEY", &pkcs1_body, 64, "\n"),
            armored("RSA PUBLIC KEY", &spki_body, 64, "\n"),
            armored("PUBLIC KEY", &spki_body, 100_000, ""),
        ];
        for (label, body) in [("PUBLIC KEY", &spki_body), ("RSA PUBLIC KEY", &pkcs1_body)] {
            for columns in [60, 64, 72, 76, 100_000] {
                for end in ["\n", "\r\n"] {
                    shapes.push(armored(label, body, columns, end));
                    shapes.push(armored(label, body, columns, end).trim_end().to_owned());
                }
            }
        }
        for shape in shapes {
            let parsed = PublicKey::parse(&shape, 2048).unwrap_or_else(|error| panic!("{error}: {shape:?}"));
            assert_eq!(parsed.fingerprint(), expected);
        }
    }
}

#[test]
fn unescaped_plus_signs_and_line_ends_are_named_as_the_cause_c082() {
    let spki = pem("rsa2048");
    assert!(spki.contains('+'));
    for damaged in [spki.replace('\n', " "), spki.replace('+', " "), spki.replace(['+', '\n'], " ")] {
        let error = PublicKey::parse(&damaged, 2048).unwrap_err();
        assert_eq!(error, PublicKeyError::Spaces);
        assert!(error.to_string().contains("%2B") && error.to_string().contains("%0A"));
    }
    // A plus lost at the very end of a line looks like trailing white space.
    let mut lines: Vec<String> = spki.lines().map(str::to_owned).collect();
    lines[2].replace_range(63.., " ");
    assert_eq!(PublicKey::parse(&lines.join("\n"), 2048), Err(PublicKeyError::Spaces));
}

#[test]
fn whatever_is_no_public_rsa_key_is_refused_by_its_name_c082_h1() {
    let spki = pem("rsa2048");
    let traditional = run("openssl", &["rsa", "-traditional"], pem("rsa2048.private").as_bytes());
    for (text, expected) in [
        (pem("rsa2048.private"), PublicKeyError::Private),
        (String::from_utf8(traditional).unwrap(), PublicKeyError::Private),
        (pem("ec.private"), PublicKeyError::Private),
        (format!("{spki}{}", pem("rsa1024.private")), PublicKeyError::Private),
        (pem("certificate"), PublicKeyError::Certificate),
        (pem("ec"), PublicKeyError::NotRsa),
        (armored("EC PARAMETERS", "BggqhkjOPQMBBw==", 64, "\n"), PublicKeyError::NotRsa),
        (String::new(), PublicKeyError::NotPem),
        ("ssh-rsa AAAAB3NzaC1yc2E me@here".to_owned(), PublicKeyError::NotPem),
        (body(&spki), PublicKeyError::NotPem),
        (spki.replace("-----END", "----END"), PublicKeyError::NotPem),
        (spki.replace("END PUBLIC", "END RSA PUBLIC"), PublicKeyError::NotPem),
        (armored("PUBLIC KEY", "", 64, "\n"), PublicKeyError::Damaged),
        (armored("PUBLIC KEY", "MIIB", 64, "\n"), PublicKeyError::Damaged),
        (armored("PUBLIC KEY", &STANDARD.encode([0x30; 300]), 64, "\n"), PublicKeyError::Damaged),
    ] {
        assert_eq!(PublicKey::parse(&text, 1024), Err(expected), "{text}");
    }
    let twice_escaped = PublicKey::parse(&spki.replace('\n', "\\n"), 2048).unwrap_err();
    assert!(matches!(twice_escaped, PublicKeyError::Base64(_)), "{twice_escaped}");
}

#[test]
fn a_key_cut_off_or_with_a_byte_too_many_is_refused_h1() {
    let bytes = STANDARD.decode(body(&pem("rsa2048"))).unwrap();
    for cut in 0..bytes.len() {
        let text = armored("PUBLIC KEY", &STANDARD.encode(&bytes[..cut]), 64, "\n");
        assert!(PublicKey::parse(&text, 1024).is_err(), "{cut}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert!(PublicKey::parse(&armored("PUBLIC KEY", &STANDARD.encode(longer), 64, "\n"), 1024).is_err());
}

#[test]
fn text_of_4096_bytes_is_read_and_4097_are_not_h1() {
    let spki = pem("rsa2048");
    let padded = |bytes: usize| format!("{spki}{}", "\n".repeat(bytes - spki.len()));
    assert!(PublicKey::parse(&padded(4096), 2048).is_ok());
    assert_eq!(PublicKey::parse(&padded(4097), 2048), Err(PublicKeyError::TooLong));
}

#[test]
fn sizes_from_the_settings_minimum_to_8192_bits_are_read_h1_c076() {
    for (name, bits) in [("rsa1024", 1024), ("rsa2048", 2048), ("rsa3072", 3072), ("rsa4096", 4096), ("rsa8192", 8192)]
    {
        assert_eq!(key(name).bits(), bits);
        assert_eq!(PublicKey::parse(&pem(name), 2048).is_ok(), bits >= 2048);
    }
    let too_small = |bits, least| Err(PublicKeyError::TooSmall { bits, least });
    assert_eq!(PublicKey::parse(&pem("rsa1024"), 2048), too_small(1024, 2048));
    assert_eq!(PublicKey::parse(&pem("rsa2048"), 3072), too_small(2048, 3072));
    // No setting reaches below 1024.
    assert_eq!(PublicKey::parse(&pem("rsa512"), 0), too_small(512, 1024));
}

#[test]
fn sizes_between_4097_and_8192_bits_are_read_and_8193_are_not_h1() {
    for bits in [4104, 5000, 6144, 8192] {
        assert_eq!(
            u32::from(PublicKey::parse(&of_numbers(&modulus(bits, 1), &[3]), 2048).unwrap().bits()),
            u32::try_from(bits).unwrap()
        );
    }
    let beyond = [vec![1], modulus(8192, 1)].concat();
    assert_eq!(PublicKey::parse(&of_numbers(&beyond, &[3]), 2048), Err(PublicKeyError::TooLarge));
    assert_eq!(PublicKey::parse(&of_numbers(&modulus(16_384, 1), &[3]), 2048), Err(PublicKeyError::TooLarge));
}

#[test]
fn the_minimum_counts_bits_and_not_bytes_h1() {
    let mut almost = modulus(2048, 1);
    almost[0] = 0x7f;
    let expected = Err(PublicKeyError::TooSmall { bits: 2047, least: 2048 });
    assert_eq!(PublicKey::parse(&of_numbers(&almost, &[1, 0, 1]), 2048), expected);
}

#[test]
fn an_unusable_exponent_or_modulus_is_refused_h1() {
    let odd = modulus(2048, 1);
    for exponent in [&[1][..], &[2], &[0], &[1, 0, 0], &[2, 0, 0, 0, 1], &[1, 0, 0, 0, 0, 1], &odd] {
        let parsed = PublicKey::parse(&of_numbers(&odd, exponent), 2048);
        assert_eq!(parsed, Err(PublicKeyError::Exponent), "{exponent:?}");
    }
    for exponent in [&[3][..], &[17], &[1, 0, 1], &[1, 255, 255, 255, 255]] {
        assert!(PublicKey::parse(&of_numbers(&odd, exponent), 2048).is_ok(), "{exponent:?}");
    }
    assert_eq!(PublicKey::parse(&of_numbers(&modulus(2048, 2), &[3]), 2048), Err(PublicKeyError::EvenModulus));
    assert!(PublicKey::parse(&pem("rsa2048-e3"), 2048).is_ok());
}

#[test]
fn the_fingerprint_is_sha_256_over_the_spki_der_h1() {
    for name in ["rsa2048", "rsa8192"] {
        let spki = run("openssl", &["pkey", "-pubin", "-outform", "DER"], pem(name).as_bytes());
        let sum = String::from_utf8(run("openssl", &["dgst", "-sha256", "-r"], &spki)).unwrap();
        let print = key(name).fingerprint();
        assert_eq!(print.to_hex(), sum[..64]);
        assert_eq!(PublicKey::parse(&pkcs1(name), 1024).unwrap().fingerprint(), print);
    }
    assert_ne!(key("rsa2048").fingerprint(), key("rsa3072").fingerprint());
}

#[test]
fn a_fingerprint_is_shown_in_groups_and_read_back_from_its_digits() {
    let print = Fingerprint::from_bytes([0x7f; 32]);
    assert_eq!(print.short(), "7f7f 7f7f 7f7f 7f7f");
    assert_eq!(print.to_string().replace(' ', ""), print.to_hex());
    assert_eq!(Fingerprint::parse(&print.to_hex()), Ok(print));
    for text in ["", "7f", &"7F".repeat(32), &"7f".repeat(33), &format!("{}x", "7".repeat(63)), &print.to_string()] {
        assert!(Fingerprint::parse(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_in_a_block_is_judged_without_a_panic_h1(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(PublicKey::parse(&armored("PUBLIC KEY", &STANDARD.encode(bytes), 64, "\n"), 1024).is_err());
    }
}
