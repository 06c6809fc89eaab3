//! The relay: hands a time that has come free to the first in line whom it suits, one line after the other.
//!
//! Nothing depends on its being quick, and several may run: an offer is one transaction, made in the doctor's turn, and only for an entry
//! that still waits. Which times are free is asked of the engine that offers them to everybody.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry as MapEntry},
    sync::Arc,
    time::Duration,
};

use domain::{
    Error as Refusal,
    appointments::Status,
    hospitals::VisitType,
    ids::{AppointmentId, DoctorId, PatientId},
    payments::patience::{ASKING, SOON},
    slots::{Shape, last_date, offer},
    time::{MINUTE, Span, plus_days},
    waitlist::{ANEW_HOURS, EntryStatus, Wanted, is_quiet, may_be_offered_one_more, offer_until},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    EntryRow,
    store::{self, offers::NewOffer},
    told,
};
use crate::{
    appointments::{self, AppointmentRow, Kept, find_visit, give_back, keep},
    availability::{Going, taken_between},
    core::{Core, instant},
    db::{Conn, Reach},
    directory::Entry,
    error::{Error, Result},
    secrets,
};

/// Another node may have freed a time.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Offers what comes free, as long as the server runs.
pub(crate) async fn run(core: Core) {
    loop {
        if let Err(error) = offer_due(&core).await {
            tracing::warn!(%error, "times that came free cannot be offered now");
        }
        core.freed.heard(LOOK_EVERY).await;
    }
}

/// The reach of everything here.
fn reach() -> Reach {
    Reach::house("a time is offered to whoever is first in line, and nobody has asked")
}

/// Gives back what is held no longer, and offers what is free to those who wait; returns how many offers were made.
pub(crate) async fn offer_due(core: &Core) -> Result<usize> {
    give_back(core, None).await?;
    let doctors = {
        let mut conn = core.db.read(&reach()).await?;
        store::relay::doctors(&mut conn).await?
    };
    let (mut made, mut failed) = (0, None);
    for (doctor,) in doctors {
        match serve(core, doctor.into()).await {
            Ok(offers) => made += offers,
            // One line does not stop the others.
            Err(error) => failed = Some(error),
        }
    }
    core.mail.wake();
    failed.map_or(Ok(made), Err)
}

/// Somebody in the line, with the visit that she has.
struct Waiter {
    row: EntryRow,
    wanted: Wanted,
    visit: Option<AppointmentRow>,
}

/// What is known about a doctor and her line when it is served.
struct Line {
    entry: Arc<Entry>,
    now: Timestamp,
    /// Begins that a patient was offered before.
    before: HashSet<(Uuid, i64)>,
    engagements: Vec<(PatientId, Span)>,
}

/// Serves the line of one doctor.
async fn serve(core: &Core, doctor: DoctorId) -> Result<usize> {
    let entry = core.directory.doctor(core, doctor).await?;
    let now = core.clock.now();
    let local = now.to_zoned(entry.schedule.zone.clone()).datetime();
    let (rows, mut line) = {
        let mut conn = core.db.read(&reach()).await?;
        let rows = store::relay::waiting(&mut conn, doctor, now.as_millisecond()).await?;
        let since = now.as_millisecond() - ANEW_HOURS * 60 * MINUTE;
        let before = store::relay::offered_before(&mut conn, doctor, since).await?.into_iter().collect();
        let engagements = store::relay::engagements(&mut conn, doctor, now.as_millisecond()).await?;
        (rows, Line { entry, now, before, engagements })
    };
    let mut waiters = Vec::with_capacity(rows.len());
    for row in rows {
        let visit = visit_of(core, &row).await?;
        let waiter = Waiter { wanted: row.wanted()?, row, visit };
        if is_pointless(&waiter, &line)? {
            end(core, &waiter.row).await?;
        } else {
            waiters.push(waiter);
        }
    }
    if waiters.is_empty() || is_quiet(local.time()) {
        return Ok(0);
    }
    let mut free = Free::default();
    let mut made = 0;
    for waiter in &waiters {
        let suiting = free.suiting(core, &line, waiter).await?;
        if suiting.is_empty() || has_enough(core, &line, waiter).await? {
            continue;
        }
        for start in suiting {
            let Some(until) = offer_until(now.as_millisecond(), start) else { continue };
            if try_offer(core, &line, waiter, start, until).await? {
                made += 1;
                free.take(waiter, start, &line);
                let visit = Span::minutes(start, line.shape_for(waiter)?.minutes);
                line.engagements.push((PatientId(waiter.row.patient_id), visit));
                break;
            }
        }
    }
    Ok(made)
}

/// Whether as much is kept already for all for whom her account acts as one person can answer. She keeps her place, and is asked when one
/// of them is over.
async fn has_enough(core: &Core, line: &Line, waiter: &Waiter) -> Result<bool> {
    let mut conn = core.db.read(&reach()).await?;
    let open = store::relay::open_offers(&mut conn, &waiter.row, line.now.as_millisecond()).await?;
    Ok(!may_be_offered_one_more(open))
}

async fn visit_of(core: &Core, row: &EntryRow) -> Result<Option<AppointmentRow>> {
    let Some(visit) = row.appointment_id else { return Ok(None) };
    let mut conn = core.db.read(&reach()).await?;
    find_visit(&mut conn, AppointmentId(visit)).await
}

/// Whether there is nothing to wait for any more: the days are over, the doctor does not offer it, or the visit cannot be put earlier.
fn is_pointless(waiter: &Waiter, line: &Line) -> Result<bool> {
    let zone = &line.entry.schedule.zone;
    let over = waiter.wanted.until < line.now.to_zoned(zone.clone()).date();
    // A kind that has become one for those who are asked back is still offered to whoever stood in line before.
    let offered = line.entry.active && line.visit_type(&waiter.row).is_some();
    if over || !offered {
        return Ok(true);
    }
    if waiter.row.appointment_id.is_none() {
        return Ok(false);
    }
    let Some(visit) = &waiter.visit else { return Ok(true) };
    let stands = [Status::Booked.code(), Status::Confirmed.code()].contains(&visit.status.as_str());
    let same = visit.doctor_id == waiter.row.doctor_id && visit.visit_type_id == waiter.row.visit_type_id;
    let date = instant(visit.starts_at)?.to_zoned(zone.clone()).date();
    let to_come = visit.starts_at > line.now.as_millisecond() && date >= waiter.wanted.from;
    Ok(!(stands && same && to_come))
}

/// Ends an entry that waits for nothing, with a letter.
async fn end(core: &Core, row: &EntryRow) -> Result<()> {
    let (core_inside, row) = (core.clone(), row.clone());
    core.db
        .write(&reach(), move |conn| {
            let (core, row) = (core_inside.clone(), row.clone());
            Box::pin(async move {
                if store::set_status(conn, row.id, row.version, EntryStatus::Ended.code()).await? {
                    told::ended(&core, conn, row.id, row.patient_id.into()).await?;
                }
                Ok(())
            })
        })
        .await
}

impl Line {
    fn visit_type(&self, row: &EntryRow) -> Option<&VisitType> {
        self.entry.visit_type(row.visit_type_id.into())
    }

    /// What she would take from the day: as long as was agreed, where she has a visit.
    fn shape_for(&self, waiter: &Waiter) -> Result<Shape> {
        let visit_type = self.visit_type(&waiter.row).ok_or(Refusal::NotFound)?;
        Ok(appointments::shape_for(visit_type, waiter.visit.as_ref()))
    }

    /// Whether a time suits her, and she is not elsewhere then. What she was offered before she is not offered again.
    fn suits(&self, waiter: &Waiter, start: i64) -> Result<bool> {
        let local = instant(start)?.to_zoned(self.entry.schedule.zone.clone()).datetime();
        let earlier = waiter.visit.as_ref().is_none_or(|visit| start < visit.starts_at);
        if !waiter.wanted.suits(local) || !earlier || self.before.contains(&(waiter.row.patient_id, start)) {
            return Ok(false);
        }
        let visit = self.shape_for(waiter)?.visit(start);
        let elsewhere =
            |(patient, span): &(PatientId, Span)| patient.0 == waiter.row.patient_id && span.overlaps(visit);
        Ok(!self.engagements.iter().any(elsewhere))
    }
}

/// The free begins of a doctor by what a visit takes from the day; those who want the same look at the same list.
#[derive(Default)]
struct Free(HashMap<Wish, (Shape, Vec<i64>)>);

/// Visit type, minutes, and the visit that is to be put earlier, where that matters: on a day that is full it does not count itself.
type Wish = (Uuid, i64, Option<Uuid>);

impl Free {
    /// The begins that suit somebody, earliest first.
    async fn suiting(&mut self, core: &Core, line: &Line, waiter: &Waiter) -> Result<Vec<i64>> {
        let shape = line.shape_for(waiter)?;
        let going = waiter.visit.as_ref().filter(|_| line.entry.demand(shape).counts());
        let key = (waiter.row.visit_type_id, shape.minutes, going.map(|visit| visit.id));
        let going = going.map(going_of);
        let (_, starts) = match self.0.entry(key) {
            MapEntry::Occupied(known) => known.into_mut(),
            MapEntry::Vacant(unknown) => unknown.insert((shape, starts(core, line, shape, going).await?)),
        };
        let mut suiting = Vec::new();
        for start in starts.iter() {
            if line.suits(waiter, *start)? {
                suiting.push(*start);
            }
        }
        Ok(suiting)
    }

    /// What was just given away is free for nobody else.
    fn take(&mut self, waiter: &Waiter, start: i64, line: &Line) {
        let Ok(shape) = line.shape_for(waiter) else { return };
        // A day may be full now, or a room taken, and a group may have more seats left: that is asked anew.
        self.0.retain(|_, (shape, _)| {
            let demand = line.entry.demand(*shape);
            !demand.counts() && demand.needs.is_none() && !demand.is_group()
        });
        let block = shape.block(start);
        for (shape, starts) in self.0.values_mut() {
            starts.retain(|other| !shape.block(*other).overlaps(block));
        }
    }
}

/// What goes away when a visit is put elsewhere.
fn going_of(visit: &AppointmentRow) -> Going {
    Going {
        doctor: visit.doctor_id.into(),
        block: Span { start: visit.block_starts_at, end: visit.block_ends_at },
        seat: visit.seat_no,
    }
}

/// All begins that anybody could book now, to the horizon, if that visit went away.
async fn starts(core: &Core, line: &Line, shape: Shape, going: Option<Going>) -> Result<Vec<i64>> {
    let schedule = &line.entry.schedule;
    // A night that has begun yesterday is not over yet.
    let from = plus_days(line.now.to_zoned(schedule.zone.clone()).date(), -1);
    let taken = {
        let mut conn = core.db.read(&Reach::public()).await?;
        let to = plus_days(from, days(schedule.rules.horizon_days.saturating_add(1)));
        taken_between(&mut conn, &line.entry, shape, (from, to), going, line.now).await?
    };
    // After what is taken: a change that is made in between leaves its time taken here, or names it there.
    let closed = {
        let (mut conn, now) = (core.db.read(&reach()).await?, line.now.as_millisecond());
        let mut closed = store::relay::silent(&mut conn, line.entry.id, now).await?;
        // Whoever has paid in time comes first, though nobody has heard of it yet.
        // Twice as long ahead as it waits between two tries: its clock was read later than this one.
        let asking = Span { start: now - ASKING, end: now + 2 * SOON };
        closed.extend(store::relay::unsettled(&mut conn, line.entry.id, asking, now).await?);
        closed
    };
    let taken = taken.and(closed);
    let question = taken.question(schedule, shape, line.now);
    Ok(offer(&question, from, last_date(&question)))
}

fn days(days: i64) -> i32 {
    i32::try_from(days).unwrap_or(i32::MAX)
}

/// Keeps a time for somebody, in the doctor's turn; `false` when she waits no longer, or somebody was faster.
async fn try_offer(core: &Core, line: &Line, waiter: &Waiter, start: i64, until: i64) -> Result<bool> {
    let kept = Kept {
        id: AppointmentId(core.new_id()),
        reference: secrets::reference(&*core.random),
        doctor: line.entry.id,
        visit_type: waiter.row.visit_type_id.into(),
        patient: waiter.row.patient_id.into(),
        by: waiter.row.account_id.into(),
        moves: waiter.visit.clone(),
        pays: waiter.visit.is_none() && core.cashier.is_open(),
        sensitive: waiter.row.is_sensitive(),
        start: instant(start)?,
        until,
        now: line.now,
    };
    let (offer_id, row, inside) = (core.new_id(), waiter.row.clone(), core.clone());
    let made = core
        .db
        .write(&reach(), move |conn| {
            let (kept, row, core) = (kept.clone(), row.clone(), inside.clone());
            Box::pin(async move { make(&core, conn, offer_id, &row, kept).await })
        })
        .await;
    match made {
        Ok(made) => Ok(made),
        // Hours, closures and other visits are asked anew in the turn; what was free a moment ago may not be.
        Err(Error::Refused(Refusal::Conflict { .. } | Refusal::Invalid { .. } | Refusal::NotFound)) => {
            Ok(false)
        }
        Err(error) if error.broken().is_some() => Ok(false),
        Err(error) => Err(error),
    }
}

async fn make(core: &Core, conn: &mut Conn, id: Uuid, row: &EntryRow, kept: Kept) -> Result<bool> {
    appointments::take_turn(conn, kept.doctor).await?;
    // Other doctors have lines as well.
    appointments::take_patients_turn(conn, kept.patient, kept.by).await?;
    let open = store::relay::open_offers(conn, row, kept.now.as_millisecond()).await?;
    if !may_be_offered_one_more(open) {
        return Ok(false);
    }
    if !store::set_status(conn, row.id, row.version, EntryStatus::Offered.code()).await? {
        return Ok(false);
    }
    let offer = NewOffer {
        id,
        entry: row.id,
        hold: kept.id,
        starts_at: kept.start.as_millisecond(),
        offered_at: kept.now.as_millisecond(),
        ends_at: kept.until,
    };
    keep(conn, kept).await?;
    store::offers::insert(conn, offer).await?;
    told::offered(core, conn, row, offer.hold.0).await?;
    Ok(true)
}
