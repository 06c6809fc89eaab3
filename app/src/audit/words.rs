//! An access in plain words: as what somebody looked, what she did, and why she was allowed to.
//! Codes that have no words yet are told in general ones, never as codes.

use domain::audit::AuditEvent;

use crate::i18n::{fill, keys};
use crate::t;

/// Whose record it is, as the sentences name her.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whose {
    /// "your", "Mia Paulsen's"
    whose: String,
    /// "you", "Mia Paulsen"
    whom: String,
}

impl Whose {
    /// The reader's own.
    #[must_use]
    pub fn own() -> Self {
        Self { whose: t!(who_looked.your).to_owned(), whom: t!(who_looked.you).to_owned() }
    }

    /// That of somebody for whom the reader acts.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self { whose: t!(who_looked.whose, name = name), whom: name.to_owned() }
    }
}

/// Whether somebody looked in an emergency, or declared one.
#[must_use]
pub fn is_emergency(event: &AuditEvent) -> bool {
    event.basis == "emergency" || event.action == "declare_emergency"
}

/// Who, as far as she still has an account.
#[must_use]
pub fn who(event: &AuditEvent) -> String {
    event.who.clone().unwrap_or_else(|| t!(who_looked.somebody).to_owned())
}

/// "front desk, Lindenhof"
#[must_use]
pub fn as_what(event: &AuditEvent) -> String {
    let role = keys::access_role::lookup(&event.basis).unwrap_or_default();
    match event.hospital.as_deref() {
        Some(hospital) if role.is_empty() => hospital.to_owned(),
        Some(hospital) => t!(who_looked.as_what, role = role, hospital = hospital),
        None => role.to_owned(),
    }
}

/// "Opened your visit"
#[must_use]
pub fn what(event: &AuditEvent, whose: &Whose) -> String {
    match keys::access_to_you::lookup(&event.action) {
        Some(text) => fill(text, &[("whose", &whose.whose), ("whom", &whose.whom)]),
        None => t!(access_to_you.other, whose = whose.whose),
    }
}

/// "because Dr. Vogt treats you"
#[must_use]
pub fn why(event: &AuditEvent, whose: &Whose) -> String {
    if let Some(reason) = event.reason.as_deref() {
        return t!(who_looked.in_emergency, reason = reason);
    }
    let text = keys::access_why::lookup(&event.basis).unwrap_or_else(keys::access_why::other);
    fill(text, &[("who", &who(event)), ("whom", &whose.whom)])
}

/// An action as the hospital reads it: "Read a visit".
#[must_use]
pub fn action_name(code: &str) -> &'static str {
    keys::access_action::lookup(code).unwrap_or_else(keys::access_action::other)
}

/// Why, as the hospital reads it: "treats the patient".
#[must_use]
pub fn basis_name(code: &str) -> &'static str {
    keys::access_basis::lookup(code).unwrap_or_else(keys::access_basis::other)
}

#[cfg(test)]
mod tests {
    use domain::access::{Action, Grant, Role};
    use domain::audit::AuditPlace;
    use jiff::Timestamp;

    use super::*;

    fn event(action: &str, basis: &str) -> AuditEvent {
        AuditEvent {
            place: AuditPlace { chain: "hospital-1".into(), seq: 7 },
            at: Timestamp::UNIX_EPOCH,
            account_id: None,
            who: Some("Dr. Vogt".into()),
            action: action.into(),
            outcome: "allowed".into(),
            basis: basis.into(),
            purpose: "TREAT".into(),
            hospital_id: None,
            hospital: Some("Lindenhof".into()),
            entity: "appointment".into(),
            entity_id: None,
            patients: Vec::new(),
            address: None,
            device: None,
            reason: None,
            question: None,
            answer: None,
        }
    }

    #[test]
    fn every_action_has_words_for_both_readers() {
        for action in Action::ALL {
            assert!(keys::access_action::lookup(action.code()).is_some(), "{}", action.code());
            assert!(keys::access_to_you::lookup(action.code()).is_some(), "{}", action.code());
        }
    }

    #[test]
    fn every_reason_has_words_for_both_readers() {
        let roles = Role::ALL.map(Grant::Role);
        let others = [
            Grant::OwnAccount,
            Grant::OwnPatient,
            Grant::Helper,
            Grant::OwnDoctor,
            Grant::CareRelation,
            Grant::Emergency,
            Grant::Platform,
        ];
        for grant in roles.into_iter().chain(others) {
            assert!(keys::access_why::lookup(grant.code()).is_some(), "{}", grant.code());
            assert!(keys::access_basis::lookup(grant.code()).is_some(), "{}", grant.code());
            assert!(keys::access_role::lookup(grant.code()).is_some(), "{}", grant.code());
        }
    }

    #[test]
    fn a_sentence_says_whose_record_it_was() {
        let look = event("read_appointment", "care_relation");
        assert_eq!(what(&look, &Whose::own()), "Opened your visit");
        assert_eq!(why(&look, &Whose::own()), "Because Dr. Vogt treats you.");
        assert_eq!(what(&look, &Whose::of("Mia Paulsen")), "Opened Mia Paulsen\u{2019}s visit");
        assert_eq!(as_what(&look), "Doctor, Lindenhof");
        assert_eq!(what(&event("new_thing", "x"), &Whose::own()), "Did something with your record");
    }

    #[test]
    fn an_emergency_tells_its_reason() {
        let look = AuditEvent { reason: Some("Unconscious.".into()), ..event("read_patient", "emergency") };
        assert!(is_emergency(&look));
        assert!(why(&look, &Whose::own()).ends_with("Unconscious."));
    }
}
