//! Who gets what answer from each entry of the registry: a golden table that a person reads before it changes.
//! Why is decided in `domain::access`; here it is what each caller sees of it.

mod cast;
mod changing;
mod functions;
pub(crate) mod requests;

use std::{collections::BTreeSet, fmt::Write as _};

use axum::http::{Method, header};
use caresync::registry::{self, Policy};

use crate::app::{TestApp, request};
use cast::Cast;
use requests::{Ids, Sample, sample};

#[tokio::test]
async fn the_registry_is_what_is_served() {
    let document = serde_json::to_value(caresync::rest::document()).unwrap();
    let mut served = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            served.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    // The router registers the app's server functions when it is made.
    let _app = TestApp::sqlite().await;
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        assert_eq!(
            method,
            Method::POST,
            "{path}: no server function answers a GET, which other sites can cause"
        );
        served.insert(format!("{method} {path}"));
    }
    let files = caresync::web::calendars::PATHS.iter().chain(&caresync::web::receipts::PATHS);
    served.extend(files.map(|path| format!("GET {path}")));
    served.insert(format!("GET {}", caresync::web::walls::WALL));
    let listed: Vec<_> = registry::all()
        .filter(|entry| entry.method != "TOPIC")
        .map(|entry| format!("{} {}", entry.method, entry.path))
        .collect();
    let known: BTreeSet<_> = listed.iter().cloned().collect();
    assert_eq!(known.len(), listed.len(), "an entry stands twice in the registry");
    assert_eq!(known, served);
}

/// What is posted and public because it only shows: what everybody may see, and what this browser has itself.
const SHOWS: &[&str] = &[
    "/_fn/doctor",
    "/_fn/doctors",
    "/_fn/explain-time",
    "/_fn/free-week",
    "/_fn/hospital",
    "/_fn/hospital-departments",
    "/_fn/hospital-fresh-invitation",
    "/_fn/hospital-refund-policy",
    "/_fn/hospital-settings",
    "/_fn/hospital-visit-types",
    "/_fn/plan-series",
    "/_fn/platform-hospitals",
    "/_fn/session-left",
];

/// What changes something and is public all the same: on the way to an account or a sign-in, and what a browser keeps for itself.
const BEFORE_SIGNING_IN: &[&str] = &[
    "/_fn/begin-passkey-sign-in",
    "/_fn/forgot-password",
    "/_fn/session-over",
    "/_fn/sign-up",
    "/_fn/stay-signed-in",
    "/_fn/step-up-cancel",
    "/api/v1/auth/forgot-password",
    "/api/v1/auth/passkey-sign-in/challenge",
    "/api/v1/auth/register",
];

#[test]
fn what_changes_something_needs_somebody() {
    let posted = registry::all().filter(|entry| !matches!(entry.method, "GET" | "TOPIC"));
    let public: BTreeSet<_> =
        posted.filter(|entry| matches!(entry.policy, Policy::Public)).map(|entry| entry.path).collect();
    let named: BTreeSet<_> = SHOWS.iter().chain(BEFORE_SIGNING_IN).copied().collect();
    assert_eq!(public, named, "what is public is named above, after what it does");
}

#[tokio::test]
async fn each_caller_asks_for_everything() {
    let mut cast = Cast::new().await;
    let mut table = String::from("entry | ids");
    for (name, _) in &cast.callers {
        write!(table, " | {name}").unwrap();
    }
    for entry in registry::all().filter(|entry| entry.method != "TOPIC") {
        if entry.path.contains("family") || entry.path.contains("helpers") {
            cast.around_the_patients().await;
        }
        let kinds = [
            ("own", &cast.own),
            ("foreign", &cast.foreign),
            ("random", &cast.random),
            ("malformed", &cast.malformed),
        ];
        let mut refusals: Vec<Vec<(u16, String)>> = Vec::new();
        for (kind, ids) in kinds {
            let named = sample(entry, ids);
            if kind != "own" && !named.names_something {
                continue;
            }
            let mut line = format!("\n{} {} | {kind}", entry.method, entry.path);
            let mut answers = Vec::new();
            for (_, token) in &cast.callers {
                let (status, text) = ask(&cast, entry.method, &named, token.as_deref()).await;
                assert!(status < 500, "{line}: {status} {text}");
                write!(line, " | {status}").unwrap();
                answers.push((status, text));
            }
            table.push_str(&line);
            refusals.push(answers);
        }
        denied_is_absent(entry.path, &refusals);
    }
    table.push('\n');
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("matrix", table);
    });
}

/// Where a foreign object is a 404, its answer is the one that an object gets that there is not.
fn denied_is_absent(path: &str, kinds: &[Vec<(u16, String)>]) {
    let [_, foreign, random, ..] = kinds else { return };
    for (foreign, random) in foreign.iter().zip(random) {
        if foreign.0 == 404 {
            assert_eq!(foreign, random, "{path}");
        }
    }
}

async fn ask(cast: &Cast, method: &str, sample: &Sample, token: Option<&str>) -> (u16, String) {
    let method: Method = method.parse().unwrap();
    let mut request = request(method, &sample.path).header(header::ACCEPT, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if let Some(kind) = sample.content_type {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    let answer = cast.app.send(request.body(sample.body.clone().into()).unwrap()).await;
    (answer.status.as_u16(), answer.text)
}

impl Ids {
    /// Ids that nothing has.
    fn random() -> Self {
        Self::all(&uuid::Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0007).to_string())
    }

    /// Words that are no ids.
    fn malformed() -> Self {
        Self::all("nonsense")
    }
}
