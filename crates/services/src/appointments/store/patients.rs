//! SQL of the patients whom a hospital knows.
//!
//! Nothing is decided here.

use domain::ids::{HospitalId, PatientId};
use uuid::Uuid;

use crate::{
    access::{Authorized, BookAppointment, OfHospital, OfPatient, ReadPatient, ReadPatients, Sealed, Sight},
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
    here: &Authorized<ReadPatients, OfHospital>,
    sight: Sight,
    pattern: &str,
    after: (&str, Uuid),
    limit: i64,
) -> Result<Sealed<Vec<PatientRow>>> {
    let rows = sql!(
        conn,
        all PatientRow,
        "SELECT p.id, p.full_name, p.search_name, p.birth_date,
                (SELECT COUNT(*) FROM appointments a WHERE a.patient_id = p.id AND a.hospital_id = k.hospital_id
                    AND a.status <> 'expired') AS visits,
                (SELECT MAX(a.starts_at) FROM appointments a WHERE a.patient_id = p.id AND a.hospital_id = k.hospital_id
                    AND a.starts_at <= $3 AND a.occupies) AS last_visit,
                (SELECT MIN(a.starts_at) FROM appointments a WHERE a.patient_id = p.id AND a.hospital_id = k.hospital_id
                    AND a.starts_at > $3 AND a.occupies) AS next_visit
         FROM hospital_patients k JOIN patients p ON p.id = k.patient_id
         WHERE k.hospital_id = $1 AND p.search_name LIKE $2 ESCAPE '!' AND (p.search_name, p.id) > ($4, $5)
           AND ($7 IS NULL
                OR EXISTS (SELECT 1 FROM appointments r WHERE r.patient_id = k.patient_id AND r.doctor_id = $7
                              AND r.occupies AND r.hold_expires_at IS NULL AND r.starts_at >= $8)
                OR EXISTS (SELECT 1 FROM emergencies e WHERE e.account_id = $9 AND e.hospital_id = k.hospital_id
                              AND e.patient_id = k.patient_id AND e.ends_at > $3))
         ORDER BY p.search_name, p.id LIMIT $6",
        here.object().0.0,
        pattern,
        sight.now,
        after.0,
        after.1,
        limit,
        sight.doctor.map(|d| d.0),
        sight.since,
        sight.account.0
    )?;
    let patients: Vec<_> = rows.iter().map(|row| PatientId(row.id)).collect();
    Ok(Sealed::about(rows, patients))
}

/// One patient of a hospital.
pub(in crate::appointments) async fn find(
    conn: &mut Conn,
    whom: &Authorized<ReadPatient, OfPatient>,
    now: i64,
) -> Result<Option<PatientRow>> {
    Ok(sql!(
        conn,
        optional PatientRow,
        "SELECT p.id, p.full_name, p.search_name, p.birth_date,
                (SELECT COUNT(*) FROM appointments a WHERE a.patient_id = p.id AND a.hospital_id = k.hospital_id
                    AND a.status <> 'expired') AS visits,
                (SELECT MAX(a.starts_at) FROM appointments a WHERE a.patient_id = p.id AND a.hospital_id = k.hospital_id
                    AND a.starts_at <= $3 AND a.occupies) AS last_visit,
                (SELECT MIN(a.starts_at) FROM appointments a WHERE a.patient_id = p.id AND a.hospital_id = k.hospital_id
                    AND a.starts_at > $3 AND a.occupies) AS next_visit
         FROM hospital_patients k JOIN patients p ON p.id = k.patient_id
         WHERE k.hospital_id = $1 AND k.patient_id = $2",
        whom.object().hospital.map(|hospital| hospital.0),
        whom.object().patient.0,
        now
    )?)
}

/// Whether a hospital knows a patient.
pub(crate) async fn is_known(conn: &mut Conn, hospital: HospitalId, patient: PatientId) -> Result<bool> {
    Ok(sql!(
        conn,
        optional(Uuid,),
        "SELECT patient_id FROM hospital_patients WHERE hospital_id = $1 AND patient_id = $2",
        hospital.0,
        patient.0
    )?
    .is_some())
}

/// Somebody whom the desk writes in.
#[derive(Debug, Clone)]
pub(in crate::appointments) struct Newcomer {
    pub(in crate::appointments) full_name: String,
    pub(in crate::appointments) search_name: String,
    pub(in crate::appointments) birth_date: String,
}

/// Writes in the patient whom the caller may book for; she has no account.
pub(in crate::appointments) async fn write_in(
    conn: &mut Conn,
    whom: &Authorized<BookAppointment, OfPatient>,
    hospital: HospitalId,
    newcomer: Newcomer,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO patients (id, full_name, search_name, birth_date, written_in_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        whom.object().patient.0,
        newcomer.full_name,
        newcomer.search_name,
        newcomer.birth_date,
        hospital.0,
        now
    )?;
    Ok(())
}

/// From now on a hospital knows a patient.
pub(crate) async fn know(conn: &mut Conn, hospital: HospitalId, patient: PatientId, now: i64) -> Result<()> {
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
