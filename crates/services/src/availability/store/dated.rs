//! SQL of what holds for certain dates only: absences, hours that are there once, closures.
//!
//! Nothing is decided here. All are stored as wall times; the instants follow from the zone.

use std::collections::HashMap;

use domain::{
    availability::{Absence, AbsenceKind, Closure, ExtraHours},
    ids::{AbsenceId, ClosureId, DoctorId, OpeningId},
    slots::{Busy, Opening, span_between},
    time::{Span, parse_date, plus_days},
};
use jiff::{
    civil::{DateTime, Time},
    tz::TimeZone,
};
use uuid::Uuid;

use super::{json_of, visit_types, window};
use crate::{
    availability::{Closing, Managed},
    db::{Conn, sql},
    error::{Error, Result},
};

/// What holds for certain dates, as the slot engine takes it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dated {
    pub(crate) openings: Vec<Opening>,
    away: Vec<(DateTime, DateTime)>,
    closed: Vec<(DateTime, DateTime)>,
}

impl Dated {
    /// When she is away, as instants.
    pub(crate) fn away(&self, zone: &TimeZone) -> Busy {
        spans(&self.away, zone)
    }

    /// When the hospital is closed, as instants.
    pub(crate) fn closed(&self, zone: &TimeZone) -> Busy {
        spans(&self.closed, zone)
    }

    fn take(&mut self, row: DatedRow) -> Result<()> {
        let wall = |text: &str| text.parse::<DateTime>().map_err(|_| Error::Stored("wall time"));
        match row.what {
            ABSENCE => self.away.push((wall(&row.first)?, wall(&row.last)?)),
            CLOSURE => {
                let date = |text: &str| parse_date(text).map_err(Error::Stored);
                let (first, last) = (date(&row.first)?, date(&row.last)?);
                let midnight = Time::midnight();
                self.closed.push((first.to_datetime(midnight), plus_days(last, 1).to_datetime(midnight)));
            }
            OPENING => {
                let begins = wall(&row.first)?;
                let end = domain::time::parse_time(&row.last).map_err(Error::Stored)?;
                self.openings.push(Opening {
                    date: begins.date(),
                    window: domain::availability::TimeWindow { start: begins.time(), end },
                    visit_types: visit_types(&row.visit_types)?,
                });
            }
            _ => return Err(Error::Stored("what holds on a date")),
        }
        Ok(())
    }
}

fn spans(walls: &[(DateTime, DateTime)], zone: &TimeZone) -> Busy {
    Busy::new(walls.iter().filter_map(|(from, to)| span_between(zone, *from, *to)).collect::<Vec<Span>>())
}

const ABSENCE: i64 = 1;
const OPENING: i64 = 2;
const CLOSURE: i64 = 3;

#[derive(sqlx::FromRow)]
struct DatedRow {
    doctor_id: Uuid,
    what: i64,
    first: String,
    last: String,
    visit_types: String,
}

/// What holds for all doctors, for the directory.
pub(crate) async fn all_dated(conn: &mut Conn) -> Result<HashMap<DoctorId, Dated>> {
    let rows = sql!(
        conn,
        all DatedRow,
        "SELECT doctor_id, CAST(1 AS BIGINT) AS what, from_local AS first, to_local AS last, '[]' AS visit_types FROM absences
         UNION ALL
         SELECT doctor_id, CAST(2 AS BIGINT), on_date || 'T' || start_time, end_time, visit_types FROM hours_openings
         UNION ALL
         SELECT d.id, CAST(3 AS BIGINT), c.from_date, c.to_date, '[]' FROM closures c JOIN doctors d ON d.hospital_id = c.hospital_id"
    )?;
    let mut by_doctor: HashMap<DoctorId, Dated> = HashMap::new();
    for row in rows {
        by_doctor.entry(DoctorId(row.doctor_id)).or_default().take(row)?;
    }
    Ok(by_doctor)
}

/// What holds for one doctor, as it stands in this transaction. One statement, because every booking asks it.
pub(crate) async fn dated_of(conn: &mut Conn, doctor: DoctorId) -> Result<Dated> {
    let rows = sql!(
        conn,
        all DatedRow,
        "SELECT doctor_id, CAST(1 AS BIGINT) AS what, from_local AS first, to_local AS last, '[]' AS visit_types FROM absences
         WHERE doctor_id = $1
         UNION ALL
         SELECT doctor_id, CAST(2 AS BIGINT), on_date || 'T' || start_time, end_time, visit_types FROM hours_openings WHERE doctor_id = $1
         UNION ALL
         SELECT d.id, CAST(3 AS BIGINT), c.from_date, c.to_date, '[]' FROM closures c JOIN doctors d ON d.hospital_id = c.hospital_id
         WHERE d.id = $1",
        doctor.0
    )?;
    let mut dated = Dated::default();
    for row in rows {
        dated.take(row)?;
    }
    Ok(dated)
}

#[derive(sqlx::FromRow)]
struct AbsenceRow {
    id: Uuid,
    from_local: String,
    to_local: String,
    kind: String,
    note: String,
}

/// Absences that are not over at a wall time.
pub(in crate::availability) async fn absences(
    conn: &mut Conn,
    she: &Managed,
    now: DateTime,
) -> Result<Vec<Absence>> {
    let rows = sql!(
        conn,
        all AbsenceRow,
        "SELECT id, from_local, to_local, kind, note FROM absences WHERE doctor_id = $1 AND to_local > $2
         ORDER BY from_local, id",
        she.object().id().0,
        now.to_string()
    )?;
    let wall = |text: &str| text.parse::<DateTime>().map_err(|_| Error::Stored("wall time"));
    rows.into_iter()
        .map(|row| {
            Ok(Absence {
                id: AbsenceId(row.id),
                from: wall(&row.from_local)?,
                to: wall(&row.to_local)?,
                kind: AbsenceKind::parse(&row.kind).map_err(Error::Stored)?,
                note: row.note,
            })
        })
        .collect()
}

pub(in crate::availability) async fn insert_absence(
    conn: &mut Conn,
    she: &Managed,
    absence: &Absence,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO absences (id, doctor_id, from_local, to_local, kind, note) VALUES ($1, $2, $3, $4, $5, $6)",
        absence.id.0,
        she.object().id().0,
        absence.from.to_string(),
        absence.to.to_string(),
        absence.kind.code(),
        absence.note.as_str()
    )?;
    Ok(())
}

pub(in crate::availability) async fn delete_absence(
    conn: &mut Conn,
    she: &Managed,
    id: AbsenceId,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "DELETE FROM absences WHERE id = $1 AND doctor_id = $2",
        id.0,
        she.object().id().0
    )?;
    Ok(rows == 1)
}

#[derive(sqlx::FromRow)]
struct OpeningRow {
    id: Uuid,
    on_date: String,
    start_time: String,
    end_time: String,
    visit_types: String,
    note: String,
}

/// Hours that are there once, from a date on.
pub(in crate::availability) async fn extra(
    conn: &mut Conn,
    she: &Managed,
    from: jiff::civil::Date,
) -> Result<Vec<ExtraHours>> {
    let rows = sql!(
        conn,
        all OpeningRow,
        "SELECT id, on_date, start_time, end_time, visit_types, note FROM hours_openings
         WHERE doctor_id = $1 AND on_date >= $2 ORDER BY on_date, start_time, id",
        she.object().id().0,
        from.to_string()
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(ExtraHours {
                id: OpeningId(row.id),
                date: parse_date(&row.on_date).map_err(Error::Stored)?,
                window: window(&row.start_time, &row.end_time)?,
                visit_types: visit_types(&row.visit_types)?,
                note: row.note,
            })
        })
        .collect()
}

pub(in crate::availability) async fn insert_extra(
    conn: &mut Conn,
    she: &Managed,
    extra: &ExtraHours,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO hours_openings (id, doctor_id, on_date, start_time, end_time, visit_types, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        extra.id.0,
        she.object().id().0,
        extra.date.to_string(),
        extra.window.start.to_string(),
        extra.window.end.to_string(),
        json_of(&extra.visit_types)?,
        extra.note.as_str()
    )?;
    Ok(())
}

pub(in crate::availability) async fn delete_extra(
    conn: &mut Conn,
    she: &Managed,
    id: OpeningId,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "DELETE FROM hours_openings WHERE id = $1 AND doctor_id = $2",
        id.0,
        she.object().id().0
    )?;
    Ok(rows == 1)
}

#[derive(sqlx::FromRow)]
struct ClosureRow {
    id: Uuid,
    from_date: String,
    to_date: String,
    note: String,
}

/// Closures that are not over on a date.
pub(in crate::availability) async fn closures(
    conn: &mut Conn,
    here: &Closing,
    today: jiff::civil::Date,
) -> Result<Vec<Closure>> {
    let rows = sql!(
        conn,
        all ClosureRow,
        "SELECT id, from_date, to_date, note FROM closures WHERE hospital_id = $1 AND to_date >= $2 ORDER BY from_date, id",
        here.object().0.0,
        today.to_string()
    )?;
    let date = |text: &str| parse_date(text).map_err(Error::Stored);
    rows.into_iter()
        .map(|row| {
            let (from, to) = (date(&row.from_date)?, date(&row.to_date)?);
            Ok(Closure { id: ClosureId(row.id), from, to, note: row.note })
        })
        .collect()
}

pub(in crate::availability) async fn insert_closure(
    conn: &mut Conn,
    here: &Closing,
    closure: &Closure,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO closures (id, hospital_id, from_date, to_date, note) VALUES ($1, $2, $3, $4, $5)",
        closure.id.0,
        here.object().0.0,
        closure.from.to_string(),
        closure.to.to_string(),
        closure.note.as_str()
    )?;
    Ok(())
}

pub(in crate::availability) async fn delete_closure(
    conn: &mut Conn,
    here: &Closing,
    id: ClosureId,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "DELETE FROM closures WHERE id = $1 AND hospital_id = $2",
        id.0,
        here.object().0.0
    )?;
    Ok(rows == 1)
}
