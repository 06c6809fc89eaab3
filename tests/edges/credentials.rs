//! Confirming, forgetting and changing as browsers and programs do it: what each answer says, and that a GET uses nothing up.
//!
//! Who gets which letter, and what a link is good for, is tested in the services.

use axum::{
    body::Body,
    http::{Method, header},
};
use serde_json::{Value, json};

use crate::{
    app::{Answer, TestApp, on_each_engine, request},
    world::{PASSWORD, World, token},
};

on_each_engine!(
    who_signs_up_confirms_before_she_books,
    answers_do_not_tell_whether_an_address_has_an_account,
    a_forgotten_password_is_replaced,
    a_password_and_an_address_are_changed,
);

/// Posts a form as a page of ours would, with the session of a cookie.
async fn form(app: &TestApp, path: &str, cookie: &str, fields: &str) -> Answer {
    let request = request(Method::POST, path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, "http://care.example/verify")
        .header(header::COOKIE, cookie)
        .header("sec-fetch-site", "same-origin");
    app.send(request.body(Body::from(fields.to_owned())).unwrap()).await
}

async fn page(app: &TestApp, path: &str, cookie: &str) -> Answer {
    app.send(request(Method::GET, path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
}

fn session(answer: &Answer) -> String {
    let mut cookies = answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    let cookie = cookies.rfind(|line| line.starts_with("caresync=")).unwrap_or_default();
    cookie.split(';').next().unwrap().to_owned()
}

fn newcomer(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD, "full_name": "Bob", "birth_date": "1951-11-24" })
}

/// The path and query of a link.
fn path_of(link: &str) -> &str {
    link.strip_prefix("http://care.example").unwrap()
}

const SIGN_UP: &str = "full_name=Bob&birth_date=1951-11-24&email=bob%40example.org&password=three+blue+herons&next=%2Fdoctors%3Fsort%3Dname";

async fn who_signs_up_confirms_before_she_books(app: TestApp) {
    let world = World::new(app).await;
    let app = &world.app;
    let up = form(app, "/_fn/sign-up", "", SIGN_UP).await;
    assert_eq!((up.status.as_u16(), up.header("location")), (303, "/doctors?sort=name"));
    let cookie = session(&up);
    // Signed in at once, with a notice on every page, but without the right to book.
    assert!(page(app, "/", &cookie).await.text.contains("Please confirm your e-mail address"));
    let bearer = token(app, "bob@example.org").await;
    let slot = world.slots("2026-03-03").await.remove(0);
    let book = async || app.post("/api/v1/appointments", Some(&bearer), world.booking(&slot)).await;
    assert_eq!(book().await.problem(403), "email_unverified");
    let (doctor, kind) = (&world.doctor, &world.visit_type);
    let review = format!(
        "/book/{doctor}/review?visit_type={kind}&start={}",
        slot.replace(':', "%3A").replace('+', "%2B")
    );
    let shown = page(app, &review, &cookie).await;
    assert!(
        shown.text.contains("One step before you book") && !shown.text.contains("/_fn/book"),
        "{}",
        shown.text
    );

    let link = app.mail_links("bob@example.org").await.pop().unwrap();
    // A program that looks through mail opens links, and asks for their heads.
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let scanned = app.send(request(method, path_of(&link)).body(Body::empty()).unwrap()).await;
        assert_eq!(scanned.status, 200);
    }
    let own = page(app, path_of(&link), &cookie).await;
    assert!(
        own.text.contains("/_fn/verify-email") && !own.text.contains("type=\"password\""),
        "{}",
        own.text
    );
    let foreign = page(app, path_of(&link), "").await;
    assert!(foreign.text.contains("type=\"password\""), "{}", foreign.text);
    let secret = link.rsplit('=').next().unwrap();
    let next = "%2Fdoctors%3Fsort%3Dname";
    let done = form(app, "/_fn/verify-email", &cookie, &format!("token={secret}&next={next}")).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/doctors?sort=name"));
    assert!(!page(app, "/", &session(&done)).await.text.contains("Please confirm your e-mail address"));
    book().await.expect(201);
    let again =
        form(app, "/_fn/verify-email", "", &format!("token={secret}&password=three+blue+herons")).await;
    assert_eq!(again.header("location"), "/verify");
    assert_eq!(page(app, path_of(&link), "").await.status, 404);
}

async fn answers_do_not_tell_whether_an_address_has_an_account(app: TestApp) {
    let world = World::new(app).await;
    let app = &world.app;
    world.patient("ada").await;
    let shape = |answer: &Answer| {
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        (answer.status, names, answer.text.len())
    };
    // Both addresses have the same length, so the answers must have it too.
    for (path, body) in [
        ("/api/v1/auth/register", newcomer as fn(&str) -> Value),
        ("/api/v1/auth/forgot-password", |email| json!({ "email": email })),
        ("/api/v1/auth/token", |email| json!({ "email": email, "password": "certainly not this" })),
    ] {
        let known = app.post(path, None, body("ada@example.org")).await;
        let unknown = app.post(path, None, body("eve@example.org")).await;
        assert_eq!(shape(&known), shape(&unknown), "{path}");
    }
    for path in ["/_fn/sign-up", "/_fn/forgot-password"] {
        let ask =
            async |name: &str| form(app, path, "", &SIGN_UP.replace("bob%40", &format!("{name}%40"))).await;
        assert_eq!(shape(&ask("ada").await), shape(&ask("kim").await), "{path}");
    }
}

async fn a_forgotten_password_is_replaced(app: TestApp) {
    let world = World::new(app).await;
    let app = &world.app;
    let bearer = world.patient("ada").await;
    let asked = form(app, "/_fn/forgot-password", "", "email=ada%40example.org").await;
    assert_eq!((asked.status.as_u16(), asked.header("location")), (303, "/forgot-password?sent=1"));
    let link = app.mail_links("ada@example.org").await.pop().unwrap();
    for _ in 0..2 {
        assert!(page(app, path_of(&link), "").await.text.contains("/_fn/reset-password"));
    }
    let secret = link.rsplit('=').next().unwrap();
    let short =
        app.post("/api/v1/auth/reset-password", None, json!({ "token": secret, "password": "short" })).await;
    assert_eq!(short.broken(), ("password".to_owned(), "password_too_short".to_owned()));
    let set =
        form(app, "/_fn/reset-password", "", &format!("token={secret}&password=four+green+kingfishers"))
            .await;
    assert_eq!((set.status.as_u16(), set.header("location")), (303, "/sign-in?reset=1"));
    assert_eq!(app.get("/api/v1/me", Some(&bearer)).await.problem(401), "unauthenticated");
    assert_eq!(page(app, path_of(&link), "").await.status, 404);
    let stale =
        app.post("/api/v1/auth/reset-password", None, json!({ "token": secret, "password": PASSWORD })).await;
    assert_eq!(stale.problem(404), "not_found");
}

async fn a_password_and_an_address_are_changed(app: TestApp) {
    let world = World::new(app).await;
    let app = &world.app;
    let bearer = world.patient("ada").await;
    let other = token(app, "ada@example.org").await;
    let password =
        |current: &str| json!({ "current_password": current, "new_password": "four green kingfishers" });
    assert_eq!(
        app.post("/api/v1/auth/password", None, password(PASSWORD)).await.problem(401),
        "unauthenticated"
    );
    let wrong = app.post("/api/v1/auth/password", Some(&bearer), password("certainly not this")).await;
    assert_eq!(wrong.broken(), ("current_password".to_owned(), "password_wrong".to_owned()));
    app.post("/api/v1/auth/password", Some(&bearer), password(PASSWORD)).await.expect(204);
    app.get("/api/v1/me", Some(&bearer)).await.expect(200);
    assert_eq!(app.get("/api/v1/me", Some(&other)).await.problem(401), "unauthenticated");

    let email = json!({ "email": "ada.new@example.org", "password": "four green kingfishers" });
    app.post("/api/v1/auth/email", Some(&bearer), email).await.expect(202);
    let secret = app.mail_secret("ada.new@example.org").await;
    app.post("/api/v1/auth/verify", Some(&bearer), json!({ "token": secret })).await.expect(200);
    assert_eq!(app.get("/api/v1/me", Some(&bearer)).await.expect(200)["email"], "ada.new@example.org");
    let undo = app.mail_links("ada@example.org").await.pop().unwrap();
    assert!(page(app, path_of(&undo), "").await.text.contains("/_fn/undo-email"));
    let secret = undo.rsplit('=').next().unwrap();
    app.post("/api/v1/auth/email/undo", None, json!({ "token": secret })).await.expect(204);
    assert_eq!(app.get("/api/v1/me", Some(&bearer)).await.problem(401), "unauthenticated");
}

#[tokio::test]
async fn no_request_says_where_links_lead() {
    let app = TestApp::sqlite().await;
    for host in ["evil.example", "care.example.evil.example", "127.0.0.1", ""] {
        let request = axum::http::Request::builder()
            .method(Method::POST)
            .uri("/api/v1/auth/forgot-password")
            .header(header::HOST, host)
            .header("x-forwarded-host", "evil.example")
            .header(header::CONTENT_TYPE, "application/json");
        let body = json!({ "email": "nobody@example.org" }).to_string();
        assert_eq!(app.send(request.body(Body::from(body)).unwrap()).await.status, 202, "{host}");
    }
    let links = app.mail_links("nobody@example.org").await;
    assert_eq!(links, vec!["http://care.example/sign-up"; 4]);
}

#[tokio::test]
async fn a_link_leads_to_no_other_site() {
    let app = TestApp::sqlite().await;
    let fields = SIGN_UP.replace("%2Fdoctors%3Fsort%3Dname", "https%3A%2F%2Fevil.example");
    let up = form(&app, "/_fn/sign-up", "", &fields).await;
    assert_eq!(up.header("location"), "/");
    let mut body = newcomer("eve@example.org");
    body["next"] = json!("//evil.example/");
    app.post("/api/v1/auth/register", None, body).await.expect(201);
    let secret = app.mail_secret("eve@example.org").await;
    let fields = format!("token={secret}&password=three+blue+herons&next=%2F%2Fevil.example%2F");
    assert_eq!(form(&app, "/_fn/verify-email", "", &fields).await.header("location"), "/verify?done=1");
}
