//! Numbers of the day: drawn in the transaction in which somebody comes, one after the other for each hospital.
//!
//! A number is for calling somebody in a waiting room; it says nothing about whose turn it is.

use domain::{
    appointments::{Status, around},
    ids::HospitalId,
    queues::{Arrival, stays},
};
use jiff::{Timestamp, tz::TimeZone};

use super::{AppointmentRow, store};
use crate::{
    core::{instant, zone},
    db::Conn,
    error::{Error, Result},
};

/// What is noted when somebody comes now: the next number of the hospital's day.
pub(super) async fn come(
    conn: &mut Conn,
    hospital: HospitalId,
    zone: &TimeZone,
    arrival: Arrival,
    now: i64,
) -> Result<store::Here> {
    let day = day(zone, instant(now)?);
    let ticket = store::queue::draw(conn, hospital, &day, around(now).start).await?;
    Ok(store::Here { arrival: arrival.code(), ticket, day })
}

/// The same for a visit that there is already. Who comes back keeps the number that she has today, and how she came first.
pub(super) async fn of_visit(
    conn: &mut Conn,
    row: &AppointmentRow,
    arrival: Arrival,
    now: i64,
) -> Result<Option<store::Here>> {
    let zone = zone(&row.time_zone)?;
    if today(row, &zone, instant(now)?).is_some() {
        return Ok(None);
    }
    come(conn, row.hospital_id.into(), &zone, arrival, now).await.map(Some)
}

/// The number that a visit shows: one of today, or hers who was in the house at midnight and is so still.
pub(super) fn shown(row: &AppointmentRow, status: Status, zone: &TimeZone, now: Timestamp) -> Option<i64> {
    today(row, zone, now).or(row.ticket.filter(|_| stays(status, row.starts_at, now.as_millisecond())))
}

/// The number of a visit, if it is one of today.
fn today(row: &AppointmentRow, zone: &TimeZone, now: Timestamp) -> Option<i64> {
    row.ticket.filter(|_| row.ticket_day.as_deref() == Some(day(zone, now).as_str()))
}

/// How somebody came.
pub(super) fn arrival(row: &AppointmentRow) -> Result<Option<Arrival>> {
    let read = |code| Arrival::parse(code).ok_or(Error::Stored("how somebody came"));
    row.arrival.as_deref().map(read).transpose()
}

/// The local date, as it stands beside numbers.
pub(crate) fn day(zone: &TimeZone, now: Timestamp) -> String {
    now.to_zoned(zone.clone()).date().to_string()
}
