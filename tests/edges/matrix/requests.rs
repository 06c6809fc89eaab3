//! One request for each entry of the registry. What changes something is sent so that it is allowed but not possible (an
//! empty name, an old version), so that the order of callers does not matter.

use caresync::registry::Entry;
use serde_json::{Value, json};

use super::{
    changing,
    functions::{form, json_of},
};

/// The objects that a request names.
#[derive(Clone)]
pub(crate) struct Ids {
    pub(crate) hospital: String,
    pub(crate) doctor: String,
    pub(crate) visit_type: String,
    pub(crate) patient: String,
    pub(crate) appointment: String,
    pub(crate) member: String,
    pub(crate) emergency: String,
    pub(crate) sign_in: String,
    /// A place on a waiting list.
    pub(crate) entry: String,
    /// A plan that puts the appointment where it cannot be.
    pub(crate) change: String,
    /// A ticket for one more visit.
    pub(crate) follow_up: String,
    /// Of the appointment, taken at the desk.
    pub(crate) payment: String,
    /// Somebody who helps the patient.
    pub(crate) helper: String,
    /// An offer that waits for an answer, and one that can be taken back.
    pub(crate) offer: String,
    pub(crate) own_offer: String,
}

impl Ids {
    pub(crate) fn all(id: &str) -> Self {
        let id = id.to_owned();
        Self {
            hospital: id.clone(),
            doctor: id.clone(),
            visit_type: id.clone(),
            patient: id.clone(),
            appointment: id.clone(),
            member: id.clone(),
            emergency: id.clone(),
            sign_in: id.clone(),
            entry: id.clone(),
            change: id.clone(),
            follow_up: id.clone(),
            payment: id.clone(),
            helper: id.clone(),
            offer: id.clone(),
            own_offer: id,
        }
    }
}

/// An id of nothing.
pub(super) const NOTHING: &str = "00000000-0000-7000-8000-000000000000";

/// A request.
pub(crate) struct Sample {
    pub(crate) path: String,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) body: String,
    /// Whether ids stand in it, so that foreign ones can.
    pub(crate) names_something: bool,
}

/// The request for an entry about these objects.
pub(crate) fn sample(entry: &Entry, ids: &Ids) -> Sample {
    let path = fill(entry, ids);
    if let Some(name) = entry.path.strip_prefix("/_fn/") {
        let form = form(name, ids);
        let names_something = form.as_ref().map_or_else(
            || json_of(name, ids).1,
            |form| {
                form.contains(&ids.hospital)
                    || form.contains(&ids.appointment)
                    || form.contains(&ids.entry)
                    || form.contains(&ids.change)
                    || form.contains(&ids.follow_up)
                    || form.contains(&ids.doctor)
                    || form.contains(&ids.sign_in)
                    || form.contains(&ids.patient)
                    || form.contains(&ids.payment)
                    || form.contains(&ids.offer)
                    || form.contains(&ids.own_offer)
            },
        );
        return match form {
            Some(body) => Sample {
                path,
                content_type: Some("application/x-www-form-urlencoded"),
                body,
                names_something,
            },
            None => Sample {
                path,
                content_type: Some("application/json"),
                body: json_of(name, ids).0.to_string(),
                names_something,
            },
        };
    }
    let (body, in_body) = body(entry, ids);
    let names_something = in_body || entry.path.contains('{');
    match body {
        Some(body) => {
            Sample { path, content_type: Some("application/json"), body: body.to_string(), names_something }
        }
        None => Sample { path, content_type: None, body: String::new(), names_something },
    }
}

/// The path with the ids in it, and the query where one is needed.
fn fill(entry: &Entry, ids: &Ids) -> String {
    let path = entry.path;
    let of = |prefix: &str| match prefix {
        "doctors" => &ids.doctor,
        "hospitals" => &ids.hospital,
        "appointments" | "holds" => &ids.appointment,
        "waitlist" => &ids.entry,
        "changes" => &ids.change,
        "follow-ups" => &ids.follow_up,
        "payments" | "receipts" => &ids.payment,
        "patients" => &ids.patient,
        "sessions" | "passkeys" => &ids.sign_in,
        _ => panic!("{path}: whose id is it? Say so here"),
    };
    let mut before = "";
    let mut parts = Vec::new();
    for part in path.split('/') {
        parts.push(match part {
            "{id}" => of(before).clone(),
            "{patient_id}" => ids.patient.clone(),
            "{member_id}" => ids.member.clone(),
            "{visit_type_id}" => ids.visit_type.clone(),
            "{emergency_id}" => ids.emergency.clone(),
            "{account_id}" => ids.helper.clone(),
            // Only whoever has made an offer takes it back; the one that others answer stays.
            "{offer_id}" if entry.method == "DELETE" => ids.own_offer.clone(),
            "{offer_id}" => ids.offer.clone(),
            // There is none, so that nothing is taken away on the way.
            "{absence_id}" | "{extra_id}" | "{closure_id}" | "{resource_id}" | "{need_id}"
            | "{invitation_id}" => NOTHING.to_owned(),
            "{date}" => "2026-03-03".to_owned(),
            "{move}" => "confirm".to_owned(),
            "{file}" => "no-secret.ics".to_owned(),
            "{token}" | "{secret}" => "no-secret".to_owned(),
            part if part.contains('{') => panic!("{path}: what stands for {part}? Say so here"),
            part => part.to_owned(),
        });
        before = part;
    }
    let path = parts.join("/");
    match path.rsplit('/').next() {
        Some("changeable-visits") => format!("{path}?from=2026-03-02&to=2026-03-08"),
        Some("slots") if path.contains("/doctors/") => format!("{path}?visit_type={}", ids.visit_type),
        Some("free-visits") => format!("{path}?patient_id={}", ids.patient),
        Some("explanation") => format!("{path}?visit_type={}&start=2026-11-24T10:00", ids.visit_type),
        _ => path,
    }
}

/// The JSON body of an operation, and whether ids stand in it.
#[expect(clippy::too_many_lines, reason = "an arm for each operation is easiest to read")]
fn body(entry: &Entry, ids: &Ids) -> (Option<Value>, bool) {
    let body = match (entry.method, entry.path) {
        ("GET" | "DELETE", _) => return (None, false),
        (_, "/api/v1/appointments" | "/api/v1/holds") => {
            let past = "2020-01-06T10:00";
            let body = json!({ "doctor_id": ids.doctor, "visit_type_id": ids.visit_type, "start": past,
                "patient_id": ids.patient });
            return (Some(body), true);
        }
        // Days that are over are refused, and an entry that was left cannot be left or answered.
        (_, "/api/v1/waitlist") => {
            let body = json!({ "doctor_id": ids.doctor, "visit_type_id": ids.visit_type, "patient_id": ids.patient,
                "from": "2020-01-06", "until": "2020-01-07" });
            return (Some(body), true);
        }
        (_, path) if path.contains("/waitlist/") => return (None, false),
        (_, path) if path.contains("/changes") || path.ends_with("/preview") => {
            return (changing::body(path), false);
        }
        // One visit is no row, every week is not every ninth, and what was booked alone is in no row.
        (_, "/api/v1/series") => {
            let body = json!({ "doctor_id": ids.doctor, "visit_type_id": ids.visit_type, "patient_id": ids.patient,
                "starts": ["2020-01-06T10:00", "2020-01-13T10:00"] });
            return (Some(body), true);
        }
        (_, "/api/v1/series/plan") => {
            let body = json!({ "doctor_id": ids.doctor, "visit_type_id": ids.visit_type, "patient_id": ids.patient,
                "start": "2020-01-06T10:00", "every_weeks": 1, "count": 2 });
            return (Some(body), true);
        }
        (_, path) if path.ends_with("/series/cancel") => json!({ "version": 999 }),
        // After minus one week nobody is asked back, and what was taken back cannot be booked with.
        (_, path) if path.ends_with("/follow-ups") => {
            let body =
                json!({ "visit_type_id": ids.visit_type, "earliest": -1, "latest": 1, "unit": "weeks" });
            return (Some(body), true);
        }
        (_, path) if path.contains("/follow-ups/") => json!({ "start": "2020-01-06T10:00" }),
        // Nothing is too little to be taken or given back, and what is held is held by nobody here.
        (_, path) if path.ends_with("/payments") => json!({ "method": "cash", "amount_minor": 0 }),
        (_, path) if path.ends_with("/refunds") => json!({ "amount_minor": 0, "reason": "x" }),
        (_, path) if path.ends_with("/refund-policy") => json!({ "full_until_hours": -1, "late_percent": 0 }),
        (_, path) if path.contains("/holds/") || path.ends_with("/checkout") => return (None, false),
        (_, path) if path.ends_with("/reschedule") => json!({ "start": "2020-01-06T10:00", "version": 999 }),
        (_, path) if path.ends_with("/{move}") => json!({ "version": 999 }),
        // Of an old version nobody is here, and without a doctor nobody is taken in.
        (_, path) if path.ends_with("/here") => json!({ "version": 999 }),
        (_, path) if path.ends_with("/walk-ins") => {
            return (Some(json!({ "patient_id": ids.patient })), true);
        }
        (_, path) if path.ends_with("/queue-settings") => json!({ "self_check_in": true }),
        (_, path) if path.ends_with("/wall-address") => return (None, false),
        // Each has a calendar of her own, so that nobody is in the way of the next.
        (_, "/api/v1/calendar-feed") => return (Some(json!({ "detail": "busy" })), false),
        (_, "/api/v1/auth/forgot-password") => json!({ "email": "" }),
        (_, "/api/v1/auth/verify/resend") => json!({}),
        (_, "/api/v1/auth/reset-password") => json!({ "token": "none", "password": "" }),
        (_, "/api/v1/auth/password") => json!({ "current_password": "", "new_password": "" }),
        (_, "/api/v1/auth/email") => json!({ "email": "", "password": "" }),
        (_, "/api/v1/auth/second-factor") => json!({ "password": "" }),
        (_, "/api/v1/auth/second-factor/confirm") => json!({ "code": "" }),
        (_, path) if path.starts_with("/api/v1/auth/second-factor/") => json!({ "password": "", "code": "" }),
        // Too long to be looked at, so that it is not counted as a try.
        (_, "/api/v1/auth/step-up") => json!({ "proof": "x".repeat(2000) }),
        (_, "/api/v1/auth/passkey-sign-in") => {
            return (Some(json!({ "challenge_id": ids.sign_in, "credential": {} })), true);
        }
        (_, "/api/v1/auth/passkey-sign-in/challenge" | "/api/v1/auth/passkeys/challenge") => {
            return (None, false);
        }
        (_, "/api/v1/auth/passkeys") => json!({ "name": "", "credential": {} }),
        ("PATCH", "/api/v1/auth/passkeys/{id}") => json!({ "name": "" }),
        (_, "/api/v1/auth/refresh") => json!({ "refresh_token": "none" }),
        (_, "/api/v1/auth/revoke" | "/api/v1/auth/verify" | "/api/v1/auth/email/undo") => {
            json!({ "token": "none" })
        }
        (_, "/api/v1/auth/register") => {
            json!({ "email": "", "password": "", "full_name": "", "birth_date": "" })
        }
        // Too long to be anybody's, so that it is not counted as a try: the callers after the first do not have to wait.
        (_, "/api/v1/auth/token") => json!({ "email": "nobody@example.org", "password": "x".repeat(2000) }),
        (_, path) if path.ends_with("/sessions/end-others") => return (None, false),
        (_, path) if path.ends_with("/hours") => {
            json!({ "weekly": [{ "weekday": 9, "start": "09:00:00", "end": "10:00:00" }] })
        }
        // What is over is refused for its date.
        (_, path) if path.ends_with("/absences") => {
            json!({ "from": "2020-01-06T00:00:00", "to": "2020-01-07T00:00:00", "kind": "leave" })
        }
        (_, path) if path.ends_with("/extra-hours") => {
            json!({ "date": "2020-01-06", "windows": [{ "start": "09:00:00", "end": "10:00:00" }] })
        }
        (_, path) if path.ends_with("/closures") => json!({ "from": "2020-01-06", "to": "2020-01-06" }),
        (_, path) if path.ends_with("/exceptions/{date}") => {
            json!({ "windows": [], "note": "x".repeat(500) })
        }
        (_, path) if path.ends_with("/photo") => json!("no picture"),
        (_, path) if path.ends_with("/answers") => {
            json!({ "chain": "none", "seq": 1, "patient_id": ids.patient, "answer": "" })
        }
        (_, path) if path.ends_with("/questions") => json!({ "chain": "none", "seq": 1, "question": "" }),
        (_, path) if path.ends_with("/emergencies") => {
            json!({ "full_name": "", "birth_date": "", "reason": "" })
        }
        (_, path) if path.ends_with("/children") => json!({ "full_name": "", "birth_date": "" }),
        (_, path) if path.ends_with("/answer") => json!({ "accept": true, "birth_date": "" }),
        (_, path) if path.ends_with("/helpers") => {
            json!({ "email": "", "relation": "child", "permissions": [] })
        }
        (_, path) if path.ends_with("/helpers/{account_id}") => json!({ "permissions": [] }),
        (_, path) if path.ends_with("/own-account") => json!({ "email": "" }),
        (_, path) if path.ends_with("/review") => json!({ "finding": "not_justified" }),
        (_, path) if path.ends_with("/invitations") => json!({ "email": "", "role": "desk" }),
        (_, path) if path.ends_with("/accept") => json!({ "token": "none" }),
        (_, path) if path.contains("/members/") => json!({ "state": "active" }),
        (_, path) if path.ends_with("/staff-policy") => json!({ "second_factor": false }),
        (_, path) if path.ends_with("/departments") => json!({ "name": "" }),
        (_, path) if path.contains("/resources") => json!({ "kind": "room", "name": "" }),
        (_, path) if path.ends_with("/needs") => json!({ "name": "", "resource_ids": [] }),
        (_, path) if path.ends_with("/free-visits") => {
            let body = json!({ "visits": 0, "days": 0, "visit_type_ids": [ids.visit_type] });
            return (Some(body), true);
        }
        (_, path) if path.contains("/visit-types") => {
            json!({ "name": "", "modality": "in_person", "minutes": 30, "price_minor": 1, "capacity": 1 })
        }
        (_, "/api/v1/doctors/{id}" | "/api/v1/hospitals/{id}/doctors") => {
            json!({ "name": "", "specialties": [], "languages": [] })
        }
        (_, "/api/v1/hospitals" | "/api/v1/hospitals/{id}") => {
            json!({ "name": "", "address": "", "city": "", "phone": "", "time_zone": "", "currency": "" })
        }
        (method, path) => panic!("{method} {path} has no sample: say here what it is sent"),
    };
    (Some(body), false)
}
