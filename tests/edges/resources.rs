//! Rooms, limits and group visits over HTTP: what is set up is what decides, and what refuses says so in its own words.
//! Contests for a room or a seat are tested with the services.

use serde_json::json;

use crate::{
    app::{TestApp, on_each_engine},
    world::{World, id, visit_type},
};

on_each_engine!(
    a_room_is_needed_and_given,
    a_full_day_says_so,
    several_come_to_one_time,
    what_is_foreign_looks_absent
);

async fn a_room_is_needed_and_given(app: TestApp) {
    let world = World::new(app).await;
    let (ada, eve, desk) = (world.patient("ada").await, world.patient("eve").await, world.desk().await);
    let (app, admin) = (&world.app, Some(world.admin.as_str()));
    let here = format!("/api/v1/hospitals/{}", world.hospital);
    let room = json!({ "kind": "room", "name": "Room 1" });
    let room = app.post(&format!("{here}/resources"), admin, room).await.expect(201);
    assert_eq!((&room["active"], &room["version"]), (&json!(true), &json!(1)));
    let needs = format!("{here}/visit-types/{}/needs", world.visit_type);
    let need = json!({ "name": "Quiet room", "resource_ids": [room["id"]] });
    let need = app.post(&needs, admin, need).await.expect(200);
    assert_eq!(need[0]["resource_ids"], json!([room["id"]]));
    let visit =
        app.post("/api/v1/appointments", Some(&ada), world.booking("2026-03-03T09:00")).await.expect(201);
    let given = format!("/api/v1/appointments/{}/resources", id(&visit));
    for who in [&ada, &desk] {
        let given = app.get(&given, Some(who)).await.expect(200);
        assert_eq!((&given[0]["kind"], &given[0]["name"]), (&json!("room"), &json!("Room 1")));
    }
    assert_eq!(app.get(&given, Some(&eve)).await.problem(404), "not_found");
    // Out of use: there are no times any more, and the reason names the need and nobody.
    let change = json!({ "kind": "room", "name": "Room 1", "active": false, "version": 1 });
    let path = format!("{here}/resources/{}", id(&room));
    app.put(&path, admin, change.clone()).await.expect(200);
    assert_eq!(app.put(&path, admin, change).await.problem(409), "stale_version");
    assert!(world.slots("2026-03-04").await.is_empty());
    let why = format!(
        "/api/v1/doctors/{}/slots/explanation?visit_type={}&start=2026-03-04T10:00",
        world.doctor, world.visit_type
    );
    let why = app.get(&why, None).await.expect(200);
    assert_eq!((&why["rule"], &why["lacking"]), (&json!("slot_no_resource"), &json!("Quiet room")));
    let refused = app.post("/api/v1/appointments", Some(&eve), world.booking("2026-03-04T10:00")).await;
    assert_eq!(refused.problem(409), "slot_taken");
    let path = format!("{needs}/{}", need[0]["id"].as_str().unwrap());
    assert_eq!(app.delete(&path, admin).await.expect(200), json!([]));
    assert!(!world.slots("2026-03-04").await.is_empty());
}

async fn a_full_day_says_so(app: TestApp) {
    let world = World::new(app).await;
    let (ada, eve) = (world.patient("ada").await, world.patient("eve").await);
    let app = &world.app;
    let weekly: Vec<_> =
        (1..=5).map(|day| json!({ "weekday": day, "start": "09:00:00", "end": "12:00:00" })).collect();
    let rules = json!({ "cadence_minutes": 30, "notice_minutes": 60, "horizon_days": 90, "most_a_day": 1 });
    let path = format!("/api/v1/doctors/{}/hours", world.doctor);
    let hours = json!({ "weekly": weekly, "rules": rules });
    let hours = app.put(&path, Some(&world.admin), hours).await.expect(200);
    assert_eq!(hours["rules"]["most_a_day"], 1);
    app.post("/api/v1/appointments", Some(&ada), world.booking("2026-03-03T09:00")).await.expect(201);
    assert!(world.slots("2026-03-03").await.is_empty());
    let refused = app.post("/api/v1/appointments", Some(&eve), world.booking("2026-03-03T11:00")).await;
    assert_eq!(refused.problem(409), "day_full");
}

async fn several_come_to_one_time(app: TestApp) {
    let world = World::new(app).await;
    let (ada, eve, kim) =
        (world.patient("ada").await, world.patient("eve").await, world.patient("kim").await);
    let (app, admin) = (&world.app, Some(world.admin.as_str()));
    let path = format!("/api/v1/hospitals/{}/visit-types/{}", world.hospital, world.visit_type);
    let types = format!("/api/v1/hospitals/{}/visit-types", world.hospital);
    let before = app.get(&types, admin).await.expect(200);
    assert_eq!(before[0]["capacity"], 1, "whoever says nothing means one");
    let group = |capacity: i64| {
        let mut body = visit_type("First visit");
        body["capacity"] = json!(capacity);
        body
    };
    let refused = app.put(&path, admin, group(51)).await;
    assert_eq!(refused.problem(422), "invalid");
    assert_eq!(app.put(&path, admin, group(2)).await.expect(200)["capacity"], 2);
    let slots = format!(
        "/api/v1/doctors/{}/slots?visit_type={}&from=2026-03-03&to=2026-03-03",
        world.doctor, world.visit_type
    );
    assert_eq!(app.get(&slots, None).await.expect(200)["items"][0]["places_left"], 2);
    app.post("/api/v1/appointments", Some(&ada), world.booking("2026-03-03T09:00")).await.expect(201);
    let left = app.get(&slots, None).await.expect(200);
    assert_eq!(left["items"][0]["places_left"], 1);
    // How many places are left is all that is said.
    assert!(!left.to_string().contains("ada"), "{left}");
    let visit =
        app.post("/api/v1/appointments", Some(&eve), world.booking("2026-03-03T09:00")).await.expect(201);
    let read = app.get(&format!("/api/v1/appointments/{}", id(&visit)), Some(&eve)).await.expect(200);
    assert!(read.get("group_key").is_none() && read.get("seat_no").is_none(), "{read}");
    let refused = app.post("/api/v1/appointments", Some(&kim), world.booking("2026-03-03T09:00")).await;
    assert_eq!(refused.problem(409), "slot_taken");
    let why = format!(
        "/api/v1/doctors/{}/slots/explanation?visit_type={}&start=2026-03-03T09:00",
        world.doctor, world.visit_type
    );
    assert_eq!(app.get(&why, None).await.expect(200)["rule"], "slot_group_full");
}

async fn what_is_foreign_looks_absent(app: TestApp) {
    let world = World::new(app).await;
    let (eve, desk) = (world.patient("eve").await, world.desk().await);
    let app = &world.app;
    let here = format!("/api/v1/hospitals/{}/resources", world.hospital);
    assert_eq!(app.get(&here, None).await.problem(401), "unauthenticated");
    assert_eq!(app.get(&here, Some(&eve)).await.problem(404), "not_found");
    assert_eq!(app.get(&here, Some(&desk)).await.problem(403), "forbidden");
    let absent = uuid::Uuid::from_u128(7);
    let change = json!({ "kind": "room", "name": "Room 1" });
    let path = format!("{here}/{absent}");
    assert_eq!(app.put(&path, Some(&world.admin), change).await.problem(404), "not_found");
    let needs = format!("/api/v1/hospitals/{}/visit-types/{absent}/needs", world.hospital);
    assert_eq!(app.get(&needs, Some(&world.admin)).await.problem(404), "not_found");
}
