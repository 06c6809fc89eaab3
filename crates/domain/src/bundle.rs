//! All services in one value, as the edges get them.
//!
//! It names traits only; which implementation stands behind them is decided in the server's wiring.

use std::sync::Arc;

use crate::{
    accounts::Accounts, appointments::Appointments, audit::Audit, availability::Availability,
    calendars::Calendars, changes::Changes, credentials::Credentials, doctors::Doctors,
    emergencies::Emergencies, family::Families, follow_ups::FollowUps, hospitals::Hospitals, live::Live,
    passkeys::Passkeys, payments::Payments, queues::Queues, resources::Resources,
    second_factors::SecondFactors, series::Series, sign_ins::SignIns, waitlist::Waitlist,
};

/// What the system can do.
#[derive(Clone)]
pub struct Services {
    /// Signing up and in, members.
    pub accounts: Arc<dyn Accounts>,
    /// Confirmed addresses, passwords and their change.
    pub credentials: Arc<dyn Credentials>,
    /// Codes besides the password.
    pub second_factors: Arc<dyn SecondFactors>,
    /// Keys instead of the password.
    pub passkeys: Arc<dyn Passkeys>,
    /// Tokens, and where an account is signed in.
    pub sign_ins: Arc<dyn SignIns>,
    /// Hospitals, departments, visit types.
    pub hospitals: Arc<dyn Hospitals>,
    /// Rooms and devices, and what visits need of them.
    pub resources: Arc<dyn Resources>,
    /// Doctors.
    pub doctors: Arc<dyn Doctors>,
    /// Hours and free times.
    pub availability: Arc<dyn Availability>,
    /// Booked visits.
    pub appointments: Arc<dyn Appointments>,
    /// Many visits at once.
    pub changes: Arc<dyn Changes>,
    /// What visits cost and what was paid.
    pub payments: Arc<dyn Payments>,
    /// The desk's queue, walk-ins and the wall.
    pub queues: Arc<dyn Queues>,
    /// Waiting for a time.
    pub waitlist: Arc<dyn Waitlist>,
    /// Being asked back.
    pub follow_ups: Arc<dyn FollowUps>,
    /// Visits that are booked as a row.
    pub series: Arc<dyn Series>,
    /// Visits in calendar programs.
    pub calendars: Arc<dyn Calendars>,
    /// Acting for somebody else.
    pub families: Arc<dyn Families>,
    /// Who looked at what.
    pub audit: Arc<dyn Audit>,
    /// Looking at a patient whom one does not treat.
    pub emergencies: Arc<dyn Emergencies>,
    /// Changes as they happen.
    pub live: Arc<dyn Live>,
}
