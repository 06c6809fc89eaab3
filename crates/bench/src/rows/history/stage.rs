//! The stage: a few doctors who work for a few hours of one day, and two kinds of visits, one of which keeps time free around it.
//! Made through the API by the administrator of a hospital of the bulk data.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
};

use anyhow::Context;
use domain::{
    ids::{DoctorId, VisitTypeId},
    time::plus_days,
};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::{
    client::{Ask, Client},
    history::{Length, Order, Setting},
    machine,
    rows::found::{self, list, text},
};

const DOCTORS: usize = 3;
/// An administrator of bulk data, and the password of all staff there.
const ADMINISTRATOR: (&str, &str) = ("admin0@bench.example", "caresync-demo-2026");
const KINDS: [Length; 2] =
    [Length { minutes: 15, before: 0, after: 0 }, Length { minutes: 30, before: 5, after: 10 }];
/// So far ahead that nothing begins while it is played for.
const DAYS_AHEAD: i32 = 7;
const OPENS: &str = "08:00";
const CLOSES: &str = "11:00";

/// What is played for.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) setting: Setting,
    pub(super) day: Date,
    /// All that can be booked.
    pub(super) seats: Vec<(DoctorId, VisitTypeId, i64)>,
    /// Each instant as the API spells it.
    pub(super) spelled: HashMap<i64, String>,
}

impl Stage {
    pub(super) fn doctors(&self) -> HashSet<DoctorId> {
        self.setting.starts.keys().map(|(doctor, _)| *doctor).collect()
    }
}

/// Makes doctors and kinds of visits that nobody has booked yet.
pub(super) async fn set(host: SocketAddr, run: u64, order: Order) -> anyhow::Result<Stage> {
    let mut admin = found::sign_in(host, ADMINISTRATOR.0, ADMINISTRATOR.1).await?;
    let me = admin.expect(&Ask::get("/api/v1/me"), 200).await?.json()?;
    let hospital =
        text(list(&me, "memberships").first().context("an administrator of nothing")?, "hospital_id")?;
    let day = plus_days(machine::today(), DAYS_AHEAD);
    let mut lengths = HashMap::new();
    for (number, length) in KINDS.into_iter().enumerate() {
        let Length { minutes, before, after } = length;
        let body = json!({ "name": format!("History {run}.{number}"), "modality": "in_person", "minutes": minutes,
            "buffer_before": before, "buffer_after": after, "price_minor": 1000 });
        let ask = Ask::post(format!("/api/v1/hospitals/{hospital}/visit-types"), body);
        lengths.insert(made(&mut admin, &ask).await?.parse()?, length);
    }
    let kinds: Vec<VisitTypeId> = lengths.keys().copied().collect();
    let mut stage = Stage {
        setting: Setting { order, lengths, starts: HashMap::new() },
        day,
        seats: Vec::new(),
        spelled: HashMap::new(),
    };
    for number in 0..DOCTORS {
        let body = json!({ "name": format!("Dr. History {run}.{number}"), "specialties": ["cardiology"],
            "languages": ["en"], "visit_type_ids": kinds });
        let ask = Ask::post(format!("/api/v1/hospitals/{hospital}/doctors"), body);
        let doctor: DoctorId = made(&mut admin, &ask).await?.parse()?;
        work(&mut admin, doctor, day).await?;
        for kind in &kinds {
            stage.offer(&mut admin, doctor, *kind).await?;
        }
    }
    Ok(stage)
}

/// Makes something and returns its id.
async fn made(admin: &mut Client, ask: &Ask) -> anyhow::Result<String> {
    text(&admin.expect(ask, 201).await?.json()?, "id")
}

/// Hours on the one day and on no other.
async fn work(admin: &mut Client, doctor: DoctorId, day: Date) -> anyhow::Result<()> {
    let window = json!({ "weekday": day.weekday().to_monday_one_offset(), "start": OPENS, "end": CLOSES,
        "valid_from": day, "valid_to": day });
    let rules = json!({ "cadence_minutes": 15, "notice_minutes": 0, "horizon_days": 30 });
    let ask =
        Ask::put(format!("/api/v1/doctors/{doctor}/hours"), json!({ "weekly": [window], "rules": rules }));
    admin.expect(&ask, 200).await.map(drop)
}

impl Stage {
    /// Takes over what a doctor offers.
    async fn offer(
        &mut self,
        client: &mut Client,
        doctor: DoctorId,
        kind: VisitTypeId,
    ) -> anyhow::Result<()> {
        let answer = client.expect(&free(doctor, kind, self.day), 200).await?.json()?;
        let mut starts = Vec::new();
        for slot in list(&answer, "items") {
            let (spelled, start) = begin(slot)?;
            self.spelled.insert(start, spelled);
            self.seats.push((doctor, kind, start));
            starts.push(start);
        }
        anyhow::ensure!(!starts.is_empty(), "a doctor who offers nothing");
        self.setting.starts.insert((doctor, kind), starts);
        Ok(())
    }
}

/// Asks for the free times of the day.
pub(super) fn free(doctor: DoctorId, kind: VisitTypeId, day: Date) -> Ask {
    Ask::get(format!("/api/v1/doctors/{doctor}/slots?visit_type={kind}&from={day}&to={day}"))
}

/// When a slot or a visit begins, as it is spelled and in epoch milliseconds.
pub(super) fn begin(of: &Value) -> anyhow::Result<(String, i64)> {
    let spelled = text(of, "start")?;
    let start = spelled.parse::<jiff::Timestamp>()?.as_millisecond();
    Ok((spelled, start))
}
