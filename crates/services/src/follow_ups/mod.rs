//! Follow-ups: asking a patient back, what her side and the hospital see of it, the times that a ticket allows, and booking with it.
//!
//! The rules are `domain::follow_ups`'. That a ticket is used up by a visit and given back by the end of it follows from the visit alone.

mod offer;
mod store;
mod times;
mod told;
mod using;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    access::{Action, Decision, Facts, decide},
    appointments::Appointment,
    coding::is_sensitive,
    follow_ups::{BookFollowUp, FollowUp, FollowUpStatus, FollowUpTimes, FollowUps, OfferFollowUp, Standing},
    hospitals::Modality,
    ids::{AppointmentId, DoctorId, FollowUpId, HospitalId, PatientId},
    money::Money,
    time::{Moment, parse_date, plus_days},
};
use futures::future::BoxFuture;
use jiff::{civil::Date, tz::TimeZone};
use uuid::Uuid;

pub(crate) use store::TicketRow;
pub(crate) use told::told;
pub(crate) use using::{Again, Ticket, of_booked, take, take_again, use_up};

use crate::{
    access::{Authorized, Loaded, OfAccount, ReadFollowUp, ReadOwnAccount, Resource, Sealed},
    appointments::{AppointmentRow, AppointmentService},
    core::{Core, codes, instant, zone},
    db::Conn,
    error::{Error, Result},
};

/// A ticket that the caller may see.
type Visible = Authorized<ReadFollowUp, TicketRow>;

/// The service.
pub(crate) struct FollowUpService {
    core: Core,
    appointments: AppointmentService,
}

impl FollowUpService {
    pub(crate) fn new(core: Core) -> Self {
        Self { appointments: AppointmentService::new(core.clone()), core }
    }

    async fn read(&self, call: &Call, id: FollowUpId) -> Result<FollowUp> {
        let found: Visible = self.core.load(call, id).await?;
        let in_care = found.grant() == domain::access::Grant::CareRelation;
        self.view(call, found.into_object(), in_care)
    }

    async fn tickets_of(&self, call: &Call, visit: AppointmentId) -> Result<Vec<FollowUp>> {
        let of: Authorized<ReadFollowUp, AppointmentRow> = self.core.load(call, visit).await?;
        let in_care = of.grant() == domain::access::Grant::CareRelation;
        let mut rows = {
            let mut conn = self.core.db.read(of.reach()).await?;
            let rows = store::of_visit(&mut conn, &of).await?;
            drop(conn);
            self.core.open(&of, rows).await?
        };
        // The same decision that guards each of them: one may be for a doctor whose specialty is nobody else's business.
        rows.retain(|row| sees(call, row, in_care));
        rows.into_iter().map(|row| self.view(call, row, in_care)).collect()
    }

    async fn own_tickets(&self, call: &Call) -> Result<Vec<FollowUp>> {
        let own: Authorized<ReadOwnAccount, _> = self.core.authorize(call, OfAccount::own(call)?).await?;
        // In the audit it is what was read.
        call.trace.note(Action::ReadFollowUp);
        let own = own.doing(Action::ReadFollowUp);
        let now = self.core.clock.now();
        // A day earlier: somewhere it is still yesterday. What has ended where its hospital is goes below.
        let since = plus_days(now.to_zoned(TimeZone::UTC).date(), -1);
        let mut rows = {
            let mut conn = self.core.db.read(own.reach()).await?;
            store::own(&mut conn, &own, (since, now.as_millisecond())).await?
        };
        rows.retain(|row| sees(call, row, false));
        if rows.is_empty() {
            // Nobody was looked at.
            return Ok(Vec::new());
        }
        let patients: Vec<_> = rows.iter().map(|row| PatientId(row.patient_id)).collect();
        let rows = self.core.open(&own, Sealed::about(rows, patients)).await?;
        let mut tickets = Vec::with_capacity(rows.len());
        for row in rows {
            let ticket = self.view(call, row, false)?;
            let to_come = ticket.booked_start.is_some_and(|start| start.at() > now);
            match ticket.status {
                FollowUpStatus::Open => tickets.push(ticket),
                FollowUpStatus::Booked if to_come => tickets.push(ticket),
                FollowUpStatus::Booked | FollowUpStatus::Expired | FollowUpStatus::Withdrawn => {}
            }
        }
        Ok(tickets)
    }

    /// The ticket as this caller sees it. `in_care` says that she sees it as a doctor who treats the patient.
    fn view(&self, call: &Call, row: TicketRow, in_care: bool) -> Result<FollowUp> {
        let zone = zone(&row.time_zone)?;
        let moment = |ms| Ok::<_, Error>(Moment::in_zone(instant(ms)?, &zone));
        let (status, (from, until)) = (self.status(&row)?, row.dates()?);
        let facts = row.facts().cared_for(in_care);
        let may = |action| {
            status == FollowUpStatus::Open
                && matches!(decide(&call.actor, action, &facts), Decision::Allow(_))
        };
        // That it was used is hers to know who sees the ticket; with which visit, only who could see that visit.
        let shown = row.facts_of_booked().is_some_and(|facts| {
            matches!(decide(&call.actor, Action::ReadAppointment, &facts), Decision::Allow(_))
        });
        let booked = row.booked_id.filter(|_| shown && status == FollowUpStatus::Booked);
        Ok(FollowUp {
            id: row.id.into(),
            status,
            bookable: may(Action::BookAppointment),
            withdrawable: may(Action::OfferFollowUp),
            patient_id: row.patient_id.into(),
            patient_name: row.patient_name,
            hospital_id: row.hospital_id.into(),
            hospital_name: row.hospital_name,
            visit_id: row.appointment_id.into(),
            asked_by_id: row.doctor_id.into(),
            asked_by_name: row.doctor_name,
            doctor_id: row.with_doctor_id.map(DoctorId),
            doctor_name: row.with_doctor_name,
            visit_type_id: row.visit_type_id.into(),
            visit_type_name: row.visit_type_name,
            modality: Modality::parse(&row.modality).map_err(Error::Stored)?,
            minutes: row.minutes,
            price: Money { amount_minor: row.price_minor, currency: row.currency },
            from,
            until,
            note: row.note,
            asked_at: moment(row.created_at)?,
            booked_id: booked.map(AppointmentId),
            booked_start: row.booked_starts_at.filter(|_| booked.is_some()).map(moment).transpose()?,
            time_zone: row.time_zone,
            version: row.version,
        })
    }

    /// Where a ticket stands now: a hold that has run out gives it back, whether anybody has noted that or not.
    fn status(&self, row: &TicketRow) -> Result<FollowUpStatus> {
        let now = self.core.clock.now();
        let ran_out = row.booked_held_until.is_some_and(|until| until <= now.as_millisecond());
        let standing = Standing {
            withdrawn: row.withdrawn_at.is_some(),
            visit: row.booked_id.is_some() && !ran_out,
            until: row.dates()?.1,
            today: now.to_zoned(zone(&row.time_zone)?).date(),
        };
        Ok(standing.status())
    }
}

/// Whether the caller may see a ticket.
fn sees(call: &Call, row: &TicketRow, in_care: bool) -> bool {
    let facts = row.facts().cared_for(in_care);
    matches!(decide(&call.actor, Action::ReadFollowUp, &facts), Decision::Allow(_))
}

impl TicketRow {
    /// The first and the last date.
    fn dates(&self) -> Result<(Date, Date)> {
        let date = |text: &str| parse_date(text).map_err(Error::Stored);
        Ok((date(&self.from_date)?, date(&self.until_date)?))
    }

    /// What decides who sees the visit that was booked with it. Whoever sees the ticket as one who treats the patient is in care.
    fn facts_of_booked(&self) -> Option<Facts> {
        let specialties = self.booked_specialties.as_deref()?;
        Some(Facts::Appointment {
            hospital: HospitalId(self.hospital_id),
            doctor: DoctorId(self.booked_doctor_id?),
            patient: PatientId(self.patient_id),
            in_care: true,
            sensitive: codes(specialties).map_or(true, |codes| is_sensitive(&codes)),
        })
    }

    /// Whether the specialty of either doctor says what it is about, and that is nobody else's business.
    fn is_sensitive(&self) -> bool {
        // What cannot be read is kept to those who may see everything.
        let of = |json: &str| codes(json).map_or(true, |codes| is_sensitive(&codes));
        of(&self.specialties) || self.with_specialties.as_deref().is_some_and(of)
    }
}

impl Resource for TicketRow {
    fn facts(&self) -> Facts {
        Facts::Appointment {
            hospital: HospitalId(self.hospital_id),
            doctor: DoctorId(self.doctor_id),
            patient: PatientId(self.patient_id),
            in_care: false,
            sensitive: self.is_sensitive(),
        }
    }

    fn entity(&self) -> (&'static str, Option<Uuid>) {
        ("follow_up", Some(self.id))
    }
}

impl Loaded for TicketRow {
    type Id = FollowUpId;

    fn load(conn: &mut Conn, id: FollowUpId) -> BoxFuture<'_, Result<Option<Self>>> {
        Box::pin(store::find(conn, id))
    }
}

/// The ticket, or the refusal that whoever names none gets.
async fn found(conn: &mut Conn, id: FollowUpId) -> Result<TicketRow> {
    Ok(store::find(conn, id).await?.ok_or(Refusal::NotFound)?)
}

#[async_trait]
impl FollowUps for FollowUpService {
    async fn offer(
        &self,
        call: &Call,
        visit: AppointmentId,
        command: OfferFollowUp,
    ) -> domain::Result<FollowUp> {
        Ok(self.ask_back(call, visit, command).await?)
    }

    async fn of_visit(&self, call: &Call, visit: AppointmentId) -> domain::Result<Vec<FollowUp>> {
        Ok(self.tickets_of(call, visit).await?)
    }

    async fn own(&self, call: &Call) -> domain::Result<Vec<FollowUp>> {
        Ok(self.own_tickets(call).await?)
    }

    async fn get(&self, call: &Call, id: FollowUpId) -> domain::Result<FollowUp> {
        Ok(self.read(call, id).await?)
    }

    async fn times(&self, call: &Call, id: FollowUpId, from: Option<Date>) -> domain::Result<FollowUpTimes> {
        Ok(self.free_times(call, id, from).await?)
    }

    async fn book(&self, call: &Call, id: FollowUpId, command: BookFollowUp) -> domain::Result<Appointment> {
        Ok(self.book_with(call, id, command).await?)
    }

    async fn withdraw(&self, call: &Call, id: FollowUpId) -> domain::Result<FollowUp> {
        Ok(self.take_back(call, id).await?)
    }
}
