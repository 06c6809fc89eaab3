//! Whose rows a transaction can reach: the second wall, behind the guard. PostgreSQL keeps it by row-level security; SQLite has
//! none, and there the guard, the composite keys and the test of statements stand alone.
//!
//! Nothing is decided here: who asks is known, and what she may do is decided in `domain::access`.

use std::{fmt::Write, sync::Arc};

use domain::{
    access::{Facts, Grant, Principal},
    ids::PatientId,
};
use uuid::Uuid;

/// Whose rows a transaction can reach.
#[derive(Debug, Clone)]
pub(crate) struct Reach(Option<Arc<Bounds>>);

#[derive(Debug, Default)]
struct Bounds {
    account: Option<Uuid>,
    hospitals: Vec<Uuid>,
    patients: Vec<Uuid>,
    platform: bool,
}

impl Reach {
    /// Rows of everybody, for what nobody asked for or what comes before anybody is known. The reason is for whoever reads the code.
    pub(crate) fn house(_why: &'static str) -> Self {
        Self(None)
    }

    /// Only what everybody may see.
    pub(crate) fn public() -> Self {
        Self::of(None)
    }

    /// Everything that somebody has to do with, before it is known what she wants.
    pub(crate) fn of(principal: Option<&Principal>) -> Self {
        let bounds = principal.map(|principal| Bounds {
            account: Some(principal.account_id.0),
            hospitals: principal.memberships.iter().map(|membership| membership.hospital_id.0).collect(),
            patients: patients(principal),
            platform: principal.platform_admin,
        });
        Self(Some(Arc::new(bounds.unwrap_or_default())))
    }

    /// What a decision has opened: a hospital's rows to its members, patients' rows to those who own them or act for them.
    pub(crate) fn granted(principal: Option<&Principal>, grant: Grant, facts: &Facts) -> Self {
        let Some(principal) = principal else { return Self::public() };
        let mut bounds = Bounds { account: Some(principal.account_id.0), ..Bounds::default() };
        match grant {
            Grant::OwnAccount => {
                bounds.hospitals = principal.memberships.iter().map(|m| m.hospital_id.0).collect();
                bounds.patients = patients(principal);
            }
            Grant::OwnPatient => {
                bounds.patients = principal.patients.iter().map(|patient| patient.0).collect();
            }
            Grant::Helper => {
                bounds.patients = facts.patient().map(|patient| patient.0).into_iter().collect();
            }
            Grant::OwnDoctor | Grant::CareRelation | Grant::Emergency | Grant::Role(_) => {
                bounds.hospitals = facts.hospital().map(|hospital| hospital.0).into_iter().collect();
            }
            Grant::Platform => bounds.platform = true,
        }
        Self(Some(Arc::new(bounds)))
    }

    /// What begins a transaction of PostgreSQL. It goes out in one piece, so it takes no more time than a bare `BEGIN`; the text
    /// holds ids and nothing that anybody has written.
    pub(super) fn begin(&self) -> String {
        let Some(bounds) = self.0.as_deref() else { return "BEGIN".to_owned() };
        let mut text = String::from("BEGIN; SET LOCAL ROLE caresync_app");
        set(&mut text, "account", bounds.account.as_slice());
        set(&mut text, "hospitals", &bounds.hospitals);
        set(&mut text, "patients", &bounds.patients);
        if bounds.platform {
            text.push_str("; SET LOCAL caresync.platform = 'on'");
        }
        text
    }
}

/// Those whom an account owns, and those for whom it acts.
fn patients(principal: &Principal) -> Vec<Uuid> {
    let acting = principal.acting.iter().map(|acting| acting.patient_id);
    principal.patients.iter().copied().chain(acting).map(|PatientId(id)| id).collect()
}

fn set(text: &mut String, name: &str, ids: &[Uuid]) {
    if ids.is_empty() {
        return;
    }
    // Writing to a String does not fail.
    let _ = write!(text, "; SET LOCAL caresync.{name} = '{{");
    for (index, id) in ids.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(text, "{comma}{id}");
    }
    text.push_str("}'");
}

#[cfg(test)]
mod tests {
    use domain::{
        access::Facts,
        ids::{AccountId, HospitalId, MembershipId},
    };

    use super::*;

    fn member_and_patient() -> Principal {
        let membership = |n| domain::access::Membership {
            id: MembershipId(Uuid::from_u128(n)),
            hospital_id: HospitalId(Uuid::from_u128(n)),
            hospital_name: String::new(),
            role: domain::access::Role::Desk,
            doctor_id: None,
        };
        Principal {
            account_id: AccountId(Uuid::from_u128(1)),
            full_name: String::new(),
            email: String::new(),
            verified: true,
            patients: vec![PatientId(Uuid::from_u128(7))],
            acting: vec![domain::access::Acting {
                patient_id: PatientId(Uuid::from_u128(8)),
                full_name: String::new(),
                relation: domain::family::Relation::Carer,
                permissions: domain::family::Permissions::ALL,
                guards: false,
                hands_over: false,
            }],
            memberships: vec![membership(2), membership(3)],
            held_back: Vec::new(),
            platform_admin: false,
            platform_held_back: false,
            emergencies: Vec::new(),
            session_epoch: 0,
        }
    }

    #[test]
    fn a_decision_about_one_hospital_opens_no_other() {
        let who = member_and_patient();
        let facts = Facts::Hospital(HospitalId(Uuid::from_u128(2)));
        let text = Reach::granted(Some(&who), Grant::Role(domain::access::Role::Desk), &facts).begin();
        assert!(text.contains(&Uuid::from_u128(2).to_string()), "{text}");
        assert!(!text.contains(&Uuid::from_u128(3).to_string()), "{text}");
        assert!(!text.contains(&Uuid::from_u128(7).to_string()), "{text}");
    }

    #[test]
    fn a_patients_own_visit_opens_no_hospital() {
        let who = member_and_patient();
        let facts = Facts::Patient { patient: who.patients[0], hospital: None, in_care: false };
        let text = Reach::granted(Some(&who), Grant::OwnPatient, &facts).begin();
        assert!(!text.contains("hospitals"), "{text}");
        assert!(text.contains(&Uuid::from_u128(7).to_string()), "{text}");
    }

    #[test]
    fn who_acts_for_somebody_reaches_her_and_nobody_besides() {
        let who = member_and_patient();
        let helped = PatientId(Uuid::from_u128(8));
        let facts = Facts::Patient { patient: helped, hospital: None, in_care: false };
        let text = Reach::granted(Some(&who), Grant::Helper, &facts).begin();
        assert!(text.contains(&helped.to_string()) && !text.contains(&who.patients[0].to_string()), "{text}");
        let own = Facts::Patient { patient: who.patients[0], hospital: None, in_care: false };
        let text = Reach::granted(Some(&who), Grant::OwnPatient, &own).begin();
        assert!(!text.contains(&helped.to_string()), "{text}");
        let both = Reach::of(Some(&who)).begin();
        assert!(both.contains(&helped.to_string()) && both.contains(&who.patients[0].to_string()), "{both}");
    }

    #[test]
    fn whoever_is_not_signed_in_reaches_nobody() {
        assert_eq!(Reach::public().begin(), "BEGIN; SET LOCAL ROLE caresync_app");
        assert_eq!(Reach::house("a test").begin(), "BEGIN");
    }
}
