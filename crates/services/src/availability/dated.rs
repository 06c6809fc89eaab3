//! What holds for certain dates only: a doctor's absence, hours that are there once, a hospital's closing.
//!
//! Booked visits stay whatever is set here; new ones are judged by it from the next moment on.

use std::sync::Arc;

use domain::{
    Call, Error as Refusal,
    availability::{AddClosure, AddExtraHours, Closure, ExtraHours, HoursImpact, TimeWindow, WorkingHours},
    error::Findings,
    ids::{AbsenceId, ClosureId, DoctorId, HospitalId, OpeningId},
    slots::check_windows,
    text,
    time::plus_days,
};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};

use super::{
    AvailabilityService, Closing, FURTHEST_DAYS,
    impact::{Look, Scene, may_save},
    store::dated as store,
    unknown_visit_type,
};
use crate::{
    access::OfHospital,
    appointments::take_turn,
    core::zone,
    db::{Conn, News},
    directory::{Entry, read_schedule},
    error::{Error, Result},
};

/// Longest absence and longest closing, in days.
const LONGEST_DAYS: i32 = 400;

/// As many absences, extra hours and closures can wait at once: every booking reads them.
const MOST: usize = 100;
/// As many windows are added at once, or hold on one date instead of the week's.
pub(super) const MOST_WINDOWS: usize = 5;

/// Refuses one more than can wait.
pub(super) fn few(field: &str, count: usize) -> Result<()> {
    if count <= MOST { Ok(()) } else { Err(Refusal::invalid(field, "too_many_items").into()) }
}

/// What is wrong with a span of dates.
pub(super) fn check_span(findings: &mut Findings, from: DateTime, to: DateTime, now: DateTime) {
    findings.require(from < to, "to", "range_order");
    findings.require(to.date() <= plus_days(from.date(), LONGEST_DAYS), "to", "range_too_long");
    findings.require(to > now, "to", "date_past");
    findings.require(from.date() <= plus_days(now.date(), FURTHEST_DAYS), "from", "date_too_far");
}

pub(super) fn note(findings: &mut Findings, text: &str) -> String {
    findings.take("note", text::optional(Some(text), 200)).flatten().unwrap_or_default()
}

impl AvailabilityService {
    pub(super) async fn back(&self, call: &Call, doctor: DoctorId, id: AbsenceId) -> Result<WorkingHours> {
        let (entry, she) = self.managed(call, doctor).await?;
        let whose = she.clone();
        self.settled(&entry, she, move |conn| {
            let she = whose.clone();
            Box::pin(async move {
                if !store::delete_absence(conn, &she, id).await? {
                    return Err(Refusal::NotFound.into());
                }
                Ok(())
            })
        })
        .await
    }

    pub(super) async fn more(
        &self,
        call: &Call,
        doctor: DoctorId,
        command: AddExtraHours,
    ) -> Result<WorkingHours> {
        let (entry, she) = self.managed(call, doctor).await?;
        let AddExtraHours { date, windows, visit_types, note: text } = command;
        let mut findings = Findings::new();
        let note = note(&mut findings, &text);
        findings.require(!windows.is_empty(), "windows", "hours_required");
        findings.require(windows.len() <= MOST_WINDOWS, "windows", "too_many_windows");
        findings.finish()?;
        let mut findings = Findings::new();
        findings.take("windows", check_windows(&windows).map_err(|(_, rule)| rule));
        let today = self.wall(&entry.schedule.zone).date();
        findings.require(date >= today, "date", "date_past");
        findings.require(date <= plus_days(today, FURTHEST_DAYS), "date", "date_too_far");
        findings.require(!unknown_visit_type(&entry, &visit_types), "visit_types", "visit_type_unknown");
        findings.finish()?;
        let extra: Vec<_> = windows
            .into_iter()
            .map(|window| ExtraHours {
                id: OpeningId(self.core.new_id()),
                date,
                window,
                visit_types: visit_types.clone(),
                note: note.clone(),
            })
            .collect();
        let whose = she.clone();
        self.settled(&entry, she, move |conn| {
            let (she, extra) = (whose.clone(), extra.clone());
            Box::pin(async move {
                let there = store::extra(conn, &she, today).await?;
                few("date", there.len() + extra.len())?;
                // Whoever presses twice adds once.
                let same_day = there.into_iter().chain(extra.clone()).filter(|one| one.date == date);
                let all: Vec<TimeWindow> = same_day.map(|one| one.window).collect();
                check_windows(&all).map_err(|(_, rule)| Refusal::invalid("windows", rule))?;
                for one in extra {
                    store::insert_extra(conn, &she, &one).await?;
                }
                Ok(())
            })
        })
        .await
    }

    pub(super) async fn closed(&self, call: &Call, hospital: HospitalId) -> Result<Vec<Closure>> {
        let here = self.closing(call, hospital).await?;
        let today = self.today_at(hospital).await?;
        let mut conn = self.core.db.read(here.reach()).await?;
        store::closures(&mut conn, &here, today).await
    }

    pub(super) async fn close(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: AddClosure,
        look: Look,
    ) -> Result<Vec<Closure>> {
        let here = self.closing(call, hospital).await?;
        let (now, today) = (self.core.clock.now(), self.today_at(hospital).await?);
        let closure = self.checked_closure(&command, today)?;
        let doctors: Vec<DoctorId> = self.doctors_of(hospital).await?.iter().map(|entry| entry.id).collect();
        if let Look::As(_) = &look {
            // What does not fit is refused without a turn of the one writer, which everybody waits for.
            let scenes = {
                let mut conn = self.core.db.read(here.reach()).await?;
                scenes(&mut conn, &here, &doctors, &command, now).await?
            };
            may_save(&named(&command)?, &scenes, &look)?;
        }
        let mut turns = doctors.clone();
        turns.sort_unstable_by_key(|doctor| doctor.0);
        let proof = here.clone();
        self.core
            .change(&proof, move |conn| {
                let (here, closure, look) = (here.clone(), closure.clone(), look.clone());
                let (command, doctors, turns) = (command.clone(), doctors.clone(), turns.clone());
                Box::pin(async move {
                    if let Look::As(_) = &look {
                        // Whoever books at this moment is waited for, and seen; always in one order, as for visits.
                        for doctor in &turns {
                            take_turn(conn, *doctor).await?;
                        }
                        let scenes = scenes(conn, &here, &doctors, &command, now).await?;
                        may_save(&named(&command)?, &scenes, &look)?;
                    }
                    few("from", store::closures(conn, &here, today).await?.len() + 1)?;
                    store::insert_closure(conn, &here, &closure).await?;
                    conn.announce(News::Directory).await?;
                    store::closures(conn, &here, today).await
                })
            })
            .await
    }

    /// What closing would do. Nothing is changed.
    pub(super) async fn look_closed(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: AddClosure,
    ) -> Result<HoursImpact> {
        let here = self.closing(call, hospital).await?;
        let (now, today) = (self.core.clock.now(), self.today_at(hospital).await?);
        self.checked_closure(&command, today)?;
        let entries = self.doctors_of(hospital).await?;
        let doctors: Vec<DoctorId> = entries.iter().map(|entry| entry.id).collect();
        let scenes = {
            let mut conn = self.core.db.read(here.reach()).await?;
            scenes(&mut conn, &here, &doctors, &command, now).await?
        };
        self.impact(&here, &entries, (&named(&command)?, scenes), now).await
    }

    fn checked_closure(&self, command: &AddClosure, today: Date) -> Result<Closure> {
        let AddClosure { from, to, note: text } = command;
        let mut findings = Findings::new();
        let note = note(&mut findings, text);
        let midnight = |date: Date| date.to_datetime(jiff::civil::Time::midnight());
        check_span(&mut findings, midnight(*from), midnight(plus_days(*to, 1)), midnight(today));
        findings.finish()?;
        Ok(Closure { id: ClosureId(self.core.new_id()), from: *from, to: *to, note })
    }

    async fn doctors_of(&self, hospital: HospitalId) -> Result<Vec<Arc<Entry>>> {
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        Ok(snapshot.by_name.iter().filter(|entry| entry.hospital.id == hospital).cloned().collect())
    }

    pub(super) async fn reopen(
        &self,
        call: &Call,
        hospital: HospitalId,
        id: ClosureId,
    ) -> Result<Vec<Closure>> {
        let here = self.closing(call, hospital).await?;
        let today = self.today_at(hospital).await?;
        let proof = here.clone();
        self.core
            .change(&proof, move |conn| {
                let here = here.clone();
                Box::pin(async move {
                    if !store::delete_closure(conn, &here, id).await? {
                        return Err(Refusal::NotFound.into());
                    }
                    conn.announce(News::Directory).await?;
                    store::closures(conn, &here, today).await
                })
            })
            .await
    }

    async fn closing(&self, call: &Call, hospital: HospitalId) -> Result<Closing> {
        self.core.authorize(call, OfHospital(hospital)).await
    }

    async fn today_at(&self, hospital: HospitalId) -> Result<Date> {
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        let here = snapshot.hospitals.get(&hospital).ok_or(Refusal::NotFound)?;
        Ok(self.wall(&zone(&here.time_zone)?).date())
    }
}

/// The text of a closing, for the name of what was seen.
fn named(command: &AddClosure) -> Result<String> {
    serde_json::to_string(command).map_err(|error| Error::Library(error.to_string()))
}

/// The hours of all doctors of a hospital with and without a closing.
async fn scenes(
    conn: &mut Conn,
    here: &Closing,
    doctors: &[DoctorId],
    command: &AddClosure,
    now: Timestamp,
) -> Result<Vec<Scene>> {
    let mut scenes = Vec::with_capacity(doctors.len());
    for doctor in doctors {
        let Some(before) = read_schedule(conn, *doctor).await? else { continue };
        let after = command.applied(&before);
        scenes.push(Scene::of(conn, here, *doctor, (before, after), now).await?);
    }
    Ok(scenes)
}
