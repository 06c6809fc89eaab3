//! Forged and stale tokens: none of them is read.

use super::*;
use serde_json::{Value, json};

const NOW: i64 = 1_800_000_000;

fn key(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn public(seed: u8) -> Vec<u8> {
    use ring::signature::KeyPair;
    key(seed).public_key().as_ref().to_vec()
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "k" })
}

fn claims() -> Value {
    serde_json::to_value(Claims::new(
        Uuid::from_u128(1),
        Uuid::from_u128(2),
        Uuid::from_u128(3),
        false,
        NOW,
        NOW + 600,
    ))
    .unwrap()
}

fn token_of(header: &str, claims: &str, seed: u8) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = key(seed).sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
}

fn token(header: &Value, claims: &Value) -> String {
    token_of(&header.to_string(), &claims.to_string(), 1)
}

/// The whole check, as the service makes it.
fn read(text: &str) -> Option<Claims> {
    named_key(text).filter(|kid| kid == "k")?;
    verified(text, &public(1)).filter(|claims| claims.holds_at(NOW))
}

fn with(mut value: Value, name: &str, to: Value) -> Value {
    value[name] = to;
    value
}

fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().unwrap().remove(name);
    value
}

#[test]
fn an_honest_token_is_read() {
    let claims =
        Claims::new(Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3), true, NOW, NOW + 600);
    let text = sign(&claims, "k", &key(1)).unwrap();
    assert_eq!(read(&text), Some(claims));
    assert!(text.len() < LONGEST);
}

#[test]
fn no_forged_or_stale_token_is_read() {
    let mut corpus: Vec<(String, String)> = Vec::new();
    let mut add = |what: &str, text: String| corpus.push((what.to_owned(), text));
    for alg in ["none", "None", "", "HS256", "ES256", "RS256", "eddsa", "EdDSA "] {
        add(&format!("alg {alg:?}"), token(&with(header(), "alg", json!(alg)), &claims()));
    }
    for typ in ["JWT", "jwt", "at+JWT", "", "application/at+jwt"] {
        add(&format!("typ {typ:?}"), token(&with(header(), "typ", json!(typ)), &claims()));
    }
    for (name, value) in [
        ("jwk", json!({ "kty": "OKP" })),
        ("jku", json!("https://evil.example")),
        ("x5u", json!("https://evil.example")),
        ("crit", json!(["b64"])),
        ("b64", json!(false)),
    ] {
        add(&format!("header with {name}"), token(&with(header(), name, value), &claims()));
    }
    for name in ["alg", "typ", "kid"] {
        add(&format!("header without {name}"), token(&without(header(), name), &claims()));
    }
    add("another kid", token(&with(header(), "kid", json!("../k")), &claims()));
    add("kid a number", token(&with(header(), "kid", json!(1)), &claims()));
    for name in ["iss", "aud", "sub", "sid", "jti", "bought", "iat", "nbf", "exp"] {
        add(&format!("without {name}"), token(&header(), &without(claims(), name)));
    }
    for (what, name, value) in [
        ("ended", "exp", json!(NOW - 6)),
        ("ended long ago", "exp", json!(0)),
        ("end before its begin", "exp", json!(NOW - 600)),
        ("end a text", "exp", json!("9999999999")),
        ("end a fraction", "exp", json!(1e18)),
        ("end none", "exp", Value::Null),
        ("not yet", "nbf", json!(NOW + 60)),
        ("made tomorrow", "iat", json!(NOW + 86_400)),
        ("another issuer", "iss", json!("evil")),
        ("another audience", "aud", json!("other-api")),
        ("audience a list", "aud", json!(["caresync-api"])),
        ("subject no id", "sub", json!("admin")),
        ("subject none", "sub", Value::Null),
        ("role added", "role", json!("platform_admin")),
        ("scope added", "scope", json!("*")),
    ] {
        add(what, token(&header(), &with(claims(), name, value)));
    }
    add("signed with another key", token_of(&header().to_string(), &claims().to_string(), 2));
    let honest = token(&header(), &claims());
    let (signed, signature) = honest.rsplit_once('.').unwrap();
    add("no signature", format!("{signed}."));
    add("two parts", signed.to_owned());
    add("four parts", format!("{honest}.{signature}"));
    add("padded", format!("{honest}="));
    add("another text's signature", {
        let other = token(&header(), &with(claims(), "sub", json!(Uuid::from_u128(9))));
        format!("{}.{signature}", other.rsplit_once('.').unwrap().0)
    });
    add("a space before it", format!(" {honest}"));
    add(
        "twice a claim",
        token_of(&header().to_string(), &claims().to_string().replacen('{', "{\"exp\":9999999999,", 1), 1),
    );
    add(
        "two headers' alg",
        token_of(&header().to_string().replacen('{', "{\"alg\":\"none\",", 1), &claims().to_string(), 1),
    );
    add("empty", String::new());
    add("dots", "..".to_owned());
    add("an opaque token", "N2F3mQ0yQ0b1s0m3th1ng".to_owned());
    add("very long", token(&header(), &with(claims(), "aud", json!("a".repeat(5_000)))));
    add(
        "not UTF-8",
        format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode([0xff]), URL_SAFE_NO_PAD.encode([0xfe])),
    );
    assert!(corpus.len() >= 50, "{}", corpus.len());
    for (what, text) in corpus {
        assert_eq!(read(&text), None, "{what}: {text}");
    }
}

#[test]
fn a_flipped_bit_anywhere_is_noticed() {
    let honest = token(&header(), &claims());
    for at in 0..honest.len() {
        let mut bytes = honest.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let text = String::from_utf8(bytes).unwrap();
        // The last character of base64 carries spare bits; our reader takes only one spelling of them.
        assert_eq!(read(&text).filter(|_| text != honest), None, "{at}");
    }
}
