//! Who may change something from where: the decision table of cross-site requests, row by row through the whole router.
//! What the function decides of a request by itself is tested beside it.

use axum::{
    body::Body,
    http::{Method, header},
};

use crate::app::{TestApp, request};

const COOKIE: (&str, &str) = ("cookie", "caresync=AAAAAAAAAAAAAAAAAAAAAA");
const SECURE_COOKIE: (&str, &str) = ("cookie", "__Host-caresync=AAAAAAAAAAAAAAAAAAAAAA");
const OURS: (&str, &str) = ("origin", "http://care.example");
const OURS_TLS: (&str, &str) = ("origin", "https://care.example");
const EVIL: (&str, &str) = ("origin", "https://evil.example");
const NULL: (&str, &str) = ("origin", "null");
const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");
const NONE: (&str, &str) = ("sec-fetch-site", "none");
const SITE: (&str, &str) = ("sec-fetch-site", "same-site");
const CROSS: (&str, &str) = ("sec-fetch-site", "cross-site");
const BEARER: (&str, &str) = ("authorization", "Bearer x");

type Row<'a> = (&'a [(&'a str, &'a str)], bool);

/// Without a configured address; ours is the host that was asked.
const UNCONFIGURED: &[Row<'_>] = &[
    (&[], true),
    (&[COOKIE], false),
    (&[SAME], true),
    (&[SAME, COOKIE], true),
    (&[NONE, COOKIE], true),
    (&[SITE], false),
    (&[SITE, COOKIE], false),
    (&[CROSS], false),
    (&[CROSS, COOKIE], false),
    (&[("sec-fetch-site", "something-new"), COOKIE], false),
    (&[("sec-fetch-site", ""), COOKIE], false),
    (&[OURS], true),
    (&[OURS, COOKIE], true),
    (&[EVIL], false),
    (&[EVIL, COOKIE], false),
    (&[NULL, COOKIE], false),
    (&[("origin", "http://care.example.evil.example"), COOKIE], false),
    (&[("origin", "http://care.example:8080"), COOKIE], false),
    (&[("origin", "care.example"), COOKIE], false),
    (&[("origin", ""), COOKIE], false),
    (&[OURS, CROSS, COOKIE], false),
    (&[EVIL, SAME, COOKIE], true),
    (&[EVIL, CROSS, COOKIE], false),
    (&[OURS, EVIL, COOKIE], false),
    (&[SAME, CROSS, COOKIE], false),
    (&[CROSS, BEARER], true),
    (&[EVIL, BEARER], true),
];

/// With `https://care.example` configured.
const CONFIGURED: &[Row<'_>] = &[
    (&[], true),
    (&[SECURE_COOKIE], false),
    // The cookie of another setting is none of ours.
    (&[COOKIE], true),
    (&[OURS_TLS, SECURE_COOKIE], true),
    // Rule 1 comes before rule 3: a proxy may have added or changed what the browser said of the site.
    (&[OURS_TLS, CROSS, SECURE_COOKIE], true),
    // A page on plain http is somebody else.
    (&[OURS, SECURE_COOKIE], false),
    (&[OURS, SITE, SECURE_COOKIE], false),
    (&[("origin", "https://CARE.example"), SECURE_COOKIE], false),
    (&[("origin", "https://care.example:443"), SECURE_COOKIE], false),
    (&[EVIL, SECURE_COOKIE], false),
    (&[SAME, SECURE_COOKIE], true),
    (&[CROSS, SECURE_COOKIE], false),
];

async fn refused(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)]) -> bool {
    let mut request = request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    if answer.body["code"] == "cross_site" {
        assert_eq!(answer.status, 403);
        return true;
    }
    false
}

async fn table(app: &TestApp, rows: &[Row<'_>]) {
    // A form, a server function, a change and a removal over the API.
    let ways = [
        (Method::POST, "/theme"),
        (Method::POST, "/_fn/sign-in"),
        (Method::POST, "/api/v1/appointments"),
        (Method::PUT, "/api/v1/doctors/7"),
        (Method::DELETE, "/api/v1/auth/sessions/7"),
    ];
    for (headers, allowed) in rows {
        for (method, path) in &ways {
            let refused = refused(app, method.clone(), path, headers).await;
            assert_eq!(refused, !*allowed, "{method} {path} {headers:?}");
        }
    }
}

#[tokio::test]
async fn the_table_without_a_configured_address() {
    const { assert!(UNCONFIGURED.len() >= 24) }
    table(&TestApp::sqlite().await, UNCONFIGURED).await;
}

#[tokio::test]
async fn the_table_with_a_configured_address() {
    let app = TestApp::with(|config| config.public_url = Some("https://care.example".parse().unwrap())).await;
    table(&app, CONFIGURED).await;
}

#[tokio::test]
async fn reading_is_free_and_opening_a_socket_is_no_reading() {
    let app = TestApp::sqlite().await;
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        for path in ["/", "/api/v1/doctors"] {
            assert!(!refused(&app, method.clone(), path, &[CROSS, EVIL, COOKIE]).await, "{method} {path}");
        }
    }
    let upgrade = [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ];
    for (headers, allowed) in [
        (&[OURS, COOKIE][..], true),
        (&[OURS, SAME, COOKIE], true),
        (&[SAME, COOKIE], false),
        (&[COOKIE], false),
        (&[], false),
        (&[EVIL, COOKIE], false),
        (&[EVIL, SAME, COOKIE], false),
        (&[OURS, CROSS, COOKIE], false),
        (&[NULL, COOKIE], false),
        (&[EVIL, BEARER], false),
        (&[CROSS, BEARER], false),
    ] {
        let headers: Vec<(&str, &str)> = upgrade.iter().chain(headers).copied().collect();
        assert_eq!(refused(&app, Method::GET, "/ws", &headers).await, !allowed, "{headers:?}");
    }
    // Whatever address: an upgrade is judged before anybody looks where it goes.
    let elsewhere: Vec<(&str, &str)> = upgrade.iter().chain(&[EVIL, COOKIE]).copied().collect();
    assert!(refused(&app, Method::GET, "/doctors", &elsewhere).await);
}

#[tokio::test]
async fn no_server_function_answers_a_get() {
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        assert_eq!(method, Method::POST, "{path}");
    }
    let app = TestApp::sqlite().await;
    let answer = app.send(
        request(Method::GET, "/_fn/sign-in").header(header::ACCEPT, "*/*").body(Body::empty()).unwrap(),
    );
    assert_ne!(answer.await.status, 200);
}
