//! Live changes: what an open dashboard is told, and nothing that it may not see.
//!
//! An event says *that* something changed, never what is in it: whoever is told reads it again with own rights.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    access::{Action, Actor, Decision, Facts, decide},
    ids::{AppointmentId, DoctorId, HospitalId, PatientId},
};

/// A visit was booked or moved on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveEvent {
    /// Which one.
    pub appointment_id: AppointmentId,
    /// Where.
    pub hospital_id: HospitalId,
    /// With whom.
    pub doctor_id: DoctorId,
    /// For whom.
    pub patient_id: PatientId,
    /// Whether the doctor's specialty says what it is about, and that is nobody else's business.
    #[serde(default)]
    pub sensitive: bool,
    /// Version after the change.
    pub version: i64,
}

impl LiveEvent {
    /// Whether an actor may be told: only if she may read the appointment, and not always then.
    pub fn visible_to(&self, actor: &Actor) -> bool {
        let facts = Facts::Appointment {
            hospital: self.hospital_id,
            doctor: self.doctor_id,
            patient: self.patient_id,
            // Nothing is looked up for each listener: a doctor is told of her own visits.
            in_care: false,
            sensitive: self.sensitive,
        };
        matches!(decide(actor, Action::ReadAppointment, &facts), Decision::Allow(_))
    }
}

/// What goes over a browser's socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LiveMessage {
    /// The socket is open; whatever was on screen before it may be stale and is read again.
    Hello,
    /// A visit changed.
    Appointment {
        /// Which one.
        id: AppointmentId,
        /// With whom, so that a page of another doctor can ignore it.
        doctor_id: DoctorId,
        /// Version after the change.
        version: i64,
    },
    /// The times of the doctor whom the page watches are others now: one was taken, or came free.
    Times {
        /// Whose.
        doctor_id: DoctorId,
    },
    /// Some changes were missed (a slow reader): everything on screen is read again.
    Resync,
}

/// What a browser says over its socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum LiveWish {
    /// Somebody looks at the times of a doctor, or at nobody's any more.
    Watch {
        /// Whose.
        doctor_id: Option<DoctorId>,
    },
}

/// What a subscriber is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveChange {
    /// A visit that she may see has changed.
    Visit(LiveEvent),
    /// The times of the doctor whom she watches may be others now. Everybody may read when a doctor is free, so nobody is asked who
    /// she is; for whom a time was taken is not told.
    Times(DoctorId),
}

/// A stream of changes; it ends when the server stops, and when a sign-in of its account has ended.
#[async_trait]
pub trait LiveFeed: Send {
    /// The next change that the subscriber may see; `Err` tells that some were missed, `None` that there is no more.
    async fn next(&mut self) -> Option<std::result::Result<LiveChange, Missed>>;

    /// From now on the times of this doctor are watched, and nobody else's.
    fn watch(&mut self, doctor: Option<DoctorId>);
}

/// The subscriber was too slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missed;

/// Live changes.
pub trait Live: Send + Sync {
    /// Subscribes an actor to all that she may see.
    fn subscribe(&self, actor: Actor) -> Box<dyn LiveFeed>;
}
