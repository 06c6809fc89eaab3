//! What a browser does without scripts: sign up, sign in and out by plain forms, the theme, a photo.

use axum::{
    body::Body,
    http::{Method, header},
};

use crate::{
    app::{Answer, TestApp, request},
    world::{PASSWORD, World},
};

/// Posts a form as a page of ours would.
pub(crate) async fn form(app: &TestApp, path: &str, cookie: Option<&str>, fields: &str) -> Answer {
    form_on(app, "/sign-in", path, cookie, fields).await
}

/// The same from a certain page.
pub(crate) async fn form_on(
    app: &TestApp,
    page: &str,
    path: &str,
    cookie: Option<&str>,
    fields: &str,
) -> Answer {
    sent(app, page, path, cookie, fields, "text/html").await
}

/// The same by a page whose scripts run: it stays where it is, and reads the answer itself.
pub(crate) async fn scripted(app: &TestApp, path: &str, cookie: &str, fields: &str) -> Answer {
    sent(app, "/sign-in", path, Some(cookie), fields, "application/json").await
}

async fn sent(
    app: &TestApp,
    page: &str,
    path: &str,
    cookie: Option<&str>,
    fields: &str,
    accept: &str,
) -> Answer {
    let mut request = request(Method::POST, path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, accept)
        .header(header::REFERER, format!("http://care.example{page}"))
        .header("sec-fetch-site", "same-origin");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    app.send(request.body(Body::from(fields.to_owned())).unwrap()).await
}

/// The session cookie that an answer sets, as it is sent back.
pub(crate) fn session(answer: &Answer) -> Option<String> {
    let mut cookies = answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    let cookie =
        cookies.rfind(|line| line.starts_with("caresync=") || line.starts_with("__Host-caresync="))?;
    Some(cookie.split(';').next().unwrap().to_owned())
}

/// Reads with a cookie.
pub(crate) async fn get(app: &TestApp, path: &str, cookie: &str) -> Answer {
    app.send(request(Method::GET, path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
}

/// Signs in with a form and gives the session's cookie.
pub(crate) async fn signed_in(app: &TestApp, name: &str) -> String {
    let password = PASSWORD.replace(' ', "+");
    let fields = format!("email={name}%40example.org&password={password}&next=%2Fappointments");
    let answer = form(app, "/_fn/sign-in", None, &fields).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/appointments"),
        "{}",
        answer.text
    );
    session(&answer).unwrap()
}

#[tokio::test]
async fn a_session_begins_and_ends_with_plain_forms() {
    let world = World::new(TestApp::sqlite().await).await;
    world.patient("ada").await;
    let cookie = signed_in(&world.app, "ada").await;
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.expect(200)["email"], "ada@example.org");
    let page = get(&world.app, "/", &cookie).await;
    assert_eq!((page.status.as_u16(), page.header("cache-control")), (200, "no-store"));
    let out = form(&world.app, "/sign-out", Some(&cookie), "").await;
    assert_eq!((out.status.as_u16(), out.header("location")), (303, "/"));
    assert_eq!(get(&world.app, "/api/v1/me", &cookie).await.problem(401), "unauthenticated");
}

#[tokio::test]
async fn each_sign_in_has_a_fresh_session() {
    let world = World::new(TestApp::sqlite().await).await;
    world.patient("ada").await;
    let first = signed_in(&world.app, "ada").await;
    let password = PASSWORD.replace(' ', "+");
    let again = form(
        &world.app,
        "/_fn/sign-in",
        Some(&first),
        &format!("email=ada%40example.org&password={password}"),
    )
    .await;
    let second = session(&again).unwrap();
    assert_ne!(first, second);
    assert_eq!(get(&world.app, "/api/v1/me", &first).await.problem(401), "unauthenticated");
    get(&world.app, "/api/v1/me", &second).await.expect(200);
}

#[tokio::test]
async fn a_refused_sign_in_leads_back_and_begins_no_session() {
    let app = TestApp::sqlite().await;
    let answer =
        form(&app, "/_fn/sign-in", None, "email=nobody%40example.org&password=four+green+herons").await;
    assert!(answer.status.is_redirection(), "{}", answer.status);
    assert_eq!(session(&answer), None);
    assert!(!answer.text.contains("herons"));
}

#[tokio::test]
async fn behind_tls_the_cookie_is_bound_to_the_host() {
    let https =
        TestApp::with(|config| config.public_url = Some("https://care.example".parse().unwrap())).await;
    let world = World::new(https).await;
    world.patient("ada").await;
    let password = PASSWORD.replace(' ', "+");
    let answer =
        form(&world.app, "/_fn/sign-in", None, &format!("email=ada%40example.org&password={password}")).await;
    let cookies: Vec<_> =
        answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect();
    for name in ["__Host-caresync=", "__Host-caresync-known="] {
        let cookie = *cookies.iter().find(|cookie| cookie.starts_with(name)).unwrap();
        for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(cookie.contains(part), "{part}: {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn a_token_and_a_session_do_not_go_together() {
    let world = World::new(TestApp::sqlite().await).await;
    let token = world.patient("ada").await;
    let cookie = signed_in(&world.app, "ada").await;
    let both = request(Method::GET, "/api/v1/me")
        .header(header::COOKIE, cookie)
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    assert_eq!(world.app.send(both.body(Body::empty()).unwrap()).await.problem(400), "two_credentials");
    assert_eq!(world.app.get("/api/v1/me", Some("no-such-token")).await.problem(401), "unauthenticated");
}

#[tokio::test]
async fn strangers_get_no_session() {
    let app = TestApp::sqlite().await;
    for path in ["/", "/doctors", "/api/v1/doctors"] {
        assert_eq!(app.get(path, None).await.header("set-cookie"), "", "{path}");
    }
}

#[tokio::test]
async fn the_theme_is_a_cookie_and_leads_back() {
    let app = TestApp::sqlite().await;
    let answer = form(&app, "/theme", None, "theme=dark&return_to=%2Fdoctors").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/doctors"));
    assert!(answer.header("set-cookie").starts_with("caresync-theme=dark;"));
    let away = form(&app, "/theme", None, "theme=dark&return_to=https%3A%2F%2Fevil.example").await;
    assert_eq!(away.header("location"), "/");
}

#[tokio::test]
async fn a_photo_is_uploaded_with_a_form_and_kept_forever() {
    let world = World::new(TestApp::sqlite().await).await;
    let cookie = signed_in(&world.app, "admin").await;
    let answer = upload(&world, &cookie, &GREY).await;
    assert_eq!(answer.header("location"), "/hospital/h/doctors/d?saved=photo", "{}", answer.text);
    let doctor = world.app.get(&format!("/api/v1/doctors/{}", world.doctor), None).await.expect(200);
    let photo = world.app.get(doctor["photo"].as_str().unwrap(), None).await;
    assert_eq!((photo.status.as_u16(), photo.header("content-type")), (200, "image/jpeg"));
    assert!(photo.header("cache-control").contains("immutable"));
    let refused = upload(&world, &cookie, b"no picture").await;
    assert_eq!(refused.header("location"), "/hospital/h/doctors/d?photo_problem=photo_unreadable");
}

async fn upload(world: &World, cookie: &str, photo: &[u8]) -> Answer {
    let head = "--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"p.png\"\r\nContent-Type: image/png\r\n\r\n";
    let body = [head.as_bytes(), photo, b"\r\n--x--\r\n"].concat();
    let request = request(Method::POST, &format!("/hospital/doctors/{}/photo", world.doctor))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .header(header::COOKIE, cookie)
        .header(header::REFERER, "http://care.example/hospital/h/doctors/d?saved=x")
        .header("sec-fetch-site", "same-origin");
    world.app.send(request.body(Body::from(body)).unwrap()).await
}

/// A grey PNG of eight by eight pixels.
const GREY: [u8; 71] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x08, 0x08, 0x00, 0x00, 0x00, 0x00, 0xe1, 0x64, 0xe1, 0x57, 0x00,
    0x00, 0x00, 0x0e, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x68, 0x80, 0x02, 0x06, 0xca, 0x18, 0x00,
    0x80, 0x84, 0x20, 0x01, 0x10, 0xe8, 0x6a, 0x17, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae,
    0x42, 0x60, 0x82,
];

#[tokio::test]
async fn the_owners_browser_is_known_and_no_stranger_keeps_her_out() {
    let world = World::new(TestApp::sqlite().await).await;
    world.patient("ada").await;
    let password = PASSWORD.replace(' ', "+");
    let right = format!("email=ada%40example.org&password={password}");
    let first = form(&world.app, "/_fn/sign-in", None, &right).await;
    let lines: Vec<_> =
        first.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap()).collect();
    let mark = *lines.iter().find(|line| line.starts_with("caresync-known=")).unwrap();
    for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=31536000"] {
        assert!(mark.contains(part), "{mark}");
    }
    let known = mark.split(';').next().unwrap();
    for _ in 0..12 {
        form(&world.app, "/_fn/sign-in", None, "email=ada%40example.org&password=certainly+not+this").await;
    }
    // A program learns how long to wait; a person reads it, and what else there is to do.
    let body = serde_json::json!({ "email": "ada@example.org", "password": PASSWORD });
    let program = world.app.post("/api/v1/auth/token", None, body).await;
    assert!((1..=300).contains(&program.header("retry-after").parse::<u32>().unwrap()));
    assert_eq!(program.problem(429), "too_many");
    let stranger = form(&world.app, "/_fn/sign-in", None, &right).await;
    assert_eq!((stranger.header("location"), session(&stranger)), ("/sign-in", None));
    let mut kept = stranger.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap());
    let kept = kept.rfind(|line| line.starts_with("caresync-form=")).unwrap();
    let page = get(&world.app, "/sign-in", kept.split(';').next().unwrap()).await.text;
    assert!(page.contains("That was too many tries in a short time."), "{page}");
    assert!(page.contains("nobody is locked out"), "{page}");
    let owner = form(&world.app, "/_fn/sign-in", Some(known), &right).await;
    assert!(session(&owner).is_some(), "{}", owner.text);
}
