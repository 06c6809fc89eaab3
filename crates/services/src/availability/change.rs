//! Changing a doctor's hours: every change is checked, looked at if somebody wants that, and written by the same few steps.
//!
//! What a change hits is `impact`'s business.

use std::sync::Arc;

use domain::{
    Call, Error as Refusal,
    availability::{
        Absence, AddAbsence, BookingRules, DateException, HoursChange, HoursImpact, WeeklyWindow,
        WorkingHours,
    },
    error::{Conflict, Findings},
    ids::{AbsenceId, DoctorId, OpeningId},
    slots::{Opening, Schedule, check_windows},
    text,
    time::plus_days,
};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};
use uuid::Uuid;

use super::{
    AvailabilityService, FURTHEST_DAYS, Managed, check_hours,
    dated::{MOST_WINDOWS, check_span, few, note},
    impact::{Look, Scene, may_save},
    store,
};
use crate::{
    appointments::take_turn,
    db::Conn,
    directory::{Entry, load_rules, read_schedule},
    error::{Error, Result},
};

/// A change that is well formed.
#[derive(Clone)]
enum Ready {
    Week { rows: Vec<(Uuid, WeeklyWindow)>, rules: Option<BookingRules>, version: Option<i64> },
    Date(DateException),
    UsualDate(Date),
    Absence(Absence),
    RemoveExtra(OpeningId),
}

impl AvailabilityService {
    /// Saves a change of a doctor's hours, if whoever wants it has looked as far as she has to.
    pub(super) async fn save(
        &self,
        call: &Call,
        doctor: DoctorId,
        change: HoursChange,
        look: Look,
    ) -> Result<WorkingHours> {
        let (entry, she) = self.managed(call, doctor).await?;
        let ready = self.ready(&entry, &change)?;
        let (now, wall) = (self.core.clock.now(), self.wall(&entry.schedule.zone));
        if let Look::As(_) = &look {
            // What does not fit is refused without a turn of the one writer, which everybody waits for.
            let scene = self.scene_now(&she, &change, wall, now).await?;
            may_save(&named(&change)?, &[scene], &look)?;
        }
        let whose = she.clone();
        let change = Arc::new(change);
        self.settled(&entry, she, move |conn| {
            let (she, ready, look) = (whose.clone(), ready.clone(), look.clone());
            let change = change.clone();
            Box::pin(async move {
                let before = match &look {
                    Look::Whatever => None,
                    Look::As(_) => {
                        // Whoever books with her at this moment is waited for, and seen.
                        take_turn(conn, she.object().id()).await?;
                        Some(before(conn, &she, &change, wall).await?)
                    }
                };
                write(conn, &she, ready, wall).await?;
                if let Some((before, extra)) = before {
                    let scene = scene(conn, &she, &change, (before, extra), now).await?;
                    may_save(&named(&change)?, &[scene], &look)?;
                }
                Ok(())
            })
        })
        .await
    }

    /// What a change would do. Nothing is changed.
    pub(super) async fn look(
        &self,
        call: &Call,
        doctor: DoctorId,
        change: HoursChange,
    ) -> Result<HoursImpact> {
        let (entry, she) = self.managed(call, doctor).await?;
        self.ready(&entry, &change)?;
        let (now, wall) = (self.core.clock.now(), self.wall(&entry.schedule.zone));
        let scene = self.scene_now(&she, &change, wall, now).await?;
        self.impact(&she, &[entry], (&named(&change)?, vec![scene]), now).await
    }

    /// What a change would do as things stand, for whoever only looks.
    async fn scene_now(
        &self,
        she: &Managed,
        change: &HoursChange,
        wall: DateTime,
        now: Timestamp,
    ) -> Result<Scene> {
        let mut conn = self.core.db.read(she.reach()).await?;
        still_there(&mut conn, she, change).await?;
        let before = before(&mut conn, she, change, wall).await?;
        scene(&mut conn, she, change, before, now).await
    }

    /// The change as it is written, or all that is wrong with it.
    fn ready(&self, entry: &Entry, change: &HoursChange) -> Result<Ready> {
        let now = self.wall(&entry.schedule.zone);
        Ok(match change {
            HoursChange::Week(week) => {
                check_hours(entry, week)?;
                let rows = week.weekly.iter().cloned().map(|window| (self.core.new_id(), window)).collect();
                Ready::Week { rows, rules: week.rules, version: week.version }
            }
            HoursChange::Date(exception) => {
                let mut findings = Findings::new();
                let note = findings
                    .take("note", text::optional(Some(&exception.note), 200))
                    .flatten()
                    .unwrap_or_default();
                // Every window is compared with every other, so a list that is too long is not looked into.
                if exception.windows.len() > MOST_WINDOWS {
                    findings.require(false, "windows", "too_many_windows");
                } else {
                    findings.take("windows", check_windows(&exception.windows).map_err(|(_, rule)| rule));
                }
                findings.require(exception.date >= now.date(), "date", "date_past");
                let furthest = plus_days(now.date(), FURTHEST_DAYS);
                findings.require(exception.date <= furthest, "date", "date_too_far");
                findings.finish()?;
                Ready::Date(DateException { note, ..exception.clone() })
            }
            HoursChange::UsualDate { date } => Ready::UsualDate(*date),
            HoursChange::Absence(AddAbsence { from, to, kind, note: text }) => {
                let mut findings = Findings::new();
                let note = note(&mut findings, text);
                check_span(&mut findings, *from, *to, now);
                findings.finish()?;
                let id = AbsenceId(self.core.new_id());
                Ready::Absence(Absence { id, from: *from, to: *to, kind: *kind, note })
            }
            HoursChange::RemoveExtra { id } => Ready::RemoveExtra(*id),
        })
    }
}

/// The text of a change, for the name of what was seen.
fn named(change: &HoursChange) -> Result<String> {
    serde_json::to_string(change).map_err(|error| Error::Library(error.to_string()))
}

/// The hours as they stand in this transaction, and what a change takes away of them.
async fn before(
    conn: &mut Conn,
    she: &Managed,
    change: &HoursChange,
    now: DateTime,
) -> Result<(Schedule, Option<Opening>)> {
    let before = read_schedule(conn, she.object().id()).await?.ok_or(Refusal::NotFound)?;
    let HoursChange::RemoveExtra { id } = change else { return Ok((before, None)) };
    let extra = store::dated::extra(conn, she, now.date()).await?;
    let extra = extra.into_iter().find(|extra| extra.id == *id).ok_or(Refusal::NotFound)?;
    let opening = Opening { date: extra.date, window: extra.window, visit_types: extra.visit_types };
    Ok((before, Some(opening)))
}

async fn scene(
    conn: &mut Conn,
    she: &Managed,
    change: &HoursChange,
    (before, extra): (Schedule, Option<Opening>),
    now: Timestamp,
) -> Result<Scene> {
    let after = change.applied(&before, extra.as_ref());
    Scene::of(conn, she, she.object().id(), (before, after), now).await
}

/// Whether what a change is about is there, as writing it would find out.
async fn still_there(conn: &mut Conn, she: &Managed, change: &HoursChange) -> Result<()> {
    match change {
        HoursChange::Week(week) => {
            let version = load_rules(conn, she.object().id()).await?.map(|(_, version)| version);
            if week.version.is_some() && week.version != version {
                return Err(Error::conflict(Conflict::StaleVersion));
            }
        }
        HoursChange::UsualDate { date } => {
            let there = super::exceptions_of(conn, she.object().id(), Some(*date)).await?;
            if there.first().is_none_or(|first| first.date != *date) {
                return Err(Refusal::NotFound.into());
            }
        }
        HoursChange::Date(_) | HoursChange::Absence(_) | HoursChange::RemoveExtra { .. } => {}
    }
    Ok(())
}

async fn write(conn: &mut Conn, she: &Managed, ready: Ready, now: DateTime) -> Result<()> {
    let found = match ready {
        Ready::Week { rows, rules, version } => {
            if !store::next_version(conn, she, version).await? {
                return Err(Error::conflict(Conflict::StaleVersion));
            }
            store::replace_weekly(conn, she, rows).await?;
            if let Some(rules) = rules {
                store::set_rules(conn, she, rules).await?;
            }
            true
        }
        Ready::Date(exception) => {
            store::set_exception(conn, she, exception).await?;
            true
        }
        Ready::UsualDate(date) => store::delete_exception(conn, she, date).await?,
        Ready::Absence(absence) => {
            few("from", store::dated::absences(conn, she, now).await?.len() + 1)?;
            store::dated::insert_absence(conn, she, &absence).await?;
            true
        }
        Ready::RemoveExtra(id) => store::dated::delete_extra(conn, she, id).await?,
    };
    if found { Ok(()) } else { Err(Refusal::NotFound.into()) }
}
