//! SQL of the patients whom a hospital knows.
//!
//! Nothing is decided here.

use domain::ids::{HospitalId, PatientId};
use uuid::Uuid;

use crate::{
    db::{Conn, sql},
    error::Result,
};

#[derive(sqlx::FromRow)]
pub(in crate::appointments) struct PatientRow {
    pub(in crate::appointments) id: Uuid,
    pub(in crate::appointments) full_name: String,
    pub(in crate::appointments) search_name: String,
    pub(in crate::appointments) birth_date: String,
    pub(in crate::appointments) visits: i64,
    pub(in crate::appointments) last_visit: Option<i64>,
    pub(in crate::appointments) next_visit: Option<i64>,
}

/// Patients of a hospital by name, from a place on.
pub(in crate::appointments) async fn list(
    conn: &mut Conn,
    hospital: HospitalId,
    pattern: &str,
    now: i64,
    after: (&str, Uuid),
    limit: i64,
) -> Result<Vec<PatientRow>> {
    Ok(sql!(
        conn,
        all PatientRow,
        "SELECT p.id, p.full_name, p.search_name, p.birth_date,
                (SELECT COUNT(*) FROM appointments a WHERE a.patient_id = p.id AND a.hospital_id = k.hospital_id) AS visits,
                (SELECT MAX(a.starts_at) FROM appointments a WHERE a.patient_id = p.id AND a.hospital_id = k.hospital_id
                    AND a.starts_at <= $3 AND a.occupies) AS last_visit,
                (SELECT MIN(a.starts_at) FROM appointments a WHERE a.patient_id = p.id AND a.hospital_id = k.hospital_id
                    AND a.starts_at > $3 AND a.occupies) AS next_visit
         FROM hospital_patients k JOIN patients p ON p.id = k.patient_id
         WHERE k.hospital_id = $1 AND p.search_name LIKE $2 ESCAPE '!' AND (p.search_name, p.id) > ($4, $5)
         ORDER BY p.search_name, p.id LIMIT $6",
        hospital.0,
        pattern,
        now,
        after.0,
        after.1,
        limit
    )?)
}

/// One patient of a hospital.
pub(in crate::appointments) async fn find(
    conn: &mut Conn,
    hospital: HospitalId,
    patient: PatientId,
    now: i64,
) -> Result<Option<PatientRow>> {
    Ok(sql!(
        conn,
        optional PatientRow,
        "SELECT p.id, p.full_name, p.search_name, p.birth_date,
                (SELECT COUNT(*) FROM appointments a WHERE a.patient_id = p.id AND a.hospital_id = k.hospital_id) AS visits,
                (SELECT MAX(a.starts_at) FROM appointments a WHERE a.patient_id = p.id AND a.hospital_id = k.hospital_id
                    AND a.starts_at <= $3 AND a.occupies) AS last_visit,
                (SELECT MIN(a.starts_at) FROM appointments a WHERE a.patient_id = p.id AND a.hospital_id = k.hospital_id
                    AND a.starts_at > $3 AND a.occupies) AS next_visit
         FROM hospital_patients k JOIN patients p ON p.id = k.patient_id
         WHERE k.hospital_id = $1 AND k.patient_id = $2",
        hospital.0,
        patient.0,
        now
    )?)
}

/// Whether a hospital knows a patient.
pub(in crate::appointments) async fn is_known(
    conn: &mut Conn,
    hospital: HospitalId,
    patient: PatientId,
) -> Result<bool> {
    Ok(sql!(
        conn,
        optional(Uuid,),
        "SELECT patient_id FROM hospital_patients WHERE hospital_id = $1 AND patient_id = $2",
        hospital.0,
        patient.0
    )?
    .is_some())
}

/// From now on a hospital knows a patient.
pub(in crate::appointments) async fn know(
    conn: &mut Conn,
    hospital: HospitalId,
    patient: PatientId,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO hospital_patients (hospital_id, patient_id, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (hospital_id, patient_id) DO NOTHING",
        hospital.0,
        patient.0,
        now
    )?;
    Ok(())
}
