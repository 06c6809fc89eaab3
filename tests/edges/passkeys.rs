//! Passkeys as a browser and a program meet them: the button on the page of signing in, the settings as plain forms, the API.
//! A key of our own answers; the script between it and the forms is met in the journeys.

use serde_json::{Value, json};

use crate::{
    app::{Answer, TestApp},
    authenticator::Authenticator,
    browser::{form, get, session, signed_in},
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
    let begun = world
        .app
        .post("/api/v1/auth/passkeys/challenge", Some(token), json!({ "password": PASSWORD }))
        .await
        .expect(200);
    let answer = parsed(&key.create(&begun["options"].to_string()));
    let body = json!({ "name": "Phone", "credential": answer });
    let made = world.app.post("/api/v1/auth/passkeys", Some(token), body).await.expect(200);
    (key, made["id"].as_str().unwrap().to_owned())
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
    let path = format!("/api/v1/auth/passkeys/{id}/remove");
    let wrong = world.app.post(&path, Some(&token), json!({ "password": "" })).await;
    assert_eq!(wrong.body["fields"][0]["rule"], "password_wrong", "{}", wrong.text);
    world.app.post(&path, Some(&token), json!({ "password": PASSWORD })).await.expect(204);
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
    let password = format!("password={}", PASSWORD.replace(' ', "+"));
    let begun = form(&world.app, "/_fn/begin-passkey", Some(&cookie), &password).await;
    assert_eq!(begun.header("location"), "/account/passkeys", "{}", begun.text);
    let page = get(&world.app, "/account/passkeys", &cookie).await.text;
    let options = page.split("data-options=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut key = Authenticator::new(HOUSE);
    let answer = key.create(&options.replace("&quot;", "\"").replace("&amp;", "&"));
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
    let removed =
        form(&world.app, "/_fn/remove-passkey", Some(&cookie), &format!("id={id}&{password}")).await;
    assert_eq!(removed.header("location"), "/account/passkeys?saved=removed", "{}", removed.text);
    // This browser goes on, under another id.
    let after = session(&removed).unwrap();
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.problem(401), "unauthenticated");
    assert!(!get(&world.app, "/account/passkeys", &after).await.text.contains("Tablet"));
}
