//! Every refusal names the field or the rule, and nothing is changed.

use axum::{
    body::Body,
    http::{Method, header},
};
use serde_json::json;

use crate::{
    app::{TestApp, on_each_engine, request},
    world::{PASSWORD, World, hospital, visit_type},
};

on_each_engine!(times_that_cannot_be_booked, bad_hours_and_places, a_wrong_password_says_nothing);

async fn times_that_cannot_be_booked(app: TestApp) {
    let world = World::new(app).await;
    let ada = world.patient("ada").await;
    let cases = [
        ("2026-03-01T09:00:00+01:00", "slot_past"),
        ("2026-03-02T09:30:00+01:00", "slot_too_soon"),
        ("2026-12-01T09:00:00+01:00", "slot_too_far"),
        ("2026-03-03T09:10:00+01:00", "slot_off_grid"),
        ("2026-03-03T13:00:00+01:00", "slot_outside_hours"),
        ("2026-03-29T02:30", "slot_in_gap"),
        ("next tuesday", "time_invalid"),
    ];
    for (start, rule) in cases {
        let refused = world.app.post("/api/v1/appointments", Some(&ada), world.booking(start)).await.broken();
        assert_eq!(refused, ("start".to_owned(), rule.to_owned()), "{start}");
    }
    let mine = world.app.get("/api/v1/appointments", Some(&ada)).await.expect(200);
    assert_eq!(mine["items"], json!([]));
}

async fn bad_hours_and_places(app: TestApp) {
    let world = World::new(app).await;
    let hours = json!({ "weekly": [
        { "weekday": 1, "start": "09:00:00", "end": "12:00:00" }, { "weekday": 1, "start": "11:00:00", "end": "13:00:00" } ] });
    let path = format!("/api/v1/doctors/{}/hours", world.doctor);
    assert_eq!(world.app.put(&path, Some(&world.admin), hours).await.broken().1, "hours_overlap");
    let mut elsewhere = hospital("Moon Clinic");
    elsewhere["time_zone"] = json!("Moon/Tranquility");
    let refused = world.app.post("/api/v1/hospitals", Some(&world.platform), elsewhere).await.broken();
    assert_eq!(refused, ("time_zone".to_owned(), "zone_unknown".to_owned()));
    let mut endless = visit_type("Endless");
    endless["minutes"] = json!(100_000);
    let path = format!("/api/v1/hospitals/{}/visit-types", world.hospital);
    let refused = world.app.post(&path, Some(&world.admin), endless).await.broken();
    assert_eq!(refused, ("minutes".to_owned(), "minutes_out_of_range".to_owned()));
}

async fn a_wrong_password_says_nothing(app: TestApp) {
    let world = World::new(app).await;
    world.patient("ada").await;
    for email in ["ada@example.org", "nobody@example.org"] {
        let command = json!({ "email": email, "password": "four green herons" });
        assert_eq!(world.app.post("/api/v1/auth/token", None, command).await.problem(401), "sign_in_failed");
    }
}

#[tokio::test]
async fn malformed_ids_are_absent_objects() {
    let app = TestApp::sqlite().await;
    for path in [
        "/api/v1/doctors/42",
        "/api/v1/hospitals/%20",
        "/api/v1/doctors/x/slots",
        "/api/v1/appointments/1",
        "/photos/nothing",
    ] {
        assert_eq!(app.get(path, None).await.problem(404), "not_found", "{path}");
    }
    assert_eq!(app.get("/api/v1/nothing", None).await.problem(404), "not_found");
    assert_eq!(app.get("/api", None).await.problem(404), "not_found");
    let id = uuid::Uuid::from_u128(7);
    let wrong_move = app.post(&format!("/api/v1/appointments/{id}/explode"), None, json!({})).await;
    assert_eq!(wrong_move.problem(404), "not_found");
    let wrong_method = app.post(&format!("/api/v1/doctors/{id}"), None, json!({})).await;
    assert_eq!(wrong_method.problem(405), "method_not_allowed");
}

#[tokio::test]
async fn bodies_are_refused_by_field() {
    let app = TestApp::sqlite().await;
    let register = |body: serde_json::Value| app.post("/api/v1/auth/register", None, body);
    let whole = json!({ "email": "a@example.org", "password": PASSWORD, "full_name": "A", "birth_date": "1951-11-24" });
    let broken = |field: &str, rule: &str| (field.to_owned(), rule.to_owned());
    let mut missing = whole.clone();
    missing.as_object_mut().unwrap().remove("birth_date");
    assert_eq!(register(missing).await.broken(), broken("birth_date", "required"));
    let mut unknown = whole.clone();
    unknown["admin"] = json!(true);
    assert_eq!(register(unknown).await.broken(), broken("admin", "unknown_field"));
    let mut wrong = whole.clone();
    wrong["email"] = json!(7);
    assert_eq!(register(wrong).await.broken(), broken("email", "wrong_type"));
    let booking = json!({ "doctor_id": "7", "visit_type_id": "8", "start": "x" });
    assert_eq!(
        app.post("/api/v1/appointments", None, booking).await.broken(),
        broken("doctor_id", "id_invalid")
    );
    let mut young = whole;
    young["birth_date"] = json!("2099-01-01");
    assert_eq!(register(young).await.broken(), broken("birth_date", "birth_date_future"));
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused() {
    let app = TestApp::sqlite().await;
    let send = async |kind: &str, body: Vec<u8>| {
        let request = request(Method::POST, "/api/v1/auth/token").header(header::CONTENT_TYPE, kind);
        app.send(request.body(Body::from(body)).unwrap()).await
    };
    assert_eq!(send("application/json", b"{\"email\":".to_vec()).await.problem(400), "malformed");
    assert_eq!(send("application/json", b"{}{}".to_vec()).await.problem(422), "invalid");
    assert_eq!(send("text/plain", b"{}".to_vec()).await.problem(415), "media_type");
    assert_eq!(send("application/json", vec![b' '; (1 << 20) + 1]).await.problem(413), "body_too_large");
    // A body whose length nobody announced is cut at the limit all the same.
    let chunks = unannounced(2 << 20);
    let request =
        request(Method::POST, "/api/v1/auth/token").header(header::CONTENT_TYPE, "application/json");
    assert_eq!(app.send(request.body(chunks).unwrap()).await.problem(413), "body_too_large");
}

fn unannounced(size: usize) -> Body {
    let chunk = axum::body::Bytes::from(vec![b' '; 1 << 16]);
    let chunks = std::iter::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone())).take(size >> 16);
    Body::from_stream(tokio_stream::iter(chunks))
}

#[tokio::test]
async fn words_of_a_query_are_refused_by_name() {
    let app = TestApp::sqlite().await;
    for (query, field, rule) in [
        ("hospital_id=7", "hospital_id", "id_invalid"),
        ("modality=letter", "modality", "modality_unknown"),
        ("limit=many", "limit", "number_invalid"),
        ("sort=price", "sort", "unknown_value"),
    ] {
        let refused = app.get(&format!("/api/v1/doctors?{query}"), None).await.broken();
        assert_eq!(refused, (field.to_owned(), rule.to_owned()), "{query}");
    }
    app.get("/api/v1/doctors?utm_source=x&name=&hospital_id=", None).await.expect(200);
    let slots = format!("/api/v1/doctors/{}/slots?from=soon", uuid::Uuid::from_u128(7));
    let body = app.get(&slots, None).await.expect(422);
    assert_eq!(body["fields"].as_array().unwrap().len(), 2, "{body}");
}

#[tokio::test]
async fn no_server_function_stumbles_over_what_it_cannot_read() {
    let app = TestApp::sqlite().await;
    let functions: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    assert!(functions.len() > 20, "only {} server functions are known", functions.len());
    for (path, method) in functions {
        for (kind, body) in [
            ("application/json", "["),
            ("application/json", "{}"),
            ("application/json", r#"{"id":"42"}"#),
            ("application/x-www-form-urlencoded", "id=42&doctor=%00"),
            ("text/plain", "\u{1}"),
        ] {
            let sent = request(method.clone(), path)
                .header(header::CONTENT_TYPE, kind)
                .header("sec-fetch-site", "same-origin")
                .body(Body::from(body))
                .unwrap();
            let answer = app.send(sent).await;
            assert!(answer.status.as_u16() < 500, "{path}, {kind}, {body}: {}", answer.status);
        }
    }
}
