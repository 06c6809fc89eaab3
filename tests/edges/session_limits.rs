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

async fn left(app: &TestApp, name: &str, cookie: &str) -> Option<u64> {
    asks(app, name, cookie, &json!({})).await.expect(200).as_u64()
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
    assert!(page.text.contains("what you typed is still here"), "{}", page.text);
    assert!(page.headers.get_all(header::SET_COOKIE).iter().any(|line| {
        line.to_str().is_ok_and(|line| line.starts_with("caresync-held=;") && line.contains("Max-Age=0"))
    }));
}

#[tokio::test]
async fn an_open_page_knows_when_it_ends_and_asking_is_no_use() {
    let world = World::new(TestApp::sqlite().await).await;
    let cookie = signed_in(&world.app, "admin").await;
    assert_eq!(left(&world.app, "session-left", &cookie).await, Some(900));
    for _ in 0..7 {
        world.app.clock.advance_minutes(2);
        // Lists that read themselves anew, and the page's own question.
        asks(&world.app, "hospital-members", &cookie, &json!({ "hospital": world.hospital }))
            .await
            .expect(200);
        left(&world.app, "session-left", &cookie).await;
    }
    assert_eq!(left(&world.app, "session-left", &cookie).await, Some(60));
    assert_eq!(left(&world.app, "stay-signed-in", &cookie).await, Some(900));
    world.app.clock.advance_minutes(14);
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.status, 200);
    assert_eq!(left(&world.app, "session-left", &cookie).await, Some(900));
    world.app.clock.advance_minutes(15);
    assert_eq!(left(&world.app, "stay-signed-in", &cookie).await, None, "what has ended stays so");
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
    world.patient("ada").await;
    let cookie = signed_in(&world.app, "ada").await;
    let typed = json!({
        "form": "/_fn/change-email",
        "values": [["email", "ada.new@example.org"], ["password", "said to a page"]],
    });
    let over = asks(&world.app, "session-over", &cookie, &typed).await;
    assert_eq!(over.status, 200, "{}", over.text);
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.problem(401), "unauthenticated");
    let held = kept(&over, "caresync-held").unwrap();
    let again = back(&world, "ada", &held).await;
    assert_eq!(again.header("location"), PAGE);
    let page = get(&world.app, PAGE, &format!("{}; {held}", session(&again).unwrap())).await.text;
    assert!(page.contains("value=\"ada.new@example.org\"") && !page.contains("said to a page"), "{page}");
    // Nobody can leave something for somebody else.
    assert_eq!(kept(&asks(&world.app, "session-over", "x=y", &typed).await, "caresync-held"), None);
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
