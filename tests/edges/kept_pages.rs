//! Public pages that nobody is signed in for are made once for many: what of them is fresh all the same, and who gets her own.
//! How they are kept is tested where it is done.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, header},
};
use jiff::Timestamp;
use serde_json::json;

use crate::{
    app::{Answer, NOW, TestApp, on_each_engine, request},
    browser::{get, signed_in},
    world::World,
};

on_each_engine!(a_booking_is_seen_at_once, a_changed_doctor_is_seen_at_once);

/// Sets the clock to so long after the start.
fn wait_ms(app: &TestApp, ms: i64) {
    let start: Timestamp = NOW.parse().unwrap();
    app.clock.set(Timestamp::from_millisecond(start.as_millisecond() + ms).unwrap());
}

fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned()
}

/// Whether somebody got what was made for another.
fn is_kept(answer: &Answer) -> bool {
    answer.headers.get("server-timing").is_some_and(|said| said == "kept")
}

/// Head and text of an answer, but for the nonce and what says that it was kept.
fn plain(answer: &Answer) -> (String, String) {
    let nonce = nonce(answer);
    let line = |(name, value): (&HeaderName, &HeaderValue)| format!("{name}: {}", value.to_str().unwrap());
    let named = answer.headers.iter().filter(|(name, _)| *name != "server-timing");
    let mut head: Vec<String> = named.map(line).collect();
    head.sort_unstable();
    (head.join("\n").replace(&nonce, "N"), answer.text.replace(&nonce, "N"))
}

/// The public pages of a world.
fn pages(world: &World) -> [String; 4] {
    let (doctor, hospital) = (&world.doctor, &world.hospital);
    ["/".to_owned(), "/doctors".to_owned(), format!("/doctors/{doctor}"), format!("/hospitals/{hospital}")]
}

#[tokio::test]
async fn a_kept_page_differs_in_its_nonce_only() {
    let world = World::new(TestApp::sqlite().await).await;
    for path in pages(&world) {
        wait_ms(&world.app, 0);
        let made = world.app.get(&path, None).await;
        wait_ms(&world.app, 999);
        let kept = world.app.get(&path, None).await;
        assert_eq!(made.status, 200, "{path}");
        assert!(is_kept(&kept) && !is_kept(&made), "{path}: it was not kept");
        assert_ne!(nonce(&made), nonce(&kept), "{path}");
        assert_eq!(plain(&made), plain(&kept), "{path}");
        for tag in kept.text.split("<script").skip(1).map(|script| script.split('>').next().unwrap()) {
            let has_it = tag.contains(&format!("nonce=\"{}\"", nonce(&kept)));
            assert!(has_it || tag.contains("application/ld+json"), "{path}: {tag}");
        }
        wait_ms(&world.app, 1_000);
        let anew = world.app.get(&path, None).await;
        assert!(!is_kept(&anew), "{path}: it was kept for too long");
    }
}

/// Whoever lets pages depend on another header adds it to the name under which they are kept (`src/web/kept_pages.rs`).
#[tokio::test]
async fn no_other_header_changes_a_public_page() {
    let world = World::new(TestApp::sqlite().await).await;
    for path in pages(&world) {
        wait_ms(&world.app, 0);
        let one = world.app.get(&path, None).await;
        wait_ms(&world.app, 1_000);
        let ask = request(Method::GET, &path)
            .header(header::ACCEPT, "text/html,*/*;q=0.8")
            .header(header::ACCEPT_LANGUAGE, "de-DE,de;q=0.9")
            .header(header::USER_AGENT, "Mozilla/5.0 (iPhone)")
            .header(header::REFERER, "http://care.example/sign-in")
            .header(header::FORWARDED, "proto=https;host=evil.example")
            .header("x-forwarded-for", "203.0.113.7")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "https")
            .header("sec-ch-prefers-color-scheme", "dark")
            .header("sec-fetch-site", "cross-site")
            .header("sec-gpc", "1")
            .header("save-data", "on")
            .header("islands-router", "true");
        let other = world.app.send(ask.body(Body::empty()).unwrap()).await;
        assert!(!is_kept(&other), "{path}: it was not made anew");
        assert_eq!(plain(&other), plain(&one), "{path}");
    }
}

#[tokio::test]
async fn who_is_signed_in_gets_her_own_and_leaves_nothing() {
    let world = World::new(TestApp::sqlite().await).await;
    world.patient("ada").await;
    let cookie = signed_in(&world.app, "ada").await;
    for path in pages(&world) {
        let before = world.app.get(&path, None).await;
        let hers = get(&world.app, &path, &cookie).await;
        let dark = get(&world.app, &path, "caresync-theme=dark").await;
        let after = world.app.get(&path, None).await;
        assert!(hers.text.contains("/sign-out") && hers.header("cache-control") == "no-store", "{path}");
        assert!(dark.text.contains("data-theme=\"dark\""), "{path}");
        for stranger in [before, after] {
            assert!(!stranger.text.contains("/sign-out"), "{path}");
            assert!(!stranger.text.contains("data-theme=\"dark\""), "{path}");
            assert_eq!(stranger.header("cache-control"), "no-cache", "{path}");
        }
    }
}

#[tokio::test]
async fn a_head_is_that_of_the_page() {
    let world = World::new(TestApp::sqlite().await).await;
    let page = world.app.get("/doctors", None).await;
    let head = world.app.send(request(Method::HEAD, "/doctors").body(Body::empty()).unwrap()).await;
    assert_eq!((head.status, head.text.as_str()), (page.status, ""));
    assert_ne!(nonce(&head), nonce(&page));
    for name in ["content-type", "cache-control", "content-length"] {
        assert_eq!(head.header(name), page.header(name), "{name}");
    }
}

#[tokio::test]
async fn each_host_reads_its_own_links() {
    let world = World::new(TestApp::sqlite().await).await;
    let page = format!("/doctors/{}", world.doctor);
    for host in ["one.example", "two.example", "one.example"] {
        let ask = axum::http::Request::builder().uri(&page).header(header::HOST, host);
        let answer = world.app.send(ask.body(Body::empty()).unwrap()).await;
        let other = if host == "one.example" { "two.example" } else { "one.example" };
        let (head, text) = plain(&answer);
        assert!(text.contains(&format!("http://{host}{page}")), "{host}: {text}");
        assert!(!text.contains(other) && !head.contains(other), "{host}: {head}");
        assert!(head.contains(&format!("ws://{host}")), "{host}: {head}");
    }
}

async fn a_booking_is_seen_at_once(app: TestApp) {
    let world = World::new(app).await;
    let ada = world.patient("ada").await;
    let pages = pages(&world);
    for _ in 0..2 {
        let doctor = world.app.get(&format!("/api/v1/doctors/{}", world.doctor), None).await.expect(200);
        let start = doctor["next_free"][0].as_str().unwrap().to_owned();
        // As the links of times have it.
        let linked = start.replace(':', "%3A").replace('+', "%2B");
        for path in pages.iter().skip(1) {
            assert!(world.app.get(path, None).await.text.contains(&linked), "{path}: {start}");
        }
        world.app.post("/api/v1/appointments", Some(&ada), world.booking(&start)).await.expect(201);
        for path in pages.iter().skip(1) {
            assert!(!world.app.get(path, None).await.text.contains(&linked), "{path}: {start} is taken");
        }
    }
}

async fn a_changed_doctor_is_seen_at_once(app: TestApp) {
    let world = World::new(app).await;
    let pages = pages(&world);
    for name in ["Dr. Eva Krug", "Dr. Eva Lang"] {
        for path in pages.iter().skip(1) {
            assert!(!world.app.get(path, None).await.text.contains(name), "{path}");
        }
        let doctor = json!({ "name": name, "specialties": ["cardiology"], "languages": ["de", "en"],
            "visit_type_ids": [world.visit_type] });
        let change = format!("/api/v1/doctors/{}", world.doctor);
        world.app.put(&change, Some(&world.admin), doctor).await.expect(200);
        for path in pages.iter().skip(1) {
            assert!(world.app.get(path, None).await.text.contains(name), "{path}");
        }
    }
}
