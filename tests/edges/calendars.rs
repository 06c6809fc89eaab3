//! Calendars over HTTP: who gets which file, what a program that asks again is answered, and that every address that is none looks alike.
//! What the files say is tested with the services.

use axum::{
    body::Body,
    http::{Method, header},
};
use serde_json::json;

use crate::{
    app::{Answer, TestApp, request},
    browser::{form_on, get, signed_in},
    headers::assert_protected,
    world::{self, World},
};

/// A world with a patient who has a visit: her token, and the id of the visit.
async fn booked() -> (World, String, String) {
    let world = World::new(TestApp::sqlite().await).await;
    let patient = world.patient("ada").await;
    let visit =
        world.app.post("/api/v1/appointments", Some(&patient), world.booking("2026-03-03T09:00")).await;
    let visit = world::id(&visit.expect(201));
    (world, patient, visit)
}

/// The path of a fresh address.
async fn address(app: &TestApp, token: &str, detail: &str) -> String {
    let made = app.post("/api/v1/calendar-feed", Some(token), json!({ "detail": detail })).await.expect(201);
    let address = made["address"].as_str().unwrap();
    address.strip_prefix("http://care.example").unwrap().to_owned()
}

async fn ask(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_program_reads_a_calendar_and_asks_again() {
    let (world, patient, visit) = booked().await;
    let path = address(&world.app, &patient, "full").await;
    let file = ask(&world.app, Method::GET, &path, &[]).await;
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8; method=PUBLISH");
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.text.starts_with("BEGIN:VCALENDAR\r\n") && file.text.contains(&visit), "{}", file.text);
    assert_protected("calendar", &file.headers, false);
    let tag = file.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let same = ask(&world.app, Method::GET, &path, &[("if-none-match", &tag)]).await;
    assert_eq!((same.status.as_u16(), same.text.as_str(), same.header("etag")), (304, "", tag.as_str()));
    assert_eq!(same.header("cache-control"), "no-store");
    let head = ask(&world.app, Method::HEAD, &path, &[]).await;
    assert_eq!((head.status.as_u16(), head.text.as_str(), head.header("etag")), (200, "", tag.as_str()));
    let cancel = format!("/api/v1/appointments/{visit}/cancel");
    world.app.post(&cancel, Some(&patient), json!({})).await.expect(200);
    let other = ask(&world.app, Method::GET, &path, &[("if-none-match", &tag)]).await;
    assert_eq!(other.status, 200);
    assert!(!other.text.contains(&visit) && !other.text.contains("VEVENT"));
    assert_eq!(other.header("content-type"), "text/calendar; charset=utf-8", "nothing is published");
    // Whoever is signed in as somebody else in that browser reads what is behind the address.
    world.patient("eve").await;
    let eve = signed_in(&world.app, "eve").await;
    assert_eq!(get(&world.app, &path, &eve).await.status, 200);
    assert_eq!(ask(&world.app, Method::POST, &path, &[("sec-fetch-site", "same-origin")]).await.status, 405);
}

#[tokio::test]
async fn every_address_that_is_none_looks_alike() {
    let (world, patient, _) = booked().await;
    let ended = address(&world.app, &patient, "busy").await;
    let replaced = address(&world.app, &patient, "busy").await;
    assert_ne!(ended, replaced);
    let delete = request(Method::DELETE, "/api/v1/calendar-feed")
        .header(header::AUTHORIZATION, format!("Bearer {patient}"))
        .body(Body::empty())
        .unwrap();
    assert_eq!(world.app.send(delete).await.status, 204);
    let never = format!("/calendar/{}.ics", "A".repeat(43));
    let without = replaced.strip_suffix(".ics").unwrap();
    let mut answers = Vec::new();
    for path in [&ended, &replaced, &never, "/calendar/x.ics", "/calendar/.ics", "/calendar/%FF.ics", without]
    {
        let answer = ask(&world.app, Method::GET, path, &[]).await;
        assert_eq!(answer.status, 404, "{path}");
        let mut headers: Vec<_> =
            answer.headers.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        headers.sort_by(|one, other| one.0.cmp(&other.0));
        answers.push((answer.text, headers));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
}

#[tokio::test]
async fn one_visit_as_a_file_needs_whoever_may_see_it() {
    let (world, patient, visit) = booked().await;
    let path = format!("/appointments/{visit}/visit.ics");
    let cookie = signed_in(&world.app, "ada").await;
    let file = get(&world.app, &path, &cookie).await;
    assert_eq!((file.status.as_u16(), file.header("cache-control")), (200, "no-store"));
    assert!(file.text.contains("SUMMARY:Visit with Dr. Ada Weber\r\n"), "{}", file.text);
    assert_eq!(file.header("content-disposition"), "inline; filename=\"visit.ics\"");
    assert_protected("visit", &file.headers, false);
    assert_eq!(world.app.get(&path, Some(&patient)).await.status, 200);
    assert_eq!(world.app.get(&path, None).await.problem(401), "unauthenticated");
    let eve = world.patient("eve").await;
    let foreign = world.app.get(&path, Some(&eve)).await;
    let absent = format!("/appointments/{}/visit.ics", uuid::Uuid::from_u128(7));
    let absent = world.app.get(&absent, Some(&eve)).await;
    assert_eq!((foreign.status, &foreign.text), (absent.status, &absent.text));
    assert_eq!(foreign.problem(404), "not_found");
    assert_eq!(world.app.get("/appointments/x/visit.ics", Some(&eve)).await.problem(404), "not_found");
}

#[tokio::test]
async fn the_page_shows_an_address_for_minutes_and_only_to_its_owner() {
    let (world, _, visit) = booked().await;
    let app = &world.app;
    let ada = signed_in(app, "ada").await;
    let page = "/account/calendar";
    let made = form_on(app, page, "/_fn/make-calendar-feed", Some(&ada), "detail=visit").await;
    assert_eq!((made.status.as_u16(), made.header("location")), (303, "/account/calendar?saved=made"));
    let fresh = made.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    let fresh = fresh.filter(|line| line.starts_with("caresync-calendar=")).collect::<Vec<_>>();
    assert!(
        fresh.len() == 1 && fresh[0].contains("HttpOnly") && fresh[0].contains("Max-Age=300"),
        "{fresh:?}"
    );
    let fresh = fresh[0].split(';').next().unwrap().to_owned();
    let shown = get(app, page, &format!("{ada}; {fresh}")).await;
    let (_, rest) = shown.text.split_once("http://care.example/calendar/").expect("the address");
    let path = format!("/calendar/{}", rest.split(['"', '<']).next().unwrap());
    assert!(ask(app, Method::GET, &path, &[]).await.text.contains(&visit));
    // An answer may break off on its way to a phone: whoever loads it again finds it again.
    let again = get(app, page, &format!("{ada}; {fresh}")).await;
    assert!(again.text.contains(&path), "{}", again.text);
    // Without the cookie nobody knows it, and with it nobody else.
    assert!(!get(app, page, &ada).await.text.contains("/calendar/"));
    world.patient("eve").await;
    let eve = signed_in(app, "eve").await;
    form_on(app, page, "/_fn/make-calendar-feed", Some(&eve), "detail=busy").await;
    let hers = get(app, page, &format!("{eve}; {fresh}")).await;
    assert!(hers.text.contains("end-calendar-feed") && !hers.text.contains("http://care.example/calendar/"));
    // What is chosen wrongly, and by nobody, is refused.
    let wrong = form_on(app, page, "/_fn/make-calendar-feed", Some(&ada), "detail=").await;
    assert_eq!((wrong.status.as_u16(), wrong.header("location")), (303, page));
    let nobody = form_on(app, page, "/_fn/make-calendar-feed", None, "detail=busy").await;
    assert!(
        nobody
            .headers
            .get_all(header::SET_COOKIE)
            .iter()
            .all(|line| !line.to_str().unwrap().starts_with("caresync-calendar="))
    );
    let ended = form_on(app, page, "/_fn/end-calendar-feed", Some(&ada), "").await;
    assert_eq!(ended.header("location"), "/account/calendar?saved=ended");
    let mut cookies = ended.headers.get_all(header::SET_COOKIE).iter();
    assert!(
        cookies.any(|line| line.to_str().unwrap().starts_with("caresync-calendar=; ")),
        "{:?}",
        ended.headers
    );
    assert_eq!(ask(app, Method::GET, &path, &[]).await.status, 404);
}
