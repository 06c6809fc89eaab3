//! Booking several visits as one row: each by the same steps as any other, and all of them in one transaction.
//!
//! Before that it can be asked what stands in the way of each; nothing is kept by asking.

use std::sync::Arc;

use domain::{
    Call, Error as Refusal,
    access::Action,
    appointments::BookAppointment,
    error::{Conflict, FieldError, Findings},
    hospitals::VisitType,
    ids::{AppointmentId, SeriesId},
    series::{BookSeries, FEWEST_VISITS, MOST_VISITS, week_of},
    slots::{Busy, check, instant_of, nearest},
    time::{MINUTE, Moment, RequestedStart, Span},
};
use jiff::{Timestamp, civil::DateTime};

use super::{Aim, Side, Wish, give_back, knows_all, seat::seat, store};
use crate::{
    access::{Authorized, BookAppointment as Books, OfPatient},
    appointments::{
        AppointmentService,
        why::{Why, rule_of},
    },
    availability::taken_between,
    db::{Conn, Reach},
    directory::{
        Entry,
        times::{moments, shape_of},
    },
    error::{Error, Result},
    idempotency::{self, Keyed},
    mail::Letter,
    secrets,
};

/// How many free times are named for a date that cannot be had.
const ALTERNATIVES: usize = 3;

/// A row that somebody may book; when, is asked for each visit.
pub(crate) struct Row {
    wish: Wish,
    pub(crate) entry: Arc<Entry>,
    kind: VisitType,
    /// Whether the caller may learn of every visit of the patient.
    knows: bool,
}

/// One date, and what stands in its way.
pub(crate) struct Obstacle {
    pub(crate) start: Option<Moment>,
    pub(crate) rule: Option<&'static str>,
    pub(crate) alternatives: Vec<Moment>,
}

impl AppointmentService {
    /// That the caller may book such visits as a row for the patient.
    pub(crate) async fn row(&self, call: &Call, command: &BookAppointment) -> Result<Row> {
        let wish = self.wish(call, command, None).await?;
        let entry = self.core.directory.doctor(&self.core, command.doctor_id).await?;
        let kind = entry.offered_type(command.visit_type_id).cloned().ok_or(Refusal::NotFound)?;
        wish.side.may_book(&kind, false)?;
        if !kind.series {
            return Err(Refusal::invalid("visit_type_id", "series_not_offered").into());
        }
        // A row is booked in one step; what is paid for first would have to be paid for visit by visit.
        if wish.side.pays_first(&kind) {
            return Err(Error::conflict(Conflict::PayFirst));
        }
        let knows = knows_all(call, wish.whom.object().patient, wish.whom.grant());
        Ok(Row { wish, entry, kind, knows })
    }

    /// What stands in the way of each time, by the engine that offers times and validates them.
    pub(crate) async fn obstacles(
        &self,
        call: &Call,
        row: &Row,
        starts: &[RequestedStart],
    ) -> Result<Vec<Obstacle>> {
        let elsewhere = self.elsewhere(call, row, starts).await?;
        let mut found = Vec::with_capacity(starts.len());
        for start in starts {
            found.push(self.obstacle(row, &elsewhere, *start).await?);
        }
        Ok(found)
    }

    async fn obstacle(&self, row: &Row, elsewhere: &Busy, start: RequestedStart) -> Result<Obstacle> {
        let (schedule, shape, now) = (&row.entry.schedule, shape_of(&row.kind), self.core.clock.now());
        let zone = &schedule.zone;
        let local = local_of(start, &row.entry);
        let at = match start {
            RequestedStart::Instant(moment) => Ok(moment.at()),
            RequestedStart::Local(local) => instant_of(zone, local),
        };
        let near = near(start, &row.entry, now);
        let (monday, sunday) = week_of(local.date());
        let taken = {
            let mut conn = self.core.db.read(&Reach::public()).await?;
            taken_between(&mut conn, &row.entry, shape, (monday, sunday), None, now).await?
        };
        let question = taken.question(schedule, shape, now);
        let rule = match at.and_then(|at| check(&question, at).map(|()| at)) {
            Err(refusal) => Some(refusal.rule()),
            Ok(at) if elsewhere.overlaps(shape.visit(at.as_millisecond())) => {
                Some(Why::elsewhere(row.knows).rule())
            }
            Ok(_) => None,
        };
        let alternatives = if rule.is_some() {
            let mut free = nearest(&question, near, monday, sunday, usize::MAX);
            free.retain(|start| !elsewhere.overlaps(shape.visit(*start)));
            free.sort_by_key(|start| start.abs_diff(near.as_millisecond()));
            free.truncate(ALTERNATIVES);
            free.sort_unstable();
            moments(&row.entry, &free)?
        } else {
            Vec::new()
        };
        let start = at.ok().map(|at| Moment::in_zone(at, zone));
        Ok(Obstacle { start, rule, alternatives })
    }

    /// When the patient has other visits around some times. Staff, and a helper from whom something is kept, learn of those at this
    /// hospital only, and not what they are. Whoever is told of it has looked, though she books nothing: the audit says so.
    async fn elsewhere(&self, call: &Call, row: &Row, starts: &[RequestedStart]) -> Result<Busy> {
        let (now, here) = (self.core.clock.now(), row.entry.hospital.id);
        let times: Vec<_> =
            starts.iter().map(|start| near(*start, &row.entry, now).as_millisecond()).collect();
        let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else {
            return Ok(Busy::new(Vec::new()));
        };
        // The free times that are named are those of the week of each date; visits may reach into it.
        let eight_days = 8 * 24 * 60 * MINUTE;
        let span = Span { start: first - eight_days, end: last + eight_days };
        // In the name of a hospital that knows her: others learn of her when she books, and not when she looks.
        let patient = row.wish.whom.object().patient;
        let whom = OfPatient { patient, hospital: row.wish.known.then_some(here) };
        let whom: Authorized<Books, _> = self.core.authorize(call, whom).await?;
        call.trace.note(Action::ReadSchedule);
        let whom = whom.doing(Action::ReadSchedule);
        let engaged = {
            let only = (!row.knows).then_some(here);
            let mut conn = self.core.db.read(whom.reach()).await?;
            store::series::engagements(&mut conn, &whom, span, (only, now.as_millisecond())).await?
        };
        Ok(Busy::new(self.core.open(&whom, engaged).await?))
    }

    /// Books all the times, or none; the first visit of the row leads to it.
    pub(crate) async fn book_row(&self, call: &Call, command: &BookSeries) -> Result<AppointmentId> {
        let keyed = Keyed::of(call, "book_series", command)?;
        let many = i64::try_from(command.starts.len()).unwrap_or(i64::MAX);
        if !(FEWEST_VISITS..=MOST_VISITS).contains(&many) {
            return Err(Refusal::invalid("starts", "visits_out_of_range").into());
        }
        let mut findings = Findings::new();
        let starts: Vec<_> = command
            .starts
            .iter()
            .enumerate()
            .filter_map(|(index, text)| findings.take(&field(index), text.parse::<RequestedStart>()))
            .collect();
        findings.finish()?;
        let one = BookAppointment {
            doctor_id: command.doctor_id,
            visit_type_id: command.visit_type_id,
            start: command.starts.first().cloned().unwrap_or_default(),
            patient_id: command.patient_id,
            reason: command.reason.clone(),
            price_minor: command.price_minor,
        };
        let row = self.row(call, &one).await?;
        let wishes = self.wishes(&row, &starts);
        let mut outcome = self.try_row(&row, &wishes, keyed.as_ref()).await;
        // What the engine took for free and the database did not may be a hold that nobody has given back yet.
        let given_back = match outcome.as_ref().err().and_then(in_the_way) {
            Some(InTheWay::Theirs) => {
                let of = (command.doctor_id, row.wish.whom.object().patient);
                give_back(&self.core, Some(of)).await?
            }
            Some(InTheWay::Anybodys) => give_back(&self.core, None).await?,
            None => 0,
        };
        if given_back > 0 {
            outcome = self.try_row(&row, &wishes, keyed.as_ref()).await;
        }
        match outcome {
            Ok(first) => {
                self.core.mail.wake();
                Ok(first)
            }
            Err(Error::Refused(Refusal::Invalid { fields })) => {
                Err(self.all_of(call, &row, &starts, fields).await)
            }
            Err(error) => Err(error),
        }
    }

    /// A visit for each time, numbered in the order of the calendar; with the place where it stood in the command.
    fn wishes(&self, row: &Row, starts: &[RequestedStart]) -> Vec<(usize, Wish)> {
        let series = SeriesId(self.core.new_id());
        let mut order: Vec<_> = starts
            .iter()
            .enumerate()
            .map(|(index, start)| (local_of(*start, &row.entry), index, *start))
            .collect();
        order.sort_by_key(|(local, index, _)| (*local, *index));
        let numbered = (1..).zip(order);
        numbered
            .map(|(number, (_, index, start))| {
                let wish = Wish {
                    id: AppointmentId(self.core.new_id()),
                    reference: secrets::reference(&*self.core.random),
                    aim: Aim { start, ..row.wish.aim },
                    series: Some((series, number)),
                    ..row.wish.clone()
                };
                (index, wish)
            })
            .collect()
    }

    async fn try_row(
        &self,
        row: &Row,
        wishes: &[(usize, Wish)],
        keyed: Option<&Keyed>,
    ) -> Result<AppointmentId> {
        let first = wishes.first().map(|(_, wish)| (wish.id, wish.series, wish.now.as_millisecond()));
        let Some((first, Some((series, _)), now)) = first else {
            return Err(Error::Stored("a row of visits"));
        };
        let (wishes, keyed, knows) = (wishes.to_vec(), keyed.cloned(), row.knows);
        let own = matches!(row.wish.side, Side::Patient { .. });
        let (proof, minders) = (row.wish.whom.clone(), row.wish.minders.clone());
        self.core
            .change(&proof, move |conn| {
                let (wishes, keyed, minders) = (wishes.clone(), keyed.clone(), minders.clone());
                Box::pin(async move {
                    if let Some(earlier) = idempotency::earlier_or(conn, keyed.as_ref(), first.0, now).await?
                    {
                        return Ok(AppointmentId(earlier));
                    }
                    for (index, wish) in wishes {
                        seat_now(conn, wish).await.map_err(|error| at(index, error, knows))?;
                    }
                    // One letter for all of them.
                    minders.write(conn, |account| Letter::Series { account, series: series.0, own }).await?;
                    Ok(first)
                })
            })
            .await
    }

    /// The refusal of a row, with what stands in the way of its other times besides: so that all of it is seen at once.
    async fn all_of(
        &self,
        call: &Call,
        row: &Row,
        starts: &[RequestedStart],
        mut fields: Vec<FieldError>,
    ) -> Error {
        let others = self.obstacles(call, row, starts).await.unwrap_or_default();
        for (index, other) in others.into_iter().enumerate() {
            let field = field(index);
            if let Some(rule) = other.rule
                && fields.iter().all(|known| known.field != field)
            {
                fields.push(FieldError::new(field, rule));
            }
        }
        Refusal::Invalid { fields }.into()
    }
}

/// What the hospital's clocks show then.
fn local_of(start: RequestedStart, entry: &Entry) -> DateTime {
    match start {
        RequestedStart::Instant(moment) => moment.at().to_zoned(entry.schedule.zone.clone()).datetime(),
        RequestedStart::Local(local) => local,
    }
}

/// Puts a visit on its time and learns at once what the database says to it: which of the row it is must be told.
async fn seat_now(conn: &mut Conn, wish: Wish) -> Result<()> {
    seat(conn, wish).await?;
    Ok(conn.settle().await?)
}

/// The instant that was asked for; where the clocks skip it, when they have jumped.
fn near(start: RequestedStart, entry: &Entry, now: Timestamp) -> Timestamp {
    let local = local_of(start, entry);
    local.to_zoned(entry.schedule.zone.clone()).map_or(now, |at| at.timestamp())
}

fn field(index: usize) -> String {
    format!("starts.{index}")
}

/// The refusal of one time of a row, named by its place in the command; what is about all of them as it is.
fn at(index: usize, error: Error, knows: bool) -> Error {
    if matches!(&error, Error::Refused(Refusal::Invalid { fields }) if fields.iter().any(|broken| broken.field == "price_minor"))
    {
        return error;
    }
    let Some(rule) = rule_of(&error, knows) else { return error };
    Refusal::invalid(field(index), rule).into()
}

/// Whose ended holds may be in the way of a row.
enum InTheWay {
    /// Those of the doctor and of the patient.
    Theirs,
    /// Anybody's: it is a room or a device.
    Anybodys,
}

fn in_the_way(error: &Error) -> Option<InTheWay> {
    let Error::Refused(Refusal::Invalid { fields }) = error else { return None };
    let has = |why: Why| fields.iter().any(|broken| broken.rule == why.rule());
    if has(Why::NoResource) {
        Some(InTheWay::Anybodys)
    } else {
        (has(Why::Taken) || has(Why::Elsewhere)).then_some(InTheWay::Theirs)
    }
}
