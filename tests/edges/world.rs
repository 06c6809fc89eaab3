//! What stands in a test's server: a hospital in Berlin with a doctor, her hours, and the people around her.
//! Everything is made through the API, as an administrator would.

use serde_json::{Value, json};

use crate::app::TestApp;

pub(crate) const PASSWORD: &str = "three blue herons";

/// The ids and tokens of the small world.
pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) platform: String,
    pub(crate) admin: String,
    pub(crate) hospital: String,
    pub(crate) doctor: String,
    pub(crate) visit_type: String,
}

impl World {
    /// A doctor who works Monday to Friday, 09:00 to 12:00 in Berlin, every half hour.
    pub(crate) async fn new(app: TestApp) -> Self {
        app.house.create_platform_admin("platform@example.org", "Pia Platform", PASSWORD).await.unwrap();
        let platform = token(&app, "platform@example.org").await;
        let hospital =
            id(&app.post("/api/v1/hospitals", Some(&platform), hospital("Spree Clinic")).await.expect(201));
        let admin = member(&app, &platform, &hospital, "admin@example.org", json!("hospital_admin")).await;
        let path = format!("/api/v1/hospitals/{hospital}");
        let visit_type = app
            .post(&format!("{path}/visit-types"), Some(&admin), visit_type("First visit"))
            .await
            .expect(201);
        let visit_type = id(&visit_type);
        let doctor = json!({ "name": "Dr. Ada Weber", "specialties": ["cardiology"], "languages": ["de", "en"],
            "visit_type_ids": [visit_type] });
        let doctor = id(&app.post(&format!("{path}/doctors"), Some(&admin), doctor).await.expect(201));
        let weekly: Vec<Value> =
            (1..=5).map(|day| json!({ "weekday": day, "start": "09:00:00", "end": "12:00:00" })).collect();
        let rules = json!({ "cadence_minutes": 30, "notice_minutes": 60, "horizon_days": 90 });
        let hours = json!({ "weekly": weekly, "rules": rules });
        app.put(&format!("/api/v1/doctors/{doctor}/hours"), Some(&admin), hours).await.expect(200);
        Self { app, platform, admin, hospital, doctor, visit_type }
    }

    /// A patient's token.
    pub(crate) async fn patient(&self, name: &str) -> String {
        let email = format!("{name}@example.org");
        let command =
            json!({ "email": email, "password": PASSWORD, "full_name": name, "birth_date": "1951-11-24" });
        self.app.post("/api/v1/auth/register", None, command).await.expect(201);
        let secret = self.app.mail_secret(&email).await;
        let confirm = json!({ "token": secret, "password": PASSWORD });
        assert_eq!(self.app.post("/api/v1/auth/verify", None, confirm).await.expect(200)["verified"], true);
        token(&self.app, &email).await
    }

    /// A token of somebody at the front desk.
    pub(crate) async fn desk(&self) -> String {
        member(&self.app, &self.admin, &self.hospital, "desk@example.org", json!("desk")).await
    }

    /// The free times of a date.
    pub(crate) async fn slots(&self, date: &str) -> Vec<String> {
        let (doctor, visit_type) = (&self.doctor, &self.visit_type);
        let path = format!("/api/v1/doctors/{doctor}/slots?visit_type={visit_type}&from={date}&to={date}");
        let slots = self.app.get(&path, None).await.expect(200);
        assert_eq!(slots["time_zone"], "Europe/Berlin");
        slots["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|slot| slot["start"].as_str().unwrap().to_owned())
            .collect()
    }

    /// What books a time.
    pub(crate) fn booking(&self, start: &str) -> Value {
        json!({ "doctor_id": self.doctor, "visit_type_id": self.visit_type, "start": start })
    }
}

/// The id of what was made.
pub(crate) fn id(made: &Value) -> String {
    made["id"].as_str().unwrap().to_owned()
}

/// A token for an address.
pub(crate) async fn token(app: &TestApp, email: &str) -> String {
    let answer = app
        .post("/api/v1/auth/token", None, json!({ "email": email, "password": PASSWORD }))
        .await
        .expect(200);
    assert_eq!(answer["token_type"], "Bearer");
    assert!(answer["expires_in"].as_u64().unwrap() > 0);
    answer["access_token"].as_str().unwrap().to_owned()
}

async fn member(app: &TestApp, by: &str, hospital: &str, email: &str, role: Value) -> String {
    let path = format!("/api/v1/hospitals/{hospital}/invitations");
    let invitation = app.post(&path, Some(by), json!({ "email": email, "role": role })).await.expect(201);
    let accept = json!({ "token": invitation["token"], "full_name": "Mia Member", "password": PASSWORD });
    app.post("/api/v1/invitations/accept", None, accept).await.expect(200);
    token(app, email).await
}

pub(crate) fn hospital(name: &str) -> Value {
    json!({ "name": name, "address": "Uferweg 1", "city": "Berlin", "phone": "+49 30 1234567",
        "time_zone": "Europe/Berlin", "currency": "EUR", "staff_second_factor": false })
}

pub(crate) fn visit_type(name: &str) -> Value {
    json!({ "name": name, "modality": "in_person", "minutes": 30, "price_minor": 8000 })
}
