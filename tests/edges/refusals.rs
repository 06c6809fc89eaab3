//! How a refusal looks: a page with a way on for whoever asked for a page, a problem for programs, and a reference for accidents.
//! That it protects itself is swept in `headers`.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;
use sqlx::{Connection, Executor};

use crate::{
    app::{ACCIDENT, Answer, CANARY, TestApp, request},
    browser::signed_in,
    world::{PASSWORD, World},
};

fn browser(method: Method, path: &str) -> axum::http::request::Builder {
    request(method, path)
        .header(header::ACCEPT, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
        .header(header::COOKIE, "caresync-theme=dark")
        .header(header::REFERER, "http://care.example/doctors?name=weber")
}

/// A page with our look, a heading, a way on, and neither codes nor the insides of anything.
#[track_caller]
fn assert_kind(answer: &Answer, status: u16, title: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    assert!(answer.header("content-type").starts_with("text/html"), "{title}");
    assert!(answer.text.contains(&format!("<h1 tabindex=\"-1\">{title}")), "{title}: {}", answer.text);
    assert!(answer.text.contains("data-theme=\"dark\"") && answer.text.contains("caresync.css"), "{title}");
    assert!(answer.text.contains("href=\"/\"") && answer.text.contains("<main id=\"main\""), "{title}");
    for inside in ["urn:caresync", "\"code\"", "_title", "serde", "Failed to", "panicked", CANARY] {
        assert!(!answer.text.contains(inside), "{title}: {inside}");
    }
}

#[tokio::test]
async fn whoever_asks_for_a_page_gets_a_page() {
    let app = TestApp::sqlite().await;
    let send = async |request: Request<Body>| app.send(request).await;
    let empty = Body::empty;
    let theme = || browser(Method::POST, "/theme");
    let ours = |builder: axum::http::request::Builder| builder.header("sec-fetch-site", "same-origin");

    let cross = send(theme().header("sec-fetch-site", "cross-site").body(empty()).unwrap()).await;
    assert_kind(&cross, 403, "Please do this from our own page");
    let large = send(
        ours(theme()).header(header::CONTENT_LENGTH, 20_000).body(Body::from(vec![b'x'; 20_000])).unwrap(),
    )
    .await;
    assert_kind(&large, 413, "That is too large");
    assert!(large.text.contains("href=\"/doctors?name=weber\""), "{}", large.text);
    let kind = send(ours(theme()).body(Body::from("x")).unwrap()).await;
    assert_kind(&kind, 415, "That cannot be opened this way");
    let form = ours(theme()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let missing_field = send(form.body(Body::from("colour=dark")).unwrap()).await;
    assert_kind(&missing_field, 422, "That did not work");
    let both = browser(Method::GET, "/")
        .header(header::COOKIE, "caresync=x")
        .header(header::AUTHORIZATION, "Bearer x");
    assert_kind(&send(both.body(empty()).unwrap()).await, 400, "Please use one way to sign in");
    let get = async |path: &str| app.send(browser(Method::GET, path).body(empty()).unwrap()).await;
    assert_kind(&get("/sign-out").await, 405, "That cannot be opened this way");
    assert_kind(&get("/_fn/sign-in").await, 405, "That cannot be opened this way");
    assert_kind(&get("/photos/none").await, 404, "We could not find this page");
    assert_kind(&get("/pkg/none.js").await, 404, "We could not find this page");
    assert_kind(&get("/ws").await, 403, "Please do this from our own page");
    assert_kind(&get(ACCIDENT).await, 500, "That did not work");
}

#[tokio::test]
async fn the_way_back_leads_to_no_other_site() {
    let app = TestApp::sqlite().await;
    for referrer in [
        "https://evil.example/doctors",
        "//evil.example/doctors",
        "javascript:x",
        "http://care.example//evil.example",
    ] {
        let ask = request(Method::POST, "/theme")
            .header(header::ACCEPT, "text/html")
            .header(header::REFERER, referrer)
            .header("sec-fetch-site", "cross-site");
        let answer = app.send(ask.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 403);
        assert!(
            !answer.text.contains("evil") && !answer.text.contains("/doctors"),
            "{referrer}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn programs_and_scripts_get_problems() {
    let app = TestApp::sqlite().await;
    // The API answers programs, whatever they say they would like.
    let api = browser(Method::GET, "/api/v1/nothing").body(Body::empty()).unwrap();
    assert_eq!(app.send(api).await.problem(404), "not_found");
    for (method, path, status, code) in [
        (Method::DELETE, "/api/v1/doctors", 405, "method_not_allowed"),
        (Method::DELETE, "/api/v1/auth/token", 405, "method_not_allowed"),
        (Method::POST, "/api/docs", 405, "method_not_allowed"),
        (Method::GET, "/photos/none", 404, "not_found"),
    ] {
        assert_eq!(
            app.send(request(method, path).body(Body::empty()).unwrap()).await.problem(status),
            code,
            "{path}"
        );
    }
    let theme = request(Method::POST, "/theme").header("sec-fetch-site", "same-origin");
    let refused = app
        .send(
            theme
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from("x=y"))
                .unwrap(),
        )
        .await;
    assert_eq!(refused.problem(422), "malformed");
}

#[tokio::test]
async fn an_accident_shows_a_reference_and_nothing_else() {
    let world = World::new(TestApp::sqlite().await).await;
    let token = world.patient("ada").await;
    let cookie = signed_in(&world.app, "ada").await;
    let mut database = world.app.database().await;
    for table in ["appointments", "accounts", "hours", "weekly_hours", "doctor_hours", "sessions"] {
        // Tables that are not there spoil nothing; those that are make every query on them an accident.
        let _ = database
            .execute(sqlx::AssertSqlSafe(format!("ALTER TABLE {table} RENAME TO canary_{table}")))
            .await;
    }
    database.close().await.unwrap();
    let app = &world.app;
    let mut accidents = 0;
    let sign_in = json!({ "email": "ada@example.org", "password": PASSWORD });
    let form = Request::post("/_fn/sign-in")
        .header(header::HOST, "care.example")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    let answers = [
        app.get("/api/v1/appointments", Some(&token)).await,
        app.get("/api/v1/me", Some(&token)).await,
        app.post("/api/v1/auth/token", None, sign_in).await,
        app.send(form.body(Body::from("email=ada%40example.org&password=three+blue+herons")).unwrap()).await,
        app.send(
            browser(Method::GET, "/appointments")
                .header(header::COOKIE, &cookie)
                .body(Body::empty())
                .unwrap(),
        )
        .await,
        app.get(ACCIDENT, None).await,
        app.send(browser(Method::GET, ACCIDENT).body(Body::empty()).unwrap()).await,
    ];
    for answer in &answers {
        accidents += usize::from(answer.status.is_server_error());
        let headers = format!("{:?}", answer.headers);
        for inside in [
            "canary",
            "no such table",
            "SELECT",
            "sqlx",
            "sqlite",
            "src/",
            ".rs",
            "panicked",
            "database error",
        ] {
            assert!(
                !answer.text.to_lowercase().contains(&inside.to_lowercase()),
                "{inside}: {}",
                answer.text
            );
            assert!(!headers.to_lowercase().contains(&inside.to_lowercase()), "{inside}: {headers}");
        }
        if answer.body["code"] == "internal" {
            let mut fields: Vec<&String> = answer.body.as_object().unwrap().keys().collect();
            fields.sort();
            assert_eq!(fields, ["code", "reference", "status", "title", "type"]);
            let reference = answer.body["reference"].as_str().unwrap();
            assert!((8..40).contains(&reference.len()) && !reference.contains(' '), "{reference}");
        }
    }
    assert!(accidents >= 4, "{accidents} accidents: {:?}", answers.map(|answer| answer.status));
}
