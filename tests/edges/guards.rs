//! What protects every answer, whoever asks: headers, other sites, too many requests, health.

use axum::{
    body::Body,
    http::{Method, header},
};
use serde_json::json;

use crate::app::{TestApp, request};

#[tokio::test]
async fn every_answer_is_protected() {
    let app = TestApp::sqlite().await;
    for path in [
        "/",
        "/doctors",
        "/nowhere",
        "/readyz",
        "/api/v1/doctors",
        "/api/openapi.json",
        "/api/docs",
        "/api/none",
        "/pkg/none.js",
        "/robots.txt",
    ] {
        let answer = app.get(path, None).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!answer.header("cache-control").is_empty(), "{path}");
        assert!(!policy.contains("unsafe-inline") || path == "/api/docs", "{path}");
    }
}

#[tokio::test]
async fn scripts_of_a_page_carry_its_nonce() {
    let app = TestApp::sqlite().await;
    let (one, other) = (app.get("/", None).await, app.get("/", None).await);
    let nonce = |policy: &str| policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
    let (one, other) =
        (nonce(one.header("content-security-policy")), nonce(other.header("content-security-policy")));
    assert!(one.len() >= 16);
    assert_ne!(one, other);
}

#[tokio::test]
async fn other_sites_cannot_post_in_somebodys_name() {
    let app = TestApp::sqlite().await;
    let post = async |headers: &[(&str, &str)]| {
        let mut request = request(Method::POST, "/sign-out");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        app.send(request.body(Body::empty()).unwrap()).await
    };
    let cookie = ("cookie", "caresync=AAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(post(&[cookie, ("sec-fetch-site", "cross-site")]).await.problem(403), "cross_site");
    assert_eq!(post(&[cookie, ("origin", "https://evil.example")]).await.problem(403), "cross_site");
    assert_eq!(post(&[cookie]).await.problem(403), "cross_site");
    assert_eq!(post(&[cookie, ("origin", "http://care.example")]).await.status, 303);
}

#[tokio::test]
async fn the_socket_is_for_signed_in_people_on_our_pages() {
    let app = TestApp::sqlite().await;
    let open = async |origin: &str| {
        let request = request(Method::GET, "/ws").header(header::ORIGIN, origin);
        app.send(request.body(Body::empty()).unwrap()).await
    };
    assert_eq!(open("https://evil.example").await.problem(403), "cross_site");
    assert_eq!(open("http://care.example").await.problem(401), "unauthenticated");
    assert_eq!(app.get("/ws", None).await.problem(403), "cross_site");
}

#[tokio::test]
async fn passwords_cannot_be_tried_for_ever() {
    let app = TestApp::with(|config| config.rate_limits = true).await;
    let mut last = None;
    for _ in 0..12 {
        last = Some(app.post("/api/v1/auth/token", None, json!({})).await);
    }
    let last = last.unwrap();
    assert!(last.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert_eq!(last.problem(429), "too_many");
    // Reading goes on.
    app.get("/api/v1/doctors", None).await.expect(200);
}

#[tokio::test]
async fn the_server_says_whether_it_is_well() {
    let app = TestApp::sqlite().await;
    for path in ["/livez", "/readyz", "/healthz"] {
        let answer = app.get(path, None).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.expect(200), json!({ "status": "ok" }), "{path}");
    }
}

#[tokio::test]
async fn missing_files_are_no_pages() {
    let app = TestApp::sqlite().await;
    for path in ["/pkg/none.js", "/pkg/", "/sw.js", "/.well-known/none"] {
        let answer = app.get(path, None).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text.contains("<html"), "{path}");
    }
    let map = app.get("/sitemap.xml", None).await;
    assert_eq!(map.status, 200);
    assert!(map.text.contains("<loc>http://care.example/doctors</loc>"), "{}", map.text);
    assert!(app.get("/robots.txt", None).await.text.contains("Sitemap: http://care.example/sitemap.xml"));
}
