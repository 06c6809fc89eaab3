//! Changing many visits at once: looking at them, planning, making the plan, undoing it, and what follows when patients are told.
//!
//! What is done with each visit is `appointments`' business. That patients are told later is a row with an instant, which whoever reads
//! compares with the clock; nothing depends on a job.

mod due;
mod make;
mod plan;
mod sheet;
mod store;
mod undo;

use async_trait::async_trait;
use domain::{
    Call,
    access::{Action, Decision, Facts, decide},
    changes::{
        ChangeKind, ChangeSheet, ChangeState, Changes, MassChange, MassChangeItem, PlanChanges, UndoOutcome,
        is_imminent,
    },
    ids::{DoctorId, HospitalId, MassChangeId, PatientId},
    money::Money,
    time::{Moment, parse_date},
};
use futures::future::BoxFuture;
use jiff::{civil::Date, tz::TimeZone};
use uuid::Uuid;

pub(crate) use due::repay_due;
pub(crate) use store::ChangeRow;

use crate::{
    access::{Authorized, ChangeManyVisits, Loaded, OfDoctor, OfHospital, ReadSchedule, Resource, Sealed},
    appointments::AppointmentService,
    core::{Core, instant, zone},
    db::Conn,
    error::{Error, Result},
};
use store::ItemRow;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// So long a change stands in its hospital's list.
const SHOWN_MS: i64 = 30 * DAY_MS;

/// A doctor whose visits the caller may change together.
type Keeper = Authorized<ChangeManyVisits, OfDoctor>;

/// A change that the caller may see, make and undo.
type Found = Authorized<ChangeManyVisits, ChangeRow>;

/// The service.
pub(crate) struct ChangeService {
    core: Core,
    appointments: AppointmentService,
}

impl ChangeService {
    pub(crate) fn new(core: Core) -> Self {
        Self { appointments: AppointmentService::new(core.clone()), core }
    }

    /// A change with its visits, once the audit has noted whose they are.
    async fn view(&self, found: &Found) -> Result<MassChange> {
        let items = {
            let mut conn = self.core.db.read(found.reach()).await?;
            store::items(&mut conn, found).await?
        };
        let patients: Vec<_> = items.iter().map(|item| PatientId(item.patient_id)).collect();
        let items = self.core.open(found, Sealed::about(items, patients)).await?;
        let (row, now) = (found.object(), self.core.now_ms());
        let zone = zone(&row.time_zone)?;
        let items = items.iter().map(|item| item_view(row, item, &zone, now)).collect::<Result<_>>()?;
        Ok(MassChange { items, ..change_view(row, now)? })
    }

    async fn found(&self, call: &Call, id: MassChangeId) -> Result<Found> {
        self.core.aim(call, id).await
    }

    /// The change as it stands after somebody has done something with it.
    async fn again(&self, call: &Call, id: MassChangeId) -> Result<MassChange> {
        let found = self.found(call, id).await?;
        self.view(&found).await
    }

    async fn of_hospital(&self, call: &Call, hospital: HospitalId) -> Result<Vec<MassChange>> {
        let here: Authorized<ReadSchedule, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let now = self.core.now_ms();
        let mut rows = {
            let mut conn = self.core.db.read(here.reach()).await?;
            store::recent(&mut conn, &here, now - SHOWN_MS).await?
        };
        // A list shows what can be read one by one: a doctor sees what was done with her own visits.
        rows.retain(|row| {
            matches!(decide(&call.actor, Action::ChangeManyVisits, &row.facts()), Decision::Allow(_))
        });
        rows.iter().map(|row| change_view(row, now)).collect()
    }
}

/// Where a change stands at an instant.
fn state_of(row: &ChangeRow, now: i64) -> Result<ChangeState> {
    match (row.state.as_str(), row.undo_until) {
        ("planned", _) => Ok(ChangeState::Planned),
        ("undone", _) => Ok(ChangeState::Undone),
        ("made", Some(until)) if now < until => Ok(ChangeState::Undoable),
        ("made", Some(_)) => Ok(ChangeState::Told),
        _ => Err(Error::Stored("state of a change")),
    }
}

fn change_view(row: &ChangeRow, now: i64) -> Result<MassChange> {
    let zone = zone(&row.time_zone)?;
    let moment = |ms: i64| Ok::<_, Error>(Moment::in_zone(instant(ms)?, &zone));
    let maybe = |ms: Option<i64>| ms.map(moment).transpose();
    Ok(MassChange {
        id: MassChangeId(row.id),
        hospital_id: HospitalId(row.hospital_id),
        doctor_id: DoctorId(row.doctor_id),
        doctor_name: row.doctor_name.clone(),
        state: state_of(row, now)?,
        reason: row.reason.clone(),
        planned_at: moment(row.planned_at)?,
        by: row.by_name.clone().unwrap_or_default(),
        made_at: maybe(row.made_at)?,
        undo_until: maybe(row.undo_until)?,
        undone_at: maybe(row.undone_at)?,
        undone_by: row.undone_by_name.clone(),
        moved: row.moved,
        cancelled: row.cancelled,
        left: row.left_alone,
        items: Vec::new(),
    })
}

fn item_view(row: &ChangeRow, item: &ItemRow, zone: &TimeZone, now: i64) -> Result<MassChangeItem> {
    let moment = |ms: i64| Ok::<_, Error>(Moment::in_zone(instant(ms)?, zone));
    let at_once = match (item.told_at, row.undo_until) {
        (Some(told), Some(until)) => told < until,
        _ => is_imminent(now, item.from_starts_at, item.to_starts_at),
    };
    let outcome =
        item.outcome.as_deref().map(|code| UndoOutcome::parse(code).ok_or(Error::Stored("outcome")));
    Ok(MassChangeItem {
        position: item.position,
        appointment_id: item.appointment_id.into(),
        patient_id: item.patient_id.into(),
        patient_name: item.patient_name.clone(),
        birth_date: parse_date(&item.birth_date).map_err(Error::Stored)?,
        visit_type_name: item.visit_type_name.clone(),
        kind: kind_of(item)?,
        from: moment(item.from_starts_at)?,
        to: item.to_starts_at.map(moment).transpose()?,
        to_doctor_id: item.to_doctor_id.map(DoctorId),
        to_doctor_name: item.to_doctor_name.clone().filter(|_| item.to_doctor_id != Some(row.doctor_id)),
        price: Money { amount_minor: item.price_minor, currency: item.currency.clone() },
        told_at: item.told_at.map(moment).transpose()?,
        told_at_once: at_once,
        outcome: outcome.transpose()?,
    })
}

fn kind_of(item: &ItemRow) -> Result<ChangeKind> {
    ChangeKind::parse(&item.kind).ok_or(Error::Stored("kind of a change"))
}

impl Resource for ChangeRow {
    fn facts(&self) -> Facts {
        Facts::Doctor { hospital: HospitalId(self.hospital_id), doctor: DoctorId(self.doctor_id) }
    }

    fn entity(&self) -> (&'static str, Option<Uuid>) {
        ("mass_change", Some(self.id))
    }
}

impl Loaded for ChangeRow {
    type Id = MassChangeId;

    fn load(conn: &mut Conn, id: MassChangeId) -> BoxFuture<'_, Result<Option<Self>>> {
        Box::pin(store::find(conn, id))
    }
}

#[async_trait]
impl Changes for ChangeService {
    async fn sheet(
        &self,
        call: &Call,
        doctor: DoctorId,
        from: Date,
        to: Date,
    ) -> domain::Result<ChangeSheet> {
        Ok(self.sheet_of(call, doctor, (from, to)).await?)
    }

    async fn plan(&self, call: &Call, doctor: DoctorId, command: PlanChanges) -> domain::Result<MassChange> {
        Ok(self.write_plan(call, doctor, command).await?)
    }

    async fn get(&self, call: &Call, id: MassChangeId) -> domain::Result<MassChange> {
        Ok(self.again(call, id).await?)
    }

    async fn confirm(&self, call: &Call, id: MassChangeId) -> domain::Result<MassChange> {
        Ok(self.make(call, id).await?)
    }

    async fn undo(&self, call: &Call, id: MassChangeId) -> domain::Result<MassChange> {
        Ok(self.take_back(call, id).await?)
    }

    async fn recent(&self, call: &Call, hospital: HospitalId) -> domain::Result<Vec<MassChange>> {
        Ok(self.of_hospital(call, hospital).await?)
    }
}
