//! What an application receives: does it fit, and can others decrypt it?

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hallpass::crypto::{EncryptError, wrap_base64};
use hallpass::model::Padding;
use proptest::prelude::*;

use super::{PADDINGS, key, path, run};

fn openssl_decrypts(name: &str, padding: Padding, ciphertext: &[u8]) -> Vec<u8> {
    let file = path(&format!("{name}.private.pem"));
    let mut arguments = vec!["pkeyutl", "-decrypt", "-inkey", file.to_str().unwrap(), "-pkeyopt"];
    arguments.extend(match padding {
        Padding::Pkcs1 => vec!["rsa_padding_mode:pkcs1"],
        Padding::Oaep => vec!["rsa_padding_mode:oaep"],
        Padding::OaepSha256 => {
            vec!["rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256", "-pkeyopt", "rsa_mgf1_md:sha256"]
        }
    });
    run("openssl", &arguments, ciphertext)
}

fn webcrypto_decrypts(name: &str, hash: &str, ciphertext: &[u8]) -> Vec<u8> {
    const SCRIPT: &str = "
        const { readFileSync } = require('node:fs');
        const [file, hash] = process.argv.slice(1);
        const pem = readFileSync(file, 'utf8').replace(/-----[^-]+-----/g, '');
        const algorithm = { name: 'RSA-OAEP', hash };
        crypto.subtle.importKey('pkcs8', Buffer.from(pem, 'base64'), algorithm, false, ['decrypt'])
            .then((key) => crypto.subtle.decrypt({ name: 'RSA-OAEP' }, key, readFileSync(0)))
            .then((plaintext) => process.stdout.write(Buffer.from(plaintext)));
    ";
    let file = path(&format!("{name}.private.pem"));
    run("node", &["-e", SCRIPT, file.to_str().unwrap(), hash], ciphertext)
}

#[test]
fn a_request_that_says_nothing_gets_pkcs1_c078() {
    for (word, padding) in [
        (None, Padding::Pkcs1),
        (Some(""), Padding::Pkcs1),
        (Some(" "), Padding::Pkcs1),
        (Some("pkcs1"), Padding::Pkcs1),
        (Some("oaep"), Padding::Oaep),
        (Some("oaep-sha256"), Padding::OaepSha256),
    ] {
        assert_eq!(Padding::parse(word), Ok(padding));
    }
    for padding in PADDINGS {
        assert_eq!(Padding::parse(Some(padding.as_str())), Ok(padding));
    }
    for word in ["none", "OAEP", "oaep256", "pss"] {
        assert!(Padding::parse(Some(word)).is_err());
    }
}

#[test]
fn each_size_and_padding_holds_what_the_standard_says_and_not_a_byte_more_h3_c079() {
    for (name, limits) in [
        ("rsa1024", [117, 86, 62]),
        ("rsa2048", [245, 214, 190]),
        ("rsa4096", [501, 470, 446]),
        ("rsa8192", [1013, 982, 958]),
    ] {
        let key = key(name);
        for (padding, limit) in PADDINGS.into_iter().zip(limits) {
            assert_eq!(key.capacity(padding), limit);
            assert_eq!(key.encrypt(padding, &vec![b'x'; limit]).unwrap().len() * 8, usize::from(key.bits()));
            let error = key.encrypt(padding, &vec![b'x'; limit + 1]).unwrap_err();
            assert!(
                matches!(error, EncryptError::TooLarge { bytes, capacity, .. } if (bytes, capacity) == (limit + 1, limit)),
                "{error}"
            );
        }
    }
}

#[test]
fn a_payload_too_large_is_refused_with_both_sizes_and_advice_c067_h3() {
    for (padding, words) in
        [(Padding::Pkcs1, "Payload too large for PKCS#1"), (Padding::Oaep, "Payload too large for OAEP")]
    {
        let message = key("rsa2048").encrypt(padding, &[0; 300]).unwrap_err().to_string();
        assert!(message.contains(words) && message.contains("300") && message.contains("shorter nonce"), "{message}");
        assert!(message.contains(&key("rsa2048").capacity(padding).to_string()), "{message}");
    }
}

#[test]
fn openssl_decrypts_what_we_encrypt_c078_h2() {
    for name in ["rsa1024", "rsa2048", "rsa2048-e3", "rsa3072", "rsa4096", "rsa8192"] {
        for padding in PADDINGS {
            let key = key(name);
            for plaintext in [&b"{\"key\":\"0123\"}"[..], &vec![7; key.capacity(padding)], b""] {
                let ciphertext = key.encrypt(padding, plaintext).unwrap();
                assert_eq!(openssl_decrypts(name, padding, &ciphertext), plaintext, "{name} {padding}");
            }
        }
    }
}

#[test]
fn webcrypto_decrypts_what_we_encrypt_with_oaep_c078_h2() {
    for name in ["rsa2048", "rsa4096"] {
        for (padding, hash) in [(Padding::Oaep, "SHA-1"), (Padding::OaepSha256, "SHA-256")] {
            let key = key(name);
            let plaintext = vec![b'n'; key.capacity(padding)];
            let ciphertext = key.encrypt(padding, &plaintext).unwrap();
            assert_eq!(webcrypto_decrypts(name, hash, &ciphertext), plaintext, "{name} {padding}");
        }
    }
}

#[test]
fn the_same_payload_never_encrypts_to_the_same_block_h2() {
    for padding in PADDINGS {
        let key = key("rsa2048");
        assert_ne!(key.encrypt(padding, b"same").unwrap(), key.encrypt(padding, b"same").unwrap());
    }
}

#[test]
fn a_ciphertext_is_base64_in_lines_of_sixty_with_a_newline_at_the_end_c080() {
    assert_eq!(wrap_base64(&[0; 45]), format!("{}\n", "A".repeat(60)));
    assert_eq!(wrap_base64(&[0; 46]), format!("{}\nAA==\n", "A".repeat(60)));
    assert_eq!(wrap_base64(&[0xfb, 0xff]), "+/8=\n");
    assert_eq!(wrap_base64(&[]), "");
    let lines: Vec<usize> = wrap_base64(&[1; 256]).lines().map(str::len).collect();
    assert_eq!(lines, [60, 60, 60, 60, 60, 44]);
}

proptest! {
    #[test]
    fn lines_joined_again_are_the_ciphertext_c080(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let text = wrap_base64(&bytes);
        prop_assert!(text.lines().all(|line| !line.is_empty() && line.len() <= 60));
        prop_assert!(text.is_empty() || text.ends_with('\n'));
        let joined: String = text.lines().collect();
        prop_assert_eq!(STANDARD.decode(joined).unwrap(), bytes);
    }
}
