//! The waiting list over HTTP: the way from joining to a visit, and that a foreign entry and an absent one look alike.
//! Who is offered what is tested with the services.

use serde_json::{Value, json};

use crate::{
    app::{TestApp, on_each_engine},
    world::{World, id},
};

on_each_engine!(somebody_waits_and_is_offered_a_time, a_foreign_entry_looks_absent);

/// A wish for the Tuesday, in the morning.
fn wish(world: &World) -> Value {
    json!({ "doctor_id": world.doctor, "visit_type_id": world.visit_type, "from": "2026-03-03", "until": "2026-03-03",
        "weekdays": [2], "day_parts": ["morning"] })
}

async fn somebody_waits_and_is_offered_a_time(app: TestApp) {
    let world = World::new(app).await;
    let (ada, desk) = (world.patient("ada").await, world.desk().await);
    let app = &world.app;
    let entry = app.post("/api/v1/waitlist", Some(&ada), wish(&world)).await.expect(201);
    assert_eq!(
        (&entry["status"], &entry["place"], &entry["offer"]),
        (&json!("waiting"), &json!(1), &Value::Null)
    );
    assert_eq!(app.post("/api/v1/waitlist", Some(&ada), wish(&world)).await.problem(409), "already_waiting");
    let path = format!("/api/v1/waitlist/{}", id(&entry));
    assert_eq!(app.post(&format!("{path}/accept"), Some(&ada), json!({})).await.problem(409), "hold_ended");
    assert_eq!(app.house.offer_due().await.unwrap(), 1);
    let own = app.get("/api/v1/waitlist", Some(&ada)).await.expect(200);
    assert_eq!(own[0]["offer"]["start"], "2026-03-03T09:00:00+01:00");
    let line = format!("/api/v1/hospitals/{}/waitlist?doctor={}", world.hospital, world.doctor);
    let line = app.get(&line, Some(&desk)).await.expect(200);
    assert_eq!((&line[0]["patient_name"], &line[0]["status"]), (&json!("ada"), &json!("offered")));
    // She lets it go, is offered the next, and takes that.
    let declined = app.post(&format!("{path}/decline"), Some(&ada), json!({})).await.expect(200);
    assert_eq!((&declined["status"], &declined["place"]), (&json!("waiting"), &json!(1)));
    app.house.offer_due().await.unwrap();
    let visit = app.post(&format!("{path}/accept"), Some(&ada), json!({})).await.expect(200);
    assert_eq!((&visit["status"], &visit["start"]), (&json!("booked"), &json!("2026-03-03T09:30:00+01:00")));
    assert_eq!(app.delete(&path, Some(&ada)).await.problem(409), "already_done");
    let own = app.get("/api/v1/waitlist", Some(&ada)).await.expect(200);
    assert_eq!((&own[0]["status"], &own[0]["place"]), (&json!("taken"), &Value::Null));
}

async fn a_foreign_entry_looks_absent(app: TestApp) {
    let world = World::new(app).await;
    let (ada, eve) = (world.patient("ada").await, world.patient("eve").await);
    let app = &world.app;
    let entry = id(&app.post("/api/v1/waitlist", Some(&ada), wish(&world)).await.expect(201));
    app.house.offer_due().await.unwrap();
    let absent = uuid::Uuid::from_u128(7).to_string();
    for step in ["/accept", "/decline"] {
        let ask =
            async |id: &str| app.post(&format!("/api/v1/waitlist/{id}{step}"), Some(&eve), json!({})).await;
        let (foreign, absent) = (ask(&entry).await, ask(&absent).await);
        assert_eq!((foreign.status, &foreign.text), (absent.status, &absent.text), "{step}");
        assert_eq!(foreign.problem(404), "not_found");
    }
    assert_eq!(app.delete(&format!("/api/v1/waitlist/{entry}"), Some(&eve)).await.problem(404), "not_found");
    let line = format!("/api/v1/hospitals/{}/waitlist", world.hospital);
    assert_eq!(app.get(&line, Some(&eve)).await.problem(404), "not_found");
    assert_eq!(app.get(&line, None).await.problem(401), "unauthenticated");
    assert_eq!(app.get("/api/v1/waitlist", Some(&eve)).await.expect(200), json!([]));
    let wrong = json!({ "doctor_id": world.doctor, "visit_type_id": world.visit_type, "from": "2026-03-03", "until": "2026-13-03" });
    assert_eq!(app.post("/api/v1/waitlist", Some(&eve), wrong).await.problem(422), "invalid");
}
