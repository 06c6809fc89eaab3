//! Requests that look at changes of hours, and that change many visits: what they want is over, without visits, or cannot be made.

use serde_json::{Value, json};

use super::requests::Ids;

/// A change of hours that is refused for its date.
fn absence_over() -> Value {
    json!({ "absence": { "from": "2020-01-06T00:00:00", "to": "2020-01-07T00:00:00", "kind": "leave" } })
}

/// The JSON body of an operation; none where there is nothing to say.
pub(super) fn body(path: &str) -> Option<Value> {
    let closed = json!({ "from": "2020-01-06", "to": "2020-01-06" });
    Some(match path {
        path if path.ends_with("/hours/preview") => absence_over(),
        path if path.ends_with("/hours/changes") => json!({ "change": absence_over() }),
        path if path.ends_with("/closures/preview") => closed,
        path if path.ends_with("/closures/changes") => json!({ "closure": closed }),
        path if path.ends_with("/doctors/{id}/changes") => json!({ "items": [] }),
        // A plan that cannot be made is not made, and what was not made is not undone.
        "/api/v1/changes/{id}/confirm" | "/api/v1/changes/{id}/undo" => return None,
        path => panic!("{path} has no sample: say here what it is sent"),
    })
}

/// The fields of a form.
pub(super) fn form(name: &str, ids: &Ids) -> Option<String> {
    let Ids { hospital, doctor, change, .. } = ids;
    Some(match name {
        "hospital-plan-changes" => {
            format!("hospital={hospital}&doctor={doctor}&from=2026-03-02&to=2026-03-08")
        }
        "hospital-make-change" | "hospital-undo-change" => format!("hospital={hospital}&id={change}"),
        "hospital-save-seen-closing" => format!("hospital={hospital}&closed_from=2020-01-06&seen=none"),
        "hospital-save-seen-hours" => {
            let over = "%7B%22absence%22%3A%7B%22from%22%3A%222020-01-06T00%3A00%3A00%22%2C%22to%22%3A%222020-01-07T00%3A00%3A00%22%2C%22kind%22%3A%22leave%22%7D%7D";
            format!("hospital={hospital}&doctor={doctor}&change={over}&seen=none")
        }
        _ => return None,
    })
}

/// The input of a server function that reads.
pub(super) fn json_of(name: &str, ids: &Ids) -> Value {
    match name {
        "hospital-hours-preview" => json!({ "doctor": ids.doctor, "change": absence_over().to_string() }),
        "hospital-closing-preview" => {
            json!({ "hospital": ids.hospital, "from": "2020-01-06", "to": "", "note": "" })
        }
        "hospital-changeable" => json!({ "doctor": ids.doctor, "from": "2026-03-02", "to": "2026-03-08" }),
        "hospital-change" => json!({ "id": ids.change }),
        name => panic!("{name} has no sample: say here what it is sent"),
    }
}
