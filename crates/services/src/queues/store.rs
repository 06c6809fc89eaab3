//! SQL of what a hospital has decided about its queue, of its wall, and of the wall's private address.
//!
//! Nothing is decided here.

use domain::{ids::HospitalId, time::Span};
use uuid::Uuid;

use super::Administered;
use crate::{
    db::{Conn, sql},
    error::Result,
};

pub(super) async fn self_check_in(conn: &mut Conn, hospital: HospitalId) -> Result<Option<bool>> {
    let found = sql!(conn, optional(bool,), "SELECT self_check_in FROM hospitals WHERE id = $1", hospital.0)?;
    Ok(found.map(|(allowed,)| allowed))
}

pub(super) async fn set_self_check_in(conn: &mut Conn, here: &Administered, allowed: bool) -> Result<()> {
    sql!(conn, execute, "UPDATE hospitals SET self_check_in = $2 WHERE id = $1", here.object().0.0, allowed)?;
    Ok(())
}

/// A number that somebody has who is in the house.
#[derive(sqlx::FromRow)]
pub(super) struct NumberRow {
    pub(super) number: i64,
    pub(super) door: String,
    pub(super) status: String,
    pub(super) called_at: Option<i64>,
}

/// The numbers of a hospital's day whose patients are in the house, and those of other days whose visits begin around now, by their
/// times. Nothing about the patients is read.
pub(super) async fn numbers(
    conn: &mut Conn,
    hospital: HospitalId,
    day: &str,
    around: Span,
) -> Result<Vec<NumberRow>> {
    Ok(sql!(
        conn,
        all NumberRow,
        "SELECT a.ticket AS number, d.name AS door, a.status,
                (SELECT MAX(s.at) FROM appointment_history s WHERE s.appointment_id = a.id AND s.to_status = 'in-progress')
                    AS called_at
         FROM appointments a JOIN doctors d ON d.id = a.doctor_id
         WHERE a.id IN
            (SELECT id FROM appointments WHERE hospital_id = $1 AND ticket_day = $2 AND ticket IS NOT NULL
             UNION ALL SELECT id FROM appointments WHERE hospital_id = $1 AND ticket IS NOT NULL AND starts_at >= $3 AND starts_at < $4)
           AND a.status IN ('arrived', 'checked-in', 'in-progress')
         ORDER BY a.starts_at, a.ticket",
        hospital.0,
        day,
        around.start,
        around.end
    )?)
}

/// A wall that has an address.
#[derive(sqlx::FromRow)]
pub(super) struct WallRow {
    pub(super) hospital_id: Uuid,
    pub(super) read_at: Option<i64>,
}

/// The wall behind a secret.
pub(super) async fn behind(conn: &mut Conn, token_hash: &[u8]) -> Result<Option<WallRow>> {
    Ok(sql!(
        conn,
        optional WallRow,
        "SELECT hospital_id, read_at FROM wall_addresses WHERE token_hash = $1",
        token_hash
    )?)
}

/// Notes that an address was read.
pub(super) async fn note_reading(conn: &mut Conn, token_hash: &[u8], now: i64) -> Result<()> {
    sql!(conn, execute, "UPDATE wall_addresses SET read_at = $2 WHERE token_hash = $1", token_hash, now)?;
    Ok(())
}

/// When the address was made and last read.
pub(super) async fn find(conn: &mut Conn, here: &Administered) -> Result<Option<(i64, Option<i64>)>> {
    Ok(sql!(
        conn,
        optional(i64, Option<i64>),
        "SELECT made_at, read_at FROM wall_addresses WHERE hospital_id = $1",
        here.object().0.0
    )?)
}

/// Gives a wall an address, in the place of the one before.
pub(super) async fn put(conn: &mut Conn, here: &Administered, token_hash: &[u8], now: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO wall_addresses (hospital_id, token_hash, made_at) VALUES ($1, $2, $3)
         ON CONFLICT (hospital_id) DO UPDATE SET token_hash = excluded.token_hash, made_at = excluded.made_at, read_at = NULL",
        here.object().0.0,
        token_hash,
        now
    )?;
    Ok(())
}

/// Ends an address; `false` when there is none.
pub(super) async fn end(conn: &mut Conn, here: &Administered) -> Result<bool> {
    let rows = sql!(conn, execute, "DELETE FROM wall_addresses WHERE hospital_id = $1", here.object().0.0)?;
    Ok(rows == 1)
}
