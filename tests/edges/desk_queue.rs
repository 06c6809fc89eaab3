//! The desk's queue over HTTP: a walk-in becomes a number on a wall that needs no sign-in and names nobody.
//! Which moment she gets, and who may take her in, is tested with the services.

use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::{
    app::{Answer, TestApp, on_each_engine, request},
    headers::assert_protected,
    world::{World, id},
};

on_each_engine!(a_number_hangs_on_the_wall, a_patient_says_that_she_is_here);

async fn page(app: &TestApp, path: &str) -> Answer {
    let request = request(Method::GET, path).header(header::ACCEPT, "text/html");
    app.send(request.body(axum::body::Body::empty()).unwrap()).await
}

async fn a_number_hangs_on_the_wall(app: TestApp) {
    let world = World::new(app).await;
    let desk = world.desk().await;
    let app = &world.app;
    let here = format!("/api/v1/hospitals/{}", world.hospital);
    let command = json!({ "newcomer": { "full_name": "Nina Neu", "birth_date": "1971-03-04" }, "doctor_id": world.doctor });
    let visit = app.post(&format!("{here}/walk-ins"), Some(&desk), command).await.expect(201);
    assert_eq!(
        (&visit["status"], &visit["ticket"], &visit["arrival"]),
        (&json!("arrived"), &json!(1), &json!("walk-in"))
    );
    let queue = app.get(&format!("{here}/queue"), Some(&desk)).await.expect(200);
    assert_eq!(
        (&queue["visits"][0]["column"], &queue["visits"][0]["waited_minutes"]),
        (&json!("arrived"), &json!(0))
    );
    let elsewhere = format!("{here}/queue?doctor=nonsense");
    assert_eq!(app.get(&elsewhere, Some(&desk)).await.problem(422), "invalid");
    assert_eq!(
        app.post(&format!("{here}/wall-address"), Some(&desk), Value::Null).await.problem(403),
        "forbidden"
    );
    let made = app.post(&format!("{here}/wall-address"), Some(&world.admin), Value::Null).await.expect(201);
    let (_, secret) = made["address"].as_str().unwrap().rsplit_once('/').unwrap();
    let path = format!("/wall/{secret}");
    let wall = page(app, &path).await;
    assert_eq!(wall.status.as_u16(), 200);
    assert_protected("wall", &wall.headers, false);
    assert_eq!(wall.header("cache-control"), "no-store");
    assert!(wall.headers.get(header::SET_COOKIE).is_none(), "nobody is anybody here");
    assert!(wall.text.contains("http-equiv=\"refresh\""), "{}", wall.text);
    app.post(&format!("/api/v1/appointments/{}/start", id(&visit)), Some(&desk), json!({})).await.expect(200);
    let wall = page(app, &path).await;
    assert!(wall.text.contains("class=\"wall-number\">1<"), "{}", wall.text);
    for private in ["Nina", "Neu", id(&visit).as_str(), visit["patient_id"].as_str().unwrap(), secret] {
        assert!(!wall.text.contains(private), "{private}: {}", wall.text);
    }
    // What ended, what was replaced and what never was are one.
    app.delete(&format!("{here}/wall-address"), Some(&world.admin)).await;
    let (ended, never) = (page(app, &path).await, page(app, &format!("/wall/{}", "A".repeat(43))).await);
    assert_eq!((ended.status.as_u16(), ended.status), (404, never.status));
    assert_eq!(
        app.delete(&format!("{here}/wall-address"), Some(&world.admin)).await.problem(404),
        "not_found"
    );
}

async fn a_patient_says_that_she_is_here(app: TestApp) {
    let world = World::new(app).await;
    let (ada, eve) = (world.patient("ada").await, world.patient("eve").await);
    let app = &world.app;
    let booked =
        json!({ "doctor_id": world.doctor, "visit_type_id": world.visit_type, "start": "2026-03-03T09:00" });
    let visit = app.post("/api/v1/appointments", Some(&ada), booked).await.expect(201);
    assert_eq!(visit["can_say_here"], json!(false));
    let path = format!("/api/v1/appointments/{}/here", id(&visit));
    assert_eq!(app.post(&path, Some(&ada), json!({})).await.problem(409), "not_yet_here");
    assert_eq!(app.post(&path, Some(&eve), json!({})).await.problem(404), "not_found");
    assert_eq!(app.post(&path, Some(&ada), json!({ "when": 1 })).await.problem(422), "invalid");
    let settings = format!("/api/v1/hospitals/{}/queue-settings", world.hospital);
    assert_eq!(app.get(&settings, None).await.expect(200), json!({ "self_check_in": true }));
    let off = json!({ "self_check_in": false });
    let change = async |token: &str| {
        let request = request(Method::PUT, &settings)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        app.send(request.body(off.to_string().into()).unwrap()).await
    };
    assert_eq!(change(&ada).await.problem(404), "not_found");
    assert_eq!(change(&world.admin).await.expect(200), off);
    assert_eq!(app.post(&path, Some(&ada), json!({})).await.problem(409), "ask_at_desk");
}
