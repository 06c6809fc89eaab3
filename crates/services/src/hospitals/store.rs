//! SQL of hospitals, departments and visit types.
//!
//! Nothing is decided here.

use domain::{
    hospitals::Hospital,
    ids::{HospitalId, VisitTypeId},
};
use uuid::Uuid;

use crate::{
    access::{Authorized, ManageHospital, ManagePlatform, OfHospital, OfPlatform},
    db::{Conn, sql},
    error::Result,
};

#[derive(sqlx::FromRow)]
pub(crate) struct HospitalRow {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) city: String,
    pub(crate) phone: String,
    pub(crate) time_zone: String,
    pub(crate) currency: String,
    pub(crate) about: String,
}

impl From<HospitalRow> for Hospital {
    fn from(row: HospitalRow) -> Self {
        Self {
            id: HospitalId(row.id),
            name: row.name,
            address: row.address,
            city: row.city,
            phone: row.phone,
            time_zone: row.time_zone,
            currency: row.currency,
            about: row.about,
        }
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct DepartmentRow {
    pub(crate) id: Uuid,
    pub(crate) name: String,
}

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own of the visit type")]
pub(crate) struct VisitTypeRow {
    pub(crate) id: Uuid,
    pub(crate) hospital_id: Uuid,
    pub(crate) name: String,
    pub(crate) modality: String,
    pub(crate) minutes: i64,
    pub(crate) buffer_before: i64,
    pub(crate) buffer_after: i64,
    pub(crate) price_minor: i64,
    pub(crate) prepaid: bool,
    pub(crate) most_a_day: Option<i64>,
    pub(crate) series: bool,
    pub(crate) capacity: i64,
    pub(crate) follow_up_only: bool,
    pub(crate) active: bool,
}

pub(crate) async fn all(conn: &mut Conn) -> Result<Vec<HospitalRow>> {
    Ok(sql!(
        conn,
        all HospitalRow,
        "SELECT id, name, address, city, phone, time_zone, currency, about FROM hospitals ORDER BY name"
    )?)
}

/// What an administrator of the hospital may change.
type Here = Authorized<ManageHospital, OfHospital>;

pub(super) async fn insert(
    conn: &mut Conn,
    _platform: &Authorized<ManagePlatform, OfPlatform>,
    hospital: Hospital,
    staff_second_factor: bool,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO hospitals (id, name, address, city, phone, time_zone, currency, about, created_at, staff_second_factor)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        hospital.id.0,
        hospital.name,
        hospital.address,
        hospital.city,
        hospital.phone,
        hospital.time_zone,
        hospital.currency,
        hospital.about,
        now,
        staff_second_factor
    )?;
    Ok(())
}

pub(super) async fn update(conn: &mut Conn, here: &Here, hospital: Hospital) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE hospitals SET name = $2, address = $3, city = $4, phone = $5, time_zone = $6, currency = $7, about = $8
         WHERE id = $1",
        here.object().0.0,
        hospital.name,
        hospital.address,
        hospital.city,
        hospital.phone,
        hospital.time_zone,
        hospital.currency,
        hospital.about
    )?;
    Ok(())
}

/// Whether wall times of the hospital stand anywhere, so that its zone must stay.
pub(super) async fn has_hours(conn: &mut Conn, id: HospitalId) -> Result<bool> {
    Ok(sql!(
        conn,
        optional(i64,),
        "SELECT CAST(1 AS BIGINT) FROM doctors d WHERE d.hospital_id = $1 AND (
            EXISTS (SELECT 1 FROM weekly_hours w WHERE w.doctor_id = d.id) OR
            EXISTS (SELECT 1 FROM hours_exceptions e WHERE e.doctor_id = d.id) OR
            EXISTS (SELECT 1 FROM appointments a WHERE a.doctor_id = d.id)) LIMIT 1",
        id.0
    )?
    .is_some())
}

pub(super) async fn departments(conn: &mut Conn, id: HospitalId) -> Result<Vec<DepartmentRow>> {
    Ok(
        sql!(conn, all DepartmentRow, "SELECT id, name FROM departments WHERE hospital_id = $1 ORDER BY name", id.0)?,
    )
}

pub(super) async fn insert_department(
    conn: &mut Conn,
    here: &Here,
    id: Uuid,
    name: String,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO departments (id, hospital_id, name, created_at) VALUES ($1, $2, $3, $4)",
        id,
        here.object().0.0,
        name,
        now
    )?;
    Ok(())
}

pub(crate) async fn all_visit_types(conn: &mut Conn) -> Result<Vec<VisitTypeRow>> {
    Ok(sql!(
        conn,
        all VisitTypeRow,
        "SELECT id, hospital_id, name, modality, minutes, buffer_before, buffer_after, price_minor, prepaid, most_a_day,
                series, capacity, follow_up_only, active
         FROM visit_types"
    )?)
}

pub(super) async fn visit_types(conn: &mut Conn, hospital: HospitalId) -> Result<Vec<VisitTypeRow>> {
    Ok(sql!(
        conn,
        all VisitTypeRow,
        "SELECT id, hospital_id, name, modality, minutes, buffer_before, buffer_after, price_minor, prepaid, most_a_day,
                series, capacity, follow_up_only, active
         FROM visit_types WHERE hospital_id = $1 ORDER BY name",
        hospital.0
    )?)
}

pub(crate) async fn find_visit_type(
    conn: &mut Conn,
    hospital: HospitalId,
    id: VisitTypeId,
) -> Result<Option<VisitTypeRow>> {
    Ok(sql!(
        conn,
        optional VisitTypeRow,
        "SELECT id, hospital_id, name, modality, minutes, buffer_before, buffer_after, price_minor, prepaid, most_a_day,
                series, capacity, follow_up_only, active
         FROM visit_types WHERE hospital_id = $1 AND id = $2",
        hospital.0,
        id.0
    )?)
}

pub(super) async fn insert_visit_type(
    conn: &mut Conn,
    here: &Here,
    row: VisitTypeRow,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO visit_types
            (id, hospital_id, name, modality, minutes, buffer_before, buffer_after, price_minor, active, created_at,
             prepaid, most_a_day, series, capacity, follow_up_only)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        row.id,
        here.object().0.0,
        row.name,
        row.modality,
        row.minutes,
        row.buffer_before,
        row.buffer_after,
        row.price_minor,
        row.active,
        now,
        row.prepaid,
        row.most_a_day,
        row.series,
        row.capacity,
        row.follow_up_only
    )?;
    Ok(())
}

pub(super) async fn update_visit_type(conn: &mut Conn, here: &Here, row: VisitTypeRow) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE visit_types SET name = $3, modality = $4, minutes = $5, buffer_before = $6, buffer_after = $7,
                price_minor = $8, active = $9, prepaid = $10, most_a_day = $11, series = $12, capacity = $13,
                follow_up_only = $14
         WHERE hospital_id = $1 AND id = $2",
        here.object().0.0,
        row.id,
        row.name,
        row.modality,
        row.minutes,
        row.buffer_before,
        row.buffer_after,
        row.price_minor,
        row.active,
        row.prepaid,
        row.most_a_day,
        row.series,
        row.capacity,
        row.follow_up_only
    )?;
    Ok(rows == 1)
}
