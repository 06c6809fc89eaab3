//! The desk's queue of a day: who is expected, who has come, who is with the doctor, who is done.
//!
//! Whoever got a number of the day is in it, even when her visit is of another (shortly after midnight, or written down later): the
//! wall shows her number, and nobody who sits in the waiting room may be missing here. Midnight sends nobody home: whoever is in the
//! house then stays, with the number that she has, as long as her visit is not over and begins around now.
//!
//! What is late and what is a long wait is `domain::queues`' business.

use std::collections::HashMap;

use domain::{
    Call,
    appointments::around,
    ids::{DoctorId, HospitalId},
    queues::{QueueBoard, QueueColumn, QueueDoctor, QueueVisit, late_by, waited},
    time::{Moment, Span},
};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::{
    AppointmentService,
    boards::DAY_LIMIT,
    store::{
        self,
        lists::{BEGINNING, Only},
        queue::TimesRow,
    },
    tickets,
};
use crate::{
    access::{Authorized, OfHospital, ReadSchedule, Sight},
    core::instant,
    error::Result,
};

impl AppointmentService {
    pub(crate) async fn queue(
        &self,
        call: &Call,
        hospital: HospitalId,
        doctor: Option<DoctorId>,
    ) -> Result<QueueBoard> {
        let here: Authorized<ReadSchedule, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let now = self.core.clock.now();
        let sight = Sight::of(call, hospital, now.as_millisecond())?;
        let zone = self.zone_of(hospital).await?;
        let now = Moment::in_zone(now, &zone);
        let today = Span::of_dates(Some(now.date()), Some(now.date()), &zone);
        let day = tickets::day(&zone, now.at());
        let (number_of, near) = ((day.as_str(), today), around(now.at().as_millisecond()));
        let (rows, times) = {
            let mut conn = self.core.db.read(here.reach()).await?;
            let only = Only::default();
            let rows =
                store::lists::of_hospital(&mut conn, &here, sight, only, today, BEGINNING, DAY_LIMIT).await?;
            let taken_in = store::lists::taken_in(&mut conn, &here, sight, number_of, DAY_LIMIT).await?;
            let still_here =
                store::lists::still_here(&mut conn, &here, sight, number_of, near, DAY_LIMIT).await?;
            let times = store::queue::times(&mut conn, &here, number_of, near).await?;
            (rows.and(taken_in).and(still_here), times)
        };
        let times: HashMap<Uuid, TimesRow> =
            times.into_iter().map(|times| (times.appointment_id, times)).collect();
        let rows = self.core.open(&here, rows).await?;
        let (mut doctors, mut visits) = (Vec::new(), Vec::new());
        for row in rows {
            let (known, with) = (times.get(&row.id), DoctorId(row.doctor_id));
            let appointment = self.listed(call, row)?;
            let Some(column) = QueueColumn::of(appointment.status) else { continue };
            if doctors.iter().all(|doctor: &QueueDoctor| doctor.id != with) {
                doctors.push(QueueDoctor { id: with, name: appointment.doctor_name.clone() });
            }
            if doctor.is_some_and(|doctor| doctor != with) {
                continue;
            }
            visits.push(queued(appointment, column, known, now, &zone)?);
        }
        doctors.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        in_order(&mut visits);
        let time_zone = zone.iana_name().unwrap_or("UTC").to_owned();
        Ok(QueueBoard { date: now.date(), now, time_zone, doctors, visits })
    }
}

fn queued(
    appointment: domain::appointments::Appointment,
    column: QueueColumn,
    times: Option<&TimesRow>,
    now: Moment,
    zone: &TimeZone,
) -> Result<QueueVisit> {
    let moment = |ms: Option<i64>| -> Result<Option<Moment>> {
        ms.map(|ms| Ok(Moment::in_zone(instant(ms)?, zone))).transpose()
    };
    let at = |moment: Moment| moment.at().as_millisecond();
    let (arrived, called) = times.map_or((None, None), |times| (times.arrived_at, times.called_at));
    // Who was called in and left before that, and has come back, waits anew.
    let called = called.filter(|called| arrived.is_none_or(|arrived| *called >= arrived));
    // Who left unseen waited as well, but until when nobody has noted.
    let counts = column != QueueColumn::Expected && (column == QueueColumn::Arrived || called.is_some());
    let late = (column == QueueColumn::Expected).then(|| late_by(at(appointment.start), at(now))).flatten();
    Ok(QueueVisit {
        column,
        arrived_at: moment(arrived)?,
        called_at: moment(called)?,
        waited_minutes: arrived.filter(|_| counts).map(|arrived| waited(arrived, called, at(now))),
        late_minutes: late,
        appointment,
    })
}

/// Who is expected and who waits by their times; who was called last, and who is done last, first.
fn in_order(visits: &mut [QueueVisit]) {
    visits.sort_by_key(|visit| {
        let start = visit.appointment.start.at().as_millisecond();
        let called = visit.called_at.map_or(start, |called| called.at().as_millisecond());
        let place = match visit.column {
            QueueColumn::Expected | QueueColumn::Arrived => start,
            QueueColumn::InRoom | QueueColumn::Done => -called,
        };
        (QueueColumn::ALL.iter().position(|column| *column == visit.column), place, visit.appointment.id)
    });
}
