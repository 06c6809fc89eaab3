//! How a wish is asked for over HTTP, and what an answer says.
//! Whether it is true is not asked here.

use domain::{
    appointments::Status,
    ids::{AppointmentId, DoctorId, PatientId, VisitTypeId, WaitlistEntryId},
    waitlist::EntryStatus,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::stage::{self, Stage};
use crate::{
    client::{self, Ask},
    history::log::{Answer, Kept, Refusal, Seat, Seen, Waiting, Wish},
    rows::found::list,
};

/// A visit, as much of it as is compared.
#[derive(Deserialize)]
struct Shown {
    id: AppointmentId,
    patient_id: PatientId,
    doctor_id: DoctorId,
    visit_type_id: VisitTypeId,
    start: Timestamp,
    status: Status,
    held_until: Option<Timestamp>,
    version: i64,
}

/// A place in a line, likewise.
#[derive(Deserialize)]
struct Entry {
    id: WaitlistEntryId,
    patient_id: PatientId,
    doctor_id: DoctorId,
    visit_type_id: VisitTypeId,
    appointment_id: Option<AppointmentId>,
    status: EntryStatus,
    offer: Option<Offer>,
}

#[derive(Deserialize)]
struct Offer {
    appointment_id: AppointmentId,
    start: Timestamp,
    until: Timestamp,
}

/// What is sent for a wish. Some that write have a key.
pub(super) fn ask(wish: &Wish, stage: &Stage, key: String) -> Ask {
    let ask = unkeyed(wish, stage);
    if wish.keyed() { ask.keyed(key) } else { ask }
}

fn unkeyed(wish: &Wish, stage: &Stage) -> Ask {
    let spelled = |start: &i64| stage.spelled.get(start).cloned().unwrap_or_default();
    let visits = "/api/v1/appointments";
    let begin = |patient: &PatientId, Seat { doctor, kind, start }: &Seat| json!({ "patient_id": patient, "doctor_id": doctor, "visit_type_id": kind, "start": spelled(start) });
    match wish {
        Wish::Book { patient, seat } => Ask::post(visits, begin(patient, seat)),
        Wish::Hold { patient, seat } => Ask::post("/api/v1/holds", begin(patient, seat)),
        Wish::Extend { visit } => Ask::post(format!("/api/v1/holds/{visit}/extend"), json!({})),
        Wish::Take { visit } => Ask::post(format!("/api/v1/holds/{visit}/book"), json!({})),
        Wish::Release { visit } => Ask::delete(format!("/api/v1/holds/{visit}")),
        Wish::Cancel { visit, version } => {
            Ask::post(format!("{visits}/{visit}/cancel"), json!({ "version": version }))
        }
        Wish::Run { visit, step, version } => {
            Ask::post(format!("{visits}/{visit}/{}", step.code()), json!({ "version": version }))
        }
        Wish::Move { visit, start, doctor, version } => {
            let body = json!({ "start": spelled(start), "doctor_id": doctor, "version": version });
            Ask::post(format!("{visits}/{visit}/reschedule"), body)
        }
        Wish::Join { patient, doctor, kind, moves, days } => {
            let body = json!({ "patient_id": patient, "doctor_id": doctor, "visit_type_id": kind,
                "appointment_id": moves, "from": days.0, "until": days.1 });
            Ask::post("/api/v1/waitlist", body)
        }
        Wish::Leave { entry } => Ask::delete(format!("/api/v1/waitlist/{entry}")),
        Wish::Accept { entry } => Ask::post(format!("/api/v1/waitlist/{entry}/accept"), json!({})),
        Wish::Decline { entry } => Ask::post(format!("/api/v1/waitlist/{entry}/decline"), json!({})),
        Wish::Line => Ask::get("/api/v1/waitlist"),
        Wish::Read { visit } => Ask::get(format!("{visits}/{visit}")),
        Wish::Mine => Ask::get(format!("{visits}?period=upcoming&limit=100")),
        Wish::Free { doctor, kind, day } => stage::free(*doctor, *kind, (*day, *day)),
    }
}

/// What an answer says. One of 500 and above leaves open what was done.
pub(super) fn hear(wish: &Wish, answer: &client::Answer) -> Answer {
    if answer.status >= 500 {
        return Answer::Unknown;
    }
    let strange = || Answer::Strange(format!("{} {}", answer.status, answer.text()));
    let Ok(body) = answer.json() else { return strange() };
    let makes = matches!(wish, Wish::Book { .. } | Wish::Hold { .. } | Wish::Join { .. });
    if answer.status != if makes { 201 } else { 200 } {
        return refusal(&body).unwrap_or_else(strange);
    }
    match wish {
        Wish::Mine => {
            let all: Option<Vec<Seen>> = list(&body, "items").iter().map(seen).collect();
            all.map_or_else(strange, Answer::Visits)
        }
        Wish::Free { .. } => {
            let starts =
                list(&body, "items").iter().map(|slot| stage::begin(slot).ok().map(|(_, start)| start));
            starts.collect::<Option<Vec<i64>>>().map_or_else(strange, Answer::Times)
        }
        Wish::Line => {
            let all =
                body.as_array().and_then(|all| all.iter().map(waiting).collect::<Option<Vec<Waiting>>>());
            all.map_or_else(strange, Answer::Entries)
        }
        Wish::Join { .. } | Wish::Leave { .. } | Wish::Decline { .. } => {
            waiting(&body).map_or_else(strange, Answer::Entry)
        }
        Wish::Book { .. }
        | Wish::Hold { .. }
        | Wish::Extend { .. }
        | Wish::Take { .. }
        | Wish::Release { .. }
        | Wish::Cancel { .. }
        | Wish::Move { .. }
        | Wish::Run { .. }
        | Wish::Accept { .. }
        | Wish::Read { .. } => seen(&body).map_or_else(strange, Answer::Visit),
    }
}

fn seen(body: &Value) -> Option<Seen> {
    let shown = Shown::deserialize(body).ok()?;
    Some(Seen {
        id: shown.id,
        patient: shown.patient_id,
        doctor: shown.doctor_id,
        kind: shown.visit_type_id,
        start: shown.start.as_millisecond(),
        status: shown.status,
        until: shown.held_until.map(Timestamp::as_millisecond),
        version: shown.version,
    })
}

fn waiting(body: &Value) -> Option<Waiting> {
    let entry = Entry::deserialize(body).ok()?;
    let offer = entry.offer.map(|offer| Kept {
        hold: offer.appointment_id,
        start: offer.start.as_millisecond(),
        until: offer.until.as_millisecond(),
    });
    Some(Waiting {
        id: entry.id,
        patient: entry.patient_id,
        doctor: entry.doctor_id,
        kind: entry.visit_type_id,
        moves: entry.appointment_id,
        status: entry.status,
        offer,
    })
}

/// One of the refusals that clients of a run can get.
fn refusal(body: &Value) -> Option<Answer> {
    let code = body.get("code").and_then(Value::as_str)?;
    let rule = list(body, "fields").first().and_then(|field| field.get("rule")).and_then(Value::as_str);
    let named = if code == "invalid" { rule? } else { code };
    let refusal = Refusal::ALL.into_iter().find(|refusal| refusal.code() == named)?;
    let at = |spelled: &Value| Some(spelled.as_str()?.parse::<Timestamp>().ok()?.as_millisecond());
    let instead = list(body, "alternatives").iter().map(at).collect::<Option<Vec<i64>>>()?;
    Some(Answer::Refused(refusal, instead))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(wish: &Wish, status: u16, body: &str) -> Answer {
        let answer =
            client::Answer { status, headers: hyper::HeaderMap::new(), body: body.to_owned().into() };
        hear(wish, &answer)
    }

    #[test]
    fn refusals_are_heard_and_what_is_none_is_strange() {
        let wish = Wish::Mine;
        let taken = r#"{"code":"slot_taken","alternatives":["2026-12-05T09:00:00+01:00"]}"#;
        let at = "2026-12-05T08:00:00Z".parse::<Timestamp>().unwrap().as_millisecond();
        assert_eq!(heard(&wish, 409, taken), Answer::Refused(Refusal::SlotTaken, vec![at]));
        let same = r#"{"code":"invalid","fields":[{"field":"start","rule":"time_same"}]}"#;
        assert_eq!(heard(&wish, 422, same), Answer::Refused(Refusal::TimeSame, Vec::new()));
        assert_eq!(heard(&wish, 503, "{}"), Answer::Unknown);
        for (status, body) in [(403, r#"{"code":"forbidden"}"#), (200, "no JSON"), (409, "{}")] {
            assert!(matches!(heard(&wish, status, body), Answer::Strange(_)), "{body}");
        }
    }

    #[test]
    fn an_offer_is_heard_with_its_end_to_the_millisecond() {
        let id = "0198f000-0000-7000-8000-000000000001";
        let line = json!([{ "id": id, "patient_id": id, "doctor_id": id, "visit_type_id": id,
            "appointment_id": null, "status": "offered", "place": 1,
            "offer": { "appointment_id": id, "start": "2026-12-05T09:00:00+01:00", "end": "2026-12-05T09:15:00+01:00",
                "until": "2026-11-28T12:00:00.123+01:00", "pays": false } }]);
        let Answer::Entries(all) = heard(&Wish::Line, 200, &line.to_string()) else { panic!("not heard") };
        let until = all.first().and_then(|waiting| waiting.offer).map(|offer| offer.until % 1_000);
        assert_eq!(until, Some(123));
        assert!(matches!(heard(&Wish::Line, 200, "[{}]"), Answer::Strange(_)));
    }
}
