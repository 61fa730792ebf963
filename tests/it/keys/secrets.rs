//! Secrets and what is kept of them: keys, their hashes, marks and seals.

use hallpass::crypto::{Random, Sealer, hash_key, hash_token};
use hallpass::model::{KeyHash, PlainKey};
use secrecy::ExposeSecret;

use super::run;

#[test]
fn a_key_is_32_lower_case_hexadecimal_digits_and_nothing_else_k1() {
    assert_eq!(
        PlainKey::parse("0123456789abcdef0123456789abcdef").unwrap().expose(),
        "0123456789abcdef0123456789abcdef"
    );
    for text in
        ["", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0", "0123456789ABCDEF0123456789ABCDEF"]
    {
        assert!(PlainKey::parse(text).is_err(), "{text}");
    }
    for text in
        ["0123456789abcdef0123456789abcdeg", " 123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcd\u{e9}"]
    {
        assert!(PlainKey::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_new_key_has_the_shape_of_a_key_and_is_never_the_same_twice_k1() {
    let random = Random::from_os();
    let keys: std::collections::HashSet<String> = (0..1000).map(|_| random.plain_key().expose().to_owned()).collect();
    assert_eq!(keys.len(), 1000);
    assert!(keys.iter().all(|key| PlainKey::parse(key).is_ok()));
}

#[test]
fn a_key_cannot_be_printed_h6() {
    let key = Random::seeded(1).plain_key();
    assert_eq!(format!("{key:?}"), "PlainKey(…)");
}

#[test]
fn a_key_is_kept_as_the_sha_256_of_its_text_k2() {
    let key = PlainKey::parse("0123456789abcdef0123456789abcdef").unwrap();
    let sum = String::from_utf8(run("openssl", &["dgst", "-sha256", "-r"], key.expose().as_bytes())).unwrap();
    let hash = hash_key(&key);
    assert_eq!(hash.to_hex(), &sum[..64]);
    assert_eq!(KeyHash::parse(&hash.to_hex()), Ok(hash));
    assert!(KeyHash::parse(key.expose()).is_err());
    assert!(KeyHash::parse(&hash.to_hex().to_ascii_uppercase()).is_err());
}

#[test]
fn a_sign_ins_token_is_256_bits_and_kept_as_its_sha_256_w4() {
    let token = Random::from_os().token();
    assert_eq!(token.expose_secret().len(), 64);
    let sum = run("openssl", &["dgst", "-sha256", "-r"], token.expose_secret().as_bytes());
    assert_eq!(hash_token(&token).as_bytes(), &sum[..64]);
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let (one, same, other) = (Random::seeded(7), Random::seeded(7), Random::seeded(8));
    let first = one.hex::<32>();
    assert_eq!(first.len(), 64);
    assert_eq!(same.hex::<32>(), first);
    assert_ne!(other.hex::<32>(), first);
    assert_ne!(one.hex::<32>(), first);
}

fn sealer() -> Sealer {
    Sealer::parse(&[7; 32]).unwrap()
}

#[test]
fn a_sealing_secret_has_at_least_32_bytes_and_cannot_be_printed() {
    assert!(Sealer::parse(&[7; 31]).is_err());
    assert!(!format!("{:?}", sealer()).contains("7, 7"));
}

#[test]
fn a_mark_holds_for_its_purpose_its_parts_and_its_secret_alone_k3() {
    let mark = sealer().mac("form", &["ab", "c"]);
    assert!(sealer().verify("form", &["ab", "c"], &mark));
    for parts in [&[&b"a"[..], b"bc"][..], &[b"abc"], &[b"ab", b"c", b""], &[b"ab"], &[]] {
        assert!(!sealer().verify("form", parts, &mark));
    }
    assert!(!sealer().verify("fork", &["ab", "c"], &mark));
    assert!(!Sealer::parse(&[8; 32]).unwrap().verify("form", &["ab", "c"], &mark));
    for wrong in ["", &mark[1..], &format!("{mark}="), &mark.to_ascii_uppercase()] {
        assert!(!sealer().verify("form", &["ab", "c"], wrong));
    }
}

#[test]
fn a_sealed_text_opens_for_its_purpose_alone() {
    let sealed = sealer().seal("return", "/user-api-key/new?a=b&c=ü");
    assert!(sealed.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)));
    assert_eq!(sealer().open("return", &sealed).as_deref(), Some("/user-api-key/new?a=b&c=ü"));
    assert_eq!(sealer().open("other", &sealed), None);
    for wrong in
        ["", ".", "x", &sealed[1..], &sealed[..sealed.len() - 1], &format!("{sealed}."), &sealed.replace('.', "")]
    {
        assert_eq!(sealer().open("return", wrong), None, "{wrong}");
    }
    // A mark of the same text for the same purpose is no seal.
    let (body, _) = sealed.split_once('.').unwrap();
    let mark = sealer().mac("return", &["/user-api-key/new?a=b&c=ü".as_bytes()]);
    assert_eq!(sealer().open("return", &format!("{body}.{mark}")), None);
}
