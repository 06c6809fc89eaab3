//! Server functions of the waiting list.
//! Each form says which entry it is about; whether it may is the services' business.

use domain::ids::{DoctorId, HospitalId, VisitTypeId, WaitlistEntryId};
use domain::waitlist::{WaitingPatient, WaitlistEntry};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    portal::hospital::Section,
    server::{answer, call, call_once, services},
};
#[cfg(feature = "ssr")]
use domain::{
    appointments::Status,
    error::Findings,
    ids::{AppointmentId, PatientId},
    time::parse_date,
    waitlist::{DayPart, JoinWaitlist},
};

/// The field of the boxes for days.
pub const WEEKDAYS: &str = "weekdays[]";
/// The field of the boxes for parts of a day.
pub const DAY_PARTS: &str = "day_parts[]";
/// The page of one's own places in line.
pub const PATH: &str = "/waiting-list";

/// What somebody waits for, as typed. A box that is not ticked posts nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WaitingSheet {
    /// With whom.
    pub doctor: DoctorId,
    /// For what.
    pub visit_type: VisitTypeId,
    /// Who waits; the viewer herself when empty.
    #[serde(default)]
    pub patient: String,
    /// The visit that is to be earlier, or empty.
    #[serde(default)]
    pub visit: String,
    /// ISO date.
    #[serde(default)]
    pub from: String,
    /// ISO date.
    #[serde(default)]
    pub until: String,
    /// 1 for Monday to 7 for Sunday.
    #[serde(default)]
    pub weekdays: Vec<String>,
    /// Codes.
    #[serde(default)]
    pub day_parts: Vec<String>,
    /// Pressed twice, it joins once.
    #[serde(default)]
    pub idempotency_key: String,
}

/// The viewer's places in line, and those of people for whom she acts.
#[server(prefix = "/_fn", endpoint = "my-waiting-list", input = Json)]
pub async fn read_waiting_list() -> Result<Vec<WaitlistEntry>, AppError> {
    answer(services()?.waitlist.own(&call()).await)
}

/// Everybody who waits at a hospital.
#[server(prefix = "/_fn", endpoint = "hospital-waiting-list", input = Json)]
pub async fn read_hospital_list(hospital: HospitalId) -> Result<Vec<WaitingPatient>, AppError> {
    answer(services()?.waitlist.of_hospital(&call(), hospital, None).await)
}

/// Joins the list; leads to one's places in line.
#[server(prefix = "/_fn", endpoint = "join-waiting-list")]
pub async fn join_waiting_list(#[server(flatten)] sheet: WaitingSheet) -> Result<(), AppError> {
    let typed = typed::<JoinWaitingList>(&sheet.fields());
    let call = call_once(sheet.idempotency_key.clone());
    let joined = match sheet.clone().checked() {
        Ok(command) => services()?.waitlist.join(&call, command).await,
        Err(refusal) => Err(refusal),
    };
    typed.keep(answer(joined).map(|_| format!("{PATH}?done=joined")))
}

/// Takes the time that is kept; leads to the visit, or to where it is paid for.
#[server(prefix = "/_fn", endpoint = "accept-waiting-time")]
pub async fn accept_waiting_time(
    id: WaitlistEntryId,
    #[server(default)] moves: bool,
) -> Result<(), AppError> {
    let taken = answer(services()?.waitlist.accept(&call(), id).await);
    typed::<AcceptWaitingTime>(&[]).keep(taken.map(|visit| match visit.status {
        Status::PendingPayment => format!("/appointments/{}/pay", visit.id),
        _ if moves => format!("/appointments/{}?moved=1", visit.id),
        _ => format!("/appointments/{}?booked=1", visit.id),
    }))
}

/// Lets the time go to the next; the place in line stays.
#[server(prefix = "/_fn", endpoint = "decline-waiting-time")]
pub async fn decline_waiting_time(id: WaitlistEntryId) -> Result<(), AppError> {
    let declined = answer(services()?.waitlist.decline(&call(), id).await);
    typed::<DeclineWaitingTime>(&[]).keep(declined.map(|_| self::declined()))
}

/// The page that says so.
#[cfg(feature = "ssr")]
pub(crate) fn declined() -> String {
    format!("{PATH}?done=declined")
}

/// Leaves the list; `hospital` is empty where the patient's own side does it.
#[server(prefix = "/_fn", endpoint = "leave-waiting-list")]
pub async fn leave_waiting_list(
    id: WaitlistEntryId,
    #[server(default)] hospital: String,
) -> Result<(), AppError> {
    let left = answer(services()?.waitlist.withdraw(&call(), id).await);
    let portal: Option<HospitalId> = domain::ids::optional(&hospital).ok().flatten();
    typed::<LeaveWaitingList>(&[]).keep(left.map(|_| match portal {
        Some(hospital) => format!("{}?done=left", Section::Waiting.at(hospital)),
        None => format!("{PATH}?done=left"),
    }))
}

#[cfg(feature = "ssr")]
impl WaitingSheet {
    /// Its fields, as the form names them.
    fn fields(&self) -> Vec<(&str, &str)> {
        let days = self.weekdays.iter().map(|day| (WEEKDAYS, day.as_str()));
        let parts = self.day_parts.iter().map(|part| (DAY_PARTS, part.as_str()));
        days.chain(parts).chain([("from", self.from.as_str()), ("until", &self.until)]).collect()
    }

    /// What was typed as a command.
    fn checked(self) -> domain::Result<JoinWaitlist> {
        let mut findings = Findings::new();
        let from = findings.take("from", parse_date(&self.from));
        let until = findings.take("until", parse_date(&self.until));
        let days = self.weekdays.iter().map(|day| day.parse::<i8>().map_err(|_| "unknown_value"));
        let weekdays = findings.take("weekdays", days.collect::<Result<Vec<_>, _>>());
        let parts = self.day_parts.iter().map(|part| DayPart::parse(part));
        let day_parts = findings.take("day_parts", parts.collect::<Result<Vec<_>, _>>());
        let patient =
            findings.take("patient_id", domain::ids::optional::<PatientId>(&self.patient)).flatten();
        let visit =
            findings.take("appointment_id", domain::ids::optional::<AppointmentId>(&self.visit)).flatten();
        findings.finish()?;
        let (Some(from), Some(until)) = (from, until) else {
            return Err(domain::Error::invalid("from", "date_invalid"));
        };
        Ok(JoinWaitlist {
            doctor_id: self.doctor,
            visit_type_id: self.visit_type,
            patient_id: patient,
            appointment_id: visit,
            from,
            until,
            weekdays: weekdays.unwrap_or_default(),
            day_parts: day_parts.unwrap_or_default(),
        })
    }
}
