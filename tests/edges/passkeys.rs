//! Passkeys as a browser and a program meet them: the button on the page of signing in, the settings as plain forms, the API.
//! A key of our own answers; the script between it and the forms is met in the journeys.

use serde_json::{Value, json};

use crate::{
    app::{Answer, TestApp},
    authenticator::Authenticator,
    browser::{form, get, session, signed_in},
    step_up::held,
    world::{PASSWORD, World},
};

const HOUSE: &str = "http://care.example";

/// A world with a patient, and her token.
async fn world() -> (World, String) {
    let world = World::new(TestApp::with_passkeys().await).await;
    let token = world.patient("ada").await;
    (world, token)
}

/// A text as a field of a form.
fn field(text: &str) -> String {
    text.bytes().fold(String::new(), |field, byte| field + &format!("%{byte:02X}"))
}

/// Adds a key over the API.
async fn added(world: &World, token: &str) -> (Authenticator, String) {
    let mut key = Authenticator::new(HOUSE);
    let begun = world.app.post("/api/v1/auth/passkeys/challenge", Some(token), json!({})).await.expect(200);
    let answer = parsed(&key.create(&begun["options"].to_string()));
    let body = json!({ "name": "Phone", "credential": answer });
    let made = world.app.post("/api/v1/auth/passkeys", Some(token), body).await.expect(200);
    (key, made["id"].as_str().unwrap().to_owned())
}

/// What the page has for the browser.
fn offered(page: &str) -> String {
    let options = page.split("data-options=\"").nth(1).unwrap().split('"').next().unwrap();
    options.replace("&quot;", "\"").replace("&amp;", "&")
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// What the script of the page does: asks, lets the key answer, and posts the form.
async fn press(world: &World, key: &mut Authenticator, next: &str) -> (Answer, String) {
    let asked = world.app.post("/_fn/begin-passkey-sign-in", None, json!({})).await.expect(200);
    let answer = key.get(asked["options"].as_str().unwrap());
    let fields = format!(
        "challenge={}&credential={}&next={}",
        asked["id"].as_str().unwrap(),
        field(&answer),
        field(next)
    );
    (form(&world.app, "/_fn/passkey-sign-in", None, &fields).await, fields)
}

#[tokio::test]
async fn a_program_adds_lists_renames_removes_and_signs_in() {
    let (world, token) = world().await;
    let (mut key, id) = added(&world, &token).await;
    let list = world.app.get("/api/v1/auth/passkeys", Some(&token)).await.expect(200);
    assert_eq!((list["items"][0]["name"].as_str(), list["room"].as_u64()), (Some("Phone"), Some(9)));
    let sign_in = async |key: &mut Authenticator| {
        let asked =
            world.app.post("/api/v1/auth/passkey-sign-in/challenge", None, json!({})).await.expect(200);
        let credential = parsed(&key.get(&asked["options"].to_string()));
        let body = json!({ "challenge_id": asked["challenge_id"], "credential": credential });
        (world.app.post("/api/v1/auth/passkey-sign-in", None, body.clone()).await, body)
    };
    let (answer, body) = sign_in(&mut key).await;
    let token = answer.expect(200)["access_token"].as_str().unwrap().to_owned();
    assert_eq!(world.app.get("/api/v1/me", Some(&token)).await.expect(200)["email"], "ada@example.org");
    let twice = world.app.post("/api/v1/auth/passkey-sign-in", None, body).await;
    assert_eq!((twice.status.as_u16(), twice.body["code"].as_str()), (422, Some("invalid")));
    assert_eq!(twice.body["fields"][0], json!({ "field": "credential", "rule": "passkey_late" }));
    world.app.delete(&format!("/api/v1/auth/passkeys/{id}"), Some(&token)).await.expect(204);
    let (answer, _) = sign_in(&mut key).await;
    assert_eq!(answer.body["fields"][0]["rule"], "passkey_failed", "{}", answer.text);
}

#[tokio::test]
async fn the_page_of_signing_in_has_a_button_and_its_form_signs_in() {
    let (world, token) = world().await;
    let (mut key, _) = added(&world, &token).await;
    let page = get(&world.app, "/sign-in?next=%2Fappointments", "").await.text;
    assert!(page.contains("data-passkey=\"get\"") && page.contains("/_fn/passkey-sign-in"), "{page}");
    let (answer, fields) = press(&world, &mut key, "/appointments").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/appointments"),
        "{}",
        answer.text
    );
    let cookie = session(&answer).unwrap();
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.expect(200)["email"], "ada@example.org");
    // The same once more, an answer for another site, and a form that no script has filled.
    let twice = form(&world.app, "/_fn/passkey-sign-in", None, &fields).await;
    key.origin = "http://care.example.evil.example".to_owned();
    let (foreign, _) = press(&world, &mut key, "/").await;
    let empty = form(&world.app, "/_fn/passkey-sign-in", None, "challenge=&credential=&next=").await;
    for (answer, words) in
        [(twice, "took too long"), (foreign, "did not work here"), (empty, "took too long")]
    {
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/sign-in"));
        assert!(session(&answer).is_none());
        let kept = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        let page = get(&world.app, "/sign-in", &kept).await.text;
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn the_settings_are_plain_forms() {
    let (world, _) = world().await;
    let cookie = signed_in(&world.app, "ada").await;
    let page = get(&world.app, "/account/passkeys", &cookie).await.text;
    assert!(page.contains("/_fn/begin-passkey") && page.contains("passkeys-none"), "{page}");
    let begun = form(&world.app, "/_fn/begin-passkey", Some(&cookie), "").await;
    assert_eq!(begun.header("location"), "/account/passkeys", "{}", begun.text);
    let page = get(&world.app, "/account/passkeys", &cookie).await.text;
    let answer = Authenticator::new(HOUSE).create(&offered(&page));
    let fields = format!("name=My+phone&credential={}", field(&answer));
    let made = form(&world.app, "/_fn/add-passkey", Some(&cookie), &fields).await;
    assert_eq!(made.header("location"), "/account/passkeys?saved=added", "{}", made.text);
    let page = get(&world.app, "/account/passkeys?saved=added", &cookie).await.text;
    assert!(page.contains("My phone") && !page.contains("data-options"), "{page}");
    let id = page.split("?rename=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let renamed =
        form(&world.app, "/_fn/rename-passkey", Some(&cookie), &format!("id={id}&name=Tablet")).await;
    assert_eq!(renamed.header("location"), "/account/passkeys?saved=renamed");
    assert!(get(&world.app, "/account/passkeys", &cookie).await.text.contains("Tablet"));
    let page = get(&world.app, &format!("/account/passkeys?remove={id}"), &cookie).await.text;
    assert!(page.contains("/_fn/remove-passkey") && page.contains("Tablet"), "{page}");
    let removed = form(&world.app, "/_fn/remove-passkey", Some(&cookie), &format!("id={id}")).await;
    assert_eq!(removed.header("location"), "/account/passkeys?saved=removed", "{}", removed.text);
    // This browser goes on, under another id.
    let after = session(&removed).unwrap();
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.problem(401), "unauthenticated");
    assert!(!get(&world.app, "/account/passkeys", &after).await.text.contains("Tablet"));
}

#[tokio::test]
async fn a_key_that_was_made_waits_for_the_password_and_is_added() {
    let (world, _) = world().await;
    let app = &world.app;
    let cookie = signed_in(app, "ada").await;
    app.clock.advance_minutes(3);
    form(app, "/_fn/begin-passkey", Some(&cookie), "").await;
    let page = get(app, "/account/passkeys", &cookie).await.text;
    let answer = Authenticator::new(HOUSE).create(&offered(&page));
    let fields = format!("name=My+phone&credential={}", field(&answer));
    // Her password was given too long ago by now; the challenge still waits.
    app.clock.advance_minutes(3);
    let asked = form(app, "/_fn/add-passkey", Some(&cookie), &fields).await;
    assert_eq!(asked.header("location"), "/confirm", "{}", asked.text);
    let both = format!("{cookie}; {}", held(&asked));
    let page = get(app, "/confirm", &both).await.text;
    assert!(page.contains("action=\"/_fn/add-passkey\"") && page.contains("value=\"My phone\""), "{page}");
    assert!(page.contains("name=\"credential\"") && page.contains("attestationObject"), "{page}");
    let proof = PASSWORD.replace(' ', "+");
    let made = form(app, "/_fn/add-passkey", Some(&both), &format!("{fields}&proof={proof}")).await;
    assert_eq!(made.header("location"), "/account/passkeys?saved=added", "{}", made.text);
    let cookie = session(&made).unwrap();
    let page = get(app, "/account/passkeys", &cookie).await.text;
    let id = page.split("?remove=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    app.clock.advance_minutes(6);
    let fields = format!("id={id}");
    let asked = form(app, "/_fn/remove-passkey", Some(&cookie), &fields).await;
    assert_eq!(asked.header("location"), "/confirm", "{}", asked.text);
    let both = format!("{cookie}; {}", held(&asked));
    let removed = form(app, "/_fn/remove-passkey", Some(&both), &format!("{fields}&proof={proof}")).await;
    assert_eq!(removed.header("location"), "/account/passkeys?saved=removed", "{}", removed.text);
    // This browser goes on.
    let cookie = session(&removed).unwrap();
    assert!(!get(app, "/account/passkeys", &cookie).await.text.contains("My phone"));
}

#[tokio::test]
async fn staff_with_a_passkey_are_led_to_signing_in_with_it_and_go_to_work() {
    let (world, _) = world().await;
    let app = &world.app;
    let desk = world.desk().await;
    let (mut key, _) = added(&world, &desk).await;
    let (_, other) = added(&world, &desk).await;
    let policy = format!("/api/v1/hospitals/{}/staff-policy", world.hospital);
    app.put(&policy, Some(&world.admin), json!({ "second_factor": true })).await.expect(200);
    let cookie = signed_in(app, "desk").await;
    let today = format!("/hospital/{}", world.hospital);
    assert_eq!(get(app, &today, &cookie).await.header("location"), "/account/second-factor");
    let page = get(app, "/account/second-factor", &cookie).await.text;
    assert!(page.contains("/sign-in?next=%2Fhospital") && page.contains("You have a passkey"), "{page}");
    let (answer, _) = press(&world, &mut key, "/hospital").await;
    assert_eq!(answer.header("location"), "/hospital", "{}", answer.text);
    let cookie = session(&answer).unwrap();
    assert_eq!(get(app, &today, &cookie).await.status, 200);
    // What begins a new epoch leaves this session what it was made with.
    let removed = form(app, "/_fn/remove-passkey", Some(&cookie), &format!("id={other}")).await;
    assert_eq!(removed.header("location"), "/account/passkeys?saved=removed", "{}", removed.text);
    let cookie = session(&removed).unwrap();
    assert_eq!(get(app, &today, &cookie).await.status, 200);
    // A sign-in with the password in this browser forgets it.
    let password = format!("email=desk%40example.org&password={}&next=%2F", PASSWORD.replace(' ', "+"));
    let again = form(app, "/_fn/sign-in", Some(&cookie), &password).await;
    let cookie = session(&again).unwrap();
    assert_eq!(get(app, &today, &cookie).await.header("location"), "/account/second-factor");
}
