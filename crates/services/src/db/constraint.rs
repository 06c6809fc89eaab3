//! What the database refused, in the house's words: the constraint's name is the same on both engines.
//!
//! A refusal that is not named here is an accident.

use domain::error::Conflict;

/// A constraint of the schema that people can run into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Constraint {
    /// The doctor has another visit then.
    DoctorOverlap,
    /// The patient has another visit then.
    PatientOverlap,
    /// Another visit has the room or the device then.
    ResourceOverlap,
    /// A name or address is taken.
    Unique(Conflict),
}

/// The constraint that a statement broke, if it is one of ours.
pub(crate) fn broken(error: &sqlx::Error) -> Option<Constraint> {
    let database = error.as_database_error()?;
    let text = database.constraint().unwrap_or_else(|| database.message());
    let is = |postgres: &str, sqlite: &str| text.contains(postgres) || text.contains(sqlite);
    // A seat that somebody else has is a time that is taken.
    if text.contains("appointments_doctor_overlap") || is("appointments_group_seat", "appointments.group_key")
    {
        Some(Constraint::DoctorOverlap)
    } else if text.contains("appointments_patient_overlap") {
        Some(Constraint::PatientOverlap)
    } else if text.contains("appointment_resources_overlap") {
        Some(Constraint::ResourceOverlap)
    } else if is("accounts_email", "accounts.email") {
        Some(Constraint::Unique(Conflict::EmailTaken))
    } else if is("patient_accounts_owner", "patient_accounts.patient_id") {
        Some(Constraint::Unique(Conflict::AlreadyDone))
    } else if is("waitlist_entries_open", "waitlist_entries.patient_id") {
        Some(Constraint::Unique(Conflict::AlreadyWaiting))
    } else if is("appointments_follow_up", "appointments.follow_up_id") {
        Some(Constraint::Unique(Conflict::TicketOver))
    } else if is("hospitals_name", "hospitals.name")
        || is("departments_name", "departments.name")
        || is("visit_types_name", "visit_types.name")
        || is("resources_name", "resources.name")
    {
        Some(Constraint::Unique(Conflict::NameTaken))
    } else {
        None
    }
}

/// Whether PostgreSQL gave up only because of others: deadlock, serialization failure, or a twin of an idempotent request.
pub(crate) fn worth_a_retry(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|e| {
        matches!(e.code().as_deref(), Some("40001" | "40P01"))
            || e.constraint()
                .is_some_and(|name| name == "idempotency_keys_pkey" || name == "appointments_reference")
    })
}
