//! SQL of weekly hours, exceptions and booked time.
//!
//! Nothing is decided here.

pub(super) mod dated;

use std::collections::HashMap;

use domain::{
    availability::{BookingRules, DateException, TimeWindow, WeeklyWindow},
    hospitals::Modality,
    ids::{DoctorId, VisitTypeId},
    time::{Span, parse_date, parse_time},
};
use jiff::civil::Date;
use uuid::Uuid;

use super::Managed;
use crate::{
    appointments::LONGEST_BLOCK_MS,
    db::{Conn, sql},
    error::{Error, Result},
};

#[derive(sqlx::FromRow)]
struct WeeklyRow {
    doctor_id: Uuid,
    weekday: i64,
    start_time: String,
    end_time: String,
    valid_from: Option<String>,
    valid_to: Option<String>,
    every_weeks: i64,
    modality: Option<String>,
    visit_types: String,
}

impl WeeklyRow {
    fn view(&self) -> Result<WeeklyWindow> {
        let date = |text: &Option<String>| text.as_deref().map(parse_date).transpose().map_err(Error::Stored);
        let modality = self.modality.as_deref().map(Modality::parse).transpose();
        Ok(WeeklyWindow {
            weekday: i8::try_from(self.weekday).map_err(|_| Error::Stored("weekday"))?,
            window: window(&self.start_time, &self.end_time)?,
            valid_from: date(&self.valid_from)?,
            valid_to: date(&self.valid_to)?,
            every_weeks: i32::try_from(self.every_weeks).map_err(|_| Error::Stored("every_weeks"))?,
            modality: modality.map_err(Error::Stored)?,
            visit_types: visit_types(&self.visit_types)?,
        })
    }
}

fn window(start: &str, end: &str) -> Result<TimeWindow> {
    let time = |text: &str| parse_time(text).map_err(Error::Stored);
    Ok(TimeWindow { start: time(start)?, end: time(end)? })
}

fn visit_types(json: &str) -> Result<Vec<VisitTypeId>> {
    serde_json::from_str(json).map_err(|_| Error::Stored("visit_types"))
}

fn json_of<T: serde::Serialize>(list: &T) -> Result<String> {
    serde_json::to_string(list).map_err(|error| Error::Library(error.to_string()))
}

#[derive(sqlx::FromRow)]
struct ExceptionRow {
    doctor_id: Uuid,
    on_date: String,
    windows: String,
    note: String,
}

impl ExceptionRow {
    fn view(self) -> Result<DateException> {
        Ok(DateException {
            date: parse_date(&self.on_date).map_err(Error::Stored)?,
            windows: serde_json::from_str(&self.windows).map_err(|_| Error::Stored("windows"))?,
            note: self.note,
        })
    }
}

#[derive(sqlx::FromRow)]
struct BlockRow {
    block_starts_at: i64,
    block_ends_at: i64,
    starts_at: i64,
    visit_type_id: Uuid,
    seat_no: i64,
    group_key: Option<String>,
}

/// A time that is taken.
pub(super) struct TakenTime {
    /// The visit with what is kept free around it.
    pub(super) block: Span,
    /// When the visit begins.
    pub(super) start: i64,
    /// What it is.
    pub(super) visit_type: VisitTypeId,
    /// Its number among the seats of its time.
    pub(super) seat: i64,
    /// What it has in common with others of its time; none where it has the time alone.
    pub(super) group: Option<String>,
}

pub(crate) async fn all_weekly(conn: &mut Conn) -> Result<HashMap<DoctorId, Vec<WeeklyWindow>>> {
    let rows = sql!(
        conn,
        all WeeklyRow,
        "SELECT doctor_id, weekday, start_time, end_time, valid_from, valid_to, every_weeks, modality, visit_types
         FROM weekly_hours ORDER BY weekday, start_time, id"
    )?;
    let mut by_doctor: HashMap<DoctorId, Vec<WeeklyWindow>> = HashMap::new();
    for row in rows {
        by_doctor.entry(DoctorId(row.doctor_id)).or_default().push(row.view()?);
    }
    Ok(by_doctor)
}

pub(crate) async fn all_exceptions(conn: &mut Conn) -> Result<HashMap<DoctorId, Vec<DateException>>> {
    let rows = sql!(conn, all ExceptionRow, "SELECT doctor_id, on_date, windows, note FROM hours_exceptions ORDER BY on_date")?;
    let mut by_doctor: HashMap<DoctorId, Vec<DateException>> = HashMap::new();
    for row in rows {
        by_doctor.entry(DoctorId(row.doctor_id)).or_default().push(row.view()?);
    }
    Ok(by_doctor)
}

pub(crate) async fn weekly_of(conn: &mut Conn, doctor: DoctorId) -> Result<Vec<WeeklyWindow>> {
    let rows = sql!(
        conn,
        all WeeklyRow,
        "SELECT doctor_id, weekday, start_time, end_time, valid_from, valid_to, every_weeks, modality, visit_types
         FROM weekly_hours WHERE doctor_id = $1 ORDER BY weekday, start_time, id",
        doctor.0
    )?;
    rows.iter().map(WeeklyRow::view).collect()
}

/// Exceptions of a doctor, from a date on if one is given.
pub(crate) async fn exceptions_of(
    conn: &mut Conn,
    doctor: DoctorId,
    from: Option<Date>,
) -> Result<Vec<DateException>> {
    let from = from.map(|date| date.to_string()).unwrap_or_default();
    let rows = sql!(
        conn,
        all ExceptionRow,
        "SELECT doctor_id, on_date, windows, note FROM hours_exceptions WHERE doctor_id = $1 AND on_date >= $2
         ORDER BY on_date",
        doctor.0,
        from
    )?;
    rows.into_iter().map(ExceptionRow::view).collect()
}

pub(super) async fn replace_weekly(
    conn: &mut Conn,
    she: &Managed,
    rows: Vec<(Uuid, WeeklyWindow)>,
) -> Result<()> {
    sql!(conn, execute, "DELETE FROM weekly_hours WHERE doctor_id = $1", she.object().id().0)?;
    for (id, entry) in rows {
        sql!(
            conn,
            execute,
            "INSERT INTO weekly_hours (id, doctor_id, weekday, start_time, end_time, valid_from, valid_to, every_weeks, modality,
                    visit_types)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            id,
            she.object().id().0,
            i64::from(entry.weekday),
            entry.window.start.to_string(),
            entry.window.end.to_string(),
            entry.valid_from.map(|date| date.to_string()),
            entry.valid_to.map(|date| date.to_string()),
            i64::from(entry.every_weeks),
            entry.modality.map(Modality::code),
            json_of(&entry.visit_types)?
        )?;
    }
    Ok(())
}

/// Takes the next version of week and rules; `false` when another one than the expected stands there.
pub(super) async fn next_version(conn: &mut Conn, she: &Managed, seen: Option<i64>) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE doctors SET hours_version = hours_version + 1 WHERE id = $1 AND ($2 IS NULL OR hours_version = $2)",
        she.object().id().0,
        seen
    )?;
    Ok(rows == 1)
}

pub(super) async fn set_rules(conn: &mut Conn, she: &Managed, rules: BookingRules) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE doctors SET cadence_minutes = $2, notice_minutes = $3, horizon_days = $4, most_a_day = $5 WHERE id = $1",
        she.object().id().0,
        rules.cadence_minutes,
        rules.notice_minutes,
        rules.horizon_days,
        rules.most_a_day
    )?;
    Ok(())
}

pub(super) async fn set_exception(conn: &mut Conn, she: &Managed, exception: DateException) -> Result<()> {
    let windows = json_of(&exception.windows)?;
    sql!(
        conn,
        execute,
        "INSERT INTO hours_exceptions (doctor_id, on_date, windows, note) VALUES ($1, $2, $3, $4)
         ON CONFLICT (doctor_id, on_date) DO UPDATE SET windows = excluded.windows, note = excluded.note",
        she.object().id().0,
        exception.date.to_string(),
        windows,
        exception.note
    )?;
    Ok(())
}

pub(super) async fn delete_exception(conn: &mut Conn, she: &Managed, date: Date) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "DELETE FROM hours_exceptions WHERE doctor_id = $1 AND on_date = $2",
        she.object().id().0,
        date.to_string()
    )?;
    Ok(rows == 1)
}

/// Blocks of a doctor that touch a span, without those whose hold has ended. A walk along one index, however long her history is.
pub(super) async fn blocks(
    conn: &mut Conn,
    doctor: DoctorId,
    span: Span,
    now: i64,
) -> Result<Vec<TakenTime>> {
    let rows = sql!(
        conn,
        all BlockRow,
        "SELECT block_starts_at, block_ends_at, starts_at, visit_type_id, seat_no, group_key FROM taken_times
         WHERE doctor_id = $1 AND block_starts_at > $2 AND block_starts_at < $3 AND block_ends_at > $4
           AND (hold_expires_at IS NULL OR hold_expires_at > $5)",
        doctor.0,
        span.start - LONGEST_BLOCK_MS,
        span.end,
        span.start,
        now
    )?;
    let time = |row: BlockRow| TakenTime {
        block: Span { start: row.block_starts_at, end: row.block_ends_at },
        start: row.starts_at,
        visit_type: VisitTypeId(row.visit_type_id),
        seat: row.seat_no,
        group: row.group_key,
    };
    Ok(rows.into_iter().map(time).collect())
}

/// The numbers of a group that the database keeps, those of holds included that have ended. A group is with one doctor and of one block.
pub(super) async fn numbers(
    conn: &mut Conn,
    doctor: DoctorId,
    group: &str,
    block_starts_at: i64,
) -> Result<Vec<i64>> {
    let rows = sql!(
        conn,
        all(i64,),
        "SELECT seat_no FROM taken_times WHERE doctor_id = $1 AND block_starts_at = $2 AND group_key = $3",
        doctor.0,
        block_starts_at,
        group
    )?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
}
