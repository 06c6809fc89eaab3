//! Walk-ins: somebody stands at the desk and has no time. She is booked as anybody is, on the next moment at which a doctor is free, and
//! is received in the same step.
//!
//! Which moment that is, is decided where all places are found, in `place`.

use domain::{
    Call, Error as Refusal,
    appointments::{Appointment, BookAppointment},
    error::{Conflict, Findings},
    hospitals::{Modality, VisitType},
    ids::{AppointmentId, DoctorId, HospitalId, PatientId, VisitTypeId},
    queues::{NewPatient, WalkIn, WalkInDoctor},
    text,
    time::Moment,
};
use jiff::Timestamp;

use super::{AppointmentService, book::Wants, place, store::patients::Newcomer};
use crate::{
    access::{Authorized, OfHospital, ReadSchedule},
    db::Reach,
    directory::{Entry, times::shape_of},
    error::Result,
    family,
    idempotency::{self, Keyed},
};

impl AppointmentService {
    pub(crate) async fn take_in(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: WalkIn,
    ) -> Result<Appointment> {
        let keyed = Keyed::of(call, Wants::WalkIn.operation(), &(hospital, &command))?;
        // What stands in the day of a hospital its members see; the booking itself is asked below.
        let here: Authorized<ReadSchedule, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let (newcomer, patient) = self.whom(&command)?;
        if let Some(earlier) = self.taken_in_before(here.reach(), keyed.as_ref()).await? {
            return self.read(call, earlier).await;
        }
        let doctors = self.doctors_of(hospital).await?;
        let (doctor, visit_type) = match (command.doctor_id, command.visit_type_id) {
            (None, None) => return Err(Refusal::invalid("doctor_id", "choose").into()),
            (Some(doctor), None) => (doctor, shortest_of(&doctors, doctor)?),
            (Some(doctor), Some(visit_type)) => (doctor, in_person_of(&doctors, doctor, visit_type)?),
            (None, Some(visit_type)) => (self.first_free(&doctors, visit_type).await?, visit_type),
        };
        if doctors.iter().all(|entry| entry.id != doctor) {
            return Err(Refusal::NotFound.into());
        }
        let now = Moment::in_zone(self.core.clock.now(), &self.zone_of(hospital).await?);
        let booking = BookAppointment {
            doctor_id: doctor,
            visit_type_id: visit_type,
            start: now.to_string(),
            patient_id: Some(patient),
            reason: command.reason,
            price_minor: None,
        };
        let mut wish = self.wish(call, &booking, newcomer).await?;
        (wish.wants, wish.aim.at_once) = (Wants::WalkIn, true);
        self.seat_wish(call, wish, keyed).await
    }

    /// Whom the same request has taken in before: it is answered first, for by now nobody may be free.
    async fn taken_in_before(&self, reach: &Reach, keyed: Option<&Keyed>) -> Result<Option<AppointmentId>> {
        let mut conn = self.core.db.read(reach).await?;
        Ok(idempotency::earlier(&mut conn, keyed).await?.map(AppointmentId))
    }

    /// For whom: a patient whom the hospital knows, or one whom it writes in.
    fn whom(&self, command: &WalkIn) -> Result<(Option<Newcomer>, PatientId)> {
        match (command.patient_id, &command.newcomer) {
            (Some(patient), None) => Ok((None, patient)),
            (None, Some(newcomer)) => Ok((Some(self.newcomer(newcomer)?), PatientId(self.core.new_id()))),
            (None, None) | (Some(_), Some(_)) => Err(Refusal::invalid("patient_id", "choose").into()),
        }
    }

    fn newcomer(&self, newcomer: &NewPatient) -> Result<Newcomer> {
        let mut findings = Findings::new();
        let full_name = findings.take("full_name", text::required(&newcomer.full_name, 200));
        // Somebody may have been born today, wherever today is further on.
        let latest = domain::time::plus_days(family::today(&self.core), 1);
        let born = findings.take("birth_date", text::birth_date(&newcomer.birth_date, latest));
        findings.finish()?;
        let (Some(full_name), Some(born)) = (full_name, born) else {
            return Err(crate::error::Error::Stored("a checked command"));
        };
        Ok(Newcomer { search_name: text::search_form(&full_name), birth_date: born.to_string(), full_name })
    }

    /// Doctors with the moment at which each could see somebody now: first who is free first, at last by name who is not any more today.
    pub(crate) async fn walk_in_doctors(
        &self,
        call: &Call,
        hospital: HospitalId,
    ) -> Result<Vec<WalkInDoctor>> {
        let _: Authorized<ReadSchedule, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let mut found = Vec::new();
        for entry in self.doctors_of(hospital).await? {
            let visit_types = by_length(&entry);
            let Some(first) = visit_types.first() else { continue };
            let next = self.next_of(&entry, first).await?;
            let next = next.map(|at| Moment::in_zone(at, &entry.schedule.zone));
            found.push(WalkInDoctor { id: entry.id, name: entry.name.clone(), next, visit_types });
        }
        found.sort_by_key(|doctor| (doctor.next.is_none(), doctor.next.map(Moment::at)));
        Ok(found)
    }

    /// Who is free first for a visit type.
    async fn first_free(
        &self,
        doctors: &[std::sync::Arc<Entry>],
        visit_type: VisitTypeId,
    ) -> Result<DoctorId> {
        let (mut offered, mut first) = (false, None::<(Timestamp, DoctorId)>);
        for entry in doctors {
            let Some(kind) = by_length(entry).into_iter().find(|kind| kind.id == visit_type) else {
                continue;
            };
            offered = true;
            if let Some(at) = self.next_of(entry, &kind).await?
                && first.is_none_or(|(earliest, _)| at < earliest)
            {
                first = Some((at, entry.id));
            }
        }
        match first {
            Some((_, doctor)) => Ok(doctor),
            None if offered => Err(Refusal::conflict(Conflict::NoTimeToday).into()),
            None => Err(Refusal::NotFound.into()),
        }
    }

    async fn next_of(&self, entry: &Entry, kind: &VisitType) -> Result<Option<Timestamp>> {
        let mut conn = self.core.db.read(&Reach::public()).await?;
        let demand = entry.demand(shape_of(kind));
        let found = place::next_moment(&mut conn, &demand, self.core.clock.now()).await?;
        Ok(found.map(|(start, _)| start))
    }

    /// Doctors of a hospital who can be booked, by name.
    async fn doctors_of(&self, hospital: HospitalId) -> Result<Vec<std::sync::Arc<Entry>>> {
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        let here = snapshot.by_name.iter().filter(|entry| entry.hospital.id == hospital && entry.active);
        Ok(here.cloned().collect())
    }
}

/// What a doctor can see somebody for who is in the house, the shortest first.
fn by_length(entry: &Entry) -> Vec<VisitType> {
    let in_person =
        entry.visit_types.iter().filter(|kind| kind.active && kind.modality == Modality::InPerson);
    let mut kinds: Vec<_> = in_person.cloned().collect();
    kinds.sort_by(|one, other| (one.minutes, &one.name).cmp(&(other.minutes, &other.name)));
    kinds
}

/// A video visit is nothing for somebody who stands at the desk.
fn in_person_of(
    doctors: &[std::sync::Arc<Entry>],
    doctor: DoctorId,
    visit_type: VisitTypeId,
) -> Result<VisitTypeId> {
    let entry = doctors.iter().find(|entry| entry.id == doctor).ok_or(Refusal::NotFound)?;
    let kind = by_length(entry).into_iter().find(|kind| kind.id == visit_type);
    Ok(kind.ok_or(Refusal::NotFound)?.id)
}

fn shortest_of(doctors: &[std::sync::Arc<Entry>], doctor: DoctorId) -> Result<VisitTypeId> {
    let entry = doctors.iter().find(|entry| entry.id == doctor).ok_or(Refusal::NotFound)?;
    let kind = by_length(entry).into_iter().next();
    // She sees nobody in the rooms of the hospital.
    Ok(kind.ok_or(Refusal::conflict(Conflict::NoTimeToday))?.id)
}
