//! What a change of hours would do: which visits would no longer stand, and how much free time it takes away.
//!
//! Whether a visit stands is asked of the engine that offers times. What was seen has a name, so that what is saved is what was seen.

use std::{fmt::Write as _, sync::Arc};

use domain::{
    Error as Refusal,
    availability::{HitKind, HitVisit, HoursImpact, PREVIEW_WEEKS},
    error::Conflict,
    ids::{AppointmentId, DoctorId, PatientId},
    money::Money,
    slots::{Refusal as Rule, Schedule, as_agreed, open_time, unseated},
    time::{Moment, Span, parse_date, plus_days},
};
use jiff::Timestamp;

use super::{AvailabilityService, taken_between};
use crate::{
    access::{Authorized, Sealed},
    appointments::{AppointmentRow, agreed_shape, ahead_of_doctor, offered_of_doctor, status_of},
    core::instant,
    db::Conn,
    directory::{Entry, times::shape_of},
    error::{Error, Result},
    secrets,
};

/// More than a doctor has ahead.
const MOST: i64 = 5000;

/// Whether somebody has to look before a change is saved.
#[derive(Clone)]
pub(super) enum Look {
    /// It is saved whatever it hits.
    Whatever,
    /// It is saved as it was seen; where nobody has looked, only if it hits no visit.
    As(Option<String>),
}

/// A doctor's hours before a change and after it, and what no longer stands then.
pub(super) struct Scene {
    doctor: DoctorId,
    before: Schedule,
    after: Schedule,
    hits: Vec<(AppointmentRow, Rule)>,
}

impl Scene {
    /// Looks at all that a doctor has ahead.
    pub(super) async fn of<A, R>(
        conn: &mut Conn,
        proof: &Authorized<A, R>,
        doctor: DoctorId,
        (before, after): (Schedule, Schedule),
        now: Timestamp,
    ) -> Result<Self> {
        let now = now.as_millisecond();
        let ahead = Span { start: now, end: i64::MAX };
        let rows = ahead_of_doctor(conn, proof, doctor, ahead, now, MOST).await?;
        let (agreed, then) = (as_agreed(&before), as_agreed(&after));
        let mut hits = Vec::new();
        for row in rows {
            if let Some(rule) = unseated(&agreed, &then, agreed_shape(&row)?, row.starts_at) {
                hits.push((row, rule));
            }
        }
        Ok(Self { doctor, before, after, hits })
    }

    /// Booked visits that are hit. What is only held may be gone in a moment, and is nobody's visit.
    fn visits(&self) -> impl Iterator<Item = &AppointmentRow> {
        self.hits.iter().map(|(row, _)| row).filter(|row| row.hold_expires_at.is_none())
    }
}

/// What a preview is called: the same for the same change, by the same hours, to the same visits.
fn name_of(change: &str, scenes: &[Scene]) -> String {
    let mut text = change.to_owned();
    for scene in scenes {
        let Schedule { zone: _, weekly, exceptions, openings, away, closed, rules } = &scene.before;
        let mut openings: Vec<_> = openings.iter().map(|opening| format!("{opening:?}")).collect();
        openings.sort_unstable();
        // Writing to a String does not fail.
        let _ = write!(
            text,
            "|{} {weekly:?} {exceptions:?} {openings:?} {away:?} {closed:?} {rules:?}",
            scene.doctor
        );
        for visit in scene.visits() {
            let _ = write!(text, " {}/{}", visit.id, visit.version);
        }
    }
    secrets::content_key(text.as_bytes())
}

/// Whether a change may be saved, as far as visits are concerned. Runs in the transaction that saves it.
pub(super) fn may_save(change: &str, scenes: &[Scene], look: &Look) -> Result<()> {
    match look {
        Look::Whatever => Ok(()),
        Look::As(None) if scenes.iter().all(|scene| scene.visits().next().is_none()) => Ok(()),
        Look::As(None) => Err(Error::conflict(Conflict::VisitsHit)),
        Look::As(Some(seen)) if *seen == name_of(change, scenes) => Ok(()),
        Look::As(Some(_)) => Err(Error::conflict(Conflict::StaleVersion)),
    }
}

impl AvailabilityService {
    /// What there is to see of a change. The audit has noted whose visits are shown.
    pub(super) async fn impact<A, R: Sync>(
        &self,
        proof: &Authorized<A, R>,
        entries: &[Arc<Entry>],
        (change, scenes): (&str, Vec<Scene>),
        now: Timestamp,
    ) -> Result<HoursImpact> {
        let first = entries.first().ok_or(Refusal::NotFound)?;
        let today = now.to_zoned(first.schedule.zone.clone()).date();
        let until = plus_days(today, 7 * PREVIEW_WEEKS);
        let (mut lost, mut gained, mut hits) = (0, 0, Vec::new());
        let mut conn = self.core.db.read(proof.reach()).await?;
        for scene in &scenes {
            let Some(entry) = entries.iter().find(|entry| entry.id == scene.doctor) else { continue };
            let shapes: Vec<_> = entry.visit_types.iter().map(shape_of).collect();
            if let Some(first) = shapes.first().filter(|_| entry.active) {
                let busy = taken_between(&mut conn, entry, *first, (today, until), None, now).await?;
                let whole = busy.whole();
                let open = |schedule| open_time(schedule, &shapes, &whole, now, (today, until));
                let (before, after) = (open(&scene.before), open(&scene.after));
                let both = before.and(&after).minutes();
                lost += both - after.minutes();
                gained += both - before.minutes();
            }
            let offers = offered_of_doctor(&mut conn, proof, scene.doctor).await?;
            for (row, rule) in &scene.hits {
                let offered = offers.iter().any(|(hold,)| *hold == row.id);
                hits.push(hit(row, *rule, offered, entry)?);
            }
        }
        drop(conn);
        let patients: Vec<PatientId> = hits.iter().map(|hit| hit.patient_id).collect();
        let hits = self.core.open(proof, Sealed::about(hits, patients)).await?;
        let lower_limit = scenes.iter().any(|scene| scene.after.rules.takes_fewer_than(scene.before.rules));
        let (zone, seen) = (first.hospital.time_zone.clone(), name_of(change, &scenes));
        Ok(HoursImpact::of(zone, hits, (lost, gained, until), lower_limit, seen))
    }
}

fn hit(row: &AppointmentRow, rule: Rule, offered: bool, entry: &Entry) -> Result<HitVisit> {
    let zone = &entry.schedule.zone;
    let kind = match (status_of(row)?.is_held(), offered) {
        (false, _) => HitKind::Visit,
        (true, false) => HitKind::Hold,
        (true, true) => HitKind::Offer,
    };
    Ok(HitVisit {
        kind,
        id: AppointmentId(row.id),
        start: Moment::in_zone(instant(row.starts_at)?, zone),
        end: Moment::in_zone(instant(row.ends_at)?, zone),
        doctor_id: entry.id,
        doctor_name: entry.name.clone(),
        patient_id: row.patient_id.into(),
        patient_name: row.patient_name.clone(),
        birth_date: parse_date(&row.birth_date).map_err(Error::Stored)?,
        visit_type_id: row.visit_type_id.into(),
        visit_type_name: row.visit_type_name.clone(),
        price: Money { amount_minor: row.price_minor, currency: row.currency.clone() },
        rule: rule.rule().to_owned(),
        version: row.version,
    })
}
