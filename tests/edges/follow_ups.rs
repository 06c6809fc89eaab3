//! Follow-ups and series over HTTP: the way from being asked back to a visit, and from a plan to a row of visits; a foreign ticket and an
//! absent one look alike. Which times fit is tested with the services.

use serde_json::json;

use crate::{
    app::{TestApp, on_each_engine},
    world::{World, id},
};

on_each_engine!(somebody_is_asked_back, several_visits_in_a_row);

async fn somebody_is_asked_back(app: TestApp) {
    let world = World::new(app).await;
    let (ada, eve, desk) = (world.patient("ada").await, world.patient("eve").await, world.desk().await);
    let app = &world.app;
    let book =
        json!({ "doctor_id": world.doctor, "visit_type_id": world.visit_type, "start": "2026-03-03T09:00" });
    let visit = id(&app.post("/api/v1/appointments", Some(&ada), book).await.expect(201));
    let path = format!("/api/v1/appointments/{visit}/follow-ups");
    let wish = json!({ "visit_type_id": world.visit_type, "earliest": 2, "latest": 4, "unit": "weeks" });
    let ticket = app.post(&path, Some(&desk), wish).await.expect(201);
    assert_eq!((&ticket["status"], &ticket["withdrawable"]), (&json!("open"), &json!(true)));
    let ticket = format!("/api/v1/follow-ups/{}", id(&ticket));
    let absent = format!("/api/v1/follow-ups/{}", uuid::Uuid::from_u128(7));
    for tail in ["", "/times"] {
        let ask = async |path: &str| app.get(&format!("{path}{tail}"), Some(&eve)).await;
        let (foreign, absent) = (ask(&ticket).await, ask(&absent).await);
        assert_eq!((foreign.status, &foreign.text), (absent.status, &absent.text), "{tail}");
        assert_eq!(foreign.problem(404), "not_found");
    }
    let own = app.get("/api/v1/follow-ups", Some(&ada)).await.expect(200);
    assert_eq!((own.as_array().unwrap().len(), &own[0]["bookable"]), (1, &json!(true)));
    assert_eq!(app.get("/api/v1/follow-ups", Some(&eve)).await.expect(200), json!([]));
    let times = app.get(&format!("{ticket}/times"), Some(&ada)).await.expect(200);
    let chosen = json!({ "start": times["items"][0]["start"], "doctor_id": times["items"][0]["doctor_id"] });
    let book = format!("{ticket}/book");
    assert_eq!(app.post(&book, Some(&eve), chosen.clone()).await.problem(404), "not_found");
    let visit = app.post(&book, Some(&ada), chosen.clone()).await.expect(201);
    assert_eq!((&visit["status"], &visit["start"]), (&json!("booked"), &times["items"][0]["start"]));
    assert_eq!(app.post(&book, Some(&ada), chosen).await.problem(409), "ticket_over");
    assert_eq!(app.delete(&ticket, Some(&desk)).await.problem(409), "ticket_over");
    let now = app.get(&ticket, Some(&desk)).await.expect(200);
    assert_eq!((&now["status"], &now["booked_id"]), (&json!("booked"), &visit["id"]));
}

async fn several_visits_in_a_row(app: TestApp) {
    let world = World::new(app).await;
    let (ada, eve) = (world.patient("ada").await, world.patient("eve").await);
    let app = &world.app;
    let path = format!("/api/v1/hospitals/{}/visit-types/{}", world.hospital, world.visit_type);
    let mut kind = crate::world::visit_type("Visit");
    kind["series"] = json!(true);
    app.put(&path, Some(&world.admin), kind).await.expect(200);
    let plan = json!({ "doctor_id": world.doctor, "visit_type_id": world.visit_type, "start": "2026-03-03T09:00",
        "every_weeks": 1, "count": 3 });
    let plan = app.post("/api/v1/series/plan", Some(&ada), plan).await.expect(200);
    assert!(plan["visits"].as_array().unwrap().iter().all(|visit| visit["rule"].is_null()), "{plan}");
    let start = |index: usize| plan["visits"][index]["start"].clone();
    let row = |starts: serde_json::Value| json!({ "doctor_id": world.doctor, "visit_type_id": world.visit_type, "starts": starts });
    let made =
        app.post("/api/v1/series", Some(&ada), row(json!([start(0), start(1), start(2)]))).await.expect(201);
    let first = made["visits"][0]["id"].as_str().unwrap().to_owned();
    let taken = app.post("/api/v1/series", Some(&eve), row(json!([start(1), "2026-03-24T09:00"]))).await;
    let text = taken.text.clone();
    assert_eq!(taken.problem(422), "invalid");
    assert!(text.contains("starts.0") && !text.contains("starts.1"), "{text}");
    let path = format!("/api/v1/appointments/{first}/series");
    assert_eq!(app.get(&path, Some(&eve)).await.problem(404), "not_found");
    assert_eq!(app.get(&path, Some(&ada)).await.expect(200)["total"], json!(3));
    let left = app.post(&format!("{path}/cancel"), Some(&ada), json!({})).await.expect(200);
    assert!(left["visits"].as_array().unwrap().iter().all(|visit| visit["status"] == "cancelled"), "{left}");
}
