//! What is too much, in process: bytes by route, depth of JSON, requests of an address before the database is asked.
//! What needs a real connection is in `wire`.

use std::fmt::Write;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use tokio::task::JoinSet;

use crate::app::{TestApp, request};

#[tokio::test]
async fn each_route_has_its_limit() {
    let app = TestApp::sqlite().await;
    let id = uuid::Uuid::from_u128(7);
    let (words, usual, photo) = (16 << 10, 1 << 20, 6 << 20);
    for (method, path, limit) in [
        (Method::POST, "/sign-out".to_owned(), words),
        (Method::POST, "/theme".to_owned(), words),
        (Method::POST, "/api/v1/auth/token".to_owned(), words),
        (Method::POST, "/api/v1/auth/register".to_owned(), words),
        (Method::POST, "/api/v1/auth/refresh".to_owned(), words),
        (Method::POST, "/api/v1/appointments".to_owned(), usual),
        (Method::PUT, format!("/api/v1/doctors/{id}/hours"), usual),
        (Method::POST, "/_fn/sign-in".to_owned(), usual),
        (Method::POST, format!("/hospital/doctors/{id}/photo"), photo),
        (Method::PUT, format!("/api/v1/doctors/{id}/photo"), photo),
        (Method::GET, "/doctors".to_owned(), 0),
        (Method::GET, "/api/v1/doctors".to_owned(), 0),
        (Method::GET, "/favicon.svg".to_owned(), 0),
        (Method::GET, "/livez".to_owned(), 0),
        (Method::POST, "/livez".to_owned(), 0),
        (Method::GET, "/ws".to_owned(), 0),
    ] {
        let send = async |bytes: usize, announced: bool| {
            let ask = request(method.clone(), &path).header("sec-fetch-site", "same-origin").header(
                header::CONTENT_TYPE,
                if path.ends_with("photo") { "multipart/form-data; boundary=x" } else { "application/json" },
            );
            let ask = if announced { ask.header(header::CONTENT_LENGTH, bytes) } else { ask };
            app.send(ask.body(Body::from(vec![b' '; bytes])).unwrap()).await.status
        };
        assert_eq!(send(limit + 1, true).await, 413, "{method} {path}");
        assert_ne!(send(limit, true).await, 413, "{method} {path}");
    }
}

#[tokio::test]
async fn a_body_that_lies_about_its_length_is_cut_where_it_is_read() {
    let app = TestApp::sqlite().await;
    for path in ["/_fn/sign-in", "/api/v1/appointments", "/theme"] {
        let chunk = axum::body::Bytes::from(vec![b' '; 1 << 16]);
        let chunks = std::iter::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone())).take(40);
        let kind =
            if path.starts_with("/api") { "application/json" } else { "application/x-www-form-urlencoded" };
        let ask = request(Method::POST, path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, kind);
        let answer = app.send(ask.body(Body::from_stream(tokio_stream::iter(chunks))).unwrap()).await;
        assert_eq!(answer.problem(413), "body_too_large", "{path}");
    }
}

/// JSON that is nested so deep that a careless reader has no stack left.
fn deep(open: &str, close: &str, depth: usize) -> String {
    let mut text = String::new();
    (0..depth).for_each(|_| write!(text, "{open}").unwrap());
    text.push('1');
    (0..depth).for_each(|_| write!(text, "{close}").unwrap());
    text
}

#[tokio::test]
async fn deep_json_is_refused_and_nothing_falls_over() {
    let app = TestApp::sqlite().await;
    let id = uuid::Uuid::from_u128(7);
    let bodies = [
        deep("[", "]", 100_000),
        deep("{\"a\":", "}", 100_000),
        deep("[", "", 200_000),
        deep("{\"email\":[", "]}", 200),
    ];
    let mut ways: Vec<(Method, String)> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, method)| (method, path.to_owned())).collect();
    for (method, path) in [
        (Method::POST, "/api/v1/auth/register"),
        (Method::POST, "/api/v1/auth/token"),
        (Method::POST, "/api/v1/appointments"),
        (Method::PUT, "/api/v1/doctors/{id}/hours"),
        (Method::POST, "/api/v1/hospitals"),
        (Method::POST, "/api/v1/appointments/{id}/confirm"),
    ] {
        ways.push((method, path.replace("{id}", &id.to_string())));
    }
    for (method, path) in ways {
        for body in &bodies {
            let ask = request(method.clone(), &path)
                .header("sec-fetch-site", "same-origin")
                .header(header::CONTENT_TYPE, "application/json");
            let answer = app.send(ask.body(Body::from(body.clone())).unwrap()).await;
            // A function without arguments does not look at them.
            let unread = path.starts_with("/_fn/") && answer.status == 200;
            assert!(
                answer.status.is_client_error() || unread,
                "{method} {path}: {} {}",
                answer.status,
                answer.text
            );
        }
    }
    let exact =
        request(Method::POST, "/api/v1/appointments").header(header::CONTENT_TYPE, "application/json");
    let answer = app.send(exact.body(Body::from(deep("[", "]", 1000))).unwrap()).await;
    assert!(["malformed", "invalid"].contains(&answer.body["code"].as_str().unwrap()), "{}", answer.text);
    // A query and a form may be nested too.
    let form = request(Method::POST, "/_fn/sign-in")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let nested = format!("email{}=1&password=2", "[a]".repeat(50_000));
    assert!(app.send(form.body(Body::from(nested)).unwrap()).await.status.is_client_error());
}

/// How many of many requests at once were too many.
async fn flood(app: &std::sync::Arc<TestApp>, ask: impl Fn() -> Request<Body>) -> (usize, Vec<u16>) {
    let mut running = JoinSet::new();
    for _ in 0..4000 {
        let (app, request) = (app.clone(), ask());
        running.spawn(async move { app.send(request).await.status.as_u16() });
    }
    let statuses: Vec<u16> = running.join_all().await;
    (statuses.iter().filter(|status| **status == 429).count(), statuses)
}

#[tokio::test]
async fn open_routes_are_inside_the_limit_of_an_address() {
    for path in [
        "/robots.txt",
        "/sitemap.xml",
        "/photos/none",
        "/pkg/none.js",
        "/.well-known/change-password",
        "/api/docs/",
    ] {
        let app = std::sync::Arc::new(TestApp::with(|config| config.rate_limits = true).await);
        let (refused, statuses) =
            flood(&app, || request(Method::GET, path).body(Body::empty()).unwrap()).await;
        assert!(refused > 0, "{path}: {:?}", statuses.first());
        assert!(refused < statuses.len(), "{path}");
    }
}

#[tokio::test]
async fn a_flood_costs_no_reading_of_the_database() {
    use sqlx::{Connection, Executor};
    let app = std::sync::Arc::new(TestApp::with(|config| config.rate_limits = true).await);
    let mut database = app.database().await;
    database.execute("ALTER TABLE sessions RENAME TO gone").await.unwrap();
    database.close().await.unwrap();
    let ask = || {
        let ask =
            request(Method::GET, "/api/v1/me").header(header::COOKIE, "caresync=AAAAAAAAAAAAAAAAAAAAAA");
        ask.body(Body::empty()).unwrap()
    };
    let (refused, statuses) = flood(&app, ask).await;
    // Whoever gets as far as the database meets an accident; whoever is refused before does not.
    assert!(refused > 0);
    assert!(statuses.iter().all(|status| *status == 429 || *status >= 500), "{:?}", &statuses[..5]);
}
