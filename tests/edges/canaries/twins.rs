//! One of two hospitals that differ in a mark alone: the word with which each of its texts begins.
//! Everything comes in through the API, in the same order for both.

use serde_json::{Value, json};

use crate::{
    app::TestApp,
    matrix::requests::Ids,
    world::{self, PASSWORD, token},
};

/// A hospital with everything that the house can keep about it.
pub(super) struct Twin {
    pub(super) ids: Ids,
    mark: String,
}

/// Who belongs to it.
const PEOPLE: &[&str] = &["admin", "desk", "treating", "stranger", "suspended", "patient"];

impl Twin {
    pub(super) async fn furnish(app: &TestApp, platform: &str, name: &str, mark: &str) -> Self {
        let hospital = world::id(
            &app.post("/api/v1/hospitals", Some(platform), world::hospital(name)).await.expect(201),
        );
        let mut twin = Self {
            ids: Ids { hospital, ..Ids::all("00000000-0000-7000-8000-000000000000") },
            mark: mark.into(),
        };
        let admin = twin.member(app, platform, "admin", json!({ "role": "hospital_admin" })).await;
        let path = format!("{}/visit-types", twin.path());
        let made = app.post(&path, Some(&admin), world::visit_type("Visit")).await.expect(201);
        twin.ids.visit_type = world::id(&made);
        let made = json!({ "name": "Cardiology" });
        app.post(&format!("{}/departments", twin.path()), Some(&admin), made).await.expect(201);
        twin.ids.doctor = twin.doctor(app, &admin, "Dr. Ada Weber").await;
        let second = twin.doctor(app, &admin, "Dr. Bo Weber").await;
        let role = json!({ "role": "doctor", "doctor_id": twin.ids.doctor });
        twin.member(app, &admin, "treating", role).await;
        let stranger =
            twin.member(app, &admin, "stranger", json!({ "role": "doctor", "doctor_id": second })).await;
        let desk = twin.member(app, &admin, "desk", json!({ "role": "desk" })).await;
        twin.member(app, &admin, "suspended", json!({ "role": "desk" })).await;
        let suspended = twin.member_id(app, &admin, "suspended").await;
        let path = format!("{}/members/{suspended}", twin.path());
        app.put(&path, Some(&admin), json!({ "state": "suspended" })).await.expect(200);
        twin.ids.member = twin.member_id(app, &admin, "desk").await;
        let open = json!({ "email": format!("{mark}invited@example.org"), "role": "desk" });
        app.post(&format!("{}/invitations", twin.path()), Some(&admin), open).await.expect(201);
        let patient = twin.patient(app).await;
        twin.visits(app, &patient, &desk).await;
        twin.plans(app, &desk).await;
        twin.waits(app, &patient).await;
        twin.emergency(app, &stranger, &admin).await;
        twin.question(app, &patient, &desk, &admin).await;
        twin
    }

    /// The beginnings of the addresses of its people.
    pub(super) fn names(&self) -> Vec<String> {
        PEOPLE.iter().map(|name| format!("{}{name}", self.mark)).collect()
    }

    fn path(&self) -> String {
        format!("/api/v1/hospitals/{}", self.ids.hospital)
    }

    fn text(&self, what: &str) -> String {
        format!("{}{what}", self.mark)
    }

    async fn member(&self, app: &TestApp, by: &str, name: &str, role: Value) -> String {
        let email = format!("{}@example.org", self.text(name));
        let mut command = role;
        command["email"] = json!(email);
        let invitation =
            app.post(&format!("{}/invitations", self.path()), Some(by), command).await.expect(201);
        let accept =
            json!({ "token": invitation["token"], "full_name": self.text(name), "password": PASSWORD });
        app.post("/api/v1/invitations/accept", None, accept).await.expect(200);
        token(app, &email).await
    }

    async fn member_id(&self, app: &TestApp, admin: &str, name: &str) -> String {
        let members = app.get(&format!("{}/members", self.path()), Some(admin)).await.expect(200);
        let name = self.text(name);
        let found =
            members["members"].as_array().unwrap().iter().find(|one| one["full_name"] == name.as_str());
        world::id(found.unwrap())
    }

    async fn doctor(&self, app: &TestApp, admin: &str, name: &str) -> String {
        let doctor = json!({ "name": name, "specialties": ["cardiology"], "languages": ["de"],
            "visit_type_ids": [self.ids.visit_type] });
        let path = format!("{}/doctors", self.path());
        let id = world::id(&app.post(&path, Some(admin), doctor).await.expect(201));
        let weekly: Vec<Value> =
            (1..=5).map(|day| json!({ "weekday": day, "start": "09:00:00", "end": "12:00:00" })).collect();
        let hours = json!({ "weekly": weekly });
        app.put(&format!("/api/v1/doctors/{id}/hours"), Some(admin), hours).await.expect(200);
        id
    }

    async fn patient(&self, app: &TestApp) -> String {
        let email = format!("{}@example.org", self.text("patient"));
        let command = json!({ "email": email, "password": PASSWORD, "full_name": self.text("patient"),
            "birth_date": "1951-11-24" });
        app.post("/api/v1/auth/register", None, command).await.expect(201);
        let confirm = json!({ "token": app.mail_secret(&email).await, "password": PASSWORD });
        app.post("/api/v1/auth/verify", None, confirm).await.expect(200);
        token(app, &email).await
    }

    /// One visit to come, and one that the desk has called off.
    async fn visits(&mut self, app: &TestApp, patient: &str, desk: &str) {
        let book = |start: &str| {
            json!({ "doctor_id": self.ids.doctor, "visit_type_id": self.ids.visit_type, "start": start,
                "reason": self.text("reason") })
        };
        let (first, second) = (book("2026-03-03T09:00"), book("2026-03-04T10:00"));
        let made = app.post("/api/v1/appointments", Some(patient), first).await.expect(201);
        let path = format!("/api/v1/appointments/{}/follow-ups", world::id(&made));
        let wish = json!({ "visit_type_id": self.ids.visit_type, "earliest": 2, "latest": 3, "unit": "weeks",
            "note": self.text("bring the letter") });
        self.ids.follow_up = world::id(&app.post(&path, Some(desk), wish).await.expect(201));
        made["patient_id"].as_str().unwrap().clone_into(&mut self.ids.patient);
        let called_off = app.post("/api/v1/appointments", Some(patient), second).await.expect(201);
        self.ids.appointment = world::id(&called_off);
        let path = format!("/api/v1/appointments/{}/cancel", self.ids.appointment);
        let reason = json!({ "version": called_off["version"], "reason": self.text("closed") });
        app.post(&path, Some(desk), reason).await.expect(200);
    }

    /// The desk plans to call the visit off.
    async fn plans(&mut self, app: &TestApp, desk: &str) {
        let doctor = format!("/api/v1/doctors/{}", self.ids.doctor);
        let path = format!("{doctor}/changeable-visits?from=2026-03-03&to=2026-03-03");
        let visit = app.get(&path, Some(desk)).await.expect(200)["visits"][0].clone();
        let item = json!({ "appointment_id": visit["id"], "version": visit["version"], "change": { "what": "cancel" } });
        let plan = json!({ "reason": self.text("plan"), "items": [item] });
        self.ids.change =
            world::id(&app.post(&format!("{doctor}/changes"), Some(desk), plan).await.expect(201));
    }

    /// Somebody waits.
    async fn waits(&mut self, app: &TestApp, patient: &str) {
        let wish = json!({ "doctor_id": self.ids.doctor, "visit_type_id": self.ids.visit_type,
            "from": "2026-03-05", "until": "2026-03-20" });
        self.ids.entry = world::id(&app.post("/api/v1/waitlist", Some(patient), wish).await.expect(201));
    }

    async fn emergency(&mut self, app: &TestApp, doctor: &str, admin: &str) {
        let path = format!("{}/emergencies", self.path());
        let command = json!({ "full_name": self.text("patient"), "birth_date": "1951-11-24",
            "reason": self.text("emergency: brought in without consciousness") });
        self.ids.emergency = world::id(&app.post(&path, Some(doctor), command).await.expect(201));
        let review = json!({ "finding": "justified", "note": self.text("note") });
        let path = format!("{path}/{}/review", self.ids.emergency);
        app.post(&path, Some(admin), review).await.expect(200);
    }

    async fn question(&self, app: &TestApp, patient: &str, desk: &str, admin: &str) {
        let about = &self.ids.patient;
        app.get(&format!("{}/patients/{about}", self.path()), Some(desk)).await.expect(200);
        let looks = app.get(&format!("/api/v1/patients/{about}/accesses"), Some(patient)).await.expect(200);
        let items = looks["items"].as_array().unwrap();
        let look = items.iter().find(|look| look["hospital_id"] == self.ids.hospital.as_str()).unwrap();
        let asked = json!({ "chain": look["place"]["chain"], "seq": look["place"]["seq"], "question": self.text("question") });
        let path = format!("/api/v1/patients/{about}/accesses/questions");
        app.post(&path, Some(patient), asked).await.expect(204);
        let answer = json!({ "chain": look["place"]["chain"], "seq": look["place"]["seq"], "patient_id": about,
            "answer": self.text("answer") });
        let path = format!("{}/access-questions/answers", self.path());
        app.post(&path, Some(admin), answer).await.expect(204);
    }
}
