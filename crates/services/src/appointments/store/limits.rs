//! SQL of what a patient's own side has booked and holds already: for the patient, and by the account that asks for whomever it acts for.
//! The turn that whoever counts it takes is that of those who count who acts for whom, too.
//!
//! Nothing is decided here.

use domain::ids::{AccountId, DoctorId, PatientId};

use crate::{
    db::{Conn, On, sql},
    error::Result,
};

/// Waits for the patient's turn and then for the account's, before what they have is counted: on PostgreSQL bookings with several
/// doctors, and by one account for several patients, run side by side, and each would count what was there before the others. It comes
/// after the doctor's turn and before any letter, and the account's last, so nobody waits in a ring.
pub(crate) async fn take_patients_turn(conn: &mut Conn, patient: PatientId, by: AccountId) -> Result<()> {
    if matches!(conn.on, On::Postgres(_)) {
        let (patient, account) = (patient.0.to_string(), by.0.to_string());
        sql!(
            conn,
            execute,
            "SELECT pg_advisory_xact_lock(hashtextextended('patient ' || $1, 0)),
                    pg_advisory_xact_lock(hashtextextended('account ' || $2, 0))",
            patient,
            account
        )?;
    }
    Ok(())
}

/// Visits that a patient has ahead, and those that an account has booked for patients for whom it acts.
#[derive(sqlx::FromRow)]
pub(in crate::appointments) struct AheadRow {
    pub(in crate::appointments) with_doctor: i64,
    pub(in crate::appointments) in_all: i64,
    pub(in crate::appointments) by_account_with_doctor: i64,
    pub(in crate::appointments) by_account: i64,
}

/// What takes no time any more is not even looked at, however many holds were let go.
/// What a member of a hospital has booked as one is not the account's: it is of patients for whom she does not act.
pub(in crate::appointments) async fn ahead(
    conn: &mut Conn,
    (patient, by): (PatientId, AccountId),
    doctor: DoctorId,
    now: i64,
) -> Result<AheadRow> {
    Ok(sql!(
        conn,
        one AheadRow,
        "SELECT p.in_all, p.with_doctor, o.in_all AS by_account, o.with_doctor AS by_account_with_doctor
         FROM (SELECT COUNT(*) AS in_all, COUNT(CASE WHEN doctor_id = $2 THEN 1 END) AS with_doctor FROM appointments
                WHERE patient_id = $1 AND starts_at > $3 AND occupies AND (status IN ('booked', 'confirmed') OR hold_expires_at > $3)) p
         CROSS JOIN
              (SELECT COUNT(*) AS in_all, COUNT(CASE WHEN doctor_id = $2 THEN 1 END) AS with_doctor FROM own_bookings
                WHERE account_id = $4 AND starts_at > $3 AND occupies AND (status IN ('booked', 'confirmed') OR hold_expires_at > $3)) o",
        patient.0,
        doctor.0,
        now,
        by.0
    )?)
}
