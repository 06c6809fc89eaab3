//! The sheet: a doctor's visits in a range of dates, with free times for each that nobody else is proposed.
//!
//! Which times are free is asked of the engine; which of them goes to whom is the domain's rule.

use std::{
    collections::{HashMap, hash_map},
    sync::Arc,
};

use domain::{
    Call,
    changes::{
        ChangeSheet, ChangeableVisit, MOST_VISITS, Options, PROPOSALS, Proposal, SHEET_DAYS, Wish,
        is_imminent, propose,
    },
    error::Findings,
    ids::{DoctorId, PatientId},
    money::Money,
    slots::{Busy, Shape, as_agreed, offer, stands},
    time::{Moment, Span, parse_date, plus_days},
};
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::{ChangeService, Keeper};
use crate::{
    access::{OfDoctor, Sealed},
    appointments::{AppointmentRow, agreed_shape, ahead_of_doctor, engagements, status_of},
    availability::taken_between,
    core::instant,
    directory::{Entry, times::shape_of},
    error::{Error, Result},
};

/// So many days before the range and after it free times are looked for.
const BEFORE: i32 = 7;
const AFTER: i32 = 28;
/// So many doctors besides the visit's own are looked at.
const OTHERS: usize = 8;

impl ChangeService {
    pub(super) async fn sheet_of(
        &self,
        call: &Call,
        doctor: DoctorId,
        (from, to): (Date, Date),
    ) -> Result<ChangeSheet> {
        let entry = self.core.directory.doctor(&self.core, doctor).await?;
        let she: Keeper = self.core.authorize(call, OfDoctor::of(&entry)).await?;
        let mut findings = Findings::new();
        findings.require(to >= from, "to", "range_order");
        findings.require(to <= plus_days(from, SHEET_DAYS), "to", "range_too_long");
        findings.finish()?;
        let now = self.core.clock.now();
        let at = now.as_millisecond();
        let range = Span::of_dates(Some(from), Some(to), &entry.schedule.zone);
        let span = Span { start: range.start.max(at + 1), ..range };
        let (mut rows, elsewhere) = {
            let mut conn = self.core.db.read(she.reach()).await?;
            let most = i64::try_from(2 * MOST_VISITS).unwrap_or(i64::MAX);
            let rows = ahead_of_doctor(&mut conn, &she, doctor, span, at, most).await?;
            (rows, engagements(&mut conn, &she, (entry.hospital.id, doctor), span, at).await?)
        };
        // What is only held will be booked or gone in a moment.
        rows.retain(|row| status_of(row).is_ok_and(|status| !status.is_held()));
        let more = rows.len() > MOST_VISITS;
        rows.truncate(MOST_VISITS);
        let patients: Vec<_> = rows.iter().map(|row| PatientId(row.patient_id)).collect();
        let rows = self.core.open(&she, Sealed::about(rows, patients)).await?;
        let (doctors, wishes) = self.wishes(&entry, &rows, &elsewhere, (from, to), now).await?;
        let proposals = propose(&wishes, PROPOSALS);
        let agreed = as_agreed(&entry.schedule);
        let visits = rows.iter().zip(proposals).map(|(row, found)| {
            let proposals = found.into_iter().filter_map(|(number, start)| {
                let with = doctors.get(number)?;
                let start = Moment::in_zone(instant(start).ok()?, &with.schedule.zone);
                Some(Proposal { doctor_id: with.id, doctor_name: with.name.clone(), start })
            });
            Ok(ChangeableVisit {
                id: row.id.into(),
                version: row.version,
                start: Moment::in_zone(instant(row.starts_at)?, &entry.schedule.zone),
                end: Moment::in_zone(instant(row.ends_at)?, &entry.schedule.zone),
                patient_id: row.patient_id.into(),
                patient_name: row.patient_name.clone(),
                birth_date: parse_date(&row.birth_date).map_err(Error::Stored)?,
                visit_type_name: row.visit_type_name.clone(),
                price: Money { amount_minor: row.price_minor, currency: row.currency.clone() },
                told_at_once: is_imminent(at, row.starts_at, None),
                stands: stands(&agreed, agreed_shape(row)?, row.starts_at).is_ok(),
                proposals: proposals.collect(),
            })
        });
        Ok(ChangeSheet {
            doctor_id: doctor,
            doctor_name: entry.name.clone(),
            time_zone: entry.hospital.time_zone.clone(),
            from,
            to,
            visits: visits.collect::<Result<_>>()?,
            more,
        })
    }

    /// Whom each visit could be put with, and when; doctors are named by their number, the visits' own is the first.
    async fn wishes(
        &self,
        own: &Arc<Entry>,
        rows: &[AppointmentRow],
        elsewhere: &[(Uuid, Uuid, i64, i64)],
        (from, to): (Date, Date),
        now: Timestamp,
    ) -> Result<(Vec<Arc<Entry>>, Vec<Wish>)> {
        let today = now.to_zoned(own.schedule.zone.clone()).date();
        let range = (plus_days(from, -BEFORE).max(today), plus_days(to, AFTER));
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        let wanted = |entry: &Entry| {
            entry.active
                && entry.visit_types.iter().any(|v| rows.iter().any(|row| row.visit_type_id == v.id.0))
        };
        let others = snapshot
            .by_name
            .iter()
            .filter(|entry| entry.hospital.id == own.hospital.id && entry.id != own.id && wanted(entry));
        let doctors: Vec<Arc<Entry>> = std::iter::once(own).chain(others.take(OTHERS)).cloned().collect();
        let mut known: HashMap<(Uuid, i64), Arc<Options>> = HashMap::new();
        for row in rows {
            let like = (row.visit_type_id, row.minutes);
            if let hash_map::Entry::Vacant(place) = known.entry(like) {
                place.insert(Arc::new(self.options(&doctors, row, range, now).await?));
            }
        }
        let mut wishes = Vec::with_capacity(rows.len());
        for row in rows {
            let options = known.get(&(row.visit_type_id, row.minutes)).cloned().unwrap_or_default();
            let spans = elsewhere
                .iter()
                .filter(|(visit, patient, ..)| *patient == row.patient_id && *visit != row.id)
                .map(|(_, _, start, end)| Span { start: *start, end: *end });
            wishes.push(Wish {
                patient: row.patient_id.into(),
                start: row.starts_at,
                elsewhere: Busy::new(spans.collect()),
                options,
            });
        }
        Ok((doctors, wishes))
    }

    /// The free begins for such a visit with each doctor who offers it: as long as was agreed, with the buffers of its type.
    async fn options(
        &self,
        doctors: &[Arc<Entry>],
        row: &AppointmentRow,
        (from, to): (Date, Date),
        now: Timestamp,
    ) -> Result<Options> {
        let mut found = Vec::new();
        for (number, entry) in doctors.iter().enumerate() {
            let Some(offered) = entry.offered_type(row.visit_type_id.into()) else { continue };
            let shape = Shape { minutes: row.minutes, ..shape_of(offered) };
            let mut conn = self.core.db.read(&crate::db::Reach::public()).await?;
            let taken = taken_between(&mut conn, entry, shape, (from, to), None, now).await?;
            let begins = offer(&taken.question(&entry.schedule, shape, now), from, to);
            found.push((number, shape, taken.places(begins)));
        }
        Ok(found)
    }
}
