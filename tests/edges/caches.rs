//! Who may keep an answer: what somebody signed in to see is nobody's to keep, and what is left when she signs out.
//! The other headers are swept in `headers`.

use axum::{
    body::Body,
    http::{Method, header},
};
use serde_json::json;

use crate::{
    app::{Answer, TestApp, request},
    browser::{form, get, session, signed_in},
    headers::site,
    world::{PASSWORD, World},
};

async fn page(app: &TestApp, path: &str, cookie: Option<&str>) -> Answer {
    let mut ask = request(Method::GET, path).header(header::ACCEPT, "text/html");
    if let Some(cookie) = cookie {
        ask = ask.header(header::COOKIE, cookie);
    }
    app.send(ask.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn only_public_pages_and_files_may_be_kept() {
    let site = site();
    let world = World::new(TestApp::with(|config| site.path().clone_into(&mut config.site_root)).await).await;
    world.patient("ada").await;
    let cookie = signed_in(&world.app, "ada").await;
    for (path, stranger, somebody) in [
        ("/", "no-cache", "no-store"),
        ("/doctors", "no-cache", "no-store"),
        ("/nowhere", "no-store", "no-store"),
        ("/appointments", "no-cache", "no-store"),
        ("/api/v1/doctors", "no-store", "no-store"),
        ("/api/v1/me", "no-store", "no-store"),
        ("/api/docs", "no-cache", "no-cache"),
        ("/livez", "no-store", "no-store"),
        ("/robots.txt", "no-cache", "no-cache"),
        ("/favicon.svg", "public, max-age=3600", "public, max-age=3600"),
        (
            "/pkg/ab/caresync.css",
            "public, max-age=31536000, immutable",
            "public, max-age=31536000, immutable",
        ),
        ("/pkg/ab/none.css", "no-store", "no-store"),
    ] {
        let (one, other) = (page(&world.app, path, None).await, page(&world.app, path, Some(&cookie)).await);
        let kept = (one.header("cache-control"), other.header("cache-control"));
        // A page that only somebody may see answers strangers with a redirect or a page that is the same for all of them.
        let stranger = if one.status.is_success() { stranger } else { "no-store" };
        assert_eq!(kept, (stranger, somebody), "{path}: {}", one.status);
        if path.len() < 20 && !path.contains('.') && !["/livez", "/api/docs"].contains(&path) {
            assert!(
                one.headers.get_all("vary").iter().any(|v| v.to_str().unwrap().contains("Cookie")),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn signing_out_leaves_nothing_but_the_look() {
    let world = World::new(TestApp::sqlite().await).await;
    world.patient("ada").await;
    let cookie = signed_in(&world.app, "ada").await;
    let both = format!("{cookie}; caresync-theme=dark");
    let out = form(&world.app, "/sign-out", Some(&both), "").await;
    assert_eq!(out.header("clear-site-data"), "\"cache\", \"storage\"");
    assert_eq!(session(&out).as_deref(), Some("caresync="));
    let lines: Vec<&str> = out.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap()).collect();
    assert!(
        lines.iter().all(|line| line.starts_with("caresync=") && line.contains("Max-Age=0")),
        "{lines:?}"
    );
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.problem(401), "unauthenticated");
    // Somebody whose session has ended already is cleaned up after all the same.
    let again = form(&world.app, "/sign-out", Some(&both), "").await;
    assert_eq!((again.status.as_u16(), session(&again).as_deref()), (303, Some("caresync=")));
}

#[tokio::test]
async fn over_tls_the_cookie_is_removed_under_its_own_name() {
    let app = TestApp::with(|config| config.public_url = Some("https://care.example".parse().unwrap())).await;
    let out = form(&app, "/sign-out", Some("__Host-caresync=AAAAAAAAAAAAAAAAAAAAAA"), "").await;
    let line = out.headers.get_all("set-cookie").iter().next_back().unwrap().to_str().unwrap();
    for part in ["__Host-caresync=;", "Path=/", "Max-Age=0", "Secure"] {
        assert!(line.contains(part), "{part}: {line}");
    }
}

#[tokio::test]
async fn what_two_people_see_at_once_is_never_mixed() {
    let world = World::new(TestApp::sqlite().await).await;
    let names = ["CanaryAda", "CanaryBob"];
    let mut cookies = Vec::new();
    for (name, login) in names.iter().zip(["ada", "bob"]) {
        let command = json!({ "email": format!("{login}@example.org"), "password": PASSWORD,
            "full_name": name, "birth_date": "1951-11-24" });
        world.app.post("/api/v1/auth/register", None, command).await.expect(201);
        cookies.push(signed_in(&world.app, login).await);
    }
    for _ in 0..10 {
        let [ada, bob, nobody, me, you] = [
            page(&world.app, "/", Some(&cookies[0])),
            page(&world.app, "/", Some(&cookies[1])),
            page(&world.app, "/", None),
            page(&world.app, "/appointments", Some(&cookies[0])),
            page(&world.app, "/appointments", Some(&cookies[1])),
        ]
        .map(Box::pin);
        let (ada, bob, nobody, me, you) = tokio::join!(ada, bob, nobody, me, you);
        for (answer, own) in [(&ada, 0), (&bob, 1), (&me, 0), (&you, 1)] {
            assert!(answer.text.contains(names[own]), "{}", answer.text);
            assert!(!answer.text.contains(names[1 - own]));
        }
        assert!(!nobody.text.contains("Canary"));
    }
}
