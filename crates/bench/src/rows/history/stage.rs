//! The stage: a few doctors who work for a few hours of some days, three kinds of visits, and somebody at the desk.
//! Made through the API by the administrator of a hospital of the bulk data.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
};

use anyhow::Context;
use domain::{
    ids::{DoctorId, HospitalId, VisitTypeId},
    time::plus_days,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use crate::{
    client::{Ask, Client},
    history::{Length, Order, Setting, log::Seat},
    machine,
    rows::found::{self, list, text},
};

const DOCTORS: usize = 3;
/// The administrators of bulk data by the zones of their hospitals, and the password of all staff there.
const ADMINISTRATORS: [(&str, &str); 5] = [
    ("admin0@bench.example", "Europe/Berlin"),
    ("admin1@bench.example", "Asia/Kolkata"),
    ("admin2@bench.example", "America/New_York"),
    ("admin3@bench.example", "Europe/London"),
    ("admin4@bench.example", "Australia/Sydney"),
];
const STAFF_PASSWORD: &str = "caresync-demo-2026";
/// Times are offered to those who wait from eight to nine in the evening on the hospital's clocks. So it is one where a run that takes a
/// few hours by the server's clock begins in time; there is always one.
const BEGINS: std::ops::Range<i8> = 8..16;
const KINDS: [Length; 3] = [
    Length { minutes: 15, before: 0, after: 0, paid_first: false },
    Length { minutes: 30, before: 5, after: 10, paid_first: false },
    Length { minutes: 15, before: 0, after: 5, paid_first: true },
];
/// So far ahead that nothing begins while it is played for.
const DAYS_AHEAD: i32 = 7;
/// One after the other is played for: what takes place takes its time for ever.
const DAYS: i32 = 20;
const OPENS: &str = "08:00";
const CLOSES: &str = "11:00";

/// Somebody who can sign in.
#[derive(Debug, Clone)]
pub(super) struct Login {
    pub(super) email: String,
    pub(super) password: &'static str,
}

/// What is played for.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) setting: Setting,
    pub(super) desk: Login,
    pub(super) doctors: Vec<DoctorId>,
    pub(super) kinds: Vec<VisitTypeId>,
    pub(super) days: Vec<Date>,
    /// All that can be booked on each of them.
    pub(super) seats: Vec<Vec<Seat>>,
    /// Each instant as the API spells it, which begins with its date.
    pub(super) spelled: HashMap<i64, String>,
}

impl Stage {
    pub(super) fn doctors(&self) -> HashSet<DoctorId> {
        self.doctors.iter().copied().collect()
    }

    /// The date of one of the times.
    pub(super) fn day_of(&self, start: i64) -> Option<Date> {
        date_of(self.spelled.get(&start)?).ok()
    }
}

fn date_of(spelled: &str) -> anyhow::Result<Date> {
    let date = spelled.split('T').next().unwrap_or_default();
    date.parse().with_context(|| spelled.to_owned())
}

/// An administrator whose hospital has its day before it.
fn administrator() -> anyhow::Result<Login> {
    let now = Timestamp::from_millisecond(machine::clock())?;
    for (email, zone) in ADMINISTRATORS {
        if BEGINS.contains(&now.to_zoned(TimeZone::get(zone)?).hour()) {
            return Ok(Login { email: email.to_owned(), password: STAFF_PASSWORD });
        }
    }
    anyhow::bail!("it is night everywhere")
}

/// Makes doctors, kinds of visits that nobody has booked yet, and an account for the desk.
pub(super) async fn set(host: SocketAddr, run: u64, order: Order) -> anyhow::Result<Stage> {
    let login = administrator()?;
    let mut admin = found::sign_in(host, &login.email, login.password).await?;
    let me = admin.expect(&Ask::get("/api/v1/me"), 200).await?.json()?;
    let hospital =
        text(list(&me, "memberships").first().context("an administrator of nothing")?, "hospital_id")?;
    let hospital: HospitalId = hospital.parse()?;
    let desk = employ(&mut admin, hospital, run).await?;
    let mut lengths = HashMap::new();
    let mut kinds: Vec<VisitTypeId> = Vec::new();
    for (number, length) in KINDS.into_iter().enumerate() {
        let Length { minutes, before, after, paid_first } = length;
        let body = json!({ "name": format!("History {run}.{number}"), "modality": "in_person", "minutes": minutes,
            "buffer_before": before, "buffer_after": after, "price_minor": 1000, "prepaid": paid_first });
        let ask = Ask::post(format!("/api/v1/hospitals/{hospital}/visit-types"), body);
        let kind = made(&mut admin, &ask).await?.parse()?;
        lengths.insert(kind, length);
        kinds.push(kind);
    }
    let first = plus_days(machine::today(), DAYS_AHEAD);
    let days: Vec<Date> = (0..DAYS).map(|day| plus_days(first, day)).collect();
    let mut stage = Stage {
        setting: Setting { order, lengths, starts: HashMap::new() },
        desk,
        doctors: Vec::new(),
        seats: vec![Vec::new(); days.len()],
        kinds,
        days,
        spelled: HashMap::new(),
    };
    for number in 0..DOCTORS {
        let body = json!({ "name": format!("Dr. History {run}.{number}"), "specialties": ["cardiology"],
            "languages": ["en"], "visit_type_ids": stage.kinds });
        let ask = Ask::post(format!("/api/v1/hospitals/{hospital}/doctors"), body);
        let doctor: DoctorId = made(&mut admin, &ask).await?.parse()?;
        stage.work(&mut admin, doctor).await?;
        for kind in stage.kinds.clone() {
            stage.offer(&mut admin, doctor, kind).await?;
        }
        stage.doctors.push(doctor);
    }
    Ok(stage)
}

/// Makes something and returns its id.
async fn made(admin: &mut Client, ask: &Ask) -> anyhow::Result<String> {
    text(&admin.expect(ask, 201).await?.json()?, "id")
}

/// Somebody at the desk, who has taken the invitation.
async fn employ(admin: &mut Client, hospital: HospitalId, run: u64) -> anyhow::Result<Login> {
    let desk =
        Login { email: format!("desk.history{run}@bench.example"), password: "lanterns over a quiet river" };
    let body = json!({ "email": desk.email, "role": "desk" });
    let ask = Ask::post(format!("/api/v1/hospitals/{hospital}/invitations"), body);
    let token = text(&admin.expect(&ask, 201).await?.json()?, "token")?;
    let body = json!({ "token": token, "full_name": "Dora Desk", "password": desk.password });
    let ask = Ask::post("/api/v1/invitations/accept", body);
    Client::new(admin.host).expect(&ask, 200).await?;
    Ok(desk)
}

impl Stage {
    /// The same hours on each of the days, and on no other.
    async fn work(&self, admin: &mut Client, doctor: DoctorId) -> anyhow::Result<()> {
        let (first, last) = (self.days.first(), self.days.last());
        let windows = (1..=7).map(|weekday| {
            json!({ "weekday": weekday, "start": OPENS, "end": CLOSES, "valid_from": first, "valid_to": last })
        });
        let windows: Vec<Value> = windows.collect();
        let rules =
            json!({ "cadence_minutes": 15, "notice_minutes": 0, "horizon_days": DAYS_AHEAD + DAYS + 2 });
        let body = json!({ "weekly": windows, "rules": rules });
        admin.expect(&Ask::put(format!("/api/v1/doctors/{doctor}/hours"), body), 200).await.map(drop)
    }

    /// Takes over what a doctor offers.
    async fn offer(
        &mut self,
        client: &mut Client,
        doctor: DoctorId,
        kind: VisitTypeId,
    ) -> anyhow::Result<()> {
        let (Some(first), Some(last)) = (self.days.first(), self.days.last()) else { return Ok(()) };
        let answer = client.expect(&free(doctor, kind, (*first, *last)), 200).await?.json()?;
        for slot in list(&answer, "items") {
            let (spelled, start) = begin(slot)?;
            let day = date_of(&spelled)?;
            let place = self.days.iter().position(|one| *one == day).context("a day that nobody works")?;
            if let Some(seats) = self.seats.get_mut(place) {
                seats.push(Seat { doctor, kind, start });
            }
            self.setting.starts.entry((doctor, kind, day)).or_default().push(start);
            self.spelled.insert(start, spelled);
        }
        let whole = self.days.iter().all(|day| self.setting.starts.contains_key(&(doctor, kind, *day)));
        anyhow::ensure!(whole, "a doctor who offers nothing on some day");
        Ok(())
    }
}

/// Asks for the free times of some days.
pub(super) fn free(doctor: DoctorId, kind: VisitTypeId, (from, to): (Date, Date)) -> Ask {
    Ask::get(format!("/api/v1/doctors/{doctor}/slots?visit_type={kind}&from={from}&to={to}"))
}

/// When a slot or a visit begins, as it is spelled and in epoch milliseconds.
pub(super) fn begin(of: &Value) -> anyhow::Result<(String, i64)> {
    let spelled = text(of, "start")?;
    let start = spelled.parse::<Timestamp>()?.as_millisecond();
    Ok((spelled, start))
}
