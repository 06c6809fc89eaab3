//! The main way: a patient signs up, finds a doctor, books a free time; the hospital confirms and completes it.

use axum::{
    body::Body,
    http::{Method, header},
};
use serde_json::{Value, json};

use crate::{
    app::{Answer, TestApp, on_each_engine, request},
    world::{World, id},
};

on_each_engine!(
    a_patient_books_and_the_hospital_completes,
    a_taken_time_names_others,
    of_two_at_once_one_books,
    a_repeated_request_books_once,
    a_patient_cancels,
    foreign_visits_look_absent,
);

async fn a_patient_books_and_the_hospital_completes(app: TestApp) {
    let world = World::new(app).await;
    let (ada, desk) = (world.patient("ada").await, world.desk().await);
    let found = world.app.get("/api/v1/doctors?specialty=cardiology&language=de", None).await.expect(200);
    assert_eq!(found["items"][0]["id"], world.doctor.as_str());
    assert_eq!(
        found["items"][0]["visit_types"][0]["price"],
        json!({ "amount_minor": 8000, "currency": "EUR" })
    );
    assert!(found.as_object().unwrap().contains_key("next_cursor"));
    let slots = world.slots("2026-03-03").await;
    assert_eq!(slots[0], "2026-03-03T09:00:00+01:00");
    let visit =
        world.app.post("/api/v1/appointments", Some(&ada), world.booking(&slots[0])).await.expect(201);
    assert_eq!((&visit["status"], &visit["start"]), (&json!("booked"), &json!("2026-03-03T09:00:00+01:00")));
    assert!(!world.slots("2026-03-03").await.contains(&slots[0]));
    let path = format!("/api/v1/appointments/{}", id(&visit));
    let step = async |step: &str| world.app.post(&format!("{path}/{step}"), Some(&desk), json!({})).await;
    assert_eq!(step("confirm").await.expect(200)["status"], "confirmed");
    assert_eq!(step("confirm").await.problem(409), "wrong_status");
    assert_eq!(step("complete").await.expect(200)["status"], "completed");
    let history = world.app.get(&format!("{path}/history"), Some(&ada)).await.expect(200);
    let states: Vec<&Value> = history.as_array().unwrap().iter().map(|entry| &entry["to"]).collect();
    assert_eq!(states, ["booked", "confirmed", "completed"]);
}

async fn a_taken_time_names_others(app: TestApp) {
    let world = World::new(app).await;
    let (ada, bob) = (world.patient("ada").await, world.patient("bob").await);
    let slots = world.slots("2026-03-04").await;
    world.app.post("/api/v1/appointments", Some(&ada), world.booking(&slots[1])).await.expect(201);
    let refused = world.app.post("/api/v1/appointments", Some(&bob), world.booking(&slots[1])).await;
    let alternatives = refused.body["alternatives"].as_array().unwrap().clone();
    assert_eq!(refused.problem(409), "slot_taken");
    assert!(!alternatives.is_empty());
    let free = world.slots("2026-03-04").await;
    assert!(alternatives.iter().any(|time| free.contains(&time.as_str().unwrap().to_owned())));
}

async fn of_two_at_once_one_books(app: TestApp) {
    let world = World::new(app).await;
    let (ada, bob) = (world.patient("ada").await, world.patient("bob").await);
    let start = world.slots("2026-03-05").await.remove(0);
    let (one, other) = tokio::join!(
        world.app.post("/api/v1/appointments", Some(&ada), world.booking(&start)),
        world.app.post("/api/v1/appointments", Some(&bob), world.booking(&start)),
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

async fn a_repeated_request_books_once(app: TestApp) {
    let world = World::new(app).await;
    let ada = world.patient("ada").await;
    let slots = world.slots("2026-03-06").await;
    let first = keyed(&world, &ada, "key-1", &slots[0]).await.expect(201);
    let again = keyed(&world, &ada, "key-1", &slots[0]).await.expect(201);
    assert_eq!(first["id"], again["id"]);
    assert_eq!(keyed(&world, &ada, "key-1", &slots[1]).await.problem(409), "key_reused");
    let (field, rule) = keyed(&world, &ada, &"k".repeat(256), &slots[1]).await.broken();
    assert_eq!((field.as_str(), rule.as_str()), ("Idempotency-Key", "idempotency_key_invalid"));
    let mine = world.app.get("/api/v1/appointments", Some(&ada)).await.expect(200);
    assert_eq!(mine["items"].as_array().unwrap().len(), 1);
}

async fn keyed(world: &World, token: &str, key: &str, start: &str) -> Answer {
    let request = request(Method::POST, "/api/v1/appointments")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", key);
    world.app.send(request.body(Body::from(world.booking(start).to_string())).unwrap()).await
}

async fn a_patient_cancels(app: TestApp) {
    let world = World::new(app).await;
    let ada = world.patient("ada").await;
    let start = world.slots("2026-03-09").await.remove(0);
    let visit = world.app.post("/api/v1/appointments", Some(&ada), world.booking(&start)).await.expect(201);
    let path = format!("/api/v1/appointments/{}", id(&visit));
    // She sees her visit, so this says that it is not hers to confirm.
    assert_eq!(
        world.app.post(&format!("{path}/confirm"), Some(&ada), json!({})).await.problem(403),
        "forbidden"
    );
    // The body of a move may be left out.
    let cancel = request(Method::POST, &format!("{path}/cancel"))
        .header(header::AUTHORIZATION, format!("Bearer {ada}"));
    let cancelled = world.app.send(cancel.body(Body::empty()).unwrap()).await.expect(200);
    assert_eq!((&cancelled["status"], &cancelled["cancelled_by"]), (&json!("cancelled"), &json!("patient")));
    assert!(world.slots("2026-03-09").await.contains(&start));
}

async fn foreign_visits_look_absent(app: TestApp) {
    let world = World::new(app).await;
    let (ada, bob) = (world.patient("ada").await, world.patient("bob").await);
    let start = world.slots("2026-03-10").await.remove(0);
    let visit = world.app.post("/api/v1/appointments", Some(&ada), world.booking(&start)).await.expect(201);
    let path = format!("/api/v1/appointments/{}", id(&visit));
    assert_eq!(world.app.get(&path, Some(&bob)).await.problem(404), "not_found");
    assert_eq!(world.app.get(&path, Some(&world.platform)).await.problem(404), "not_found");
    assert_eq!(world.app.get(&path, None).await.problem(401), "unauthenticated");
    assert_eq!(
        world.app.post(&format!("{path}/cancel"), Some(&bob), json!({})).await.problem(404),
        "not_found"
    );
}
