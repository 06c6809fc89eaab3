//! The headers that protect, on every kind of answer there is: one sweep over plain http and one over https.
//! Who may keep an answer is in `caches`; answers of the listener itself are in `wire`.

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, header},
};

use crate::{
    app::{ACCIDENT, Answer, TestApp, request},
    browser::signed_in,
    world::World,
};

/// The set, but for what depends on the kind of answer.
const FIXED: [(&str, &str); 8] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("origin-agent-cluster", "?1"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), usb=(), payment=(self)"),
    ("server", ""),
];

/// Insists on the set.
#[track_caller]
pub(crate) fn assert_protected(what: &str, headers: &HeaderMap, https: bool) {
    let value = |name: &str| {
        let mut values = headers.get_all(name).iter();
        let first = values.next().map_or("", |value| value.to_str().unwrap());
        assert!(values.next().is_none() || name == "vary", "{what}: {name} twice");
        first
    };
    for (name, expected) in FIXED {
        assert_eq!(value(name), expected, "{what}: {name}");
    }
    let year = if https { "max-age=31536000; includeSubDomains" } else { "" };
    assert_eq!(value("strict-transport-security"), year, "{what}");
    let policy = value("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part) || what.contains("worker"), "{what}: {policy}");
    }
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe-inline"),
        "{what}: {policy}"
    );
    assert!(!policy.contains("'unsafe-eval'") && !policy.contains('*'), "{what}: {policy}");
    assert!(!value("cache-control").is_empty(), "{what}");
    assert_eq!(policy.contains("upgrade-insecure-requests"), https && policy.contains("nonce"), "{what}");
}

/// Insists on a policy with a nonce of its own, and on no style or handler that it would have to let through.
#[track_caller]
fn assert_page(what: &str, answer: &Answer, seen: &mut Vec<String>) {
    let policy = answer.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_default();
    assert!(nonce.len() >= 22, "{what}: {policy}");
    assert!(!seen.contains(&nonce.to_owned()), "{what}: a nonce twice");
    seen.push(nonce.to_owned());
    for part in [
        "'strict-dynamic'",
        "style-src 'self'",
        "form-action 'self'",
        "object-src 'none'",
        "frame-src 'none'",
    ] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    for hole in [" style=\"", "<style", " onclick=", " onload=", "javascript:"] {
        assert!(!answer.text.contains(hole), "{what}: {hole}");
    }
    for script in answer.text.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap();
        assert!(
            tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("application/ld+json"),
            "{what}: {tag}"
        );
    }
}

/// A site with a file of each kind.
pub(crate) fn site() -> tempfile::TempDir {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(site.path().join("pkg/ab")).unwrap();
    std::fs::write(site.path().join("pkg/ab/caresync.css"), "p { color: red }").unwrap();
    std::fs::write(site.path().join("favicon.svg"), "<svg/>").unwrap();
    std::fs::write(site.path().join("sw.js"), "const VERSION = '__VERSION__';").unwrap();
    let build = r#"{"version":"1","pkg":"pkg/ab","css":"pkg/ab/caresync.css","files":{"favicon.svg":{},"pkg/ab/caresync.css":{}}}"#;
    std::fs::write(site.path().join("build.json"), build).unwrap();
    site
}

fn to(method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Request<Body> {
    let mut request = request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if !body.is_empty() {
        request = request.header(header::CONTENT_LENGTH, body.len());
    }
    request.body(Body::from(body)).unwrap()
}

/// Every kind of answer: what it is, how it is asked for, and its status.
fn kinds(world: &World, cookie: &str) -> Vec<(&'static str, Request<Body>, u16)> {
    let get = |path: &str| to(Method::GET, path, &[], Vec::new());
    let page = |path: &str| to(Method::GET, path, &[("accept", "text/html")], Vec::new());
    let mine = |path: &str| to(Method::GET, path, &[("cookie", cookie), ("accept", "text/html")], Vec::new());
    let json = ("content-type", "application/json");
    let same = ("sec-fetch-site", "same-origin");
    let evil = ("sec-fetch-site", "cross-site");
    let html = ("accept", "text/html");
    let doctor = format!("/doctors/{}", world.doctor);
    let both = [("cookie", cookie), ("authorization", "Bearer x")];
    let signs_in = "/_fn/sign-in";
    vec![
        ("page of the start", page("/"), 200),
        ("page of a list", page("/doctors"), 200),
        ("page of a doctor", page(&doctor), 200),
        ("page for signing in", page("/sign-in"), 200),
        ("page offline", page("/offline"), 200),
        ("page of somebody", mine("/"), 200),
        ("page of somebody's visits", mine("/appointments"), 200),
        ("page that is missing", page("/nowhere"), 404),
        ("page of the reader", page("/api/docs"), 200),
        ("page of a 404 outside the app", page("/photos/none"), 404),
        ("page of a 405", to(Method::DELETE, "/", &[html, same], Vec::new()), 405),
        ("page of a 403", to(Method::POST, "/theme", &[html, evil], Vec::new()), 403),
        ("page of a 400", to(Method::GET, "/", &[html, both[0], both[1]], Vec::new()), 400),
        ("page of a 413", to(Method::POST, "/theme", &[html, same], vec![b'x'; 20_000]), 413),
        ("page of a 415", to(Method::POST, "/theme", &[html, same], b"x".to_vec()), 415),
        ("page of a 500", page(ACCIDENT), 500),
        ("head of a page", to(Method::HEAD, "/", &[html], Vec::new()), 200),
        ("redirect to a page", to(Method::GET, "/api/docs/", &[html], Vec::new()), 308),
        ("function that refuses", to(Method::POST, signs_in, &[same], b"email=a&password=b".to_vec()), 401),
        ("function that is missing", to(Method::POST, "/_fn/none", &[same], Vec::new()), 405),
        (
            "form that leads back",
            to(
                Method::POST,
                "/theme",
                &[same, ("content-type", "application/x-www-form-urlencoded")],
                b"theme=dark".to_vec(),
            ),
            303,
        ),
        ("API list", get("/api/v1/doctors"), 200),
        ("API of somebody", to(Method::GET, "/api/v1/me", &[("cookie", cookie)], Vec::new()), 200),
        ("API 401", get("/api/v1/me"), 401),
        ("API 404", get("/api/v1/nothing"), 404),
        ("API 405", to(Method::POST, "/api/v1/doctors/7", &[json], b"{}".to_vec()), 405),
        ("API 400", to(Method::POST, "/api/v1/auth/token", &[json], b"{".to_vec()), 400),
        ("API 413", to(Method::POST, "/api/v1/auth/token", &[json], vec![b' '; 20_000]), 413),
        ("API 415", to(Method::POST, "/api/v1/auth/token", &[], b"{}".to_vec()), 415),
        ("API 422", to(Method::POST, "/api/v1/auth/token", &[json], b"{}".to_vec()), 422),
        ("API 403", to(Method::POST, "/api/v1/auth/token", &[json, evil], b"{}".to_vec()), 403),
        ("API options", to(Method::OPTIONS, "/api/v1/doctors", &[], Vec::new()), 405),
        ("API head", to(Method::HEAD, "/api/v1/doctors", &[], Vec::new()), 200),
        ("document", get("/api/openapi.json"), 200),
        ("trace", to(Method::TRACE, "/", &[("authorization", "Bearer x")], Vec::new()), 401),
        ("trace without a sign-in", to(Method::TRACE, "/", &[], Vec::new()), 405),
        ("health", get("/livez"), 200),
        ("readiness", get("/readyz"), 200),
        ("file of the build", get("/pkg/ab/caresync.css"), 200),
        ("file that is missing", get("/pkg/ab/none.js"), 404),
        ("folder", get("/pkg/ab/"), 404),
        ("file outside the site", get("/pkg/..%2f..%2fbuild.json"), 404),
        ("public file", get("/favicon.svg"), 200),
        ("worker", get("/sw.js"), 200),
        ("robots", get("/robots.txt"), 200),
        ("sitemap", get("/sitemap.xml"), 200),
        ("change-password", get("/.well-known/change-password"), 303),
        ("well-known path that is missing", get("/.well-known/none"), 404),
        ("photo that is missing", get("/photos/none"), 404),
        (
            "socket of a stranger",
            to(Method::GET, "/ws", &[("origin", "https://evil.example")], Vec::new()),
            403,
        ),
        ("socket that is no upgrade", to(Method::GET, "/ws", &[("upgrade", "h2c")], Vec::new()), 403),
        ("accident", get(ACCIDENT), 500),
    ]
}

async fn sweep(https: bool) {
    let site = site();
    let app = TestApp::with(|config| {
        site.path().clone_into(&mut config.site_root);
        config.public_url = https.then(|| "https://care.example".parse().unwrap());
    });
    let world = World::new(app.await).await;
    world.patient("ada").await;
    let cookie = signed_in(&world.app, "ada").await;
    let (mut nonces, mut strange) = (Vec::new(), Vec::new());
    for (what, request, status) in kinds(&world, &cookie) {
        let answer = world.app.send(request).await;
        if answer.status != status {
            strange.push((what, status, answer.status));
        }
        assert_protected(what, &answer.headers, https);
        if answer.header("content-type").starts_with("text/html") {
            assert_page(what, &answer, &mut nonces);
        }
        let is_page = answer.header("content-type").starts_with("text/html") && !what.starts_with("head");
        assert_eq!(what.starts_with("page"), is_page, "{what}");
    }
    assert_eq!(strange, []);
    assert!(nonces.len() > 15, "{} pages", nonces.len());
}

#[tokio::test]
async fn every_answer_on_plain_http_is_protected() {
    sweep(false).await;
}

#[tokio::test]
async fn every_answer_on_https_is_protected() {
    sweep(true).await;
}

#[tokio::test]
async fn a_refused_number_of_requests_is_protected() {
    let app = TestApp::with(|config| config.rate_limits = true).await;
    let mut nonces = Vec::new();
    loop {
        let ask = request(Method::POST, "/_fn/sign-in")
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin");
        let answer = app.send(ask.body(Body::empty()).unwrap()).await;
        assert_protected("429", &answer.headers, false);
        if answer.status == 429 {
            assert_page("page of a 429", &answer, &mut nonces);
            assert_eq!(answer.header("cache-control"), "no-store");
            break;
        }
        nonces.push(String::new());
        assert!(nonces.len() < 20, "nothing limits signing in");
    }
}
