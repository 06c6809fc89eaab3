//! By which name the server is called: links come from the configured address, and a host that lies is refused.
//! Where nothing is configured any host will do, and what it says is written into nothing that others see.

use axum::{
    body::Body,
    http::{Method, Request, header},
};

use crate::{
    app::{Answer, TestApp, request},
    world::World,
};

async fn configured() -> TestApp {
    TestApp::with(|config| config.public_url = Some("https://care.example".parse().unwrap())).await
}

async fn ask(app: &TestApp, host: &str, path: &str) -> Answer {
    let request = Request::builder()
        .uri(path)
        .header(header::HOST, host)
        .header("x-forwarded-host", "evil.example")
        .header("forwarded", "host=evil.example")
        .header(header::ACCEPT, "text/html");
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_host_that_lies_is_refused_everywhere_but_for_health() {
    let app = configured().await;
    for path in [
        "/",
        "/doctors",
        "/api/v1/doctors",
        "/robots.txt",
        "/sitemap.xml",
        "/.well-known/security.txt",
        "/ws",
        "/pkg/x",
        "/nowhere",
    ] {
        for host in ["evil.example", "care.example.evil.example", "care.example:8080", "127.0.0.1:3000"] {
            let answer = ask(&app, host, path).await;
            assert_eq!(answer.status, 421, "{host} {path}");
            assert!(!answer.text.contains("evil"), "{path}: {}", answer.text);
            assert!(answer.headers.values().all(|value| !value.to_str().unwrap().contains("evil")), "{path}");
        }
        assert_ne!(ask(&app, "care.example", path).await.status, 421, "{path}");
    }
    for path in ["/livez", "/readyz", "/healthz"] {
        assert_eq!(ask(&app, "10.0.0.7:3000", path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_program_reads_the_refusal_and_a_person_is_told_kindly() {
    let app = configured().await;
    let plain = Request::builder().uri("/doctors").header(header::HOST, "evil.example");
    assert_eq!(app.send(plain.body(Body::empty()).unwrap()).await.problem(421), "misdirected");
    assert!(ask(&app, "evil.example", "/doctors").await.text.contains("not the right address"));
}

#[tokio::test]
async fn a_request_without_a_host_or_with_two_is_refused() {
    let app = configured().await;
    let none = app.send(Request::builder().uri("/").body(Body::empty()).unwrap()).await;
    assert_eq!(none.problem(421), "misdirected");
    let two = request(Method::GET, "/").header(header::HOST, "evil.example").body(Body::empty()).unwrap();
    assert_eq!(app.send(two).await.problem(421), "misdirected");
}

#[tokio::test]
async fn links_come_from_the_configured_address() {
    let world = World::new(configured().await).await;
    let doctor = format!("/doctors/{}", world.doctor);
    for path in ["/robots.txt", "/sitemap.xml", &doctor] {
        let answer = ask(&world.app, "care.example", path).await;
        assert!(answer.text.contains("https://care.example/"), "{path}: {}", answer.text);
        assert!(!answer.text.contains("http://care.example") && !answer.text.contains("evil"), "{path}");
    }
}

#[tokio::test]
async fn redirects_name_no_host() {
    let app = TestApp::sqlite().await;
    for path in ["/.well-known/change-password", "/api/docs/"] {
        let answer = ask(&app, "evil.example", path).await;
        let location = answer.header("location");
        assert!(location.starts_with('/') && !location.starts_with("//"), "{path}: {location}");
    }
    let post = |host: &str| {
        request(Method::POST, "/theme")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::REFERER, format!("https://{host}/x"))
            .header("sec-fetch-site", "same-origin")
            .body(Body::from("theme=dark&return_to=%2F%2Fevil.example"))
            .unwrap()
    };
    assert_eq!(app.send(post("evil.example")).await.header("location"), "/");
}

#[tokio::test]
async fn passwords_are_changed_and_holes_reported_where_the_world_looks() {
    let app = configured_with_contact().await;
    let change = ask(&app, "care.example", "/.well-known/change-password").await;
    assert_eq!((change.status.as_u16(), change.header("location")), (303, "/account/security"));
    let file = ask(&app, "care.example", "/.well-known/security.txt").await;
    assert!(file.header("content-type").starts_with("text/plain"));
    let value = |name: &str| {
        let line = file.text.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {}", file.text)).trim().to_owned()
    };
    assert_eq!(value("Contact:"), "mailto:cert@care.example");
    assert_eq!(value("Canonical:"), "https://care.example/.well-known/security.txt");
    let expires: jiff::Timestamp = value("Expires:").parse().unwrap();
    let now: jiff::Timestamp = crate::app::NOW.parse().unwrap();
    let days = (expires - now).total(jiff::Unit::Second).unwrap() / 86_400.0;
    assert!(days > 150.0 && days < 365.0, "{days}");
    // Without anybody to write to, there is nothing to say; least of all a name from the request.
    let nobody = TestApp::sqlite().await;
    assert_eq!(ask(&nobody, "evil.example", "/.well-known/security.txt").await.status, 404);
}

async fn configured_with_contact() -> TestApp {
    TestApp::with(|config| {
        config.public_url = Some("https://care.example".parse().unwrap());
        config.security_contact = Some("cert@care.example".parse().unwrap());
    })
    .await
}
