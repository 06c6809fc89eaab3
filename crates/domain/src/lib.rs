//! The vocabulary of CareSync: types, rules, and one service trait per feature.
//!
//! It does no I/O and knows no HTTP, SQL or interface; it builds for the server and for the browser alike.
//!
//! # Glossary
//!
//! - *account*: what signs in. It owns patients or acts for them; it is not a patient.
//! - *patient*: the person who is cared for.
//! - *helper*: an account that acts for a patient whom it does not own, with what it was given and for as long.
//! - *membership*: joins an account to a hospital with a role.
//! - *doctor*: a practitioner in her role at one hospital (FHIR `PractitionerRole`).
//! - *visit type*: what can be booked: a name, minutes, buffers, a price, in person or by video (FHIR `HealthcareService`).
//! - *slot*: a time that may be booked now. Slots are computed, never stored.
//! - *appointment*: a booked visit with its status and its history (FHIR `Appointment`).
//! - *hold*: an appointment that keeps its time for some minutes, until it is paid for or booked.
//! - *window*: the free follow-up visits that a paid visit has opened, and until when; they are in [`payments`] (`follow_ups.rs` there),
//!   which is about money and not about being asked back.
//! - *entry*: a patient's place on the waiting list of a doctor.
//! - *offer*: a time that is kept for one entry for some minutes: a hold that the house has made for her.
//! - *number*: what whoever has come today is called by; the hospital counts them anew each day, after those that are still called. In
//!   code and on the wire it is `Appointment::ticket`, and the services draw it in `appointments/tickets.rs`; no *ticket* in the sense below.
//! - *walk-in*: somebody who came without a time and was taken in at the desk.
//! - *wall*: the screen of a waiting room: numbers, and nobody's name.
//! - *ticket*, or *follow-up ticket*: that a doctor would like to see a patient again, and so the right to one visit within some days; the
//!   patient chooses the time. It is in [`follow_ups`].
//! - *history*: the steps of one appointment. The services' module of that name is something else: the steps of all appointments, without
//!   people, given to the checker that compares them with what was answered.
//! - *block*: the time that an appointment takes from the doctor: the visit and its buffers.
#![warn(missing_docs)]

pub mod coding;
pub mod error;
pub mod ids;
pub mod money;
pub mod page;
pub mod text;
pub mod time;

pub mod access;
pub mod accounts;
pub mod appointments;
pub mod audit;
pub mod availability;
pub mod calendars;
pub mod changes;
pub mod credentials;
pub mod doctors;
pub mod emergencies;
pub mod family;
pub mod follow_ups;
pub mod hospitals;
pub mod live;
pub mod passkeys;
pub mod payments;
pub mod queues;
pub mod resources;
pub mod second_factors;
pub mod series;
pub mod sign_ins;
pub mod slots;
pub mod waitlist;

mod bundle;

pub use access::{Actor, Call};
pub use bundle::Services;
pub use error::{Error, FieldError, Result};
