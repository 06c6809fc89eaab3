//! One error vocabulary for every operation: what can be refused, and how it is named on the wire.
//!
//! It holds no internal text: what went wrong inside is in the log, under the reference.

use serde::{Deserialize, Serialize};

use crate::time::Moment;

/// The result of every operation of the house.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation was refused or could not be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Error {
    /// Nobody is signed in, and the operation needs somebody.
    #[error("unauthenticated")]
    Unauthenticated,
    /// The e-mail address or the password is wrong; which of them is not said.
    #[error("sign_in_failed")]
    SignInFailed,
    /// The password is right, and the account asks for a code besides.
    #[error("second_factor_required")]
    SecondFactorRequired,
    /// The caller may do this, but has to give the password or a code again first: the last time is too long ago.
    #[error("step_up_required")]
    StepUpRequired,
    /// A refresh token that buys nothing: unknown, used up, or of a sign-in that has ended (RFC 6749, 5.2).
    #[error("invalid_grant")]
    InvalidGrant,
    /// The caller may see the object but not do this with it.
    #[error("forbidden")]
    Forbidden,
    /// The account's e-mail address is not confirmed yet, and this needs one that is.
    #[error("email_unverified")]
    EmailUnverified,
    /// The object does not exist, or the caller may not know that it does.
    #[error("not_found")]
    NotFound,
    /// Some fields break a rule; nothing was changed.
    #[error("invalid")]
    Invalid {
        /// One entry per broken rule.
        fields: Vec<FieldError>,
    },
    /// The request is well formed, but the present state refuses it; nothing was changed.
    #[error("{reason}")]
    Conflict {
        /// What refuses it.
        reason: Conflict,
        /// Free times near the one that was asked for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        alternatives: Vec<Moment>,
    },
    /// Too many requests.
    #[error("too_many")]
    TooMany {
        /// Seconds to wait before the next one.
        retry_after: u32,
    },
    /// A part that is needed does not answer now; trying again later is right.
    #[error("unavailable")]
    Unavailable,
    /// An accident. The log has it under the reference.
    #[error("internal")]
    Internal {
        /// What a person can quote to support.
        reference: String,
    },
}

/// A field and the rule that it breaks. The rule is a message key (`error.<rule>` in the catalogue), never a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Name of the field as the command spells it.
    pub field: String,
    /// Key of the broken rule.
    pub rule: String,
}

impl FieldError {
    /// Names a field and the rule that it breaks.
    pub fn new(field: impl Into<String>, rule: impl Into<String>) -> Self {
        Self { field: field.into(), rule: rule.into() }
    }
}

/// Why the present state refuses a well-formed request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// Somebody else has that time.
    SlotTaken,
    /// The doctor's day takes no more visits.
    DayFull,
    /// The doctor's day takes no more visits of this kind.
    KindFull,
    /// The patient has another visit that overlaps.
    PatientOverlap,
    /// The patient has as many visits ahead, with this doctor or in all, as may be booked by oneself.
    TooManyVisits,
    /// The patient has moved this visit as often as may be by oneself.
    TooManyMoves,
    /// The patient holds as many times as may be held at once, or one with this doctor on this day already.
    TooManyHolds,
    /// The patient waits for such a time with this doctor already.
    AlreadyWaiting,
    /// The patient is on as many waiting lists as may be at once.
    TooManyEntries,
    /// The ticket is used, has ended, or was taken back.
    TicketOver,
    /// The time is held no longer.
    HoldEnded,
    /// The visit has to be paid for when it is booked: its time is held first.
    PayFirst,
    /// Money for the visit is just on its way online, so the desk takes none before that is known.
    BeingPaid,
    /// The doctor, or the patient, has no time left today for somebody who came without one.
    NoTimeToday,
    /// A patient says too early that she is here.
    NotYetHere,
    /// That she is here a patient has to say at the desk.
    AskAtDesk,
    /// The status of the appointment does not allow this move.
    WrongStatus,
    /// The object changed since it was read.
    StaleVersion,
    /// Booked visits would no longer stand, and nobody has looked at which.
    VisitsHit,
    /// The move is only allowed later (a no-show before the visit was due).
    TooEarly,
    /// The move was only allowed earlier (a patient cancelling a visit that has begun).
    TooLate,
    /// The e-mail address has an account already.
    EmailTaken,
    /// The name is taken in this hospital.
    NameTaken,
    /// The payment provider that has the money is set up here no longer.
    ProviderAbsent,
    /// The idempotency key was used for another request.
    KeyReused,
    /// The account acts for as many people, or the patient has as many helpers, as may be.
    TooManyPeople,
    /// Nobody else looks after the patient, so this one cannot stop.
    LastHelper,
    /// The caller acts for the patient already, because somebody else has let her.
    HelpsAlready,
    /// The question, the answer or the review was given already.
    AlreadyDone,
}

impl Conflict {
    /// The stable code, as it stands on the wire and in the message catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::SlotTaken => "slot_taken",
            Self::DayFull => "day_full",
            Self::KindFull => "kind_full",
            Self::PatientOverlap => "patient_overlap",
            Self::TooManyVisits => "too_many_visits",
            Self::TooManyMoves => "too_many_moves",
            Self::TooManyHolds => "too_many_holds",
            Self::AlreadyWaiting => "already_waiting",
            Self::TooManyEntries => "too_many_lists",
            Self::TicketOver => "ticket_over",
            Self::HoldEnded => "hold_ended",
            Self::PayFirst => "pay_first",
            Self::BeingPaid => "being_paid",
            Self::NoTimeToday => "no_time_today",
            Self::NotYetHere => "not_yet_here",
            Self::AskAtDesk => "ask_at_desk",
            Self::WrongStatus => "wrong_status",
            Self::StaleVersion => "stale_version",
            Self::VisitsHit => "visits_hit",
            Self::TooEarly => "too_early",
            Self::TooLate => "too_late",
            Self::EmailTaken => "email_taken",
            Self::NameTaken => "name_taken",
            Self::ProviderAbsent => "provider_absent",
            Self::KeyReused => "key_reused",
            Self::TooManyPeople => "too_many_people",
            Self::LastHelper => "last_helper",
            Self::HelpsAlready => "helps_already",
            Self::AlreadyDone => "already_done",
        }
    }
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl Error {
    /// One broken rule of one field.
    pub fn invalid(field: impl Into<String>, rule: impl Into<String>) -> Self {
        Self::Invalid { fields: vec![FieldError::new(field, rule)] }
    }

    /// A conflict without alternatives.
    pub fn conflict(reason: Conflict) -> Self {
        Self::Conflict { reason, alternatives: Vec::new() }
    }

    /// The stable code: what `code` says on the wire, and the key of the sentence that a person reads.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::SignInFailed => "sign_in_failed",
            Self::SecondFactorRequired => "second_factor_required",
            Self::StepUpRequired => "step_up_required",
            Self::InvalidGrant => "invalid_grant",
            Self::Forbidden => "forbidden",
            Self::EmailUnverified => "email_unverified",
            Self::NotFound => "not_found",
            Self::Invalid { .. } => "invalid",
            Self::Conflict { reason, .. } => reason.code(),
            Self::TooMany { .. } => "too_many",
            Self::Unavailable => "unavailable",
            Self::Internal { .. } => "internal",
        }
    }
}

/// Collects the broken rules of a command, so that a person sees all of them at once.
#[derive(Debug, Default)]
pub struct Findings(Vec<FieldError>);

impl Findings {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the value, or notes the rule that it breaks.
    pub fn take<T>(&mut self, field: &str, parsed: std::result::Result<T, &'static str>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(rule) => {
                self.0.push(FieldError::new(field, rule));
                None
            }
        }
    }

    /// Notes a broken rule when `holds` is false.
    pub fn require(&mut self, holds: bool, field: &str, rule: &'static str) {
        if !holds {
            self.0.push(FieldError::new(field, rule));
        }
    }

    /// Everything was found well, or all that was not.
    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid { fields: self.0 }) }
    }
}
