//! Hours and free times: reading and changing when doctors work, and offering what follows from it.
//!
//! The arithmetic is `domain::slots`; booking decides anew inside its own transaction.

mod store;

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    availability::{
        Availability, BookingRules, DateException, MAX_RANGE_DAYS, SetWorkingHours, Slot, SlotQuery, Slots,
        WorkingHours,
    },
    error::Findings,
    ids::{DoctorId, VisitTypeId},
    slots::{Busy, Question, Shape, check_weekly, check_windows, offer},
    text,
    time::{MINUTE, Moment, Span, plus_days},
};
use jiff::{Timestamp, civil::Date};

use crate::{
    access::{Authorized, ManageHours, OfDoctor},
    core::{Core, instant},
    db::{Conn, News, Reach},
    directory::{
        Entry,
        times::{first_free, shape_of},
    },
    error::Result,
};

pub(crate) use store::{all_exceptions, all_weekly, blocks, exceptions_of, weekly_of};

/// A doctor whose hours the caller manages.
type Managed = Authorized<ManageHours, OfDoctor>;

/// The service.
pub(crate) struct AvailabilityService {
    core: Core,
}

impl AvailabilityService {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    /// A doctor who can be booked, and what is to be booked with her.
    async fn bookable(&self, doctor: DoctorId, visit_type: VisitTypeId) -> Result<(Arc<Entry>, Shape)> {
        let entry = self.core.directory.doctor(&self.core, doctor).await?;
        let found = entry.visit_types.iter().find(|v| v.id == visit_type).map(shape_of);
        match found {
            Some(shape) if entry.active => Ok((entry, shape)),
            Some(_) | None => Err(Refusal::NotFound.into()),
        }
    }

    async fn offered(&self, query: SlotQuery) -> Result<Slots> {
        let (entry, shape) = self.bookable(query.doctor_id, query.visit_type_id).await?;
        let now = self.core.clock.now();
        let today = now.to_zoned(entry.schedule.zone.clone()).date();
        let from = query.from.unwrap_or(today);
        let to = query.to.unwrap_or_else(|| plus_days(from, 6));
        let mut findings = Findings::new();
        findings.require(to >= from, "to", "range_order");
        findings.require(to <= plus_days(from, MAX_RANGE_DAYS), "to", "range_too_long");
        findings.finish()?;
        let mut conn = self.core.db.read(&Reach::public()).await?;
        let busy = busy_between(&mut conn, &entry, from, to).await?;
        let starts = offer(&Question { schedule: &entry.schedule, shape, busy: &busy, now }, from, to);
        let items = starts.into_iter().map(|start| slot(&entry, shape, start)).collect::<Result<_>>()?;
        Ok(Slots { time_zone: entry.hospital.time_zone.clone(), items })
    }

    /// The doctor, once the caller is known to manage her hours.
    async fn managed(&self, call: &Call, doctor: DoctorId) -> Result<(Arc<Entry>, Managed)> {
        let entry = self.core.directory.doctor(&self.core, doctor).await?;
        let she = self.core.authorize(call, OfDoctor::of(&entry)).await?;
        Ok((entry, she))
    }

    async fn hours(&self, entry: &Entry, she: &Managed) -> Result<WorkingHours> {
        let mut conn = self.core.db.read(she.reach()).await?;
        let today = self.core.clock.now().to_zoned(entry.schedule.zone.clone()).date();
        let fresh = crate::directory::load_rules(&mut conn, she.object().id()).await?;
        Ok(WorkingHours {
            time_zone: entry.hospital.time_zone.clone(),
            weekly: weekly_of(&mut conn, entry.id).await?,
            exceptions: exceptions_of(&mut conn, entry.id, Some(today)).await?,
            rules: fresh.unwrap_or_default(),
        })
    }

    async fn replace(&self, entry: &Entry, she: Managed, command: SetWorkingHours) -> Result<WorkingHours> {
        check_hours(&command)?;
        let rows: Vec<_> = command.weekly.into_iter().map(|window| (self.core.new_id(), window)).collect();
        let rules = command.rules;
        let (proof, seen) = (she.clone(), she.clone());
        self.core
            .change(&proof, move |conn| {
                let (she, rows) = (she.clone(), rows.clone());
                Box::pin(async move {
                    store::replace_weekly(conn, &she, rows).await?;
                    if let Some(rules) = rules {
                        store::set_rules(conn, &she, rules).await?;
                    }
                    conn.announce(News::Directory).await
                })
            })
            .await?;
        self.hours(entry, &seen).await
    }

    async fn except(&self, entry: &Entry, she: Managed, exception: DateException) -> Result<WorkingHours> {
        let mut findings = Findings::new();
        let note =
            findings.take("note", text::optional(Some(&exception.note), 200)).flatten().unwrap_or_default();
        findings.take("windows", check_windows(&exception.windows).map_err(|(_, rule)| rule));
        let today = self.core.clock.now().to_zoned(entry.schedule.zone.clone()).date();
        findings.require(exception.date >= today, "date", "date_past");
        findings.require(exception.date <= plus_days(today, 3 * 366), "date", "date_too_far");
        findings.finish()?;
        let exception = DateException { note, ..exception };
        let (proof, seen) = (she.clone(), she.clone());
        self.core
            .change(&proof, move |conn| {
                let (she, exception) = (she.clone(), exception.clone());
                Box::pin(async move {
                    store::set_exception(conn, &she, exception).await?;
                    conn.announce(News::Directory).await
                })
            })
            .await?;
        self.hours(entry, &seen).await
    }

    async fn unexcept(&self, entry: &Entry, she: Managed, date: Date) -> Result<WorkingHours> {
        let (proof, seen) = (she.clone(), she.clone());
        self.core
            .change(&proof, move |conn| {
                let she = she.clone();
                Box::pin(async move {
                    if !store::delete_exception(conn, &she, date).await? {
                        return Err(Refusal::NotFound.into());
                    }
                    conn.announce(News::Directory).await
                })
            })
            .await?;
        self.hours(entry, &seen).await
    }
}

/// Booked time of a doctor that may touch visits of these dates.
pub(crate) async fn busy_between(conn: &mut Conn, entry: &Entry, from: Date, to: Date) -> Result<Busy> {
    let midnight = |date: Date| {
        let start = date.to_zoned(entry.schedule.zone.clone()).map_or(Timestamp::MAX, |z| z.timestamp());
        start.as_millisecond()
    };
    // A day more on each side: windows and buffers may reach over midnight.
    let span = Span { start: midnight(plus_days(from, -1)), end: midnight(plus_days(to, 3)) };
    Ok(Busy::new(blocks(conn, entry.id, span).await?))
}

fn slot(entry: &Entry, shape: Shape, start: i64) -> Result<Slot> {
    let moment = |ms| Ok::<_, crate::error::Error>(Moment::in_zone(instant(ms)?, &entry.schedule.zone));
    Ok(Slot { start: moment(start)?, end: moment(start + shape.minutes * MINUTE)? })
}

fn check_hours(command: &SetWorkingHours) -> Result<()> {
    let mut findings = Findings::new();
    // Every window is compared with every other, so a list that is too long is not looked into.
    if command.weekly.len() > 50 {
        findings.require(false, "weekly", "too_many_windows");
    } else if let Err((index, rule)) = check_weekly(&command.weekly) {
        findings.require(false, &format!("weekly.{index}"), rule);
    }
    let BookingRules { cadence_minutes, notice_minutes, horizon_days } = command.rules.unwrap_or_default();
    findings.require((5..=240).contains(&cadence_minutes), "rules.cadence_minutes", "minutes_out_of_range");
    findings.require((0..=43_200).contains(&notice_minutes), "rules.notice_minutes", "minutes_out_of_range");
    findings.require((1..=730).contains(&horizon_days), "rules.horizon_days", "days_out_of_range");
    Ok(findings.finish()?)
}

#[async_trait]
impl Availability for AvailabilityService {
    async fn slots(&self, query: SlotQuery) -> domain::Result<Slots> {
        Ok(self.offered(query).await?)
    }

    async fn next_free(
        &self,
        doctor: DoctorId,
        visit_type: VisitTypeId,
        from: Option<Date>,
    ) -> domain::Result<Option<Slot>> {
        let (entry, shape) = self.bookable(doctor, visit_type).await?;
        let starts = first_free(&self.core, &entry, shape, from, 1).await?;
        Ok(starts.first().map(|start| slot(&entry, shape, *start)).transpose()?)
    }

    async fn working_hours(&self, call: &Call, doctor: DoctorId) -> domain::Result<WorkingHours> {
        let (entry, she) = self.managed(call, doctor).await?;
        Ok(self.hours(&entry, &she).await?)
    }

    async fn set_working_hours(
        &self,
        call: &Call,
        doctor: DoctorId,
        command: SetWorkingHours,
    ) -> domain::Result<WorkingHours> {
        let (entry, she) = self.managed(call, doctor).await?;
        Ok(self.replace(&entry, she, command).await?)
    }

    async fn set_exception(
        &self,
        call: &Call,
        doctor: DoctorId,
        exception: DateException,
    ) -> domain::Result<WorkingHours> {
        let (entry, she) = self.managed(call, doctor).await?;
        Ok(self.except(&entry, she, exception).await?)
    }

    async fn remove_exception(
        &self,
        call: &Call,
        doctor: DoctorId,
        date: Date,
    ) -> domain::Result<WorkingHours> {
        let (entry, she) = self.managed(call, doctor).await?;
        Ok(self.unexcept(&entry, she, date).await?)
    }
}
