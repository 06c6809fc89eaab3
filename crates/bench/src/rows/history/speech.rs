//! How a wish is asked for over HTTP, and what an answer says.
//! Whether it is true is not asked here.

use domain::{
    appointments::Status,
    ids::{AppointmentId, DoctorId, PatientId, VisitTypeId},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::stage::{self, Stage};
use crate::{
    client::{self, Ask},
    history::log::{Answer, Refusal, Seen, Wish},
    rows::found::list,
};

/// A visit, as much of it as is compared.
#[derive(Deserialize)]
struct Shown {
    id: AppointmentId,
    patient_id: PatientId,
    doctor_id: DoctorId,
    visit_type_id: VisitTypeId,
    status: Status,
    version: i64,
}

/// What is sent for a wish. One that writes has a key.
pub(super) fn ask(wish: &Wish, stage: &Stage, key: String) -> Ask {
    let spelled = |start: &i64| stage.spelled.get(start).cloned().unwrap_or_default();
    match wish {
        Wish::Book { doctor, kind, start } => {
            let body = json!({ "doctor_id": doctor, "visit_type_id": kind, "start": spelled(start) });
            Ask::post("/api/v1/appointments", body).keyed(key)
        }
        Wish::Cancel { visit, version } => {
            let path = format!("/api/v1/appointments/{visit}/cancel");
            Ask::post(path, json!({ "version": version })).keyed(key)
        }
        Wish::Move { visit, start, version } => {
            let path = format!("/api/v1/appointments/{visit}/reschedule");
            Ask::post(path, json!({ "start": spelled(start), "version": version })).keyed(key)
        }
        Wish::Read { visit } => Ask::get(format!("/api/v1/appointments/{visit}")),
        Wish::Mine => Ask::get("/api/v1/appointments?period=upcoming&limit=100"),
        Wish::Free { doctor, kind } => stage::free(*doctor, *kind, stage.day),
    }
}

/// What an answer says. One of 500 and above leaves open what was done.
pub(super) fn hear(wish: &Wish, answer: &client::Answer) -> Answer {
    if answer.status >= 500 {
        return Answer::Unknown;
    }
    let strange = || Answer::Strange(format!("{} {}", answer.status, answer.text()));
    let Ok(body) = answer.json() else { return strange() };
    let expected = if matches!(wish, Wish::Book { .. }) { 201 } else { 200 };
    if answer.status != expected {
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
        Wish::Book { .. } | Wish::Cancel { .. } | Wish::Move { .. } | Wish::Read { .. } => {
            seen(&body).map_or_else(strange, Answer::Visit)
        }
    }
}

fn seen(body: &Value) -> Option<Seen> {
    let (_, start) = stage::begin(body).ok()?;
    let Shown { id, patient_id, doctor_id, visit_type_id, status, version } =
        Shown::deserialize(body).ok()?;
    Some(Seen { id, patient: patient_id, doctor: doctor_id, kind: visit_type_id, start, status, version })
}

/// One of the refusals that clients of a run can get.
fn refusal(body: &Value) -> Option<Answer> {
    let code = body.get("code").and_then(Value::as_str)?;
    let rule = list(body, "fields").first().and_then(|field| field.get("rule")).and_then(Value::as_str);
    let named = if code == "invalid" { rule? } else { code };
    let refusal = Refusal::ALL.into_iter().find(|refusal| refusal.code() == named)?;
    let at = |spelled: &Value| Some(spelled.as_str()?.parse::<jiff::Timestamp>().ok()?.as_millisecond());
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
        let at = "2026-12-05T08:00:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond();
        assert_eq!(heard(&wish, 409, taken), Answer::Refused(Refusal::SlotTaken, vec![at]));
        let same = r#"{"code":"invalid","fields":[{"field":"start","rule":"time_same"}]}"#;
        assert_eq!(heard(&wish, 422, same), Answer::Refused(Refusal::TimeSame, Vec::new()));
        assert_eq!(heard(&wish, 503, "{}"), Answer::Unknown);
        for (status, body) in [(403, r#"{"code":"forbidden"}"#), (200, "no JSON"), (409, "{}")] {
            assert!(matches!(heard(&wish, status, body), Answer::Strange(_)), "{body}");
        }
    }
}
