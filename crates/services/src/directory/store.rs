//! SQL that reads hospitals, doctors, visit types and hours as one picture, and one doctor's hours for booking.
//!
//! Nothing is written here.

use std::{collections::HashMap, sync::Arc};

use domain::{
    availability::{BookingRules, DateException, WeeklyWindow},
    hospitals::{Hospital, Modality, VisitType},
    ids::{DepartmentId, DoctorId, HospitalId, VisitTypeId},
    money::Money,
    slots::Schedule,
};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::{Entry, Snapshot};
use crate::{
    availability::{Dated, dated_of, exceptions_of, weekly_of},
    core::{codes, zone},
    db::{Conn, sql},
    error::{Error, Result},
    hospitals::VisitTypeRow,
    resources::Needs,
};

#[derive(sqlx::FromRow)]
struct DoctorRow {
    id: Uuid,
    hospital_id: Uuid,
    department_id: Option<Uuid>,
    department: Option<String>,
    name: String,
    search_name: String,
    specialties: String,
    languages: String,
    biography: String,
    photo_key: Option<String>,
    active: bool,
    cadence_minutes: i64,
    notice_minutes: i64,
    horizon_days: i64,
    most_a_day: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct DoctorVisitTypeRow {
    doctor_id: Uuid,
    visit_type_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct ScheduleRow {
    time_zone: String,
    active: bool,
    cadence_minutes: i64,
    notice_minutes: i64,
    horizon_days: i64,
    most_a_day: Option<i64>,
    hours_version: i64,
}

/// Everything, in eight statements; the mark was taken before.
pub(super) async fn load(conn: &mut Conn, number: u64, mark: u64) -> Result<Snapshot> {
    let hospitals: HashMap<HospitalId, Hospital> =
        crate::hospitals::all(conn).await?.into_iter().map(|row| (HospitalId(row.id), row.into())).collect();
    let types: HashMap<Uuid, VisitType> = visit_types(conn, &hospitals).await?;
    let mut bookable: HashMap<Uuid, Vec<VisitType>> = HashMap::new();
    let pairs =
        sql!(conn, all DoctorVisitTypeRow, "SELECT doctor_id, visit_type_id FROM doctor_visit_types")?;
    for pair in pairs {
        if let Some(visit_type) = types.get(&pair.visit_type_id).filter(|t| t.active) {
            bookable.entry(pair.doctor_id).or_default().push(visit_type.clone());
        }
    }
    let mut weekly = crate::availability::all_weekly(conn).await?;
    let mut exceptions = crate::availability::all_exceptions(conn).await?;
    let mut dated = crate::availability::all_dated(conn).await?;
    let needs = Arc::new(crate::resources::all_needs(conn).await?);
    let rows = sql!(
        conn,
        all DoctorRow,
        "SELECT d.id, d.hospital_id, d.department_id, p.name AS department, d.name, d.search_name, d.specialties,
                d.languages, d.biography, d.photo_key, d.active, d.cadence_minutes, d.notice_minutes, d.horizon_days,
                d.most_a_day
         FROM doctors d LEFT JOIN departments p ON p.id = d.department_id"
    )?;
    let mut by_name: Vec<Arc<Entry>> = Vec::with_capacity(rows.len());
    for row in rows {
        let hospital =
            hospitals.get(&HospitalId(row.hospital_id)).ok_or(Error::Stored("doctor without hospital"))?;
        let id = DoctorId(row.id);
        let mut visit_types = bookable.remove(&row.id).unwrap_or_default();
        visit_types.sort_by(|a, b| a.name.cmp(&b.name));
        let weekly = weekly.remove(&id).unwrap_or_default();
        let exceptions = exceptions.remove(&id).unwrap_or_default();
        let dated = dated.remove(&id).unwrap_or_default();
        let schedule = (weekly, exceptions, dated);
        let read = entry(row, hospital.clone(), visit_types, schedule, needs.clone())?;
        by_name.push(Arc::new(Entry { mark, ..read }));
    }
    // The order of cursors, whatever the database takes for one.
    by_name.sort_by(|a, b| (&a.search_name, a.id).cmp(&(&b.search_name, b.id)));
    let doctors = by_name.iter().map(|entry| (entry.id, entry.clone())).collect();
    let sharing = super::sharing::among(&by_name);
    Ok(Snapshot { number, hospitals, doctors, by_name, sharing })
}

async fn visit_types(
    conn: &mut Conn,
    hospitals: &HashMap<HospitalId, Hospital>,
) -> Result<HashMap<Uuid, VisitType>> {
    let rows = crate::hospitals::all_visit_types(conn).await?;
    rows.into_iter()
        .map(|row| {
            let hospital = hospitals.get(&HospitalId(row.hospital_id)).ok_or(Error::Stored("visit type"))?;
            Ok((row.id, row.view(&hospital.currency)?))
        })
        .collect()
}

fn entry(
    row: DoctorRow,
    hospital: Hospital,
    visit_types: Vec<VisitType>,
    (weekly, exceptions, dated): (Vec<WeeklyWindow>, Vec<DateException>, Dated),
    needs: Arc<HashMap<VisitTypeId, Needs>>,
) -> Result<Entry> {
    let rules = BookingRules {
        cadence_minutes: row.cadence_minutes,
        notice_minutes: row.notice_minutes,
        horizon_days: row.horizon_days,
        most_a_day: row.most_a_day,
    };
    Ok(Entry {
        id: DoctorId(row.id),
        department: row.department_id.map(DepartmentId).zip(row.department),
        name: row.name,
        search_name: row.search_name,
        specialties: codes(&row.specialties)?,
        languages: codes(&row.languages)?,
        biography: row.biography,
        photo_key: row.photo_key,
        active: row.active,
        visit_types,
        needs,
        schedule: schedule(zone(&hospital.time_zone)?, weekly, exceptions, dated, rules),
        hospital,
        mark: 0,
    })
}

fn schedule(
    zone: TimeZone,
    weekly: Vec<WeeklyWindow>,
    exceptions: Vec<DateException>,
    dated: Dated,
    rules: BookingRules,
) -> Schedule {
    let (away, closed) = (dated.away(&zone), dated.closed(&zone));
    Schedule { zone, weekly, exceptions, openings: dated.openings, away, closed, rules }
}

/// How a doctor's times are offered, as it stands now, and the version of her hours.
pub(crate) async fn load_rules(conn: &mut Conn, doctor: DoctorId) -> Result<Option<(BookingRules, i64)>> {
    Ok(schedule_row(conn, doctor).await?.map(|row| (row.rules(), row.hours_version)))
}

/// One active doctor's hours as they stand in this transaction, for deciding about a booking.
pub(crate) async fn load_schedule(conn: &mut Conn, doctor: DoctorId) -> Result<Option<Arc<Schedule>>> {
    let name = doctor.0.to_string();
    if let Some(schedule) = conn.recall(&name) {
        return Ok(Some(schedule));
    }
    let Some(row) = schedule_row(conn, doctor).await?.filter(|row| row.active) else { return Ok(None) };
    let schedule = Arc::new(with_hours(conn, doctor, &row).await?);
    conn.keep(&name, schedule.clone());
    Ok(Some(schedule))
}

/// A doctor's hours as they stand in this transaction, whether she can be booked or not.
pub(crate) async fn read_schedule(conn: &mut Conn, doctor: DoctorId) -> Result<Option<Schedule>> {
    let Some(row) = schedule_row(conn, doctor).await? else { return Ok(None) };
    with_hours(conn, doctor, &row).await.map(Some)
}

async fn with_hours(conn: &mut Conn, doctor: DoctorId, row: &ScheduleRow) -> Result<Schedule> {
    let (weekly, exceptions) = (weekly_of(conn, doctor).await?, exceptions_of(conn, doctor, None).await?);
    let dated = dated_of(conn, doctor).await?;
    Ok(schedule(zone(&row.time_zone)?, weekly, exceptions, dated, row.rules()))
}

async fn schedule_row(conn: &mut Conn, doctor: DoctorId) -> Result<Option<ScheduleRow>> {
    Ok(sql!(
        conn,
        optional ScheduleRow,
        "SELECT h.time_zone, d.active, d.cadence_minutes, d.notice_minutes, d.horizon_days, d.most_a_day, d.hours_version
         FROM doctors d JOIN hospitals h ON h.id = d.hospital_id WHERE d.id = $1",
        doctor.0
    )?)
}

impl ScheduleRow {
    fn rules(&self) -> BookingRules {
        BookingRules {
            cadence_minutes: self.cadence_minutes,
            notice_minutes: self.notice_minutes,
            horizon_days: self.horizon_days,
            most_a_day: self.most_a_day,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    visit_type: VisitTypeRow,
    currency: String,
    needs: i64,
    follow_ups: bool,
}

/// A visit type as a booking sees it.
pub(crate) struct Bookable {
    pub(crate) hospital: HospitalId,
    pub(crate) visit_type: VisitType,
    /// Whether it needs rooms or devices: then there is more to read.
    pub(crate) has_needs: bool,
    /// Whether its hospital has ever had a rule by which paid visits open free ones.
    pub(crate) has_follow_ups: bool,
}

/// An active visit type that can be booked with a doctor, as it stands in this transaction.
pub(crate) async fn visit_type(
    conn: &mut Conn,
    doctor: DoctorId,
    id: VisitTypeId,
) -> Result<Option<Arc<Bookable>>> {
    let name = format!("{} {}", doctor.0, id.0);
    if let Some(found) = conn.recall(&name) {
        return Ok(Some(found));
    }
    let found = sql!(
        conn,
        optional Found,
        "SELECT v.id, v.hospital_id, v.name, v.modality, v.minutes, v.buffer_before, v.buffer_after, v.price_minor,
                v.prepaid, v.most_a_day, v.series, v.capacity, v.follow_up_only, v.active, h.currency,
                (SELECT COUNT(*) FROM visit_type_needs n WHERE n.visit_type_id = v.id) AS needs,
                EXISTS (SELECT 1 FROM follow_up_rules r WHERE r.hospital_id = v.hospital_id) AS follow_ups
         FROM doctor_visit_types b
         JOIN visit_types v ON v.id = b.visit_type_id
         JOIN hospitals h ON h.id = v.hospital_id
         WHERE b.doctor_id = $1 AND b.visit_type_id = $2 AND v.active",
        doctor.0,
        id.0
    )?;
    let Some(row) = found else { return Ok(None) };
    let found = Arc::new(Bookable {
        hospital: HospitalId(row.visit_type.hospital_id),
        has_needs: row.needs > 0,
        has_follow_ups: row.follow_ups,
        visit_type: row.visit_type.view(&row.currency)?,
    });
    conn.keep(&name, found.clone());
    Ok(Some(found))
}

impl VisitTypeRow {
    /// The visit type, priced in its hospital's currency.
    pub(crate) fn view(self, currency: &str) -> Result<VisitType> {
        let small = |minutes: i64| u16::try_from(minutes).map_err(|_| Error::Stored("minutes"));
        Ok(VisitType {
            id: VisitTypeId(self.id),
            name: self.name,
            modality: Modality::parse(&self.modality).map_err(Error::Stored)?,
            minutes: small(self.minutes)?,
            buffer_before: small(self.buffer_before)?,
            buffer_after: small(self.buffer_after)?,
            price: Money { amount_minor: self.price_minor, currency: currency.to_owned() },
            prepaid: self.prepaid,
            most_a_day: self.most_a_day.map(small).transpose()?,
            series: self.series,
            capacity: small(self.capacity)?,
            follow_up_only: self.follow_up_only,
            active: self.active,
        })
    }
}
