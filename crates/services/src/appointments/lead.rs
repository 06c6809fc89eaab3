//! How long before its begin a visit is given back, from what its history says of who has put it where.
//!
//! The judgement is `domain::appointments`' business.

use domain::{
    appointments::{Hand, Lead, Put},
    ids::AppointmentId,
};

use super::{AppointmentRow, store};
use crate::{
    db::Conn,
    error::{Error, Result},
};

/// How long before its begin a patient's side gives a visit back that it calls off at an instant.
pub(crate) async fn lead(conn: &mut Conn, visit: &AppointmentRow, called_off: i64) -> Result<Lead> {
    let mut puts = Vec::new();
    for (starts_at, at, by) in store::puts::of(conn, AppointmentId(visit.id)).await? {
        let by = Hand::parse(&by).ok_or(Error::Stored("whose hand"))?;
        puts.push(Put { starts_at, at, by });
    }
    Ok(Lead::of(&puts, visit.starts_at, called_off))
}
