//! The second factor as a browser without scripts and a program meet it: the page after the password, and what passes nothing.

use axum::http::header;
use serde_json::json;

use crate::{
    app::{Answer, NOW, TestApp},
    browser::{form, get, session, signed_in},
    world::{PASSWORD, World},
};

/// Turns it on over the API; gives the token and the recovery codes.
async fn with_codes(world: &World) -> (String, Vec<String>) {
    let token = world.patient("ada").await;
    let begun =
        world.app.post("/api/v1/auth/second-factor", Some(&token), json!({ "password": PASSWORD })).await;
    let secret = begun.expect(200)["enrolment"]["secret"].as_str().unwrap().to_owned();
    let body = json!({ "code": code(&secret) });
    let on = world.app.post("/api/v1/auth/second-factor/confirm", Some(&token), body).await.expect(200);
    let codes = on["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned());
    (token, codes.collect())
}

/// What a phone makes of a secret, as RFC 6238 says.
pub(crate) fn code(secret: &str) -> String {
    let seconds = NOW.parse::<jiff::Timestamp>().unwrap().as_second();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let letters =
        secret.chars().filter(|c| *c != ' ').map(|c| u32::try_from(alphabet.find(c).unwrap()).unwrap());
    let (mut seed, mut held, mut bits) = (Vec::new(), 0_u32, 0_u32);
    for value in letters {
        held = held << 5 | value;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            seed.push(u8::try_from(held >> bits).unwrap());
            held &= (1 << bits) - 1;
        }
    }
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &seed);
    let tag = ring::hmac::sign(&key, &seconds.div_euclid(30).to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let number = u32::from_be_bytes(tag.as_ref()[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

async fn password(world: &World, cookie: Option<&str>) -> Answer {
    let fields =
        format!("email=ada%40example.org&password={}&next=%2Fappointments", PASSWORD.replace(' ', "+"));
    form(&world.app, "/_fn/sign-in", cookie, &fields).await
}

#[tokio::test]
async fn whoever_begins_to_sign_in_leaves_who_was_signed_in() {
    let world = World::new(TestApp::sqlite().await).await;
    with_codes(&world).await;
    world.patient("ben").await;
    let hers = signed_in(&world.app, "ben").await;
    // Somebody who holds a copy of her cookie begins a sign-in of her own with it: it keeps nothing of hers under a new name.
    let begun = password(&world, Some(&hers)).await;
    let waiting = session(&begun).unwrap();
    assert_ne!(waiting, hers);
    for cookie in [&waiting, &hers] {
        assert_eq!(get(&world.app, "/api/v1/me", cookie).await.problem(401), "unauthenticated");
    }
}

#[tokio::test]
async fn after_the_password_comes_the_page_for_the_code() {
    let world = World::new(TestApp::sqlite().await).await;
    let (_, codes) = with_codes(&world).await;
    let first = password(&world, None).await;
    assert_eq!((first.status.as_u16(), first.header("location")), (303, "/sign-in/code"));
    let waiting = session(&first).unwrap();
    assert_eq!(get(&world.app, "/api/v1/me", &waiting).await.problem(401), "unauthenticated");
    let mut kept = first.headers.get_all(header::SET_COOKIE).iter();
    assert!(!kept.any(|line| line.to_str().unwrap().starts_with("caresync-known")));
    let page = get(&world.app, "/sign-in/code", &waiting).await;
    assert!(page.text.contains("autocomplete=\"one-time-code\"") && page.text.contains("/_fn/sign-in-code"));
    let wrong = form(&world.app, "/_fn/sign-in-code", Some(&waiting), "code=000000").await;
    assert_eq!(wrong.status, 303);
    assert_eq!(get(&world.app, "/api/v1/me", &waiting).await.problem(401), "unauthenticated");
    let right = form(&world.app, "/_fn/sign-in-code", Some(&waiting), &format!("code={}", codes[0])).await;
    assert_eq!((right.status.as_u16(), right.header("location")), (303, "/appointments"), "{}", right.text);
    let inside = session(&right).unwrap();
    assert_ne!(inside, waiting);
    assert_eq!(get(&world.app, "/api/v1/me", &inside).await.expect(200)["email"], "ada@example.org");
    assert_eq!(get(&world.app, "/api/v1/me", &waiting).await.problem(401), "unauthenticated");
    // The session waits for nothing any more, and the code was used.
    let again = form(&world.app, "/_fn/sign-in-code", Some(&inside), &format!("code={}", codes[1])).await;
    assert_eq!(again.header("location"), "/sign-in?again=1");
}

#[tokio::test]
async fn five_tries_and_one_begins_again() {
    let world = World::new(TestApp::sqlite().await).await;
    let (_, codes) = with_codes(&world).await;
    let nobody = form(&world.app, "/_fn/sign-in-code", None, &format!("code={}", codes[0])).await;
    assert_eq!(nobody.header("location"), "/sign-in?again=1");
    let waiting = session(&password(&world, None).await).unwrap();
    for _ in 0..5 {
        let wrong = form(&world.app, "/_fn/sign-in-code", Some(&waiting), "code=000000").await;
        assert_eq!(wrong.header("location"), "/sign-in");
    }
    let late = form(&world.app, "/_fn/sign-in-code", Some(&waiting), &format!("code={}", codes[0])).await;
    assert_eq!(late.header("location"), "/sign-in?again=1");
}

#[tokio::test]
async fn a_program_is_told_that_a_code_is_missing() {
    let world = World::new(TestApp::sqlite().await).await;
    let (token, codes) = with_codes(&world).await;
    let ask = async |code: Option<&str>| {
        let mut body = json!({ "email": "ada@example.org", "password": PASSWORD });
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        world.app.post("/api/v1/auth/token", None, body).await
    };
    assert_eq!(ask(None).await.problem(401), "second_factor_required");
    assert_eq!(ask(Some("000000")).await.problem(422), "invalid");
    ask(Some(&codes[0])).await.expect(200);
    let off = json!({ "password": PASSWORD, "code": codes[1] });
    world.app.post("/api/v1/auth/second-factor/turn-off", Some(&token), off).await.expect(200);
    ask(None).await.expect(200);
}

#[tokio::test]
async fn the_settings_show_a_picture_for_the_phone_and_then_the_codes_to_print() {
    let world = World::new(TestApp::sqlite().await).await;
    world.patient("ada").await;
    let cookie = session(&password(&world, None).await).unwrap();
    let page = get(&world.app, "/account/second-factor", &cookie).await;
    assert!(page.text.contains("/_fn/begin-second-factor"), "{}", page.text);
    let fields = format!("password={}", PASSWORD.replace(' ', "+"));
    let begun = form(&world.app, "/_fn/begin-second-factor", Some(&cookie), &fields).await;
    assert_eq!(begun.header("location"), "/account/second-factor", "{}", begun.text);
    let page = get(&world.app, "/account/second-factor", &cookie).await.text;
    assert!(page.contains("<svg class=\"qr-code\"") || page.contains("class=\"qr-code\""), "{page}");
    let secret = page.split("class=\"secret\"").nth(1).unwrap();
    let secret = secret.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned();
    let code = code(&secret);
    let on = form(&world.app, "/_fn/confirm-second-factor", Some(&cookie), &format!("code={code}")).await;
    assert_eq!(on.header("location"), "/account/second-factor?saved=on", "{}", on.text);
    // The sign-in goes on under another id.
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.problem(401), "unauthenticated");
    let cookie = session(&on).unwrap();
    let page = get(&world.app, "/account/second-factor?saved=on", &cookie).await.text;
    assert_eq!(page.matches("<li class=\"secret\">").count(), 10, "{page}");
    for wanted in ["do=off", "do=codes"] {
        let page = get(&world.app, &format!("/account/second-factor?{wanted}"), &cookie).await.text;
        assert_eq!(page.matches("autocomplete=\"one-time-code\"").count(), 1, "{wanted}");
    }
}
