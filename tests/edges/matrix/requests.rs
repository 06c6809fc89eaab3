//! One request for each entry of the registry. What changes something is sent so that it is allowed but not possible (an
//! empty name, an old version), so that the order of callers does not matter.

use caresync::registry::Entry;
use serde_json::{Value, json};

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
            follow_up: id.clone(),
            payment: id.clone(),
            helper: id.clone(),
            offer: id.clone(),
            own_offer: id,
        }
    }
}

/// An id of nothing.
const NOTHING: &str = "00000000-0000-7000-8000-000000000000";

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
        "follow-ups" => &ids.follow_up,
        "payments" => &ids.payment,
        "patients" => &ids.patient,
        _ => &ids.sign_in,
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
            "{absence_id}" | "{extra_id}" | "{closure_id}" => NOTHING.to_owned(),
            "{date}" => "2026-03-03".to_owned(),
            "{move}" => "confirm".to_owned(),
            "{token}" => "no-secret".to_owned(),
            "{file}" => "no-secret.ics".to_owned(),
            part => part.to_owned(),
        });
        before = part;
    }
    let path = parts.join("/");
    match path.rsplit('/').next() {
        Some("slots") if path.contains("/doctors/") => format!("{path}?visit_type={}", ids.visit_type),
        Some("explanation") => format!("{path}?visit_type={}&start=2026-11-24T10:00", ids.visit_type),
        _ => path,
    }
}

/// The JSON body of an operation, and whether ids stand in it.
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
        (_, path) if path.contains("/visit-types") => {
            json!({ "name": "", "modality": "in_person", "minutes": 30, "price_minor": 1 })
        }
        (_, path) if path.contains("/doctors") => json!({ "name": "", "specialties": [], "languages": [] }),
        _ => json!({ "name": "", "address": "", "city": "", "phone": "", "time_zone": "", "currency": "" }),
    };
    (Some(body), false)
}

/// The form of a server function that takes one.
fn form(name: &str, ids: &Ids) -> Option<String> {
    let Ids { hospital, doctor, visit_type, patient, appointment, member, emergency, sign_in, .. } = ids;
    let Ids { helper, offer, own_offer, payment, entry, follow_up, .. } = ids;
    Some(match name {
        "accept-invitation" | "reset-password" | "verify-email" | "undo-email" => "token=none".to_owned(),
        "ask-about-access" => format!("patient={patient}&question[none~1]="),
        "book" | "hold" => format!(
            "doctor_id={doctor}&visit_type_id={visit_type}&start=2020-01-06T10:00&patient_id={patient}"
        ),
        // A reason that is too long stops what would be allowed.
        "cancel-visit" => format!("id={appointment}&reason={}", "x".repeat(400)),
        "accept-waiting-time" | "decline-waiting-time" => format!("id={entry}"),
        "leave-waiting-list" => format!("id={entry}&hospital={hospital}"),
        "join-waiting-list" => {
            format!(
                "doctor={doctor}&visit_type={visit_type}&patient={patient}&from=2020-01-06&until=2020-01-07"
            )
        }
        "book-series" => format!(
            "doctor={doctor}&visit_type={visit_type}&patient={patient}&starts[1]=2020-01-06T10:00&starts[2]=2020-01-13T10:00"
        ),
        "cancel-series" => format!("id={appointment}&version=999"),
        "book-follow-up" => format!("id={follow_up}&start=2020-01-06T10:00+{doctor}"),
        "hospital-withdraw-follow-up" => format!("hospital={hospital}&id={follow_up}"),
        "hospital-offer-follow-up" => format!(
            "hospital={hospital}&visit={appointment}&visit_type_id={visit_type}&earliest=-1&latest=1&unit=weeks"
        ),
        "extend-hold" | "take-hold" | "release-hold" => format!("id={appointment}"),
        "hospital-take-payment" => {
            format!("hospital={hospital}&id={appointment}&method=cash&amount=0&currency=EUR")
        }
        "hospital-refund" => format!("hospital={hospital}&payment={payment}&back=0&currency=EUR&reason=x"),
        "hospital-set-refund-policy" => format!("hospital={hospital}&full_until_hours=-1&late_percent=0"),
        "end-sign-in" | "remove-passkey" => format!("id={sign_in}"),
        "end-other-sign-ins" | "begin-passkey" | "step-up-cancel" | "end-calendar-feed" => String::new(),
        "make-calendar-feed" | "change-calendar-feed" => "detail=busy".to_owned(),
        "family-add-child" => "full_name=&birth_date=".to_owned(),
        "family-ask" => format!("patient={patient}&email=&relation=child"),
        "family-change" | "family-end" => format!("patient={patient}&helper={helper}"),
        "family-own-account" => format!("patient={patient}&email="),
        "family-accept-offer" => format!("offer={offer}&birth_date="),
        "family-decline-offer" | "family-withdraw" => format!("offer={own_offer}"),
        "hospital-add-department" => format!("hospital={hospital}&name="),
        "hospital-add-exception" | "hospital-remove-exception" => {
            format!("hospital={hospital}&doctor={doctor}&date=2020-01-06")
        }
        // A version that is none stops what would be allowed, and so does a date that is over.
        "hospital-add-rule" => format!(
            "hospital={hospital}&doctor={doctor}&version=999&weekday=1&rule1_start=09:00&rule1_end=10:00"
        ),
        "hospital-add-absence" => {
            format!("hospital={hospital}&doctor={doctor}&kind=leave&from_date=2020-01-06&to_date=2020-01-06")
        }
        "hospital-remove-rule" => format!("hospital={hospital}&doctor={doctor}&place=999&version=999"),
        "hospital-remove-absence" => format!("hospital={hospital}&doctor={doctor}&absence={NOTHING}"),
        "hospital-remove-extra" => format!("hospital={hospital}&doctor={doctor}&extra={NOTHING}"),
        "hospital-add-closure" => format!("hospital={hospital}&closed_from=2020-01-06"),
        "hospital-remove-closure" => format!("hospital={hospital}&closure={NOTHING}"),
        "hospital-answer-question" => format!("hospital={hospital}&answer[none~1~{patient}]="),
        "hospital-book" => format!(
            "hospital={hospital}&patient={patient}&doctor={doctor}&visit_type={visit_type}&start=2020-01-06T10:00"
        ),
        "hospital-declare-emergency" => format!("hospital={hospital}&full_name=&birth_date=&reason="),
        "hospital-end" => format!("hospital={hospital}&id={appointment}&step=cancel&version=999&reason=x"),
        "hospital-invite" => format!("hospital={hospital}&email=&role=desk&back=/"),
        "hospital-member-state" => format!("hospital={hospital}&member={member}&state=active"),
        "hospital-move" => format!("id={appointment}&step=confirm&version=999"),
        "hospital-review-emergency" => {
            format!(
                "hospital={hospital}&id={emergency}&finding[e-{emergency}]=not_justified&note[e-{emergency}]="
            )
        }
        "hospital-save" => {
            format!("hospital={hospital}&name=&address=&city=&phone=&time_zone=&currency=&about=")
        }
        "hospital-set-staff-policy" => format!("hospital={hospital}&second_factor="),
        "hospital-save-doctor" => format!("hospital={hospital}&doctor={doctor}&name="),
        "hospital-save-hours" => format!(
            "hospital={hospital}&doctor={doctor}&rules.cadence_minutes=1&rules.notice_minutes=0&rules.horizon_days=30"
        ),
        "hospital-save-visit-type" => {
            let rest = "name=X&modality=in_person&minutes=1&buffer_before=0&buffer_after=0&price=10&active=1";
            format!("hospital={hospital}&visit_type={visit_type}&{rest}")
        }
        "platform-add-hospital" => "name=&address=&city=&phone=&time_zone=&currency=&about=".to_owned(),
        "begin-second-factor" => "password=".to_owned(),
        "add-passkey" => "name=&credential=".to_owned(),
        "rename-passkey" => format!("id={sign_in}&name="),
        "passkey-sign-in" => format!("challenge={sign_in}&credential=&next="),
        "confirm-second-factor" | "sign-in-code" => "code=".to_owned(),
        "renew-recovery-codes" | "turn-off-second-factor" => "password=&code=".to_owned(),
        "step-up" => format!("proof={}", "x".repeat(2000)),
        "change-password" => "current_password=&new_password=".to_owned(),
        "change-email" => "email=&password=".to_owned(),
        "forgot-password" => "email=".to_owned(),
        "resend-verification" => "next=".to_owned(),
        "reschedule" => format!("id={appointment}&version=999&start=2020-01-06T10:00"),
        "carry-visit" => format!("hospital={hospital}&id={appointment}&version=999&start=2020-01-06T10:00"),
        "sign-in" => format!("email=nobody@example.org&password={}", "x".repeat(2000)),
        "sign-up" => "full_name=".to_owned(),
        _ => return None,
    })
}

/// The JSON input of a server function that reads, and whether ids stand in it.
fn json_of(name: &str, ids: &Ids) -> (Value, bool) {
    let Ids { hospital, doctor, visit_type, patient, appointment, .. } = ids;
    match name {
        "doctor" => (json!({ "id": doctor }), true),
        "hospital" => (json!({ "id": hospital }), true),
        "visit" | "bill" | "pay" => (json!({ "id": appointment }), true),
        "receipt" => (json!({ "id": ids.payment }), true),
        "hospital-payments" => {
            (json!({ "hospital": hospital, "from": null, "to": null, "cursor": null }), true)
        }
        "reschedule-times" => {
            (json!({ "id": appointment, "doctor": null, "week": null, "hospital": hospital }), true)
        }
        "doctors" => (json!({ "query": { "sort": "name" } }), false),
        "explain-time" => {
            (json!({ "doctor": doctor, "visit_type": visit_type, "start": "2026-11-24T10:00" }), true)
        }
        "free-week" => (json!({ "doctor": doctor, "visit_type": visit_type, "week": null }), true),
        "hospital-doctor" | "hospital-week" => {
            (json!({ "hospital": hospital, "doctor": doctor, "date": null }), true)
        }
        "hospital-audit" => (json!({ "hospital": hospital, "query": { "denied": false } }), true),
        "hospital-hours" => (json!({ "doctor": doctor }), true),
        "hospital-patient" | "hospital-booking" => {
            (json!({ "hospital": hospital, "patient": patient, "wanted": null }), true)
        }
        "emergency-news" | "who-looked" => (json!({ "patient": patient, "cursor": null }), true),
        "family-offer" => (json!({ "id": ids.offer }), true),
        "my-follow-ups" => (json!({}), false),
        "follow-up" => (json!({ "id": ids.follow_up, "from": null }), true),
        "visit-series" => (json!({ "visit": appointment }), true),
        "plan-series" => {
            let wanted = json!({ "doctor": doctor, "visit_type": visit_type, "patient": patient, "date": "2020-01-06",
                "time": "10:00", "every": "1", "count": "2" });
            (json!({ "wanted": wanted }), true)
        }
        "visit-follow-ups" => (json!({ "visit": appointment }), true),
        "hospital-follow-up" => (json!({ "hospital": hospital, "visit": appointment }), true),
        "session-left" | "stay-signed-in" => (json!({ "viewer": doctor }), false),
        "session-over" => (json!({ "viewer": doctor, "form": "/_fn/book", "values": [] }), false),
        "step-up-asked" => (json!({ "alone": false }), false),
        "mail-link" => (json!({ "purpose": "reset", "token": "none" }), false),
        "invitation" => (json!({ "token": "none" }), false),
        "my-waiting-list" => (json!({}), false),
        "my-visits" => (json!({ "period": "all", "cursor": null, "patient": null }), false),
        "platform-hospitals" => (json!({ "cursor": null }), false),
        name if name.starts_with("hospital-") && name != "hospital-fresh-invitation" => {
            (json!({ "hospital": hospital, "date": null, "search": null, "cursor": null }), true)
        }
        _ => (json!({}), false),
    }
}
