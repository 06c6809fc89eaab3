//! One request for each server function: forms that change something, and what readers are asked.

use serde_json::{Value, json};

use super::{
    changing,
    requests::{Ids, NOTHING},
};

/// The form of a server function that takes one.
#[expect(clippy::too_many_lines, reason = "a line for each function is easiest to read")]
pub(super) fn form(name: &str, ids: &Ids) -> Option<String> {
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
            "doctor={doctor}&offer[visit_type]={visit_type}&patient={patient}&starts[1]=2020-01-06T10:00&starts[2]=2020-01-13T10:00"
        ),
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
        "hospital-set-free-visits" => {
            format!(
                "hospital={hospital}&visit_type={visit_type}&visits=0&days=0&types[]={visit_type}&version=999"
            )
        }
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
        "hospital-add-resource" => format!("hospital={hospital}&kind=room&name="),
        "hospital-save-resource" => {
            format!("hospital={hospital}&resource={NOTHING}&kind=room&name=&version=999")
        }
        "hospital-add-need" => format!("hospital={hospital}&visit_type={visit_type}&need_name="),
        "hospital-remove-need" => {
            format!("hospital={hospital}&visit_type={visit_type}&need={NOTHING}")
        }
        "hospital-answer-question" => format!("hospital={hospital}&answer[none~1~{patient}]="),
        "hospital-book" => format!(
            "hospital={hospital}&patient={patient}&doctor={doctor}&visit_type={visit_type}&start=2020-01-06T10:00"
        ),
        // Somebody new who has no name: the form lets it pass, so that it is the guard who answers first.
        "hospital-take-in" => {
            format!("hospital={hospital}&patient_id=new&full_name=&birth_date=&doctor_id=doctor:{doctor}")
        }
        "hospital-set-queue" => format!("hospital={hospital}&self_check_in=true"),
        "hospital-make-wall" | "hospital-end-wall" => format!("hospital={hospital}"),
        "i-am-here" | "cancel-series" => format!("id={appointment}&version=999"),
        "hospital-declare-emergency" => format!("hospital={hospital}&full_name=&birth_date=&reason="),
        "hospital-end" => format!("hospital={hospital}&id={appointment}&step=cancel&version=999&reason=x"),
        "hospital-invite" => format!("hospital={hospital}&email=&role=desk&back=/"),
        "hospital-withdraw-invitation" => format!("hospital={hospital}&invitation={NOTHING}"),
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
        _ => return changing::form(name, ids),
    })
}

/// The JSON input of a server function that reads, and whether ids stand in it.
pub(super) fn json_of(name: &str, ids: &Ids) -> (Value, bool) {
    let Ids { hospital, doctor, visit_type, patient, appointment, .. } = ids;
    match name {
        "doctor" => (json!({ "id": doctor }), true),
        "hospital" => (json!({ "id": hospital }), true),
        "visit" | "bill" | "pay" | "hospital-visit-resources" => (json!({ "id": appointment }), true),
        "receipt" => (json!({ "id": ids.payment }), true),
        "free-visits" => (json!({ "doctor": doctor, "patient": patient }), true),
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
        "hospital-needs" | "hospital-free-visits" => {
            (json!({ "hospital": hospital, "visit_type": visit_type }), true)
        }
        "hospital-hours-preview" | "hospital-closing-preview" | "hospital-changeable" | "hospital-change" => {
            (changing::json_of(name, ids), true)
        }
        "hospital-patient" | "hospital-booking" => {
            (json!({ "hospital": hospital, "patient": patient, "wanted": null }), true)
        }
        "emergency-news" | "who-looked" => (json!({ "patient": patient, "cursor": null }), true),
        "family-offer" => (json!({ "id": ids.offer }), true),
        "follow-up" => (json!({ "id": ids.follow_up, "from": null }), true),
        "visit-series" | "visit-follow-ups" => (json!({ "visit": appointment }), true),
        "plan-series" => {
            let wanted = json!({ "doctor": doctor, "visit_type": visit_type, "patient": patient, "date": "2020-01-06",
                "time": "10:00", "every": "1", "count": "2" });
            (json!({ "wanted": wanted }), true)
        }
        "hospital-follow-up" => (json!({ "hospital": hospital, "visit": appointment }), true),
        "session-left" | "stay-signed-in" => (json!({ "viewer": doctor }), false),
        "session-over" => (json!({ "viewer": doctor, "form": "/_fn/book", "values": [] }), false),
        "step-up-asked" => (json!({ "alone": false }), false),
        "mail-link" => (json!({ "purpose": "reset", "token": "none" }), false),
        "invitation" => (json!({ "token": "none" }), false),
        "account-codes"
        | "account-keys"
        | "begin-passkey-sign-in"
        | "family"
        | "hospital-fresh-invitation"
        | "my-calendar"
        | "my-follow-ups"
        | "my-waiting-list"
        | "own-patients"
        | "sign-ins" => (json!({}), false),
        "my-visits" => (json!({ "period": "all", "cursor": null, "patient": null }), false),
        "platform-hospitals" => (json!({ "cursor": null }), false),
        "hospital-access-questions"
        | "hospital-changes"
        | "hospital-closures"
        | "hospital-day"
        | "hospital-departments"
        | "hospital-doctors"
        | "hospital-emergencies"
        | "hospital-members"
        | "hospital-patients"
        | "hospital-queue"
        | "hospital-queue-setup"
        | "hospital-refund-policy"
        | "hospital-resources"
        | "hospital-settings"
        | "hospital-staff-policy"
        | "hospital-visit-types"
        | "hospital-waiting-list"
        | "hospital-walk-in-choices"
        | "hospital-wall" => {
            (json!({ "hospital": hospital, "date": null, "search": null, "cursor": null }), true)
        }
        _ => panic!("{name} has no sample: say what it is sent, here or among the forms"),
    }
}
