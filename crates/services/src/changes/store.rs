//! SQL of changes of many visits.
//!
//! Nothing is decided here.

use domain::ids::{AccountId, AppointmentId, DoctorId, MassChangeId};
use uuid::Uuid;

use super::Keeper;
use crate::{
    access::{Authorized, ChangeManyVisits, OfHospital, ReadSchedule},
    db::{Conn, On, sql},
    error::Result,
};

/// A change with the names that people know it by, before a condition.
macro_rules! select_change {
    ($tail:literal) => {
        concat!(
            "SELECT c.id, c.hospital_id, c.doctor_id, d.name AS doctor_name, h.time_zone, c.state, c.reason, c.planned_at,
                    p.full_name AS by_name, c.made_at, c.undo_until, c.undone_at, u.full_name AS undone_by_name,
                    (SELECT COUNT(*) FROM mass_change_items i WHERE i.change_id = c.id AND i.kind = 'move') AS moved,
                    (SELECT COUNT(*) FROM mass_change_items i WHERE i.change_id = c.id AND i.kind = 'cancel') AS cancelled,
                    (SELECT COUNT(*) FROM mass_change_items i WHERE i.change_id = c.id AND i.outcome <> 'back') AS left_alone
             FROM mass_changes c
             JOIN doctors d ON d.id = c.doctor_id
             JOIN hospitals h ON h.id = c.hospital_id
             LEFT JOIN account_names p ON p.id = c.planned_by
             LEFT JOIN account_names u ON u.id = c.undone_by ",
            $tail
        )
    };
}

/// A change of many visits.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct ChangeRow {
    pub(super) id: Uuid,
    pub(super) hospital_id: Uuid,
    pub(super) doctor_id: Uuid,
    pub(super) doctor_name: String,
    pub(super) time_zone: String,
    pub(super) state: String,
    pub(super) reason: Option<String>,
    pub(super) planned_at: i64,
    pub(super) by_name: Option<String>,
    pub(super) made_at: Option<i64>,
    pub(super) undo_until: Option<i64>,
    pub(super) undone_at: Option<i64>,
    pub(super) undone_by_name: Option<String>,
    pub(super) moved: i64,
    pub(super) cancelled: i64,
    pub(super) left_alone: i64,
}

/// One visit of a change.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct ItemRow {
    pub(super) position: i64,
    pub(super) appointment_id: Uuid,
    pub(super) kind: String,
    pub(super) seen_version: i64,
    pub(super) from_status: String,
    pub(super) from_doctor_id: Uuid,
    pub(super) from_starts_at: i64,
    pub(super) from_ends_at: i64,
    pub(super) from_block_starts_at: i64,
    pub(super) from_block_ends_at: i64,
    pub(super) to_doctor_id: Option<Uuid>,
    pub(super) to_starts_at: Option<i64>,
    pub(super) made_version: Option<i64>,
    pub(super) told_at: Option<i64>,
    pub(super) outcome: Option<String>,
    pub(super) to_doctor_name: Option<String>,
    pub(super) patient_id: Uuid,
    pub(super) patient_name: String,
    pub(super) birth_date: String,
    pub(super) visit_type_name: String,
    pub(super) price_minor: i64,
    pub(super) currency: String,
}

/// A plan as it is written down.
#[derive(Debug, Clone)]
pub(super) struct NewPlan {
    pub(super) id: Uuid,
    pub(super) hospital: Uuid,
    pub(super) doctor: DoctorId,
    pub(super) by: AccountId,
    pub(super) reason: Option<String>,
    pub(super) now: i64,
    pub(super) items: Vec<NewItem>,
}

/// A visit of a plan as it is written down.
#[derive(Debug, Clone)]
pub(super) struct NewItem {
    pub(super) appointment: Uuid,
    pub(super) kind: &'static str,
    pub(super) version: i64,
    pub(super) status: String,
    pub(super) doctor: Uuid,
    pub(super) visit: (i64, i64),
    pub(super) block: (i64, i64),
    pub(super) to: Option<(DoctorId, i64)>,
}

pub(super) async fn find(conn: &mut Conn, id: MassChangeId) -> Result<Option<ChangeRow>> {
    Ok(sql!(conn, optional ChangeRow, select_change!("WHERE c.id = $1"), id.0)?)
}

/// The visits of a change, by when they began before.
pub(super) async fn items(
    conn: &mut Conn,
    of: &Authorized<ChangeManyVisits, ChangeRow>,
) -> Result<Vec<ItemRow>> {
    Ok(sql!(
        conn,
        all ItemRow,
        "SELECT i.position, i.appointment_id, i.kind, i.seen_version, i.from_status, i.from_doctor_id, i.from_starts_at,
                i.from_ends_at, i.from_block_starts_at, i.from_block_ends_at, i.to_doctor_id, i.to_starts_at, i.made_version,
                i.told_at, i.outcome, d.name AS to_doctor_name, a.patient_id, p.full_name AS patient_name,
                p.birth_date, a.visit_type_name, a.price_minor, a.currency
         FROM mass_change_items i
         JOIN appointments a ON a.id = i.appointment_id
         JOIN patients p ON p.id = a.patient_id
         LEFT JOIN doctors d ON d.id = i.to_doctor_id
         WHERE i.change_id = $1 ORDER BY i.from_starts_at, i.position",
        of.object().id
    )?)
}

/// Changes of a hospital that were made since an instant, the latest first.
pub(super) async fn recent(
    conn: &mut Conn,
    here: &Authorized<ReadSchedule, OfHospital>,
    since: i64,
) -> Result<Vec<ChangeRow>> {
    Ok(sql!(
        conn,
        all ChangeRow,
        select_change!(
            "WHERE c.hospital_id = $1 AND c.state <> 'planned' AND c.made_at > $2 ORDER BY c.made_at DESC, c.id LIMIT 100"
        ),
        here.object().0.0,
        since
    )?)
}

/// Writes a plan down, in the place of another one that its maker has not made.
pub(super) async fn insert(conn: &mut Conn, she: &Keeper, plan: NewPlan) -> Result<()> {
    if matches!(conn.on, On::Postgres(_)) {
        // Whoever makes one of them at this moment is waited for: then it is none of them any more. SQLite's one writer does so by itself.
        sql!(
            conn,
            execute,
            "SELECT 1 FROM mass_changes WHERE doctor_id = $1 AND planned_by = $2 AND state = 'planned' ORDER BY id FOR NO KEY UPDATE",
            she.object().id().0,
            plan.by.0
        )?;
    }
    sql!(
        conn,
        execute,
        "DELETE FROM mass_change_items WHERE change_id IN
            (SELECT c.id FROM mass_changes c WHERE c.doctor_id = $1 AND c.planned_by = $2 AND c.state = 'planned')",
        she.object().id().0,
        plan.by.0
    )?;
    sql!(
        conn,
        execute,
        "DELETE FROM mass_changes WHERE doctor_id = $1 AND planned_by = $2 AND state = 'planned'",
        she.object().id().0,
        plan.by.0
    )?;
    sql!(
        conn,
        execute,
        "INSERT INTO mass_changes (id, hospital_id, doctor_id, state, reason, planned_at, planned_by)
         VALUES ($1, $2, $3, 'planned', $4, $5, $6)",
        plan.id,
        plan.hospital,
        plan.doctor.0,
        plan.reason,
        plan.now,
        plan.by.0
    )?;
    for (position, item) in (0_i64..).zip(plan.items) {
        sql!(
            conn,
            execute,
            "INSERT INTO mass_change_items (change_id, position, appointment_id, kind, seen_version, from_status, from_doctor_id,
                    from_starts_at, from_ends_at, from_block_starts_at, from_block_ends_at, to_doctor_id, to_starts_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            plan.id,
            position,
            item.appointment,
            item.kind,
            item.version,
            item.status,
            item.doctor,
            item.visit.0,
            item.visit.1,
            item.block.0,
            item.block.1,
            item.to.map(|(doctor, _)| doctor.0),
            item.to.map(|(_, start)| start)
        )?;
    }
    Ok(())
}

/// Lets one after the other make or undo a change; SQLite's one writer does so by itself.
pub(super) async fn take_turn(conn: &mut Conn, of: &Authorized<ChangeManyVisits, ChangeRow>) -> Result<()> {
    if matches!(conn.on, On::Postgres(_)) {
        sql!(conn, execute, "SELECT 1 FROM mass_changes WHERE id = $1 FOR NO KEY UPDATE", of.object().id)?;
    }
    Ok(())
}

/// Lets one after the other choose among all rooms and devices that the visits of a change may need, as bookings do: the smaller id
/// first, and after the doctors. SQLite's one writer does so by itself.
pub(super) async fn take_pools(conn: &mut Conn, of: &Authorized<ChangeManyVisits, ChangeRow>) -> Result<()> {
    if matches!(conn.on, On::Postgres(_)) {
        sql!(
            conn,
            execute,
            "SELECT 1 FROM resources WHERE id IN (SELECT p.resource_id FROM mass_change_items i
                JOIN appointments a ON a.id = i.appointment_id JOIN visit_type_needs n ON n.visit_type_id = a.visit_type_id
                JOIN need_resources p ON p.need_id = n.id WHERE i.change_id = $1) ORDER BY id FOR NO KEY UPDATE",
            of.object().id
        )?;
    }
    Ok(())
}

/// Notes that a plan was made; `false` when it is no plan any more.
pub(super) async fn set_made(
    conn: &mut Conn,
    of: &Authorized<ChangeManyVisits, ChangeRow>,
    now: i64,
    until: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE mass_changes SET state = 'made', made_at = $2, undo_until = $3 WHERE id = $1 AND state = 'planned'",
        of.object().id,
        now,
        until
    )?;
    Ok(rows == 1)
}

/// Notes which version a visit has now, and when its patient is told.
pub(super) async fn set_item_made(
    conn: &mut Conn,
    of: &Authorized<ChangeManyVisits, ChangeRow>,
    position: i64,
    version: i64,
    told_at: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE mass_change_items SET made_version = $3, told_at = $4 WHERE change_id = $1 AND position = $2",
        of.object().id,
        position,
        version,
        told_at
    )?;
    Ok(())
}

/// Notes that a change was undone; `false` when it is none that can be.
pub(super) async fn set_undone(
    conn: &mut Conn,
    of: &Authorized<ChangeManyVisits, ChangeRow>,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE mass_changes SET state = 'undone', undone_at = $2, undone_by = $3
         WHERE id = $1 AND state = 'made' AND undo_until > $2",
        of.object().id,
        now,
        of.by().0
    )?;
    Ok(rows == 1)
}

/// Notes what undoing has made of a visit.
pub(super) async fn set_outcome(
    conn: &mut Conn,
    of: &Authorized<ChangeManyVisits, ChangeRow>,
    position: i64,
    outcome: &str,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE mass_change_items SET outcome = $3 WHERE change_id = $1 AND position = $2",
        of.object().id,
        position,
        outcome
    )?;
    Ok(())
}

/// A cancelled visit whose patient is told, and whose money nobody has asked to be sent back yet.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(super) struct OwedRow {
    pub(super) change_id: Uuid,
    pub(super) position: i64,
    pub(super) appointment_id: Uuid,
    pub(super) planned_by: Uuid,
    /// Whether whoever has planned it is its patient herself.
    pub(super) own: bool,
}

/// All of them, of whatever hospital.
pub(super) async fn owed(conn: &mut Conn, now: i64) -> Result<Vec<OwedRow>> {
    Ok(sql!(
        conn,
        all OwedRow,
        "SELECT i.change_id, i.position, i.appointment_id, c.planned_by,
                EXISTS (SELECT 1 FROM appointments a JOIN patient_accounts o ON o.patient_id = a.patient_id
                    WHERE a.id = i.appointment_id AND o.account_id = c.planned_by AND o.relation = 'self') AS own
         FROM mass_change_items i JOIN mass_changes c ON c.id = i.change_id
         WHERE i.kind = 'cancel' AND i.settled_at IS NULL AND i.told_at <= $1
           AND (i.outcome IS NULL OR i.outcome <> 'back')
         ORDER BY i.told_at LIMIT 500",
        now
    )?)
}

/// Notes that the money of a cancelled visit is on its way; `false` when somebody else has, or the visit is back.
pub(super) async fn set_settled(conn: &mut Conn, owed: OwedRow, now: i64) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE mass_change_items SET settled_at = $3 WHERE change_id = $1 AND position = $2 AND settled_at IS NULL
            AND (outcome IS NULL OR outcome <> 'back')",
        owed.change_id,
        owed.position,
        now
    )?;
    Ok(rows == 1)
}

/// The visit of an item.
pub(super) fn visit_of(item: &ItemRow) -> AppointmentId {
    AppointmentId(item.appointment_id)
}
