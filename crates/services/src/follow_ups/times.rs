//! The times that a ticket allows: those of the engine that offers times to everybody, within the days of the ticket.
//!
//! A ticket looks beyond the horizon of a doctor, and not past her notice, her absences or other visits.

use std::sync::Arc;

use domain::{
    Call,
    access::Action,
    follow_ups::{FollowUpStatus, FollowUpTime, FollowUpTimes},
    hospitals::VisitType,
    ids::FollowUpId,
    slots::Schedule,
    time::plus_days,
};
use jiff::civil::Date;

use super::{FollowUpService, TicketRow, Visible};
use crate::{
    availability::offered_by,
    core::zone,
    directory::{Entry, times::shape_of},
    error::Result,
};

/// Days that are looked at in one step.
const STEP: i32 = 7;
/// Steps without a free time after which is said so, and where to go on: a ticket may be good for three years, and with any of forty doctors.
const STEPS: u32 = 12;
/// So many times of one step are named at most, to the end of a day.
const MOST: usize = 200;

/// A doctor with whom a ticket can be booked, with her hours as far as the ticket reaches.
struct Candidate {
    entry: Arc<Entry>,
    schedule: Schedule,
    kind: VisitType,
}

impl FollowUpService {
    pub(super) async fn free_times(
        &self,
        call: &Call,
        id: FollowUpId,
        from: Option<Date>,
    ) -> Result<FollowUpTimes> {
        let found: Visible = self.core.load(call, id).await?;
        call.trace.note(Action::ReadFollowUp);
        let row = found.object();
        let (first, until) = row.dates()?;
        let today = self.core.clock.now().to_zoned(zone(&row.time_zone)?).date();
        let mut from = from.unwrap_or(first).max(first).max(today);
        let time_zone = row.time_zone.clone();
        if self.status(row)? != FollowUpStatus::Open || from > until {
            return Ok(FollowUpTimes { time_zone, from: first, to: until, items: Vec::new(), next: None });
        }
        let doctors = self.candidates(row, today, until).await?;
        let mut steps = 0;
        loop {
            steps += 1;
            let to = plus_days(from, STEP - 1).min(until);
            let mut items = Vec::new();
            for candidate in &doctors {
                items.extend(self.of_doctor(candidate, from, to).await?);
            }
            if items.is_empty() && to < until && steps < STEPS {
                from = plus_days(to, 1);
                continue;
            }
            let to = shorten(&mut items, to);
            let next = (to < until).then(|| plus_days(to, 1));
            return Ok(FollowUpTimes { time_zone, from, to, items, next });
        }
    }

    async fn candidates(&self, row: &TicketRow, today: Date, until: Date) -> Result<Vec<Candidate>> {
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        let here = snapshot.by_name.iter().filter(|entry| {
            entry.active
                && entry.hospital.id.0 == row.hospital_id
                && row.with_doctor_id.is_none_or(|doctor| entry.id.0 == doctor)
        });
        let kind_of = |entry: &Arc<Entry>| {
            let kind = entry.visit_type(row.visit_type_id.into())?.clone();
            let schedule = entry.schedule.offered_until(today, until);
            Some(Candidate { entry: entry.clone(), schedule, kind })
        };
        Ok(here.filter_map(kind_of).collect())
    }

    async fn of_doctor(&self, candidate: &Candidate, from: Date, to: Date) -> Result<Vec<FollowUpTime>> {
        let Candidate { entry, schedule, kind } = candidate;
        // Hours that begin the evening before may reach into the first date, and those of the last one beyond it.
        let days = (plus_days(from, -1), to);
        let slots = offered_by(&self.core, entry, schedule, shape_of(kind), days, None).await?;
        let within = slots.into_iter().filter(|slot| (from..=to).contains(&slot.start.date()));
        Ok(within
            .map(|slot| FollowUpTime {
                doctor_id: entry.id,
                doctor_name: entry.name.clone(),
                start: slot.start,
                end: slot.end,
                places_left: slot.places_left,
            })
            .collect())
    }
}

/// Puts times in order and leaves as many as one page shows, in whole days; returns the last of these.
fn shorten(items: &mut Vec<FollowUpTime>, to: Date) -> Date {
    items.sort_by(|one, other| (one.start, &one.doctor_name).cmp(&(other.start, &other.doctor_name)));
    let Some(last) = items.get(MOST).map(|item| item.start.date()) else { return to };
    items.retain(|item| item.start.date() <= last);
    last
}
