//! Follow-ups and series over HTTP: the way from being asked back to a visit, and from a plan to a row of visits; a foreign ticket and an
//! absent one look alike. Which times fit is tested with the services.

use serde_json::json;

use crate::{
    app::{TestApp, on_each_engine},
    browser::{get, signed_in},
    world::{PASSWORD, World, id},
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

/// The hospital is shown more than she may book for herself.
#[tokio::test]
async fn a_member_who_books_for_herself_is_shown_what_patients_are() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let ada = world.patient("ada").await;
    let here = format!("/api/v1/hospitals/{}", world.hospital);
    let invitation = json!({ "email": "ada@example.org", "role": "desk" });
    let invitation =
        app.post(&format!("{here}/invitations"), Some(&world.admin), invitation).await.expect(201);
    let accept = json!({ "token": invitation["token"], "full_name": "Ada", "password": PASSWORD });
    app.post("/api/v1/invitations/accept", Some(&ada), accept).await.expect(200);
    let mut kinds = vec![world.visit_type.clone()];
    for (name, asked) in [("Seawater bath", false), ("Bone check", true)] {
        let mut kind = crate::world::visit_type(name);
        kind["series"] = json!(true);
        kind["follow_up_only"] = json!(asked);
        kinds.push(id(&app.post(&format!("{here}/visit-types"), Some(&world.admin), kind).await.expect(201)));
    }
    let doctor = format!("/api/v1/doctors/{}", world.doctor);
    let change = json!({ "name": "Dr. Ada Weber", "specialties": ["cardiology"], "languages": ["de", "en"],
        "visit_type_ids": kinds });
    app.put(&doctor, Some(&world.admin), change).await.expect(200);
    let cookie = signed_in(app, "ada").await;
    for path in [format!("/doctors/{}", world.doctor), format!("/book/{}/reason", world.doctor)] {
        let page = get(app, &path, &cookie).await.text;
        assert!(page.contains("Seawater bath") && !page.contains("Bone check"), "{path}: {page}");
    }
    let page = get(app, &format!("/book/{}/series", world.doctor), &cookie).await.text;
    assert!(page.contains(">Seawater bath, €80<") && !page.contains(">Bone check"), "{page}");
    // Where the hospital books, it has all of them.
    let shown = app.get(&doctor, Some(&world.admin)).await.expect(200);
    assert_eq!(shown["visit_types"].as_array().unwrap().len(), 3);
}

/// Whoever books for somebody sees for whom, and what it costs.
#[tokio::test]
async fn the_desk_reads_for_whom_a_row_of_visits_is_and_what_all_of_them_cost() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let (grace, _) = (world.patient("grace").await, world.desk().await);
    let here = format!("/api/v1/hospitals/{}", world.hospital);
    let mut kind = crate::world::visit_type("Visit");
    kind["series"] = json!(true);
    let path = format!("{here}/visit-types/{}", world.visit_type);
    app.put(&path, Some(&world.admin), kind).await.expect(200);
    let booked = app.post("/api/v1/appointments", Some(&grace), world.booking("2026-03-04T09:00")).await;
    let visit = booked.expect(201);
    let whom = visit["patient_id"].as_str().unwrap();
    let wish = "date=2026-03-03&time=09:00&every=1&count=3";
    let path = format!("/hospital/{}/series/{}?patient={whom}&{wish}", world.hospital, world.doctor);
    let page = get(app, &path, &signed_in(app, "desk").await).await.text;
    assert!(page.contains("For grace"), "{page}");
    assert!(page.contains("cost €240 together"), "{page}");
    assert!(page.contains("The patient pays for these visits at the hospital."), "{page}");
    // She herself reads what is hers to do.
    let path = format!("/book/{}/series?{wish}", world.doctor);
    let page = get(app, &path, &signed_in(app, "grace").await).await.text;
    assert!(page.contains("cost €240 together") && page.contains("You pay for these visits"), "{page}");
    // Of a row, what is cancelled is named with its patient, too.
    let row = json!({ "doctor_id": world.doctor, "visit_type_id": world.visit_type,
        "starts": ["2026-03-03T09:00", "2026-03-10T09:00"] });
    let row = app.post("/api/v1/series", Some(&grace), row).await.expect(201);
    let first = row["visits"][0]["id"].as_str().unwrap();
    let path = format!("/hospital/{}/appointments/{first}/cancel-series", world.hospital);
    let page = get(app, &path, &signed_in(app, "desk").await).await.text;
    assert!(page.contains("For grace, born"), "{page}");
    assert!(page.contains("no money goes back by itself"), "{page}");
    let page =
        get(app, &format!("/appointments/{first}/cancel-series"), &signed_in(app, "grace").await).await.text;
    assert!(page.contains("please ask there about your money") && !page.contains("For grace"), "{page}");
}
