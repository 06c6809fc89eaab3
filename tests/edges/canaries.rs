//! Two hospitals with the same data, but every text of the second one carries a canary; nobody of the first may ever see one.
//! Only what is shown to everybody carries none: names of hospitals and doctors.

mod twins;

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{HeaderMap, Method, header},
};
use caresync::registry;

use crate::{
    app::{Answer, TestApp, on_each_engine, request},
    browser,
    matrix::requests::{Ids, sample},
    world,
};
use twins::Twin;

/// What begins every text of the second hospital.
const CANARY: &str = "canary";

/// The texts in which a canary sits. Each has to be seen by somebody of the second hospital, or the scan is blind.
const TEXTS: &[&str] = &[
    "canarypatient",
    "canaryreason",
    "canarydesk",
    "canaryinvited",
    "canaryquestion",
    "canaryanswer",
    "canaryemergency",
    "canarynote",
    "canaryclosed",
];

/// Pages, with the ids in them.
const PAGES: &[&str] = &[
    "/",
    "/sign-ins",
    "/account/security",
    "/account/calendar",
    "/doctors",
    "/doctors/{doctor}",
    "/hospitals/{hospital}",
    "/appointments",
    "/appointments?patient={patient}",
    "/who-looked?patient={patient}",
    "/family",
    "/family/ask?patient={patient}",
    "/family/account?patient={patient}",
    "/family/change?patient={patient}&helper={patient}",
    "/family/offers/{patient}",
    "/book/{doctor}/review?patient={patient}",
    "/appointments/{appointment}",
    "/appointments/{appointment}/cancel",
    "/appointments/{appointment}/cancel-series",
    "/book/{doctor}/patient",
    "/book/{doctor}/review",
    "/hospital",
    "/hospital/{hospital}",
    "/hospital/{hospital}/queue",
    "/hospital/{hospital}/walk-in?name=a",
    "/hospital/{hospital}/wall",
    "/hospital/{hospital}/calendar",
    "/hospital/{hospital}/calendar/{doctor}",
    "/hospital/{hospital}/appointments/{appointment}",
    "/hospital/{hospital}/appointments/{appointment}/cancel",
    "/hospital/{hospital}/appointments/{appointment}/cancel-series",
    "/hospital/{hospital}/series/{doctor}?patient={patient}",
    "/hospital/{hospital}/patients",
    "/hospital/{hospital}/patients?search=a",
    "/hospital/{hospital}/patients/{patient}",
    "/hospital/{hospital}/book?patient={patient}",
    "/hospital/{hospital}/doctors",
    "/hospital/{hospital}/doctors/{doctor}",
    "/hospital/{hospital}/doctors/{doctor}/hours",
    "/hospital/{hospital}/visit-types",
    "/hospital/{hospital}/visit-types/{visit_type}",
    "/hospital/{hospital}/departments",
    "/hospital/{hospital}/members",
    "/hospital/{hospital}/settings",
    "/hospital/platform",
    "/hospital/platform/{hospital}",
];

on_each_engine!(nobody_of_one_hospital_sees_a_text_of_another);

async fn nobody_of_one_hospital_sees_a_text_of_another(app: TestApp) {
    app.house.create_platform_admin("platform@example.org", "Pia Platform", world::PASSWORD).await.unwrap();
    let platform = world::token(&app, "platform@example.org").await;
    let here = Twin::furnish(&app, &platform, "Spree Clinic", "plain").await;
    let there = Twin::furnish(&app, &platform, "Isar Clinic", CANARY).await;
    let mut names = here.names();
    names.push("platform".to_owned());
    // Pages first: one of the entries signs a browser out.
    let asked = [&here.ids, &there.ids, &mixed(&here.ids, &there.ids), &mixed(&there.ids, &here.ids)];
    let mut answers = 0;
    for name in &names {
        for (what, answer) in pages(&app, name, &asked).await {
            answers += 1;
            assert_clean(name, &what, &answer);
        }
    }
    for name in names.iter().map(String::as_str).chain(["nobody"]) {
        for (what, answer) in entries(&app, name, &asked).await {
            answers += 1;
            assert_clean(name, &what, &answer);
        }
    }
    assert!(answers > 3_000, "{answers} answers were looked at");
    // The same eyes see every canary when they belong there.
    let mut seen = String::new();
    for name in there.names() {
        for (_, answer) in pages(&app, &name, &[&there.ids]).await {
            seen.push_str(&answer.text);
        }
        for (_, answer) in entries(&app, &name, &[&there.ids]).await {
            seen.push_str(&answer.text);
        }
    }
    for text in TEXTS {
        assert!(seen.contains(text), "nobody at all sees `{text}`: the scan is blind for it");
    }
}

/// The hospital of the one with everything else of the other.
fn mixed(hospital: &Ids, rest: &Ids) -> Ids {
    Ids { hospital: hospital.hospital.clone(), ..rest.clone() }
}

fn assert_clean(name: &str, what: &str, answer: &Answer) {
    assert!(answer.status.as_u16() < 500, "{name}: {what}: {}", answer.status);
    let said = format!("{}\n{}", headers(&answer.headers), answer.text);
    let said = without_nonce(&said).to_lowercase();
    if let Some((before, _)) = said.split_once(CANARY) {
        let from = before.chars().count().saturating_sub(80);
        let around: String = said.chars().skip(from).take(200).collect();
        panic!("{name}: {what}: {around}");
    }
}

/// Without what is drawn by lot for each answer: one in some thousand runs a canary sings in it.
fn without_nonce(said: &str) -> String {
    match said.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')) {
        Some((nonce, _)) => said.replace(nonce, ""),
        None => said.to_owned(),
    }
}

fn headers(headers: &HeaderMap) -> String {
    let line = |(name, value): (&header::HeaderName, &header::HeaderValue)| {
        format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))
    };
    headers.iter().map(line).collect()
}

/// Every page, as somebody's browser gets it from the server.
async fn pages(app: &TestApp, name: &str, asked: &[&Ids]) -> Vec<(String, Answer)> {
    let cookie = browser::signed_in(app, name).await;
    let mut found = BTreeMap::new();
    for ids in asked {
        for page in PAGES {
            let path = page
                .replace("{hospital}", &ids.hospital)
                .replace("{doctor}", &ids.doctor)
                .replace("{patient}", &ids.patient)
                .replace("{appointment}", &ids.appointment)
                .replace("{visit_type}", &ids.visit_type);
            let asks = request(Method::GET, &path)
                .header(header::COOKIE, &cookie)
                .header(header::ACCEPT, "text/html")
                .body(Body::empty())
                .unwrap();
            found.insert(path, app.send(asks).await);
        }
    }
    found.into_iter().collect()
}

/// Every entry of the registry.
async fn entries(app: &TestApp, name: &str, asked: &[&Ids]) -> Vec<(String, Answer)> {
    let token = match name {
        "nobody" => None,
        name => Some(world::token(app, &format!("{name}@example.org")).await),
    };
    let mut found = Vec::new();
    for entry in registry::all().filter(|entry| entry.method != "TOPIC") {
        for ids in asked {
            let sample = sample(entry, ids);
            let method: Method = entry.method.parse().unwrap();
            let mut asks = request(method, &sample.path).header(header::ACCEPT, "application/json");
            if let Some(token) = &token {
                asks = asks.header(header::AUTHORIZATION, format!("Bearer {token}"));
            }
            if let Some(kind) = sample.content_type {
                asks = asks.header(header::CONTENT_TYPE, kind);
            }
            let answer = app.send(asks.body(sample.body.clone().into()).unwrap()).await;
            found.push((format!("{} {}", entry.method, sample.path), answer));
        }
    }
    found
}
