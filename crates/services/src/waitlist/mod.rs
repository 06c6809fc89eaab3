//! The waiting list: joining and leaving it, answering what is offered, and what hospitals see of it.
//!
//! Who is offered what is in `relay`; that an offer follows its hold, in `follow`. The rules are `domain::waitlist`'s.

mod answer;
mod follow;
mod join;
mod relay;
mod store;
mod told;

use std::time::Duration;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    access::{Action, Decision, Facts, Role, decide},
    appointments::{Appointment, Status},
    coding::is_sensitive,
    ids::{AppointmentId, DoctorId, HospitalId, PatientId, WaitlistEntryId},
    money::Money,
    time::{Moment, parse_date},
    waitlist::{EntryStatus, JoinWaitlist, WaitingPatient, Waitlist, WaitlistEntry, WaitlistOffer, Wanted},
};
use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use tokio::sync::Notify;
use uuid::Uuid;

pub(crate) use follow::{Became, follow, is_offered, kept_for, make_way, taken_with};
pub(crate) use relay::{offer_due, run};
pub(crate) use store::EntryRow;
pub(crate) use told::{Told, told};

use crate::{
    access::{Authorized, Loaded, OfAccount, OfHospital, ReadOwnAccount, ReadWaitlist, Resource, Sealed},
    appointments::AppointmentService,
    core::{Core, codes, instant, zone},
    db::{Conn, Reach},
    error::{Error, Result},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// So long an entry that waits no longer is still shown to its owner, counted from when it was made.
const SHOWN_MS: i64 = 120 * DAY_MS;
/// Offers of so many days say whether waiting is worth it.
const LATELY_MS: i64 = 7 * DAY_MS;

/// Says that a time may have come free, or that somebody waits who did not before.
#[derive(Default)]
pub(crate) struct Bell(Notify);

impl Bell {
    /// Once more, or for the first time.
    pub(crate) fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits until it rings, and no longer than this.
    async fn heard(&self, patience: Duration) {
        let _ = tokio::time::timeout(patience, self.0.notified()).await;
    }
}

/// The service.
pub(crate) struct WaitlistService {
    core: Core,
    appointments: AppointmentService,
}

impl WaitlistService {
    pub(crate) fn new(core: Core) -> Self {
        Self { appointments: AppointmentService::new(core.clone()), core }
    }

    async fn own_entries(&self, call: &Call) -> Result<Vec<WaitlistEntry>> {
        let own: Authorized<ReadOwnAccount, _> = self.core.authorize(call, OfAccount::own(call)?).await?;
        // In the audit it is what was read.
        call.trace.note(Action::ReadWaitlist);
        let own = own.doing(Action::ReadWaitlist);
        let mut rows = {
            let mut conn = self.core.db.read(own.reach()).await?;
            store::own(&mut conn, &own, self.core.now_ms() - SHOWN_MS).await?
        };
        // The same decision that guards each of them.
        rows.retain(|row| {
            matches!(decide(&call.actor, Action::ReadWaitlist, &row.facts()), Decision::Allow(_))
        });
        let patients: Vec<_> = rows.iter().map(|row| PatientId(row.patient_id)).collect();
        let rows = self.core.open(&own, Sealed::about(rows, patients)).await?;
        if rows.iter().any(|row| row.offer_is_over(self.core.now_ms())) {
            self.core.freed.ring();
        }
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            entries.push(self.view(row).await?);
        }
        Ok(entries)
    }

    async fn line(
        &self,
        call: &Call,
        hospital: HospitalId,
        wanted: Option<DoctorId>,
    ) -> Result<Vec<WaitingPatient>> {
        let here: Authorized<ReadWaitlist, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let membership = call.actor.signed_in()?.membership(hospital).ok_or(Refusal::NotFound)?;
        let asking = match membership.role {
            // Whoever is a doctor nowhere in the house waits for nobody: hers is an empty list.
            Role::Doctor => Some(membership.doctor_id.unwrap_or(DoctorId(Uuid::nil()))),
            Role::Desk | Role::HospitalAdmin => None,
        };
        let rows = {
            let mut conn = self.core.db.read(here.reach()).await?;
            store::of_hospital(&mut conn, &here, (asking, wanted)).await?
        };
        let rows = self.core.open(&here, rows).await?;
        let now = self.core.now_ms();
        if rows.iter().any(|row| row.entry.offer_is_over(now)) {
            self.core.freed.ring();
        }
        rows.into_iter().map(|row| waiting(row, now)).collect()
    }

    /// The entry as its own side sees it.
    async fn view(&self, row: EntryRow) -> Result<WaitlistEntry> {
        let now = self.core.now_ms();
        let (status, zone, wanted) = (row.standing(now)?, zone(&row.time_zone)?, row.wanted()?);
        let prospects = if status.is_open() {
            let reach = Reach::house("how many are before her is a number, and of whom is not said");
            let mut conn = self.core.db.read(&reach).await?;
            store::prospects(&mut conn, row.id, now - LATELY_MS).await?
        } else {
            None
        };
        let offer = row.offer(now, &zone)?;
        Ok(WaitlistEntry {
            id: row.id.into(),
            status,
            patient_id: row.patient_id.into(),
            patient_name: row.patient_name,
            doctor_id: row.doctor_id.into(),
            doctor_name: row.doctor_name,
            hospital_id: row.hospital_id.into(),
            hospital_name: row.hospital_name,
            time_zone: row.time_zone,
            visit_type_id: row.visit_type_id.into(),
            visit_type_name: row.visit_type_name,
            appointment_id: row.appointment_id.map(AppointmentId),
            appointment_start: row.appointment_starts_at.map(|at| moment(at, &zone)).transpose()?,
            from: wanted.from,
            until: wanted.until,
            weekdays: wanted.weekdays(),
            day_parts: wanted.day_parts(),
            joined_at: moment(row.created_at, &zone)?,
            place: prospects.as_ref().map(|it| it.ahead + 1),
            offer,
            offered_lately: prospects.map_or(0, |it| it.lately),
            version: row.version,
        })
    }

    /// What was just written, read again.
    async fn read_again(&self, reach: &Reach, id: WaitlistEntryId) -> Result<WaitlistEntry> {
        let row = {
            let mut conn = self.core.db.read(reach).await?;
            store::find(&mut conn, id).await?.ok_or(Refusal::NotFound)?
        };
        self.view(row).await
    }
}

/// Somebody in the line as her hospital sees her.
fn waiting(row: store::LineRow, now: i64) -> Result<WaitingPatient> {
    let store::LineRow { entry: row, ahead, lapsed } = row;
    let (zone, wanted) = (zone(&row.time_zone)?, row.wanted()?);
    Ok(WaitingPatient {
        id: row.id.into(),
        status: row.standing(now)?,
        offer: row.offer(now, &zone)?,
        patient_id: row.patient_id.into(),
        patient_name: row.patient_name,
        doctor_id: row.doctor_id.into(),
        doctor_name: row.doctor_name,
        visit_type_id: row.visit_type_id.into(),
        visit_type_name: row.visit_type_name,
        appointment_id: row.appointment_id.map(AppointmentId),
        appointment_start: row.appointment_starts_at.map(|at| moment(at, &zone)).transpose()?,
        from: wanted.from,
        until: wanted.until,
        weekdays: wanted.weekdays(),
        day_parts: wanted.day_parts(),
        joined_at: moment(row.created_at, &zone)?,
        place: ahead + 1,
        lapsed,
    })
}

fn moment(ms: i64, zone: &TimeZone) -> Result<Moment> {
    Ok(Moment::in_zone(instant(ms)?, zone))
}

impl EntryRow {
    /// Where it stands now: what is kept for her no longer she waits for again, whether anybody has noted that or not.
    fn standing(&self, now: i64) -> Result<EntryStatus> {
        let status = EntryStatus::parse(&self.status).ok_or(Error::Stored("status of an entry"))?;
        Ok(match status {
            EntryStatus::Offered if self.offer_is_over(now) => EntryStatus::Waiting,
            other => other,
        })
    }

    /// Whether an offer is open that has ended.
    fn offer_is_over(&self, now: i64) -> bool {
        self.offer_ends_at.is_some_and(|until| until <= now)
    }

    fn wanted(&self) -> Result<Wanted> {
        let date = |text: &str| parse_date(text).map_err(Error::Stored);
        let (from, until) = (date(&self.from_date)?, date(&self.until_date)?);
        Wanted::stored(from, until, self.weekdays, self.day_parts).ok_or(Error::Stored("days of a wish"))
    }

    /// The time that is kept for her now.
    fn offer(&self, now: i64, zone: &TimeZone) -> Result<Option<WaitlistOffer>> {
        let (Some(hold), Some(until)) = (self.hold_id, self.offer_ends_at) else { return Ok(None) };
        let (Some(start), Some(end)) = (self.hold_starts_at, self.hold_ends_at) else { return Ok(None) };
        let (Some(amount_minor), Some(currency)) = (self.hold_price_minor, self.hold_currency.clone()) else {
            return Ok(None);
        };
        if until <= now {
            return Ok(None);
        }
        Ok(Some(WaitlistOffer {
            appointment_id: hold.into(),
            start: moment(start, zone)?,
            end: moment(end, zone)?,
            until: moment(until, zone)?,
            price: Money { amount_minor, currency },
            pays: self.hold_status.as_deref() == Some(Status::PendingPayment.code()),
        }))
    }

    /// Whether the doctor's specialty says what it is about, and that is nobody else's business.
    fn is_sensitive(&self) -> bool {
        // What cannot be read is kept to those who may see everything.
        codes(&self.specialties).map_or(true, |codes| is_sensitive(&codes))
    }
}

impl Resource for EntryRow {
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
        ("waitlist_entry", Some(self.id))
    }
}

impl Loaded for EntryRow {
    type Id = WaitlistEntryId;

    fn load(conn: &mut Conn, id: WaitlistEntryId) -> BoxFuture<'_, Result<Option<Self>>> {
        Box::pin(store::find(conn, id))
    }
}

#[async_trait]
impl Waitlist for WaitlistService {
    async fn join(&self, call: &Call, command: JoinWaitlist) -> domain::Result<WaitlistEntry> {
        Ok(self.put_in_line(call, command).await?)
    }

    async fn own(&self, call: &Call) -> domain::Result<Vec<WaitlistEntry>> {
        Ok(self.own_entries(call).await?)
    }

    async fn of_hospital(
        &self,
        call: &Call,
        hospital: HospitalId,
        doctor: Option<DoctorId>,
    ) -> domain::Result<Vec<WaitingPatient>> {
        Ok(self.line(call, hospital, doctor).await?)
    }

    async fn accept(&self, call: &Call, id: WaitlistEntryId) -> domain::Result<Appointment> {
        Ok(self.take(call, id).await?)
    }

    async fn decline(&self, call: &Call, id: WaitlistEntryId) -> domain::Result<WaitlistEntry> {
        Ok(self.let_go(call, id).await?)
    }

    async fn withdraw(&self, call: &Call, id: WaitlistEntryId) -> domain::Result<WaitlistEntry> {
        Ok(self.leave(call, id).await?)
    }
}
