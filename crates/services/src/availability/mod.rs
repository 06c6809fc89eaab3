//! Hours and free times: reading and changing when doctors work, and offering what follows from it.
//!
//! The arithmetic is `domain::slots`; booking decides anew inside its own transaction.

mod change;
mod dated;
mod explain;
mod impact;
mod store;
mod taken;

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    availability::{
        AddAbsence, AddClosure, AddExtraHours, Availability, BookingRules, ChangeHours, CloseHospital,
        Closure, DateException, Explanation, HoursChange, HoursImpact, MAX_RANGE_DAYS, MOST_A_DAY,
        SetWorkingHours, Slot, SlotQuery, Slots, WorkingHours,
    },
    error::Findings,
    ids::{AbsenceId, ClosureId, DoctorId, HospitalId, OpeningId, VisitTypeId},
    slots::{Schedule, Shape, check_weekly, offer},
    time::{MINUTE, Moment, RequestedStart, Span, plus_days},
};
use futures::future::BoxFuture;
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use crate::{
    access::{Authorized, ManageHospital, ManageHours, OfDoctor, OfHospital},
    core::{Core, instant},
    db::{Conn, News, Reach},
    directory::{
        Entry,
        times::{first_places, shape_of},
    },
    error::Result,
};
use impact::Look;

pub(crate) use explain::{TimeIs, near, time_is};
pub(crate) use store::dated::{Dated, all_dated, dated_of};
pub(crate) use store::{all_exceptions, all_weekly, exceptions_of, weekly_of};
pub(crate) use taken::{Demand, Going, Spot, Taken, taken};

/// A doctor whose hours the caller manages.
type Managed = Authorized<ManageHours, OfDoctor>;

/// A hospital whose closures the caller manages.
type Closing = Authorized<ManageHospital, OfHospital>;

/// How far ahead anything can be set, in days.
const FURTHEST_DAYS: i32 = 3 * 366;

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
        let shape = entry.offered_type(visit_type).map(shape_of).ok_or(Refusal::NotFound)?;
        Ok((entry, shape))
    }

    /// What clocks of a zone show now.
    fn wall(&self, zone: &TimeZone) -> DateTime {
        self.core.clock.now().to_zoned(zone.clone()).datetime()
    }

    /// The doctor, once the caller is known to manage her hours.
    async fn managed(&self, call: &Call, doctor: DoctorId) -> Result<(Arc<Entry>, Managed)> {
        let entry = self.core.directory.doctor(&self.core, doctor).await?;
        let she = self.core.authorize(call, OfDoctor::of(&entry)).await?;
        Ok((entry, she))
    }

    async fn hours(&self, entry: &Entry, she: &Managed) -> Result<WorkingHours> {
        let mut conn = self.core.db.read(she.reach()).await?;
        let now = self.wall(&entry.schedule.zone);
        let fresh = crate::directory::load_rules(&mut conn, she.object().id()).await?;
        let (rules, version) = fresh.unwrap_or_default();
        Ok(WorkingHours {
            time_zone: entry.hospital.time_zone.clone(),
            weekly: weekly_of(&mut conn, entry.id).await?,
            exceptions: exceptions_of(&mut conn, entry.id, Some(now.date())).await?,
            extra: store::dated::extra(&mut conn, she, now.date()).await?,
            absences: store::dated::absences(&mut conn, she, now).await?,
            rules,
            version,
        })
    }

    /// Changes something of a doctor's hours, and lets every node read them anew.
    async fn settled<F>(&self, entry: &Entry, she: Managed, work: F) -> Result<WorkingHours>
    where
        F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<()>> + Send + Sync + 'static,
    {
        let work = Arc::new(work);
        self.core
            .change(&she, move |conn| {
                let work = work.clone();
                Box::pin(async move {
                    work(conn).await?;
                    conn.announce(News::Directory).await
                })
            })
            .await?;
        self.hours(entry, &she).await
    }
}

/// Whether any of these is nothing that can be booked with a doctor. What stands in her week already may stay there: a visit type that
/// is offered no longer must not keep the rest from being changed.
fn unknown_visit_type(entry: &Entry, ids: &[VisitTypeId]) -> bool {
    let stands = |id| entry.schedule.weekly.iter().any(|window| window.visit_types.contains(&id));
    ids.iter().any(|id| entry.visit_type(*id).is_none() && !stands(*id))
}

/// Free times of a doctor from one date to another, from today for a week where they are not given. A visit that is to go away is not in
/// the way.
pub(crate) async fn offered(
    core: &Core,
    entry: &Entry,
    shape: Shape,
    (from, to): (Option<Date>, Option<Date>),
    without: Option<Going>,
) -> Result<Slots> {
    let now = core.clock.now();
    let today = now.to_zoned(entry.schedule.zone.clone()).date();
    let from = from.unwrap_or(today);
    let to = to.unwrap_or_else(|| plus_days(from, 6));
    let mut findings = Findings::new();
    findings.require(to >= from, "to", "range_order");
    findings.require(to <= plus_days(from, MAX_RANGE_DAYS), "to", "range_too_long");
    findings.finish()?;
    let items = offered_by(core, entry, &entry.schedule, shape, (from, to), without).await?;
    Ok(Slots { time_zone: entry.hospital.time_zone.clone(), items })
}

/// Free times of a doctor between two dates, by hours that may be offered further than her own.
pub(crate) async fn offered_by(
    core: &Core,
    entry: &Entry,
    schedule: &Schedule,
    shape: Shape,
    (from, to): (Date, Date),
    without: Option<Going>,
) -> Result<Vec<Slot>> {
    let now = core.clock.now();
    let mut conn = core.db.read(&Reach::public()).await?;
    let taken = taken_between(&mut conn, entry, shape, (from, to), without, now).await?;
    let starts = offer(&taken.question(schedule, shape, now), from, to);
    starts.into_iter().map(|start| slot(entry, shape, start, taken.places_left(start))).collect()
}

/// What is taken that may touch visits with a doctor on these dates, but for one visit.
pub(crate) async fn taken_between(
    conn: &mut Conn,
    entry: &Entry,
    shape: Shape,
    (from, to): (Date, Date),
    without: Option<Going>,
    now: Timestamp,
) -> Result<Taken> {
    // A day before, whose visits and buffers may reach over midnight, and two after: a window of the last date may itself reach into
    // the next one, and the buffer after its last visit further still.
    let span = Span::of_dates(Some(plus_days(from, -1)), Some(plus_days(to, 2)), &entry.schedule.zone);
    taken(conn, &entry.demand(shape), span, without, now).await
}

fn slot(entry: &Entry, shape: Shape, start: i64, places_left: Option<i64>) -> Result<Slot> {
    let moment = |ms| Ok::<_, crate::error::Error>(Moment::in_zone(instant(ms)?, &entry.schedule.zone));
    Ok(Slot { start: moment(start)?, end: moment(start + shape.minutes * MINUTE)?, places_left })
}

fn check_hours(entry: &Entry, command: &SetWorkingHours) -> Result<()> {
    let mut findings = Findings::new();
    // Every window is compared with every other, so a list that is too long is not looked into.
    if command.weekly.len() > 50 {
        findings.require(false, "weekly", "too_many_windows");
    } else if let Err((index, rule)) = check_weekly(&command.weekly) {
        findings.require(false, &format!("weekly.{index}"), rule);
    }
    for (index, window) in command.weekly.iter().enumerate() {
        let known = !unknown_visit_type(entry, &window.visit_types);
        findings.require(known, &format!("weekly.{index}.visit_types"), "visit_type_unknown");
    }
    let BookingRules { cadence_minutes, notice_minutes, horizon_days, most_a_day } =
        command.rules.unwrap_or_default();
    findings.require((5..=240).contains(&cadence_minutes), "rules.cadence_minutes", "minutes_out_of_range");
    findings.require((0..=43_200).contains(&notice_minutes), "rules.notice_minutes", "minutes_out_of_range");
    findings.require((1..=730).contains(&horizon_days), "rules.horizon_days", "days_out_of_range");
    let fits = most_a_day.is_none_or(|most| MOST_A_DAY.contains(&most));
    findings.require(fits, "rules.most_a_day", "number_out_of_range");
    Ok(findings.finish()?)
}

#[async_trait]
impl Availability for AvailabilityService {
    async fn slots(&self, query: SlotQuery) -> domain::Result<Slots> {
        let (entry, shape) = self.bookable(query.doctor_id, query.visit_type_id).await?;
        Ok(offered(&self.core, &entry, shape, (query.from, query.to), None).await?)
    }

    async fn next_free(
        &self,
        doctor: DoctorId,
        visit_type: VisitTypeId,
        from: Option<Date>,
    ) -> domain::Result<Option<Slot>> {
        let (entry, shape) = self.bookable(doctor, visit_type).await?;
        let found = first_places(&self.core, &entry, shape, from, 1).await?;
        let first = found.first().map(|(start, left)| slot(&entry, shape, *start, *left));
        Ok(first.transpose()?)
    }

    async fn explain(
        &self,
        doctor: DoctorId,
        visit_type: VisitTypeId,
        start: RequestedStart,
    ) -> domain::Result<Explanation> {
        Ok(self.explained(doctor, visit_type, start).await?)
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
        Ok(self.save(call, doctor, HoursChange::Week(command), Look::Whatever).await?)
    }

    async fn set_exception(
        &self,
        call: &Call,
        doctor: DoctorId,
        exception: DateException,
    ) -> domain::Result<WorkingHours> {
        Ok(self.save(call, doctor, HoursChange::Date(exception), Look::Whatever).await?)
    }

    async fn remove_exception(
        &self,
        call: &Call,
        doctor: DoctorId,
        date: Date,
    ) -> domain::Result<WorkingHours> {
        Ok(self.save(call, doctor, HoursChange::UsualDate { date }, Look::Whatever).await?)
    }

    async fn add_absence(
        &self,
        call: &Call,
        doctor: DoctorId,
        command: AddAbsence,
    ) -> domain::Result<WorkingHours> {
        Ok(self.save(call, doctor, HoursChange::Absence(command), Look::Whatever).await?)
    }

    async fn remove_absence(
        &self,
        call: &Call,
        doctor: DoctorId,
        id: AbsenceId,
    ) -> domain::Result<WorkingHours> {
        Ok(self.back(call, doctor, id).await?)
    }

    async fn add_extra(
        &self,
        call: &Call,
        doctor: DoctorId,
        command: AddExtraHours,
    ) -> domain::Result<WorkingHours> {
        Ok(self.more(call, doctor, command).await?)
    }

    async fn remove_extra(
        &self,
        call: &Call,
        doctor: DoctorId,
        id: OpeningId,
    ) -> domain::Result<WorkingHours> {
        Ok(self.save(call, doctor, HoursChange::RemoveExtra { id }, Look::Whatever).await?)
    }

    async fn preview_hours(
        &self,
        call: &Call,
        doctor: DoctorId,
        change: HoursChange,
    ) -> domain::Result<HoursImpact> {
        Ok(self.look(call, doctor, change).await?)
    }

    async fn change_hours(
        &self,
        call: &Call,
        doctor: DoctorId,
        command: ChangeHours,
    ) -> domain::Result<WorkingHours> {
        Ok(self.save(call, doctor, command.change, Look::As(command.seen)).await?)
    }

    async fn preview_closure(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: AddClosure,
    ) -> domain::Result<HoursImpact> {
        Ok(self.look_closed(call, hospital, command).await?)
    }

    async fn close_hospital(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: CloseHospital,
    ) -> domain::Result<Vec<Closure>> {
        Ok(self.close(call, hospital, command.closure, Look::As(command.seen)).await?)
    }

    async fn closures(&self, call: &Call, hospital: HospitalId) -> domain::Result<Vec<Closure>> {
        Ok(self.closed(call, hospital).await?)
    }

    async fn add_closure(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: AddClosure,
    ) -> domain::Result<Vec<Closure>> {
        Ok(self.close(call, hospital, command, Look::Whatever).await?)
    }

    async fn remove_closure(
        &self,
        call: &Call,
        hospital: HospitalId,
        id: ClosureId,
    ) -> domain::Result<Vec<Closure>> {
        Ok(self.reopen(call, hospital, id).await?)
    }
}
