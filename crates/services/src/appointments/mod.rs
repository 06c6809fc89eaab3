//! Appointments: booking, moving on, reading.
//!
//! The rules are in `domain::appointments` and `domain::slots`; here they meet the database.

mod advance;
mod agenda;
mod boards;
mod book;
mod contests;
mod holds;
mod known;
mod lead;
mod lists;
mod many;
mod offered;
mod place;
mod queue;
mod reschedule;
mod store;
mod tickets;
mod together;
mod told;
mod walk_in;
mod why;

use async_trait::async_trait;
use domain::{
    Call,
    access::{Action, Decision, Facts, Grant, decide},
    appointments::{
        Appointment, AppointmentQuery, Appointments, BookAppointment, DayBoard, DoctorWeek, HistoryEntry,
        Initiator, Lead, Move, MoveAppointment, PatientCard, PatientFile, RescheduleAppointment, Situation,
        Status, TimesQuery,
    },
    availability::{Kind, Slots},
    coding::is_sensitive,
    family::Permission,
    hospitals::Modality,
    ids::{AppointmentId, DoctorId, HospitalId, PatientId, SeriesId},
    live::LiveEvent,
    money::Money,
    page::{Page, PageQuery},
    queues::may_check_in,
    slots::Shape,
    time::{MINUTE, Moment, parse_date},
};
use futures::future::BoxFuture;
use jiff::civil::Date;
use uuid::Uuid;

pub(crate) use advance::situation;
pub(crate) use agenda::between;
pub(crate) use contests::Contests;
pub(crate) use holds::{give_back, give_back_silently, let_go, seat};
pub(crate) use known::{Known, is_known};
pub(crate) use lead::lead;
pub(crate) use many::{Back, Doing, Part, do_part, put_back};
pub(crate) use offered::{Answer, Kept, ahead, keep, shape_for};
pub(crate) use place::Within;
pub(crate) use store::{
    AppointmentRow, LONGEST_BLOCK_MS,
    ahead::{of_doctor as ahead_of_doctor, offered as offered_of_doctor},
    find as find_visit,
    limits::take_patients_turn,
    many::engagements,
    patients::know,
    take_turn,
    told::address,
};
pub(crate) use together::{CalledOff, call_off_with};
pub(crate) use told::{Minders, Tale, told, told_of_row};
pub(crate) use why::rule_of;

use book::Wants;
use holds::HoldChange;

use crate::{
    access::{Authorized, Loaded, ReadAppointment, Resource},
    core::{Core, codes, instant, zone},
    db::Conn,
    error::{Error, Result},
};

/// The service.
pub(crate) struct AppointmentService {
    core: Core,
}

impl AppointmentService {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    pub(crate) async fn read(&self, call: &Call, id: AppointmentId) -> Result<Appointment> {
        let found: Visible = self.core.load(call, id).await?;
        let in_care = advance::treats(&found);
        self.view(call, found.into_object(), in_care)
    }

    async fn read_history(&self, call: &Call, id: AppointmentId) -> Result<Vec<HistoryEntry>> {
        let found: Visible = self.core.load(call, id).await?;
        let zone = zone(&found.object().time_zone)?;
        let situation =
            advance::situation(call, found.object(), advance::treats(&found), self.core.now_ms())?;
        let reads = reads_reason(call, found.object(), situation);
        let patient = PatientId(found.object().patient_id);
        // A helper who sees where it is now may not learn by that where it was before.
        let knows = found.grant() != Grant::Helper || knows_all(call, patient, found.grant());
        let mut conn = self.core.db.read(found.reach()).await?;
        let steps = store::history(&mut conn, &found).await?;
        steps
            .into_iter()
            .map(|step| {
                Ok(HistoryEntry {
                    seq: step.seq,
                    from: step.from_status.as_deref().and_then(Status::parse),
                    to: Status::parse(&step.to_status).ok_or(Error::Stored("status"))?,
                    doctor: step
                        .doctor_name
                        .filter(|_| knows || !tells_what_about(step.specialties.as_deref())),
                    start: step
                        .starts_at
                        .map(|at| Ok::<_, Error>(Moment::in_zone(instant(at)?, &zone)))
                        .transpose()?,
                    at: Moment::in_zone(instant(step.at)?, &zone),
                    by: step.by_name,
                    reason: step.reason.filter(|_| reads),
                })
            })
            .collect()
    }

    /// The appointment as this caller sees it.
    ///
    /// `in_care` says that she sees it as a doctor who treats the patient.
    fn view(&self, call: &Call, row: store::AppointmentRow, in_care: bool) -> Result<Appointment> {
        let situation = advance::situation(call, &row, in_care, self.core.now_ms())?;
        let (moves, reschedulable) = (situation.moves(), situation.rescheduled().is_ok());
        let zone = zone(&row.time_zone)?;
        let reads = reads_reason(call, &row, situation);
        let ticket = tickets::shown(&row, situation.status, &zone, self.core.clock.now());
        let arrival = tickets::arrival(&row)?;
        let can_say_here =
            matches!(decide(&call.actor, Action::CheckInOneself, &row.facts()), Decision::Allow(_))
                && may_check_in(advance::check_in(&row, situation.status)?, situation.now).is_ok();
        let born = is_staffs(call, &row, situation).then(|| parse_date(&row.birth_date));
        let birth_date = born.transpose().map_err(Error::Stored)?;
        let (status, until) = (situation.status, row.hold_expires_at.filter(|_| situation.status.is_held()));
        let held_until = until.map(|at| Ok::<_, Error>(Moment::in_zone(instant(at)?, &zone))).transpose()?;
        Ok(Appointment {
            id: AppointmentId(row.id),
            status,
            held_until,
            extendable: until.is_some() && !row.hold_extended,
            reference: row.reference,
            start: Moment::in_zone(instant(row.starts_at)?, &zone),
            end: Moment::in_zone(instant(row.ends_at)?, &zone),
            time_zone: row.time_zone,
            doctor_id: DoctorId(row.doctor_id),
            doctor_name: row.doctor_name,
            hospital_id: HospitalId(row.hospital_id),
            hospital_name: row.hospital_name,
            hospital_address: format!("{}, {}", row.address, row.city),
            hospital_phone: row.phone,
            patient_id: PatientId(row.patient_id),
            patient_name: row.patient_name,
            birth_date,
            visit_type_id: row.visit_type_id.into(),
            visit_type_name: row.visit_type_name,
            modality: Modality::parse(&row.modality).map_err(Error::Stored)?,
            minutes: row.minutes,
            price: Money { amount_minor: row.price_minor, currency: row.currency },
            reason: row.reason.filter(|_| reads),
            cancelled_by: row.cancelled_by.as_deref().and_then(Initiator::parse),
            cancelled_late: row.cancelled_late,
            ticket,
            arrival,
            can_say_here,
            version: row.version,
            moves,
            reschedulable,
        })
    }
}

impl AppointmentRow {
    /// Whether the doctor's specialty says what it is about, and that is nobody else's business.
    pub(crate) fn is_sensitive(&self) -> bool {
        tells_what_about(Some(&self.specialties))
    }

    /// What is announced of it once it has changed, with the version after that.
    pub(crate) fn event(&self, version: i64) -> LiveEvent {
        LiveEvent {
            appointment_id: self.id.into(),
            hospital_id: self.hospital_id.into(),
            doctor_id: self.doctor_id.into(),
            patient_id: self.patient_id.into(),
            sensitive: self.is_sensitive(),
            version,
        }
    }
}

/// Whether a doctor's specialties say what a visit is about. What cannot be read is kept to those who may see everything.
fn tells_what_about(specialties: Option<&str>) -> bool {
    specialties.is_some_and(|text| codes(text).map_or(true, |codes| is_sensitive(&codes)))
}

/// What a visit takes from the day, as it was agreed.
pub(crate) fn agreed_shape(row: &AppointmentRow) -> Result<Shape> {
    let modality = Modality::parse(&row.modality).map_err(Error::Stored)?;
    Ok(Shape {
        kind: Kind { visit_type: row.visit_type_id.into(), modality },
        minutes: row.minutes,
        before: (row.starts_at - row.block_starts_at) / MINUTE,
        after: (row.block_ends_at - row.ends_at) / MINUTE,
    })
}

/// Whether somebody reads what a visit is about: not a helper who was given no records, though she is a doctor of the house.
fn reads_reason(call: &Call, row: &AppointmentRow, situation: Situation) -> bool {
    let Some(principal) = call.actor.principal() else { return false };
    let staff = is_staffs(call, row, situation);
    let acting = principal.acts_for(PatientId(row.patient_id));
    staff || acting.is_none_or(|acting| acting.permissions.has(Permission::Records))
}

/// Whether somebody sees a visit as a member of its hospital: one who may run it, or may look in an emergency.
fn is_staffs(call: &Call, row: &AppointmentRow, situation: Situation) -> bool {
    let reads = || decide(&call.actor, Action::ReadAppointment, &row.facts());
    situation.runs.is_some() || matches!(reads(), Decision::Allow(Grant::Emergency))
}

/// Whether somebody may learn of every visit of a patient: she herself, and a helper from whom nothing is kept.
fn knows_all(call: &Call, patient: PatientId, grant: Grant) -> bool {
    let acting = call.actor.principal().and_then(|principal| principal.acts_for(patient));
    match grant {
        Grant::OwnPatient => true,
        Grant::Helper => acting.is_some_and(|acting| acting.permissions.has(Permission::Sensitive)),
        Grant::OwnAccount
        | Grant::OwnDoctor
        | Grant::CareRelation
        | Grant::Emergency
        | Grant::Role(_)
        | Grant::Platform => false,
    }
}

/// Visits that were booked as one row.
pub(crate) struct RowOf {
    pub(crate) series: SeriesId,
    /// Those that the caller may see, in order.
    pub(crate) visits: Vec<AppointmentRow>,
    /// The numbers of all of them.
    pub(crate) numbers: Vec<(Uuid, i64)>,
    /// How long before its begin each that the caller may see is given back, if her side cancels it now.
    pub(crate) leads: Vec<(Uuid, Lead)>,
    /// Visits that are not of the row and go with one of them, if her side cancels that: which one, their begin, and on whose clocks.
    pub(crate) goes_too: Vec<(Uuid, i64, String)>,
    /// Whether the caller sees them as a doctor who treats the patient.
    pub(crate) in_care: bool,
}

/// An appointment that the caller may see.
type Visible = Authorized<ReadAppointment, AppointmentRow>;

impl Resource for AppointmentRow {
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
        ("appointment", Some(self.id))
    }
}

impl Loaded for AppointmentRow {
    type Id = AppointmentId;

    fn load(conn: &mut Conn, id: AppointmentId) -> BoxFuture<'_, Result<Option<Self>>> {
        Box::pin(store::find(conn, id))
    }
}

pub(crate) fn status_of(row: &store::AppointmentRow) -> Result<Status> {
    Status::parse(&row.status).ok_or(Error::Stored("status"))
}

#[async_trait]
impl Appointments for AppointmentService {
    async fn book(&self, call: &Call, command: BookAppointment) -> domain::Result<Appointment> {
        Ok(self.book_visit(call, command, Wants::Book, None).await?)
    }

    async fn hold(&self, call: &Call, command: BookAppointment) -> domain::Result<Appointment> {
        Ok(self.book_visit(call, command, Wants::Hold, None).await?)
    }

    async fn extend_hold(&self, call: &Call, id: AppointmentId) -> domain::Result<Appointment> {
        Ok(self.change_hold(call, id, HoldChange::Longer).await?)
    }

    async fn take_hold(&self, call: &Call, id: AppointmentId) -> domain::Result<Appointment> {
        Ok(self.take_held(call, id).await?)
    }

    async fn release_hold(&self, call: &Call, id: AppointmentId) -> domain::Result<Appointment> {
        Ok(self.change_hold(call, id, HoldChange::Release).await?)
    }

    async fn get(&self, call: &Call, id: AppointmentId) -> domain::Result<Appointment> {
        Ok(self.read(call, id).await?)
    }

    async fn history(&self, call: &Call, id: AppointmentId) -> domain::Result<Vec<HistoryEntry>> {
        Ok(self.read_history(call, id).await?)
    }

    async fn list(&self, call: &Call, query: AppointmentQuery) -> domain::Result<Page<Appointment>> {
        Ok(self.page(call, query).await?)
    }

    async fn advance(
        &self,
        call: &Call,
        id: AppointmentId,
        to: Move,
        command: MoveAppointment,
    ) -> domain::Result<Appointment> {
        Ok(self.move_on(call, id, to, command).await?)
    }

    async fn times(&self, call: &Call, id: AppointmentId, query: TimesQuery) -> domain::Result<Slots> {
        Ok(self.times_for(call, id, query).await?)
    }

    async fn reschedule(
        &self,
        call: &Call,
        id: AppointmentId,
        command: RescheduleAppointment,
    ) -> domain::Result<Appointment> {
        Ok(self.put_elsewhere(call, id, command).await?)
    }

    async fn day(&self, call: &Call, hospital: HospitalId, date: Option<Date>) -> domain::Result<DayBoard> {
        Ok(self.day_board(call, hospital, date).await?)
    }

    async fn week(&self, call: &Call, doctor: DoctorId, date: Option<Date>) -> domain::Result<DoctorWeek> {
        Ok(self.doctor_week(call, doctor, date).await?)
    }

    async fn patients(
        &self,
        call: &Call,
        hospital: HospitalId,
        search: Option<String>,
        page: PageQuery,
    ) -> domain::Result<Page<PatientCard>> {
        Ok(self.patient_page(call, hospital, search, page).await?)
    }

    async fn patient(
        &self,
        call: &Call,
        hospital: HospitalId,
        patient: PatientId,
    ) -> domain::Result<PatientFile> {
        Ok(self.patient_file(call, hospital, patient).await?)
    }
}
