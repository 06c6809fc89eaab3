//! Why a time can be booked or not, and which free times are near.
//!
//! The answer is the engine's own that offers times, so the two cannot disagree.

use domain::{
    availability::{Explanation, Slot},
    ids::{DoctorId, VisitTypeId},
    slots::{self, Refusal as Rule, Shape, check, hours_on, instant_of, nearest},
    time::{Moment, RequestedStart, Span, plus_days},
};
use jiff::Timestamp;

use super::{AvailabilityService, Going, Taken, taken_between};
use crate::{
    core::{Core, instant},
    db::Reach,
    directory::{
        Entry,
        times::{first_free, moments},
    },
    error::Result,
};

/// How many free times are named instead of one that cannot be had.
const ALTERNATIVES: usize = 3;
/// How many days before and after it they are looked for.
const AROUND: i32 = 7;

impl AvailabilityService {
    pub(super) async fn explained(
        &self,
        doctor: DoctorId,
        visit_type: VisitTypeId,
        start: RequestedStart,
    ) -> Result<Explanation> {
        let (entry, shape) = self.bookable(doctor, visit_type).await?;
        let schedule = &entry.schedule;
        let (asked, local) = match start {
            RequestedStart::Instant(moment) => {
                (Ok(moment.at()), moment.at().to_zoned(schedule.zone.clone()).datetime())
            }
            RequestedStart::Local(local) => (instant_of(&schedule.zone, local), local),
        };
        let now = self.core.clock.now();
        let taken = {
            let mut conn = self.core.db.read(&Reach::public()).await?;
            taken_between(&mut conn, &entry, shape, (local.date(), local.date()), None, now).await?
        };
        let question = taken.question(schedule, shape, now);
        let verdict = asked.and_then(|start| check(&question, start));
        let moment = |ms| Ok::<_, crate::error::Error>(Moment::in_zone(instant(ms)?, &schedule.zone));
        let hours = hours_on(schedule, local.date(), Some(shape.kind));
        let hours = hours.into_iter().map(|Span { start, end }| {
            Ok(Slot { start: moment(start)?, end: moment(end)?, places_left: None })
        });
        Ok(Explanation {
            time_zone: entry.hospital.time_zone.clone(),
            start: asked.ok().map(|start| Moment::in_zone(start, &schedule.zone)),
            rule: verdict.err().map(|rule| rule.rule().to_owned()),
            lacking: lacking(&taken, shape, asked, verdict),
            minutes: shape.minutes,
            hours: hours.collect::<Result<_>>()?,
            earliest: moment(slots::earliest(&question))?,
            last_date: slots::last_date(&question),
            alternatives: self.instead(&entry, shape, asked, verdict).await?,
        })
    }

    /// Free times near to one that cannot be had, or the next ones; none when it can.
    async fn instead(
        &self,
        entry: &Entry,
        shape: Shape,
        asked: std::result::Result<Timestamp, Rule>,
        verdict: std::result::Result<(), Rule>,
    ) -> Result<Vec<Moment>> {
        if verdict.is_ok() {
            return Ok(Vec::new());
        }
        let found = match asked {
            Ok(start) => near(&self.core, entry, shape, start, None).await?,
            Err(_) => Vec::new(),
        };
        if !found.is_empty() {
            return Ok(found);
        }
        moments(entry, &first_free(&self.core, entry, shape, None, ALTERNATIVES).await?)
    }
}

/// What the visit needs and is not free then, where that is the rule.
fn lacking(
    taken: &Taken,
    shape: Shape,
    asked: std::result::Result<Timestamp, Rule>,
    verdict: std::result::Result<(), Rule>,
) -> Option<String> {
    let start = asked.ok().filter(|_| verdict == Err(Rule::NoResource))?;
    taken.lacking(shape.block(start.as_millisecond()))
}

/// The free times nearest to one that was asked for, in the two weeks around it; where there is none, the first of all.
pub(crate) async fn near(
    core: &Core,
    entry: &Entry,
    shape: Shape,
    wanted: Timestamp,
    without: Option<Going>,
) -> Result<Vec<Moment>> {
    let (_, found) = judged(core, entry, shape, wanted, without).await?;
    Ok(found)
}

/// How a time stands for whoever wants it.
pub(crate) enum TimeIs {
    Free,
    /// Somebody has it; free times near it.
    Taken(Vec<Moment>),
    /// Something else is in the way.
    Barred,
}

/// How a time stands at this moment.
pub(crate) async fn time_is(core: &Core, entry: &Entry, shape: Shape, wanted: Timestamp) -> Result<TimeIs> {
    let (judgement, found) = judged(core, entry, shape, wanted, None).await?;
    Ok(match judgement {
        Ok(()) => TimeIs::Free,
        Err(rule) if rule.is_taken() => TimeIs::Taken(found),
        Err(_) => TimeIs::Barred,
    })
}

/// Whether a time is free, and which free times are near.
async fn judged(
    core: &Core,
    entry: &Entry,
    shape: Shape,
    wanted: Timestamp,
    without: Option<Going>,
) -> Result<(std::result::Result<(), Rule>, Vec<Moment>)> {
    let schedule = &entry.schedule;
    let date = wanted.to_zoned(schedule.zone.clone()).date();
    let (from, to) = (plus_days(date, -AROUND), plus_days(date, AROUND));
    let mut conn = core.db.read(&Reach::public()).await?;
    let now = core.clock.now();
    let taken = taken_between(&mut conn, entry, shape, (from, to), without, now).await?;
    let question = taken.question(schedule, shape, now);
    let judgement = check(&question, wanted);
    // One more, because where a visit stands that is to be moved is no way out.
    let mut found = nearest(&question, wanted, from, to, ALTERNATIVES + usize::from(without.is_some()));
    let own = |start: &i64| without.is_some_and(|going| going.stands((entry.id, shape.block(*start))));
    found.retain(|start| !own(start));
    if found.is_empty() {
        drop(conn);
        found = first_free(core, entry, shape, None, ALTERNATIVES).await?;
        found.retain(|start| !own(start));
    }
    found.truncate(ALTERNATIVES);
    Ok((judgement, moments(entry, &found)?))
}
