//! SQL of rooms and devices, of what visits need of them, and of what they have.
//!
//! Nothing is decided here.

use std::collections::HashMap;

use domain::{
    ids::{AppointmentId, DoctorId, NeedId, ResourceId, VisitTypeId},
    resources::{AssignedResource, Need, Resource, ResourceKind},
    time::Span,
};
use uuid::Uuid;

use super::{Here, NeedOf, Needs};
use crate::{
    access::{Authorized, ReadAppointment},
    appointments::{AppointmentRow, LONGEST_BLOCK_MS},
    db::{Conn, On, sql},
    error::{Error, Result},
};

#[derive(sqlx::FromRow)]
struct ResourceRow {
    id: Uuid,
    kind: String,
    name: String,
    active: bool,
    version: i64,
}

impl ResourceRow {
    fn view(self) -> Result<Resource> {
        Ok(Resource {
            id: ResourceId(self.id),
            kind: ResourceKind::parse(&self.kind).map_err(Error::Stored)?,
            name: self.name,
            active: self.active,
            version: self.version,
        })
    }
}

pub(super) async fn list(conn: &mut Conn, here: &Here) -> Result<Vec<Resource>> {
    let rows = sql!(
        conn,
        all ResourceRow,
        "SELECT id, kind, name, active, version FROM resources WHERE hospital_id = $1 ORDER BY name, id",
        here.object().0.0
    )?;
    rows.into_iter().map(ResourceRow::view).collect()
}

pub(super) async fn find(conn: &mut Conn, here: &Here, id: ResourceId) -> Result<Option<Resource>> {
    let row = sql!(
        conn,
        optional ResourceRow,
        "SELECT id, kind, name, active, version FROM resources WHERE hospital_id = $1 AND id = $2",
        here.object().0.0,
        id.0
    )?;
    row.map(ResourceRow::view).transpose()
}

pub(super) async fn insert(conn: &mut Conn, here: &Here, resource: &Resource, now: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO resources (id, hospital_id, kind, name, active, version, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        resource.id.0,
        here.object().0.0,
        resource.kind.code(),
        resource.name.as_str(),
        resource.active,
        resource.version,
        now
    )?;
    Ok(())
}

/// Changes one that still has the version that was seen, whichever stands there if none was.
pub(super) async fn update(
    conn: &mut Conn,
    here: &Here,
    resource: &Resource,
    seen: Option<i64>,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE resources SET kind = $3, name = $4, active = $5, version = version + 1
         WHERE hospital_id = $1 AND id = $2 AND ($6 IS NULL OR version = $6)",
        here.object().0.0,
        resource.id.0,
        resource.kind.code(),
        resource.name.as_str(),
        resource.active,
        seen
    )?;
    Ok(rows == 1)
}

#[derive(sqlx::FromRow)]
struct ChoiceRow {
    id: Uuid,
    name: String,
    resource_id: Uuid,
}

/// What a visit type needs, with rooms and devices that are out of use, too.
pub(super) async fn needs(conn: &mut Conn, here: &Here, visit_type: VisitTypeId) -> Result<Vec<Need>> {
    let rows = sql!(
        conn,
        all ChoiceRow,
        "SELECT n.id, n.name, p.resource_id FROM visit_type_needs n JOIN need_resources p ON p.need_id = n.id
         WHERE n.hospital_id = $1 AND n.visit_type_id = $2 ORDER BY n.created_at, n.id, p.place",
        here.object().0.0,
        visit_type.0
    )?;
    let mut needs: Vec<Need> = Vec::new();
    for row in rows {
        let id = NeedId(row.id);
        match needs.last_mut() {
            Some(need) if need.id == id => need.resource_ids.push(ResourceId(row.resource_id)),
            _ => needs.push(Need { id, name: row.name, resource_ids: vec![ResourceId(row.resource_id)] }),
        }
    }
    Ok(needs)
}

pub(super) async fn insert_need(
    conn: &mut Conn,
    here: &Here,
    visit_type: VisitTypeId,
    need: &Need,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO visit_type_needs (id, hospital_id, visit_type_id, name, created_at) VALUES ($1, $2, $3, $4, $5)",
        need.id.0,
        here.object().0.0,
        visit_type.0,
        need.name.as_str(),
        now
    )?;
    for (place, resource) in (0_i64..).zip(&need.resource_ids) {
        sql!(
            conn,
            execute,
            "INSERT INTO need_resources (need_id, hospital_id, resource_id, place) VALUES ($1, $2, $3, $4)",
            need.id.0,
            here.object().0.0,
            resource.0,
            place
        )?;
    }
    Ok(())
}

pub(super) async fn delete_need(
    conn: &mut Conn,
    here: &Here,
    visit_type: VisitTypeId,
    need: NeedId,
) -> Result<bool> {
    sql!(
        conn,
        execute,
        "DELETE FROM need_resources WHERE hospital_id = $1 AND need_id IN (SELECT n.id FROM visit_type_needs n
            WHERE n.hospital_id = $1 AND n.visit_type_id = $2 AND n.id = $3)",
        here.object().0.0,
        visit_type.0,
        need.0
    )?;
    let rows = sql!(
        conn,
        execute,
        "DELETE FROM visit_type_needs WHERE hospital_id = $1 AND visit_type_id = $2 AND id = $3",
        here.object().0.0,
        visit_type.0,
        need.0
    )?;
    Ok(rows == 1)
}

#[derive(sqlx::FromRow)]
struct NeedRow {
    visit_type_id: Uuid,
    need_id: Uuid,
    name: String,
    resource_id: Option<Uuid>,
}

/// Puts the rows of one visit type after another together; they come in order.
fn together(rows: Vec<NeedRow>) -> HashMap<VisitTypeId, Needs> {
    let mut found: HashMap<VisitTypeId, Needs> = HashMap::new();
    let mut last = None;
    for row in rows {
        let needs = &mut found.entry(VisitTypeId(row.visit_type_id)).or_default().0;
        if last != Some(row.need_id) {
            needs.push(NeedOf { name: row.name, resources: Vec::new() });
            last = Some(row.need_id);
        }
        if let (Some(need), Some(resource)) = (needs.last_mut(), row.resource_id) {
            need.resources.push(ResourceId(resource));
        }
    }
    found
}

/// What all visit types need, for the directory: rooms and devices in use only.
pub(crate) async fn all_needs(conn: &mut Conn) -> Result<HashMap<VisitTypeId, Needs>> {
    let rows = sql!(
        conn,
        all NeedRow,
        "SELECT n.visit_type_id, n.id AS need_id, n.name, r.id AS resource_id FROM visit_type_needs n
         LEFT JOIN need_resources p ON p.need_id = n.id LEFT JOIN resources r ON r.id = p.resource_id AND r.active
         ORDER BY n.visit_type_id, n.created_at, n.id, p.place"
    )?;
    Ok(together(rows))
}

/// What one visit type needs, as it stands in this transaction.
pub(super) async fn needs_of(conn: &mut Conn, visit_type: VisitTypeId) -> Result<Needs> {
    let rows = sql!(
        conn,
        all NeedRow,
        "SELECT n.visit_type_id, n.id AS need_id, n.name, r.id AS resource_id FROM visit_type_needs n
         LEFT JOIN need_resources p ON p.need_id = n.id LEFT JOIN resources r ON r.id = p.resource_id AND r.active
         WHERE n.visit_type_id = $1 ORDER BY n.created_at, n.id, p.place",
        visit_type.0
    )?;
    Ok(together(rows).remove(&visit_type).unwrap_or_default())
}

/// Lets one booking after the other choose among the rooms and devices of a visit type, whichever doctors they are with; SQLite's one
/// writer does so by itself. Whoever wants several waits for the smaller id first, and for doctors before that.
pub(crate) async fn take_turn(conn: &mut Conn, visit_type: VisitTypeId) -> Result<()> {
    if matches!(conn.on, On::Postgres(_)) {
        sql!(
            conn,
            execute,
            "SELECT 1 FROM resources WHERE id IN (SELECT p.resource_id FROM need_resources p JOIN visit_type_needs n ON n.id = p.need_id
                WHERE n.visit_type_id = $1) ORDER BY id FOR NO KEY UPDATE",
            visit_type.0
        )?;
    }
    Ok(())
}

/// When a room or a device is taken, and with which doctor.
#[derive(sqlx::FromRow)]
pub(crate) struct TakenRow {
    resource_id: Uuid,
    doctor_id: Uuid,
    block_starts_at: i64,
    block_ends_at: i64,
    seat_no: i64,
}

impl TakenRow {
    pub(crate) fn resource(&self) -> ResourceId {
        ResourceId(self.resource_id)
    }

    pub(crate) fn doctor(&self) -> DoctorId {
        DoctorId(self.doctor_id)
    }

    pub(crate) fn block(&self) -> Span {
        Span { start: self.block_starts_at, end: self.block_ends_at }
    }

    /// The number of the visit that has it, among the seats of its time.
    pub(crate) fn seat(&self) -> i64 {
        self.seat_no
    }
}

/// Blocks of what a visit type may need that touch a span, without those whose hold has ended.
pub(crate) async fn taken(
    conn: &mut Conn,
    visit_type: VisitTypeId,
    span: Span,
    now: i64,
) -> Result<Vec<TakenRow>> {
    Ok(sql!(
        conn,
        all TakenRow,
        "SELECT DISTINCT t.resource_id, t.doctor_id, t.block_starts_at, t.block_ends_at, t.seat_no FROM visit_type_needs n
         JOIN need_resources p ON p.need_id = n.id JOIN taken_resources t ON t.resource_id = p.resource_id
         WHERE n.visit_type_id = $1 AND t.block_starts_at > $2 AND t.block_starts_at < $3 AND t.block_ends_at > $4
           AND (t.hold_expires_at IS NULL OR t.hold_expires_at > $5)",
        visit_type.0,
        span.start - LONGEST_BLOCK_MS,
        span.end,
        span.start,
        now
    )?)
}

/// What a group has already, whoever of it came first.
pub(crate) async fn of_group(conn: &mut Conn, group: &str, now: i64) -> Result<Vec<ResourceId>> {
    let rows = sql!(
        conn,
        all(Uuid,),
        "SELECT DISTINCT resource_id FROM taken_resources
         WHERE group_key = $1 AND (hold_expires_at IS NULL OR hold_expires_at > $2) ORDER BY resource_id",
        group,
        now
    )?;
    Ok(rows.into_iter().map(|(id,)| ResourceId(id)).collect())
}

/// Gives a visit a room or a device for its block, as it stands.
pub(super) async fn assign(conn: &mut Conn, appointment: AppointmentId, resource: ResourceId) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO appointment_resources (appointment_id, hospital_id, resource_id, block_starts_at, block_ends_at, occupies, group_key)
         SELECT a.id, a.hospital_id, r.id, a.block_starts_at, a.block_ends_at, a.occupies, a.group_key
         FROM appointments a JOIN resources r ON r.hospital_id = a.hospital_id WHERE a.id = $1 AND r.id = $2",
        appointment.0,
        resource.0
    )?;
    Ok(())
}

/// Takes from a visit what it had.
pub(crate) async fn let_go(conn: &mut Conn, appointment: AppointmentId) -> Result<()> {
    sql!(conn, execute, "DELETE FROM appointment_resources WHERE appointment_id = $1", appointment.0)?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct AssignedRow {
    resource_id: Uuid,
    kind: String,
    name: String,
}

pub(super) async fn of_visit(
    conn: &mut Conn,
    visit: &Authorized<ReadAppointment, AppointmentRow>,
) -> Result<Vec<AssignedResource>> {
    let rows = sql!(
        conn,
        all AssignedRow,
        "SELECT u.resource_id, r.kind, r.name FROM appointment_resources u JOIN resources r ON r.id = u.resource_id
         WHERE u.appointment_id = $1 ORDER BY r.kind DESC, r.name",
        visit.object().id
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(AssignedResource {
                resource_id: ResourceId(row.resource_id),
                kind: ResourceKind::parse(&row.kind).map_err(Error::Stored)?,
                name: row.name,
            })
        })
        .collect()
}
