//! SQL of how much it is that a hospital searches its audit for.
//!
//! Nothing is decided here.

use super::Wanted;
use crate::{
    audit::Managed,
    db::{Conn, sql},
    error::Result,
};

/// Whether there are more entries than so many. It walks past no more than these, and counts nothing behind them.
pub(in crate::audit) async fn is_more(
    conn: &mut Conn,
    here: &Managed,
    wanted: &Wanted,
    most: i64,
) -> Result<bool> {
    let patient = wanted.patient.map(|patient| format!("%{}%", patient.simple()));
    Ok(sql!(
        conn,
        optional(i64,),
        "SELECT e.seq FROM audit_events e
         WHERE e.hospital_id = $1 AND e.at >= $2 AND e.at < $3
           AND ($4 IS NULL OR e.action = $4) AND ($5 IS NULL OR e.account_id = $5)
           AND ($6 IS NULL OR e.patients LIKE $6) AND ($7 = FALSE OR e.outcome = 'denied')
         LIMIT 1 OFFSET $8",
        here.object().0.0,
        wanted.from,
        wanted.to,
        wanted.action,
        wanted.account,
        patient.as_deref(),
        wanted.denied,
        most
    )?
    .is_some())
}
