//! SQL that writes doctors and keeps their photos. They are read through the directory.
//!
//! Nothing is decided here.

use domain::ids::{DepartmentId, DoctorId, HospitalId, VisitTypeId};
use uuid::Uuid;

use crate::{
    access::{Authorized, ManageDoctors, ManageHours, OfDoctor, OfHospital},
    db::{Conn, sql},
    error::Result,
};

/// A doctor as she is written.
#[derive(Clone)]
pub(super) struct DoctorRecord {
    pub(super) id: DoctorId,
    pub(super) department_id: Option<DepartmentId>,
    pub(super) name: String,
    pub(super) search_name: String,
    pub(super) specialties: String,
    pub(super) languages: String,
    pub(super) biography: String,
    pub(super) active: bool,
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: Uuid,
}

#[derive(sqlx::FromRow)]
struct PhotoRow {
    jpeg: Vec<u8>,
}

pub(super) async fn insert(
    conn: &mut Conn,
    here: &Authorized<ManageDoctors, OfHospital>,
    doctor: DoctorRecord,
    rules: domain::availability::BookingRules,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO doctors (id, hospital_id, department_id, name, search_name, specialties, languages, biography,
                active, cadence_minutes, notice_minutes, horizon_days, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        doctor.id.0,
        here.object().0.0,
        doctor.department_id.map(|d| d.0),
        doctor.name,
        doctor.search_name,
        doctor.specialties,
        doctor.languages,
        doctor.biography,
        doctor.active,
        rules.cadence_minutes,
        rules.notice_minutes,
        rules.horizon_days,
        now
    )?;
    Ok(())
}

pub(super) async fn update(
    conn: &mut Conn,
    she: &Authorized<ManageDoctors, OfDoctor>,
    doctor: DoctorRecord,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE doctors SET department_id = $2, name = $3, search_name = $4, specialties = $5, languages = $6,
                biography = $7, active = $8
         WHERE id = $1",
        she.object().id().0,
        doctor.department_id.map(|d| d.0),
        doctor.name,
        doctor.search_name,
        doctor.specialties,
        doctor.languages,
        doctor.biography,
        doctor.active
    )?;
    Ok(())
}

pub(super) async fn department_ids(conn: &mut Conn, hospital: HospitalId) -> Result<Vec<DepartmentId>> {
    let rows = sql!(conn, all IdRow, "SELECT id FROM departments WHERE hospital_id = $1", hospital.0)?;
    Ok(rows.into_iter().map(|row| DepartmentId(row.id)).collect())
}

pub(super) async fn visit_type_ids(conn: &mut Conn, hospital: HospitalId) -> Result<Vec<VisitTypeId>> {
    let rows = sql!(conn, all IdRow, "SELECT id FROM visit_types WHERE hospital_id = $1", hospital.0)?;
    Ok(rows.into_iter().map(|row| VisitTypeId(row.id)).collect())
}

pub(super) async fn replace_visit_types(
    conn: &mut Conn,
    hospital: HospitalId,
    doctor: DoctorId,
    visit_types: &[VisitTypeId],
) -> Result<()> {
    sql!(conn, execute, "DELETE FROM doctor_visit_types WHERE doctor_id = $1", doctor.0)?;
    for visit_type in visit_types {
        sql!(
            conn,
            execute,
            "INSERT INTO doctor_visit_types (hospital_id, doctor_id, visit_type_id) VALUES ($1, $2, $3)
             ON CONFLICT (doctor_id, visit_type_id) DO NOTHING",
            hospital.0,
            doctor.0,
            visit_type.0
        )?;
    }
    Ok(())
}

pub(super) async fn set_photo(
    conn: &mut Conn,
    she: &Authorized<ManageHours, OfDoctor>,
    key: &str,
    jpeg: &[u8],
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO photos (photo_key, jpeg, created_at) VALUES ($1, $2, $3) ON CONFLICT (photo_key) DO NOTHING",
        key,
        jpeg,
        now
    )?;
    sql!(conn, execute, "UPDATE doctors SET photo_key = $2 WHERE id = $1", she.object().id().0, key)?;
    Ok(())
}

pub(super) async fn photo(conn: &mut Conn, key: &str) -> Result<Option<Vec<u8>>> {
    Ok(sql!(conn, optional PhotoRow, "SELECT jpeg FROM photos WHERE photo_key = $1", key)?
        .map(|row| row.jpeg))
}
