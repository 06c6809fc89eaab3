//! A browser whose session has reached a limit: it is told why, and what was typed comes back to its owner alone.

use axum::{
    body::Body,
    http::{Method, header},
};
use serde_json::{Value, json};

use crate::{
    app::{Answer, TestApp, request},
    browser::{form, form_on, get, session, signed_in},
    world::{PASSWORD, World},
};

const PAGE: &str = "/account/security";

/// A cookie that an answer sets, as a browser sends it on.
fn kept(answer: &Answer, name: &str) -> Option<String> {
    let mut lines = answer.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    let line = lines.rfind(|line| line.starts_with(&format!("{name}=")) && !line.contains("Max-Age=0"))?;
    Some(line.split(';').next().unwrap().to_owned())
}

/// Signs in in a browser in which something is held back.
async fn back(world: &World, name: &str, held: &str) -> Answer {
    let fields = format!("email={name}%40example.org&password={}&next=%2F", PASSWORD.replace(' ', "+"));
    form(&world.app, "/_fn/sign-in", Some(held), &fields).await
}

/// What an open page asks by itself, from the page of security.
async fn asks(app: &TestApp, name: &str, cookie: &str, body: &Value) -> Answer {
    let request = request(Method::POST, &format!("/_fn/{name}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::REFERER, format!("http://care.example{PAGE}"))
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie);
    app.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn left(app: &TestApp, name: &str, cookie: &str, viewer: &Value) -> Option<u64> {
    asks(app, name, cookie, &json!({ "viewer": viewer })).await.expect(200).as_u64()
}

/// Whose session it is.
async fn viewer(app: &TestApp, cookie: &str) -> Value {
    get(app, "/api/v1/me", cookie).await.expect(200)["account_id"].clone()
}

#[tokio::test]
async fn what_was_typed_comes_back_to_its_owner_and_to_nobody_else() {
    let world = World::new(TestApp::sqlite().await).await;
    for name in ["ada", "bob"] {
        world.patient(name).await;
    }
    let cookie = signed_in(&world.app, "ada").await;
    world.app.clock.advance_minutes(29);
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.status, 200);
    world.app.clock.advance_minutes(30);
    let page = get(&world.app, PAGE, &cookie).await;
    assert_eq!(page.header("location"), "/sign-in?ended=1&next=%2Faccount%2Fsecurity");
    let fields = "email=ada.new%40example.org&password=never+kept+anywhere";
    let refused = form_on(&world.app, PAGE, "/_fn/change-email", Some(&cookie), fields).await;
    assert_eq!(refused.header("location"), "/sign-in?ended=1&next=%2Faccount%2Fsecurity");
    let held = kept(&refused, "caresync-held").unwrap();
    assert!(!held.contains("ada.new"));
    let why = get(&world.app, refused.header("location"), &cookie).await.text;
    assert!(why.contains("You were signed out"), "{why}");

    let other = back(&world, "bob", &held).await;
    assert_eq!((kept(&other, "caresync-held"), other.header("location")), (None, "/"));
    let stranger = format!("{}; {held}", session(&other).unwrap());
    assert!(!get(&world.app, PAGE, &stranger).await.text.contains("ada.new"));

    let again = back(&world, "ada", &held).await;
    assert_eq!(again.header("location"), PAGE);
    let both = format!("{}; {held}", session(&again).unwrap());
    let page = get(&world.app, PAGE, &both).await;
    assert!(page.text.contains("value=\"ada.new@example.org\"") && !page.text.contains("never kept"));
    assert!(page.text.contains("What you typed is still here"), "{}", page.text);
    assert!(page.headers.get_all(header::SET_COOKIE).iter().any(|line| {
        line.to_str().is_ok_and(|line| line.starts_with("caresync-held=;") && line.contains("Max-Age=0"))
    }));
}

#[tokio::test]
async fn an_open_page_knows_when_it_ends_and_asking_is_no_use() {
    let world = World::new(TestApp::sqlite().await).await;
    let cookie = signed_in(&world.app, "admin").await;
    let me = viewer(&world.app, &cookie).await;
    assert_eq!(left(&world.app, "session-left", &cookie, &me).await, Some(900));
    for _ in 0..7 {
        world.app.clock.advance_minutes(2);
        // Lists that read themselves anew, and the page's own question.
        asks(&world.app, "hospital-members", &cookie, &json!({ "hospital": world.hospital }))
            .await
            .expect(200);
        left(&world.app, "session-left", &cookie, &me).await;
    }
    assert_eq!(left(&world.app, "session-left", &cookie, &me).await, Some(60));
    assert_eq!(left(&world.app, "stay-signed-in", &cookie, &me).await, Some(900));
    world.app.clock.advance_minutes(14);
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.status, 200);
    assert_eq!(left(&world.app, "session-left", &cookie, &me).await, Some(900));
    world.app.clock.advance_minutes(15);
    assert_eq!(left(&world.app, "stay-signed-in", &cookie, &me).await, None, "what has ended stays so");
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.problem(401), "unauthenticated");
    // Whoever was signed out by her own will is not told anything.
    let cookie = signed_in(&world.app, "admin").await;
    form(&world.app, "/sign-out", Some(&cookie), "").await;
    let page = get(&world.app, PAGE, &cookie).await;
    assert_eq!(page.header("location"), "/sign-in?next=%2Faccount%2Fsecurity");
}

#[tokio::test]
async fn a_page_that_is_over_leaves_what_was_typed_and_no_secret() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    for name in ["ada", "bob"] {
        world.patient(name).await;
    }
    let cookie = signed_in(app, "ada").await;
    let ada = viewer(app, &cookie).await;
    let typed = json!({
        "viewer": ada,
        "form": "/_fn/change-email",
        "values": [["email", "ada.new@example.org"], ["password", "said to a page"]],
    });
    // What goes on is not ended by a page that was wrong, and what was typed stays on it.
    let early = asks(app, "session-over", &cookie, &typed).await;
    assert_eq!((early.text.as_str(), kept(&early, "caresync-held")), ("false", None));
    // Somebody else who has signed in since gets nothing of it, and stays signed in.
    let other = signed_in(app, "bob").await;
    assert_eq!(left(app, "session-left", &other, &ada).await, None);
    let over = asks(app, "session-over", &other, &typed).await;
    assert_eq!((over.text.as_str(), kept(&over, "caresync-held")), ("true", None));
    assert_eq!(get(app, "/api/v1/me", &other).await.status, 200);

    app.clock.advance_minutes(30);
    // As an open page does: it asks, may try to hear again, and then hands over. The browser still has the cookie.
    let asked = asks(app, "session-left", &cookie, &json!({ "viewer": ada })).await;
    assert_eq!(asked.text, "null");
    assert!(asked.headers.get_all(header::SET_COOKIE).iter().next().is_none(), "{:?}", asked.headers);
    let over = asks(app, "session-over", &cookie, &typed).await;
    assert_eq!(over.text, "true");
    let held = kept(&over, "caresync-held").unwrap();
    let again = back(&world, "ada", &held).await;
    assert_eq!(again.header("location"), PAGE);
    let page = get(app, PAGE, &format!("{}; {held}", session(&again).unwrap())).await.text;
    assert!(page.contains("value=\"ada.new@example.org\"") && !page.contains("said to a page"), "{page}");
    // Nobody can leave something for somebody else.
    assert_eq!(kept(&asks(app, "session-over", "x=y", &typed).await, "caresync-held"), None);
}

#[tokio::test]
async fn a_late_question_takes_no_cookie_away() {
    let world = World::new(TestApp::sqlite().await).await;
    let cookie = signed_in(&world.app, "admin").await;
    let me = viewer(&world.app, &cookie).await;
    let fields = format!("proof={}&next=%2Fhospital", PASSWORD.replace(' ', "+"));
    let shown = form(&world.app, "/_fn/step-up", Some(&cookie), &fields).await;
    let next = session(&shown).unwrap();
    assert_ne!(next, cookie);
    // Another tab asked under the old id, and its answer comes last.
    let late = asks(&world.app, "session-left", &cookie, &json!({ "viewer": me })).await;
    assert!(late.headers.get_all(header::SET_COOKIE).iter().next().is_none(), "{:?}", late.headers);
    assert_eq!(left(&world.app, "session-left", &next, &me).await, Some(900));
}

#[tokio::test]
async fn showing_who_one_is_once_more_is_no_new_beginning() {
    let world = World::new(TestApp::sqlite().await).await;
    let mut cookie = signed_in(&world.app, "admin").await;
    for _ in 0..71 {
        world.app.clock.advance_minutes(10);
        let fields = format!("proof={}&next=%2Fhospital", PASSWORD.replace(' ', "+"));
        let shown = form(&world.app, "/_fn/step-up", Some(&cookie), &fields).await;
        cookie = session(&shown).unwrap();
    }
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.status, 200);
    world.app.clock.advance_minutes(10);
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.problem(401), "unauthenticated");
}
