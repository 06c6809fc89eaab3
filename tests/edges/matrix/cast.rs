//! The callers, and the two hospitals between which they stand.
//! Everybody comes in through the API.

use serde_json::{Value, json};

use super::requests::Ids;
use crate::{
    app::TestApp,
    world::{self, PASSWORD, World, token},
};

/// Everybody who asks, and what they ask about.
pub(super) struct Cast {
    pub(super) app: TestApp,
    pub(super) callers: Vec<(&'static str, Option<String>)>,
    pub(super) own: Ids,
    pub(super) foreign: Ids,
    pub(super) random: Ids,
    pub(super) malformed: Ids,
    /// The patients of `own` and `foreign`.
    owners: [String; 2],
    /// Whoever helps both, and is nobody's caller.
    spare: String,
}

/// A hospital with all that is in it.
struct Place {
    ids: Ids,
    admin: String,
}

impl Cast {
    pub(super) async fn new() -> Self {
        let World { app, platform, admin, hospital, doctor, visit_type } =
            World::new(TestApp::sqlite().await).await;
        let mut here = Place { ids: Ids { hospital, doctor, visit_type, ..Ids::random() }, admin };
        let mut there = elsewhere(&app, &platform).await;
        let patient = patient(&app, "self", &here).await;
        let other = patient_with(&app, "other", &mut there.ids, "2026-03-04T09:00").await;
        let same_house = patient_visit(&app, "neighbour", &here.ids, "2026-03-04T09:00").await;
        let (own_patient, own_visit) = (patient.1.clone(), patient.2.clone());
        let proxy = signed_up(&app, "proxy").await;
        let payer = signed_up(&app, "payer").await;
        let spare = signed_up(&app, "spare").await;
        let all = json!(["book", "pay", "messages", "records", "prescriptions", "sensitive"]);
        helps(&app, &patient.0, &own_patient, "proxy", &proxy, all).await;
        helps(&app, &patient.0, &own_patient, "payer", &payer, json!(["pay"])).await;
        here.ids.offer = child_offer(&app, &patient.0, "payer").await;
        helps(&app, &other, &there.ids.patient, "payer", &payer, json!(["pay"])).await;
        there.ids.offer = child_offer(&app, &other, "self").await;
        let treating =
            member(&app, &here, "treating", json!({ "role": "doctor", "doctor_id": here.ids.doctor })).await;
        let second = second_doctor(&app, &here).await;
        let stranger =
            member(&app, &here, "stranger", json!({ "role": "doctor", "doctor_id": second })).await;
        let foreign_doctor =
            member(&app, &there, "abroad", json!({ "role": "doctor", "doctor_id": there.ids.doctor })).await;
        let desk = member(&app, &here, "desk", json!({ "role": "desk" })).await;
        let suspended = member(&app, &here, "suspended", json!({ "role": "desk" })).await;
        suspend(&app, &here, "suspended").await;
        let invited = signed_up(&app, "invited").await;
        let path = format!("/api/v1/hospitals/{}/invitations", here.ids.hospital);
        app.post(&path, Some(&here.admin), json!({ "email": "invited@example.org", "role": "desk" }))
            .await
            .expect(201);
        here.ids.emergency = declare(&app, &here, &stranger, "neighbour").await;
        here.ids.patient = own_patient;
        here.ids.appointment = own_visit;
        here.ids.member = member_id(&app, &here, "desk").await;
        there.ids.member = member_id(&app, &there, "abroad").await;
        here.ids.sign_in = another_sign_in(&app, "self").await;
        there.ids.sign_in = another_sign_in(&app, "other").await;
        here.ids.entry = waited(&app, &patient.0, &here).await;
        there.ids.entry = waited(&app, &other, &there).await;
        here.ids.change = planned(&app, &here).await;
        there.ids.change = planned(&app, &there).await;
        here.ids.follow_up = asked_back(&app, &here).await;
        there.ids.follow_up = asked_back(&app, &there).await;
        here.ids.payment = paid(&app, &here).await;
        there.ids.payment = paid(&app, &there).await;
        let owners = [patient.0.clone(), other.clone()];
        let callers = vec![
            ("nobody", None),
            ("patient", Some(patient.0)),
            ("patient of the house", Some(same_house.0)),
            ("patient elsewhere", Some(other)),
            ("helper with everything", Some(proxy)),
            ("helper who only pays", Some(payer)),
            ("doctor who treats", Some(treating)),
            ("doctor who does not", Some(stranger)),
            ("doctor elsewhere", Some(foreign_doctor)),
            ("desk", Some(desk)),
            ("administrator", Some(here.admin.clone())),
            ("administrator elsewhere", Some(there.admin.clone())),
            ("platform", Some(platform)),
            ("suspended", Some(suspended)),
            ("invited", Some(invited)),
        ];
        let mut cast = Self {
            app,
            callers,
            own: here.ids,
            foreign: there.ids,
            random: Ids::random(),
            malformed: Ids::malformed(),
            owners,
            spare,
        };
        cast.around_the_patients().await;
        cast
    }

    /// A helper whom each of the two patients can take the right from, and an offer that she can take back: made again when an entry has
    /// ended them, so that the next one finds them.
    pub(super) async fn around_the_patients(&mut self) {
        for (owner, ids) in self.owners.iter().zip([&mut self.own, &mut self.foreign]) {
            let family = self.app.get("/api/v1/family", Some(owner)).await.expect(200);
            let stands = |list: &str, key: &str, id: &str| {
                family[list].as_array().unwrap().iter().any(|one| one[key] == id)
            };
            let (helper, offer) =
                (stands("helpers", "account_id", &ids.helper), stands("asked", "id", &ids.own_offer));
            if !helper {
                let may = json!(["messages"]);
                ids.helper = helps(&self.app, owner, &ids.patient, "spare", &self.spare, may).await;
            }
            if !offer {
                ids.own_offer = help_offer(&self.app, owner, &ids.patient).await;
            }
        }
    }
}

/// A second hospital, with its own administrator, doctor and visit type.
async fn elsewhere(app: &TestApp, platform: &str) -> Place {
    let made =
        app.post("/api/v1/hospitals", Some(platform), world::hospital("Isar Clinic")).await.expect(201);
    let hospital = world::id(&made);
    let mut place = Place { ids: Ids { hospital, ..Ids::random() }, admin: platform.to_owned() };
    place.admin = member(app, &place, "admin-elsewhere", json!({ "role": "hospital_admin" })).await;
    let path = format!("/api/v1/hospitals/{}", place.ids.hospital);
    let made = app.post(&format!("{path}/visit-types"), Some(&place.admin), world::visit_type("Visit")).await;
    place.ids.visit_type = world::id(&made.expect(201));
    place.ids.doctor = doctor(app, &place, "Dr. Bo Isar").await;
    place
}

async fn doctor(app: &TestApp, place: &Place, name: &str) -> String {
    let path = format!("/api/v1/hospitals/{}/doctors", place.ids.hospital);
    let doctor = json!({ "name": name, "specialties": ["cardiology"], "languages": ["de"],
        "visit_type_ids": [place.ids.visit_type] });
    let id = world::id(&app.post(&path, Some(&place.admin), doctor).await.expect(201));
    let weekly: Vec<Value> =
        (1..=5).map(|day| json!({ "weekday": day, "start": "09:00:00", "end": "12:00:00" })).collect();
    let hours = json!({ "weekly": weekly });
    app.put(&format!("/api/v1/doctors/{id}/hours"), Some(&place.admin), hours).await.expect(200);
    id
}

async fn second_doctor(app: &TestApp, place: &Place) -> String {
    doctor(app, place, "Dr. Cy Weber").await
}

async fn signed_up(app: &TestApp, name: &str) -> String {
    let email = format!("{name}@example.org");
    let command =
        json!({ "email": email, "password": PASSWORD, "full_name": name, "birth_date": "1951-11-24" });
    app.post("/api/v1/auth/register", None, command).await.expect(201);
    let confirm = json!({ "token": app.mail_secret(&email).await, "password": PASSWORD });
    app.post("/api/v1/auth/verify", None, confirm).await.expect(200);
    token(app, &email).await
}

/// A patient with a visit tomorrow: her token, her id, the visit's id.
async fn patient(app: &TestApp, name: &str, place: &Place) -> (String, String, String) {
    patient_visit(app, name, &place.ids, "2026-03-03T09:00").await
}

async fn patient_visit(app: &TestApp, name: &str, ids: &Ids, start: &str) -> (String, String, String) {
    let token = signed_up(app, name).await;
    let command = json!({ "doctor_id": ids.doctor, "visit_type_id": ids.visit_type, "start": start });
    let made = app.post("/api/v1/appointments", Some(&token), command).await.expect(201);
    let patient = made["patient_id"].as_str().unwrap().to_owned();
    (token, patient, world::id(&made))
}

/// The same elsewhere; her ids become those of that hospital.
async fn patient_with(app: &TestApp, name: &str, ids: &mut Ids, start: &str) -> String {
    let (token, patient, visit) = patient_visit(app, name, ids, start).await;
    ids.patient = patient;
    ids.appointment = visit;
    token
}

async fn member(app: &TestApp, place: &Place, name: &str, role: Value) -> String {
    let email = format!("{name}@example.org");
    let path = format!("/api/v1/hospitals/{}/invitations", place.ids.hospital);
    let mut command = role;
    command["email"] = json!(email);
    let invitation = app.post(&path, Some(&place.admin), command).await.expect(201);
    let accept = json!({ "token": invitation["token"], "full_name": name, "password": PASSWORD });
    app.post("/api/v1/invitations/accept", None, accept).await.expect(200);
    token(app, &email).await
}

async fn member_id(app: &TestApp, place: &Place, name: &str) -> String {
    let path = format!("/api/v1/hospitals/{}/members", place.ids.hospital);
    let members = app.get(&path, Some(&place.admin)).await.expect(200);
    let email = format!("{name}@example.org");
    let found =
        members["members"].as_array().unwrap().iter().find(|member| member["email"] == email.as_str());
    world::id(found.unwrap())
}

async fn suspend(app: &TestApp, place: &Place, name: &str) {
    let member = member_id(app, place, name).await;
    let path = format!("/api/v1/hospitals/{}/members/{member}", place.ids.hospital);
    app.put(&path, Some(&place.admin), json!({ "state": "suspended" })).await.expect(200);
}

async fn declare(app: &TestApp, place: &Place, doctor: &str, patient: &str) -> String {
    let path = format!("/api/v1/hospitals/{}/emergencies", place.ids.hospital);
    let command = json!({ "full_name": patient, "birth_date": "1951-11-24", "reason": "Brought in without consciousness" });
    world::id(&app.post(&path, Some(doctor), command).await.expect(201))
}

/// Money that the desk has taken for the place's visit.
async fn paid(app: &TestApp, place: &Place) -> String {
    let path = format!("/api/v1/appointments/{}/payments", place.ids.appointment);
    let taken = app.post(&path, Some(&place.admin), json!({ "method": "cash", "amount_minor": 100 })).await;
    world::id(&taken.expect(200)["payments"][0])
}

/// A plan that puts the place's visit where nobody works, so that it is never made.
async fn planned(app: &TestApp, place: &Place) -> String {
    let visit = &place.ids.appointment;
    let seen = app.get(&format!("/api/v1/appointments/{visit}"), Some(&place.admin)).await.expect(200);
    let to = json!({ "what": "move", "doctor_id": place.ids.doctor, "start": "2026-03-03T23:00" });
    let item = json!({ "appointment_id": visit, "version": seen["version"], "change": to });
    let path = format!("/api/v1/doctors/{}/changes", place.ids.doctor);
    world::id(&app.post(&path, Some(&place.admin), json!({ "items": [item] })).await.expect(201))
}

/// A ticket that its hospital has taken back again.
async fn asked_back(app: &TestApp, place: &Place) -> String {
    let path = format!("/api/v1/appointments/{}/follow-ups", place.ids.appointment);
    let wish = json!({ "visit_type_id": place.ids.visit_type, "earliest": 2, "latest": 3, "unit": "weeks" });
    let ticket = world::id(&app.post(&path, Some(&place.admin), wish).await.expect(201));
    app.delete(&format!("/api/v1/follow-ups/{ticket}"), Some(&place.admin)).await.expect(200);
    ticket
}

/// A place on the waiting list that its patient has left again.
async fn waited(app: &TestApp, patient: &str, place: &Place) -> String {
    let wish = json!({ "doctor_id": place.ids.doctor, "visit_type_id": place.ids.visit_type,
        "from": "2026-03-05", "until": "2026-03-20" });
    let entry = world::id(&app.post("/api/v1/waitlist", Some(patient), wish).await.expect(201));
    app.delete(&format!("/api/v1/waitlist/{entry}"), Some(patient)).await.expect(200);
    entry
}

async fn another_sign_in(app: &TestApp, name: &str) -> String {
    let second = token(app, &format!("{name}@example.org")).await;
    let list = app.get("/api/v1/auth/sessions", Some(&second)).await.expect(200);
    let items = list["items"].as_array().or(list.as_array()).unwrap();
    world::id(items.iter().find(|item| item["current"] == true).unwrap())
}

/// Lets an account act for a patient; the helper's account.
async fn helps(app: &TestApp, owner: &str, patient: &str, name: &str, helper: &str, may: Value) -> String {
    let email = format!("{name}@example.org");
    let path = format!("/api/v1/patients/{patient}/helpers");
    let command = json!({ "email": email, "relation": "child", "permissions": may });
    let offer = world::id(&app.post(&path, Some(owner), command).await.expect(201));
    let path = format!("/api/v1/family/offers/{offer}/answer");
    app.post(&path, Some(helper), json!({ "accept": true })).await.expect(204);
    let family = app.get("/api/v1/family", Some(owner)).await.expect(200);
    let helpers = family["helpers"].as_array().unwrap();
    let found = helpers.iter().find(|helper| helper["email"] == email.as_str()).unwrap();
    found["account_id"].as_str().unwrap().to_owned()
}

/// An offer to a child of the owner's, which whoever is asked may answer.
async fn child_offer(app: &TestApp, owner: &str, asked: &str) -> String {
    let child = json!({ "full_name": "Mia Member", "birth_date": "2012-01-01" });
    let child = world::id(&app.post("/api/v1/family/children", Some(owner), child).await.expect(201));
    let path = format!("/api/v1/patients/{child}/own-account");
    let email = json!({ "email": format!("{asked}@example.org") });
    world::id(&app.post(&path, Some(owner), email).await.expect(201))
}

/// An offer that the owner can take back.
async fn help_offer(app: &TestApp, owner: &str, patient: &str) -> String {
    let path = format!("/api/v1/patients/{patient}/helpers");
    let command = json!({ "email": "later@example.org", "relation": "carer", "permissions": ["book"] });
    world::id(&app.post(&path, Some(owner), command).await.expect(201))
}
