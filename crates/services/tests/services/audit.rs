//! The audit and emergencies, on both engines: what is noted, who reads it, and that nobody changes it unnoticed.
//!
//! Who may do what is tested in `domain` and, world by world, in `agreement`.

use std::collections::BTreeMap;

use crate::world::{World, act_as, booking, on_both_engines};
use domain::{
    Call, Error,
    access::Role,
    appointments::{Move, MoveAppointment},
    audit::{AnswerQuestion, AskAboutAccess, AuditEvent, AuditQuery},
    emergencies::{DeclareEmergency, Finding, ReviewEmergency},
    error::Conflict,
    ids::PatientId,
    page::PageQuery,
};
use sqlx::{Connection, PgConnection, SqliteConnection};

const TEN: &str = "2026-11-24T10:00:00+01:00";
const WHY: &str = "Brought in without consciousness";

async fn looks(world: &World, patient: &Call) -> Vec<AuditEvent> {
    let id = own_patient(patient);
    world
        .services
        .audit
        .of_patient(patient, id, PageQuery { cursor: None, limit: Some(100) })
        .await
        .unwrap()
        .items
}

fn own_patient(patient: &Call) -> PatientId {
    patient.actor.principal().unwrap().patients[0]
}

async fn again(world: &World, call: &Call) -> Call {
    act_as(&world.services, call.actor.account_id().unwrap()).await
}

fn emergency(name: &str) -> DeclareEmergency {
    DeclareEmergency { full_name: name.into(), birth_date: "1950-05-05".into(), reason: WHY.into() }
}

/// Writes into the database past all triggers, as somebody with all rights there could.
async fn tamper(world: &World, sql: &'static str) {
    if let Some(url) = &world.database_url {
        let mut database = PgConnection::connect(url).await.unwrap();
        sqlx::query("SET session_replication_role = replica").execute(&mut database).await.unwrap();
        sqlx::query(sql).execute(&mut database).await.unwrap();
        return;
    }
    let mut database = SqliteConnection::connect(&file(world)).await.unwrap();
    for past in [
        "DROP TRIGGER IF EXISTS audit_events_keep",
        "DROP TRIGGER IF EXISTS audit_events_stay",
        "DROP TRIGGER IF EXISTS audit_subjects_keep",
        "DROP TRIGGER IF EXISTS audit_subjects_stay",
        "PRAGMA foreign_keys = OFF",
        sql,
    ] {
        sqlx::query(past).execute(&mut database).await.unwrap();
    }
}

/// Writes into the database as anybody with a connection could.
pub(crate) async fn refused(world: &World, sql: &'static str) -> Option<sqlx::Error> {
    if let Some(url) = &world.database_url {
        let mut database = PgConnection::connect(url).await.unwrap();
        return sqlx::query(sql).execute(&mut database).await.err();
    }
    let mut database = SqliteConnection::connect(&file(world)).await.unwrap();
    sqlx::query(sql).execute(&mut database).await.err()
}

fn file(world: &World) -> String {
    format!("sqlite://{}", world.folder.path().join("caresync.db").display())
}

on_both_engines! {
    async fn a_patient_sees_who_looked_and_why(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let ada = world.member(&admin, hospital.id, "ada@x.example", Role::Doctor, Some(doctor.card.id)).await;
        let desk = world.member(&admin, hospital.id, "desk@x.example", Role::Desk, None).await;
        let patient = world.patient("p@x.example").await;
        let visit = world.services.appointments.book(&patient, booking(&doctor, &visit_type, TEN)).await.unwrap();
        world.clock.advance_minutes(1);
        world.services.appointments.get(&ada, visit.id).await.unwrap();
        world.clock.advance_minutes(1);
        world.services.appointments.day(&desk, hospital.id, "2026-11-24".parse().ok()).await.unwrap();
        let seen = looks(&world, &patient).await;
        let told: Vec<_> = seen.iter().map(|e| (e.action.as_str(), e.basis.as_str(), e.purpose.as_str())).collect();
        assert_eq!(told, [("read_schedule", "desk", "HOPERAT"), ("read_appointment", "own_doctor", "TREAT"), ("book_appointment", "own_patient", "PATRQT")]);
        assert!(seen.iter().all(|event| event.address.is_none() && event.device.is_none()));
        assert_eq!(seen[1].hospital.as_deref(), Some("Lindenhof"));
        // Looking at the list is a look, too.
        world.clock.advance_minutes(1);
        looks(&world, &patient).await;
        world.clock.advance_minutes(1);
        assert_eq!(looks(&world, &patient).await[0].action, "read_patient_audit");
        // Somebody else's is not there.
        let other = world.patient("q@x.example").await;
        let refused = world.services.audit.of_patient(&other, own_patient(&patient), PageQuery::default()).await;
        assert_eq!(refused.err(), Some(Error::NotFound));
    }

    async fn what_is_denied_is_noted_for_the_hospital(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let stranger = world.patient("s@x.example").await;
        let refused = world.services.appointments.day(&stranger, hospital.id, None).await;
        assert_eq!(refused.err(), Some(Error::NotFound));
        let query = AuditQuery { denied: true, ..AuditQuery::default() };
        let found = world.services.audit.search(&admin, hospital.id, query.clone()).await.unwrap();
        assert_eq!((found.items.len(), found.items[0].action.as_str()), (1, "read_schedule"));
        assert_eq!(found.items[0].account_id, stranger.actor.account_id());
        // Whether all of it is more than a file takes does not hang on the page that is read.
        for (most, more) in [(0, true), (1, false)] {
            let page = PageQuery { limit: Some(1), ..PageQuery::default() };
            let query = AuditQuery { page, ..query.clone() };
            let sized = world.services.audit.search_sized(&admin, hospital.id, query, most).await.unwrap();
            assert_eq!((sized.0.items.len(), sized.1), (1, more));
        }
        assert_eq!(world.services.audit.search(&stranger, hospital.id, query.clone()).await.err(), Some(Error::NotFound));
        // And what the rules of a visit deny to somebody who may see it.
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let patient = world.patient("p@x.example").await;
        let visits = &world.services.appointments;
        let visit = visits.book(&patient, booking(&doctor, &visit_type, TEN)).await.unwrap();
        let ended = visits.advance(&patient, visit.id, Move::Complete, MoveAppointment::default()).await;
        assert_eq!(ended.err(), Some(Error::Forbidden));
        let found = world.services.audit.search(&admin, hospital.id, query).await.unwrap();
        let denied = found.items.iter().find(|event| event.action == "run_appointment").unwrap();
        assert_eq!((denied.basis.as_str(), denied.entity_id), ("none", Some(visit.id.0)));
        assert_eq!(denied.account_id, patient.actor.account_id());
    }

    async fn a_patient_asks_and_the_hospital_answers_once(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let desk = world.member(&admin, hospital.id, "desk@x.example", Role::Desk, None).await;
        let patient = world.patient("p@x.example").await;
        let visit = world.services.appointments.book(&patient, booking(&doctor, &visit_type, TEN)).await.unwrap();
        world.services.appointments.get(&desk, visit.id).await.unwrap();
        let look = looks(&world, &patient).await.into_iter().find(|event| event.basis == "desk").unwrap();
        let ask = |question: &str| AskAboutAccess { chain: look.place.chain.clone(), seq: look.place.seq, question: question.into() };
        let audit = &world.services.audit;
        let id = own_patient(&patient);
        assert_eq!(audit.ask(&patient, id, ask("")).await, Err(Error::invalid("question", "required")));
        audit.ask(&patient, id, ask("Why did the desk look?")).await.unwrap();
        assert_eq!(audit.ask(&patient, id, ask("Again")).await, Err(Error::conflict(Conflict::AlreadyDone)));
        let other = world.patient("q@x.example").await;
        assert_eq!(audit.ask(&other, own_patient(&other), ask("And me?")).await, Err(Error::NotFound));
        let open = audit.questions(&admin, hospital.id).await.unwrap();
        assert_eq!((open.len(), open[0].question.as_str(), open[0].answer.as_deref()), (1, "Why did the desk look?", None));
        let answer = AnswerQuestion { chain: look.place.chain.clone(), seq: look.place.seq, patient_id: id, answer: "To confirm your visit.".into() };
        audit.answer(&admin, hospital.id, answer.clone()).await.unwrap();
        assert_eq!(audit.answer(&admin, hospital.id, answer).await, Err(Error::conflict(Conflict::AlreadyDone)));
        let told = looks(&world, &patient).await.into_iter().find(|event| event.basis == "desk").unwrap();
        assert_eq!(told.answer.as_deref(), Some("To confirm your visit."));
    }

    async fn an_emergency_opens_one_patient_for_an_hour(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (second, _) = world.doctor(&admin, hospital.id, "Dr. Bo Lind").await;
        let bo = world.member(&admin, hospital.id, "bo@x.example", Role::Doctor, Some(second.card.id)).await;
        let patient = world.patient("p@x.example").await;
        let visit = world.services.appointments.book(&patient, booking(&doctor, &visit_type, TEN)).await.unwrap();
        let services = &world.services;
        assert_eq!(services.appointments.get(&bo, visit.id).await.err(), Some(Error::NotFound));
        let declare = |command| services.emergencies.declare(&bo, hospital.id, command);
        assert_eq!(declare(emergency("Nobody")).await.err(), Some(Error::invalid("full_name", "patient_unknown")));
        // That somebody asked for a name is noted, whatever came of it.
        let asked = AuditQuery { action: Some("declare_emergency".into()), ..AuditQuery::default() };
        let noted = services.audit.search(&admin, hospital.id, asked).await.unwrap().items;
        assert_eq!((noted.len(), noted[0].account_id), (1, bo.actor.account_id()));
        let short = DeclareEmergency { reason: "urgent".into(), ..emergency("Patient p@x.example") };
        assert_eq!(declare(short).await.err(), Some(Error::invalid("reason", "reason_too_short")));
        let declared = declare(emergency("patient P@x.example")).await.unwrap();
        let bo_now = again(&world, &bo).await;
        let letters = world.letters("p@x.example").await;
        assert!(letters.iter().any(|letter| letter.subject == "A record was opened in an emergency"));
        assert!(letters.iter().all(|letter| !letter.text.contains("Lindenhof")), "a letter names no hospital");
        let seen = services.appointments.get(&bo_now, visit.id).await.unwrap();
        assert_eq!(seen.birth_date, Some(jiff::civil::date(1950, 5, 5)));
        assert!(seen.moves.is_empty(), "an emergency lets one look, not act: {:?}", seen.moves);
        let told = looks(&world, &patient).await;
        assert_eq!((told[0].basis.as_str(), told[0].purpose.as_str(), told[0].reason.as_deref()), ("emergency", "BTG", Some(WHY)));
        // A list that shows the patient for the emergency alone is noted as one.
        let emergencies = async || looks(&world, &patient).await.into_iter().filter(|event| event.basis == "emergency").count();
        let before = emergencies().await;
        let found = services.appointments.patients(&bo_now, hospital.id, None, PageQuery::default()).await.unwrap();
        assert_eq!((found.items.len(), emergencies().await), (1, before + 1));
        // The patient is told of it, and nobody else is.
        let news = services.audit.emergencies_about(&patient, own_patient(&patient)).await.unwrap();
        let [only] = news.as_slice() else { panic!("one emergency, not {news:?}") };
        assert_eq!((only.declared_by.as_str(), only.hospital.as_str(), only.reason.as_str()), ("Member", "Lindenhof", WHY));
        assert_eq!(services.audit.emergencies_about(&bo, own_patient(&patient)).await, Err(Error::NotFound));
        world.clock.advance_minutes(1);
        // A second emergency within the hour: what was written about one patient is not told to the other.
        let stranger = world.patient("q@x.example").await;
        world.services.appointments.book(&stranger, booking(&doctor, &visit_type, "2026-11-24T12:00")).await.unwrap();
        let other = DeclareEmergency { reason: "Something private about another.".into(), ..emergency("Patient q@x.example") };
        declare(other).await.unwrap();
        services.appointments.get(&again(&world, &bo).await, visit.id).await.unwrap();
        let told: Vec<_> = looks(&world, &patient).await.into_iter().filter_map(|event| event.reason).collect();
        assert!(told.len() >= 2 && told.iter().all(|reason| reason == WHY), "{told:?}");
        world.clock.advance_minutes(61);
        assert_eq!(services.appointments.get(&again(&world, &bo).await, visit.id).await.err(), Some(Error::NotFound));
        // The administrator looks at it, once, and not lightly.
        let review = |finding, note: Option<&str>| ReviewEmergency { finding, note: note.map(Into::into) };
        let judge = |command| services.emergencies.review(&admin, hospital.id, declared.id, command);
        assert_eq!(judge(review(Finding::NotJustified, None)).await.err(), Some(Error::invalid("note", "required")));
        assert_eq!(judge(review(Finding::Justified, None)).await.unwrap().review.unwrap().finding, Finding::Justified);
        assert_eq!(judge(review(Finding::Justified, None)).await.err(), Some(Error::conflict(Conflict::AlreadyDone)));
        let queue = services.emergencies.list(&admin, hospital.id, PageQuery::default()).await.unwrap();
        assert_eq!((queue.items.len(), queue.items[0].patient_name.as_str(), queue.items[1].patient_name.as_str()), (2, "Patient q@x.example", "Patient p@x.example"));
        assert_eq!(services.emergencies.list(&bo, hospital.id, PageQuery::default()).await.err(), Some(Error::Forbidden));
    }

    async fn nobody_changes_the_audit_unnoticed(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let patient = world.patient("p@x.example").await;
        for start in ["2026-11-24T10:00", "2026-11-24T11:00", "2026-11-24T12:00"] {
            world.services.appointments.book(&patient, booking(&doctor, &visit_type, start)).await.unwrap();
        }
        let before = world.house.verify_audit(&BTreeMap::new()).await.unwrap();
        assert!(before.faults.is_empty() && before.entries >= 8, "{before:?}");
        let anchored = world.house.verify_audit(&before.heads).await.unwrap();
        assert!(anchored.faults.is_empty(), "{anchored:?}");
        world.services.appointments.day(&admin, hospital.id, None).await.unwrap();
        // A chain that has grown still holds its anchor.
        assert!(world.house.verify_audit(&before.heads).await.unwrap().faults.is_empty());
        let faults = async || world.house.verify_audit(&before.heads).await.unwrap().faults.len();
        tamper(&world, "UPDATE audit_events SET basis = 'care_relation' WHERE action = 'book_appointment'").await;
        let changed = faults().await;
        tamper(&world, "UPDATE audit_events SET basis = 'own_patient' WHERE action = 'book_appointment'").await;
        let restored = faults().await;
        tamper(&world, "DELETE FROM audit_subjects").await;
        let hidden = faults().await;
        tamper(&world, "DELETE FROM audit_events WHERE chain LIKE 'hospital-%' AND seq > 2").await;
        let cut = faults().await;
        assert!(changed > 0 && restored == 0 && hidden > 0 && cut > 0, "{changed} {restored} {hidden} {cut}");
    }

    async fn the_database_itself_refuses_to_change_the_audit(world: World) {
        world.hospital("Lindenhof", "Europe/Berlin").await;
        for sql in ["UPDATE audit_events SET at = 0", "DELETE FROM audit_events", "UPDATE audit_subjects SET at = 0", "DELETE FROM audit_subjects"] {
            // Without an entry about somebody there would be nothing to refuse.
            let patient = world.patient(&format!("p{}@x.example", sql.len())).await;
            world.services.accounts.own_patients(&patient).await.unwrap();
            let refused = refused(&world, sql).await;
            assert!(refused.is_some_and(|error| error.to_string().contains("audit_is_append_only")), "{sql}");
        }
    }
}
