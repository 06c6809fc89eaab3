//! What the rows find on a server with bulk data: doctors, patients who can sign in, free times.
//! It asks the API for all of it, as any client would.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context;
use domain::time::plus_days;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    client::{Ask, Client},
    machine,
};

/// The password of every patient in bulk.
pub(crate) const PASSWORD: &str = "caresync-bench-2026";
/// The server hashes few passwords at a time and lets few wait.
const SIGN_INS_AT_ONCE: usize = 4;
const PATIENT: usize = 30;
/// How far ahead doctors can be booked in bulk data, and the longest range of one question.
const HORIZON_DAYS: i32 = 120;
const RANGE_DAYS: i32 = 60;

/// A doctor and her shortest kind of visit.
#[derive(Debug, Clone)]
pub(crate) struct Doctor {
    pub(crate) id: String,
    pub(crate) visit_type: String,
}

/// A time that can be booked.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) doctor: Doctor,
    pub(crate) start: String,
    /// Epoch seconds, for the order.
    pub(crate) at: i64,
}

impl Slot {
    pub(crate) fn booking(&self, key: String) -> Ask {
        let body = json!({ "doctor_id": self.doctor.id, "visit_type_id": self.doctor.visit_type, "start": self.start });
        Ask::post("/api/v1/appointments", body).keyed(key)
    }
}

/// The text under a name.
pub(crate) fn text(value: &Value, name: &str) -> anyhow::Result<String> {
    value
        .get(name)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .with_context(|| format!("no `{name}` in {value}"))
}

/// What stands in a list under a name.
pub(crate) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// What to add to a question for the page after this one.
pub(crate) fn after(page: &Value) -> Option<String> {
    let cursor = page.get("next_cursor").and_then(Value::as_str)?;
    Some(format!("&cursor={}", cursor.replace('~', "%7E").replace(' ', "%20")))
}

/// All doctors by name.
pub(crate) async fn doctors(host: SocketAddr) -> anyhow::Result<Vec<Doctor>> {
    let mut client = Client::new(host);
    let mut doctors = Vec::new();
    let mut more = String::new();
    loop {
        let page = client
            .expect(&Ask::get(format!("/api/v1/doctors?sort=name&limit=100{more}")), 200)
            .await?
            .json()?;
        for doctor in list(&page, "items") {
            let minutes = |kind: &&Value| kind.get("minutes").and_then(Value::as_u64).unwrap_or(u64::MAX);
            let kind = list(doctor, "visit_types")
                .iter()
                .min_by_key(minutes)
                .context("a doctor without visit types")?;
            doctors.push(Doctor { id: text(doctor, "id")?, visit_type: text(kind, "id")? });
        }
        match after(&page) {
            Some(next) => more = next,
            None => break,
        }
    }
    anyhow::ensure!(!doctors.is_empty(), "the server has no doctors");
    Ok(doctors)
}

/// Connections of patients without visits, from the n-th on, each with her bearer token.
pub(crate) async fn patients(host: SocketAddr, first: usize, count: usize) -> anyhow::Result<Vec<Client>> {
    let mut clients = Vec::with_capacity(count);
    let numbers: Vec<usize> = (first..first + count).collect();
    for numbers in numbers.chunks(SIGN_INS_AT_ONCE) {
        let mut signing_in = JoinSet::new();
        for &number in numbers {
            signing_in.spawn(async move {
                sign_in(host, &format!("patient{number}@bench.example"), PASSWORD).await
            });
        }
        while let Some(client) = signing_in.join_next().await {
            clients.push(client??);
        }
    }
    Ok(clients)
}

/// A connection of somebody in bulk, with a bearer token.
pub(crate) async fn sign_in(host: SocketAddr, email: &str, password: &str) -> anyhow::Result<Client> {
    let mut client = Client::new(host);
    let body = json!({ "email": email, "password": password });
    let ask = Ask::post("/api/v1/auth/token", body);
    // A busy machine hashes slowly, and the server says so in time: then one asks again, as it says.
    for _ in 0..PATIENT {
        if client.send(&ask).await?.status != 503 {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let answer = client.expect(&ask, 200).await?.json()?;
    client.token = Some(text(&answer, "access_token")?);
    Ok(client)
}

/// Everything that is free from the day after tomorrow on, soonest first.
pub(crate) async fn free(host: SocketAddr, doctors: &[Doctor]) -> anyhow::Result<Vec<Slot>> {
    let mut client = Client::new(host);
    let mut slots = Vec::new();
    let begin = plus_days(machine::today(), 2);
    for doctor in doctors {
        for part in 0..HORIZON_DAYS / RANGE_DAYS {
            let (from, to) =
                (plus_days(begin, part * RANGE_DAYS), plus_days(begin, (part + 1) * RANGE_DAYS - 1));
            let Doctor { id, visit_type } = doctor;
            let path = format!("/api/v1/doctors/{id}/slots?visit_type={visit_type}&from={from}&to={to}");
            let answer = client.expect(&Ask::get(path), 200).await?.json()?;
            for slot in list(&answer, "items") {
                let start = text(slot, "start")?;
                let at = start.parse::<jiff::Timestamp>()?.as_second();
                slots.push(Slot { doctor: doctor.clone(), start, at });
            }
        }
    }
    slots.sort_by(|a, b| (a.at, &a.doctor.id).cmp(&(b.at, &b.doctor.id)));
    anyhow::ensure!(!slots.is_empty(), "nothing is free");
    Ok(slots)
}

/// Clients take turns through the free times. No two of one client may be at the same instant, or its patient would be
/// in two places; that holds while fewer doctors work at an instant than there are clients.
pub(crate) fn check_columns(slots: &[Slot], clients: usize) -> anyhow::Result<()> {
    let clash = slots.iter().zip(slots.iter().skip(clients)).any(|(one, next)| one.at == next.at);
    anyhow::ensure!(!clash, "more doctors work at one instant than there are clients");
    Ok(())
}
