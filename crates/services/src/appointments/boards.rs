//! Boards: a hospital's day and a doctor's week, with hours beside the visits.
//!
//! Lists with pages are in `lists`.

use std::collections::HashMap;

use domain::{
    Call,
    appointments::{Appointment, DayBoard, DoctorDay, DoctorWeek, GroupKind},
    ids::{DoctorId, HospitalId},
    slots::hours_on,
    time::{Moment, Span, monday_of, plus_days},
};
use jiff::{civil::Date, tz::TimeZone};

use super::{
    AppointmentService,
    store::{
        self,
        lists::{BEGINNING, Only},
    },
};
use crate::{
    access::{Authorized, OfHospital, ReadSchedule, Sight},
    core::instant,
    directory::Entry,
    error::Result,
};

/// More visits than a hospital has in a day.
pub(super) const DAY_LIMIT: i64 = 5000;

impl AppointmentService {
    pub(super) async fn day_board(
        &self,
        call: &Call,
        hospital: HospitalId,
        date: Option<Date>,
    ) -> Result<DayBoard> {
        let here: Authorized<ReadSchedule, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let sight = Sight::of(call, hospital, self.core.now_ms())?;
        let zone = self.zone_of(hospital).await?;
        let now = Moment::in_zone(self.core.clock.now(), &zone);
        let date = date.unwrap_or_else(|| now.date());
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        let rows = {
            let mut conn = self.core.db.read(here.reach()).await?;
            let span = Span::of_dates(Some(date), Some(date), &zone);
            let only = Only::default();
            store::lists::of_hospital(&mut conn, &here, sight, only, span, BEGINNING, DAY_LIMIT).await?
        };
        let rows = self.core.open(&here, rows).await?;
        let mut by_doctor: HashMap<DoctorId, Vec<Appointment>> = HashMap::new();
        for row in rows {
            by_doctor.entry(DoctorId(row.doctor_id)).or_default().push(self.listed(call, row)?);
        }
        let mut doctors = Vec::new();
        for entry in snapshot.by_name.iter().filter(|entry| entry.hospital.id == hospital) {
            let appointments = by_doctor.remove(&entry.id).unwrap_or_default();
            let day = doctor_day(entry, date, appointments, sight)?;
            if !day.appointments.is_empty() || (entry.active && !day.hours.is_empty()) {
                doctors.push(day);
            }
        }
        Ok(DayBoard { date, now, time_zone: zone_name(&zone), doctors })
    }

    pub(super) async fn doctor_week(
        &self,
        call: &Call,
        doctor: DoctorId,
        date: Option<Date>,
    ) -> Result<DoctorWeek> {
        let entry = self.core.directory.doctor(&self.core, doctor).await?;
        let here = OfHospital(entry.hospital.id);
        let here: Authorized<ReadSchedule, _> = self.core.authorize(call, here).await?;
        let sight = Sight::of(call, entry.hospital.id, self.core.now_ms())?;
        let zone = &entry.schedule.zone;
        let now = Moment::in_zone(self.core.clock.now(), zone);
        let monday = monday_of(date.unwrap_or_else(|| now.date()));
        let rows = {
            let mut conn = self.core.db.read(here.reach()).await?;
            let span = Span::of_dates(Some(monday), Some(plus_days(monday, 6)), zone);
            let only = Only { doctor: Some(doctor), ..Only::default() };
            store::lists::of_hospital(&mut conn, &here, sight, only, span, BEGINNING, DAY_LIMIT).await?
        };
        let rows = self.core.open(&here, rows).await?;
        let mut by_date: HashMap<Date, Vec<Appointment>> = HashMap::new();
        for row in rows {
            let view = self.listed(call, row)?;
            by_date.entry(view.start.date()).or_default().push(view);
        }
        let days = (0..7)
            .map(|day| {
                let date = plus_days(monday, day);
                doctor_day(&entry, date, by_date.remove(&date).unwrap_or_default(), sight)
            })
            .collect::<Result<_>>()?;
        Ok(DoctorWeek { monday, now, time_zone: zone_name(zone), days })
    }
}

/// The hours of a date as the slot engine reads them, whatever kinds of visits they are for.
fn doctor_day(entry: &Entry, date: Date, appointments: Vec<Appointment>, sight: Sight) -> Result<DoctorDay> {
    let schedule = &entry.schedule;
    let minute = |ms: i64| -> Result<i16> {
        let local = instant(ms)?.to_zoned(schedule.zone.clone()).datetime();
        // Hours over midnight end on the next date.
        let after = if local.date() > date { 24 * 60 } else { 0 };
        Ok(i16::from(local.hour()) * 60 + i16::from(local.minute()) + after)
    };
    let hours = hours_on(schedule, date, None).into_iter();
    let hours = hours.map(|Span { start, end }| Ok((minute(start)?, minute(end)?))).collect::<Result<_>>()?;
    // A doctor sees of a colleague's visits only those of whom she treats.
    let sees_all = sight.doctor.is_none_or(|doctor| doctor == entry.id);
    let groups = entry.visit_types.iter().filter(|kind| sees_all && kind.capacity > 1);
    let groups = groups.map(|kind| GroupKind { visit_type_id: kind.id, capacity: kind.capacity }).collect();
    Ok(DoctorDay { date, doctor_id: entry.id, doctor_name: entry.name.clone(), hours, appointments, groups })
}

fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_owned()
}
