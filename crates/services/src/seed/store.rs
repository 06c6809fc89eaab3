//! SQL of the bulk data: many rows in one statement, given as one JSON list.
//!
//! The two engines spell "rows of a JSON list" and "bytes of an id" differently; nothing else differs.

use domain::ids::{AccountId, DoctorId, HospitalId};
use uuid::Uuid;

use crate::{
    db::{Conn, On, sql},
    error::Result,
};

/// What all visits of one doctor have in common.
#[derive(Debug, Clone)]
pub(super) struct Common {
    pub(super) hospital: HospitalId,
    pub(super) doctor: DoctorId,
    pub(super) visit_type: Uuid,
    pub(super) visit_type_name: String,
    pub(super) minutes: i64,
    pub(super) price_minor: i64,
    pub(super) currency: String,
    pub(super) time_zone: String,
    pub(super) by: AccountId,
}

/// Writes a statement once for both engines: `rows` of a JSON list as `e`, and `id(n)` for its n-th member.
macro_rules! from_rows {
    (sqlite $head:literal, [$($id:literal),+], $middle:literal, $tail:literal) => {
        concat!($head, " SELECT ", $("unhex(e.value ->> ", $id, "), ",)+ $middle, " FROM json_each($1) AS e ", $tail)
    };
    (postgres $head:literal, [$($id:literal),+], $middle:literal, $tail:literal) => {
        concat!(
            $head,
            " SELECT ",
            $("CAST(e.value ->> ", $id, " AS UUID), ",)+
            $middle,
            " FROM jsonb_array_elements(CAST($1 AS JSONB)) AS e(value) ",
            $tail
        )
    };
}

/// Runs the spelling of the engine at hand.
macro_rules! execute_rows {
    ($conn:expr, ($head:literal, $ids:tt, $middle:literal, $tail:literal) $(, $arg:expr)*) => {{
        let text = match &$conn.on {
            On::Sqlite(_) => from_rows!(sqlite $head, $ids, $middle, $tail),
            On::Postgres(_) => from_rows!(postgres $head, $ids, $middle, $tail),
        };
        sql!($conn, execute, text $(, $arg)*)
    }};
}

/// Gives SQLite's one writer memory for the indexes of millions of rows; the process ends after this. Pages that many transactions
/// touch, as those of a hospital's calendar, go from the log to the database once for all of them.
pub(super) async fn prepare(conn: &mut Conn) -> Result<()> {
    if matches!(conn.on, On::Sqlite(_)) {
        sql!(conn, execute, "PRAGMA cache_size = -262144")?;
        sql!(conn, execute, "PRAGMA wal_autocheckpoint = 32768")?;
    }
    Ok(())
}

/// Doctors who take bookings a quarter of an hour apart. A row: doctor, hospital, name, searchable name, specialties.
pub(super) async fn insert_doctors(conn: &mut Conn, rows: &str, now: i64) -> Result<()> {
    execute_rows!(
        conn,
        (
            "INSERT INTO doctors (id, hospital_id, name, search_name, specialties, languages, biography, active,
                cadence_minutes, notice_minutes, horizon_days, created_at)",
            [0, 1],
            "e.value ->> 2, e.value ->> 3, e.value ->> 4, '[\"en\",\"de\"]',
                'I take the time to listen, and I explain what I find in plain words.', TRUE, 15, 60, 120, $2",
            ""
        ),
        rows,
        now
    )?;
    Ok(())
}

/// That all visit types of their hospitals can be booked with the doctors with whom nothing can be booked yet.
pub(super) async fn insert_kinds(conn: &mut Conn) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO doctor_visit_types (hospital_id, doctor_id, visit_type_id)
         SELECT v.hospital_id, d.id, v.id FROM doctors d JOIN visit_types v ON v.hospital_id = d.hospital_id
         WHERE NOT EXISTS (SELECT 1 FROM doctor_visit_types b WHERE b.doctor_id = d.id)"
    )?;
    Ok(())
}

/// When doctors work. A row: its id, doctor, weekday, from, to.
pub(super) async fn insert_hours(conn: &mut Conn, rows: &str) -> Result<()> {
    execute_rows!(
        conn,
        (
            "INSERT INTO weekly_hours (id, doctor_id, weekday, start_time, end_time)",
            [0, 1],
            "CAST(e.value ->> 2 AS BIGINT), e.value ->> 3, e.value ->> 4",
            ""
        ),
        rows
    )?;
    Ok(())
}

/// Accounts, their patients, and that the ones own the others.
/// A row: account, patient, address, name, searchable name, date of birth.
pub(super) async fn insert_patients(
    conn: &mut Conn,
    rows: &str,
    password_hash: &str,
    now: i64,
) -> Result<()> {
    execute_rows!(
        conn,
        (
            "INSERT INTO accounts (id, email, full_name, password_hash, platform_admin, created_at, verified_at)",
            [0],
            "e.value ->> 2, e.value ->> 3, $2, FALSE, $3, $3",
            ""
        ),
        rows,
        password_hash,
        now
    )?;
    execute_rows!(
        conn,
        (
            "INSERT INTO patients (id, full_name, search_name, birth_date, created_at)",
            [1],
            "e.value ->> 3, e.value ->> 4, e.value ->> 5, $2",
            ""
        ),
        rows,
        now
    )?;
    execute_rows!(
        conn,
        (
            "INSERT INTO patient_accounts (account_id, patient_id, relation, created_at)",
            [0, 1],
            "'self', $2",
            ""
        ),
        rows,
        now
    )?;
    Ok(())
}

/// That the hospital knows the patients of visits; rows as in [`insert_visits`], which comes after.
pub(super) async fn insert_known(conn: &mut Conn, rows: &str, hospital: HospitalId) -> Result<()> {
    execute_rows!(
        conn,
        (
            "INSERT INTO hospital_patients (patient_id, created_at, hospital_id)",
            [1],
            "MIN(CAST(e.value ->> 4 AS BIGINT)), $2",
            "GROUP BY 1 ON CONFLICT DO NOTHING"
        ),
        rows,
        hospital.0
    )?;
    Ok(())
}

/// Visits of one doctor. A row: visit, patient, reference, begin, when it was booked, status, version, begin on the wall.
pub(super) async fn insert_visits(conn: &mut Conn, rows: &str, common: &Common) -> Result<()> {
    execute_rows!(
        conn,
        (
            "INSERT INTO appointments (id, patient_id, reference, starts_at, ends_at, block_starts_at, block_ends_at,
                created_at, status, occupies, cancelled_by, version, local_start, hospital_id, doctor_id,
                visit_type_id, visit_type_name, modality, minutes, price_minor, currency, time_zone, created_by, group_key)",
            [0, 1],
            "e.value ->> 2, CAST(e.value ->> 3 AS BIGINT), CAST(e.value ->> 3 AS BIGINT) + $6 * 60000,
                CAST(e.value ->> 3 AS BIGINT), CAST(e.value ->> 3 AS BIGINT) + $6 * 60000,
                CAST(e.value ->> 4 AS BIGINT), e.value ->> 5, e.value ->> 5 <> 'cancelled',
                CASE WHEN e.value ->> 5 = 'cancelled' THEN 'patient' END, CAST(e.value ->> 6 AS BIGINT),
                e.value ->> 7, $2, $3, $4, $5, 'in_person', $6, $7, $8, $9, $10,
                lower(replace(e.value ->> 0, '-', ''))",
            ""
        ),
        rows,
        common.hospital.0,
        common.doctor.0,
        common.visit_type,
        common.visit_type_name.as_str(),
        common.minutes,
        common.price_minor,
        common.currency.as_str(),
        common.time_zone.as_str(),
        common.by.0
    )?;
    Ok(())
}

/// The steps that led to where the visits of one doctor between two begins stand.
pub(super) async fn insert_steps(conn: &mut Conn, doctor: DoctorId, from: i64, to: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO appointment_history (appointment_id, seq, from_status, to_status, at, by_account, reason, starts_at,
                doctor_id, put_by)
         SELECT id, 1, NULL, 'booked', created_at, created_by, NULL, starts_at, doctor_id, 'patient' FROM appointments
         WHERE doctor_id = $1 AND starts_at BETWEEN $2 AND $3",
        doctor.0,
        from,
        to
    )?;
    sql!(
        conn,
        execute,
        "INSERT INTO appointment_history (appointment_id, seq, from_status, to_status, at, by_account, reason)
         SELECT id, 2, 'booked', CASE WHEN status = 'cancelled' THEN status ELSE 'confirmed' END, created_at + 3600000,
            created_by, NULL FROM appointments
         WHERE doctor_id = $1 AND starts_at BETWEEN $2 AND $3 AND version >= 2",
        doctor.0,
        from,
        to
    )?;
    sql!(
        conn,
        execute,
        "INSERT INTO appointment_history (appointment_id, seq, from_status, to_status, at, by_account, reason)
         SELECT id, 3, 'confirmed', status, ends_at, created_by, NULL FROM appointments
         WHERE doctor_id = $1 AND starts_at BETWEEN $2 AND $3 AND version >= 3",
        doctor.0,
        from,
        to
    )?;
    Ok(())
}
