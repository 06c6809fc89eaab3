//! One entry of the audit: what it says, and the hash that ties it to the one before.
//!
//! It writes nothing; that is the store's business.

use std::fmt::Write as _;

use domain::{
    Call,
    access::{Action, Facts, Grant, Role},
    ids::{AccountId, HospitalId, PatientId, SignInId},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The outcome of what was allowed.
const ALLOWED: &str = "allowed";
/// The outcome of what was not.
const DENIED: &str = "denied";
/// Why something was allowed that was not.
const NO_BASIS: &str = "none";

/// An entry before it has a place in its chain.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(super) at: i64,
    pub(super) account: Option<Uuid>,
    pub(super) sign_in: Option<Uuid>,
    pub(super) address: String,
    pub(super) device: String,
    pub(super) action: &'static str,
    pub(super) outcome: &'static str,
    pub(super) basis: &'static str,
    pub(super) purpose: &'static str,
    pub(super) hospital: Option<Uuid>,
    pub(super) entity: &'static str,
    pub(super) entity_id: Option<Uuid>,
    pub(super) patients: Vec<Uuid>,
    /// Whom the account sees in an emergency; not written down.
    declared: Vec<PatientId>,
    /// For whom the account acts, where it is asked for what is its own; not written down.
    helped: Vec<PatientId>,
}

impl Entry {
    /// What a decision leaves behind.
    pub(crate) fn of(
        call: &Call,
        action: Action,
        grant: Option<Grant>,
        facts: &Facts,
        (entity, entity_id): (&'static str, Option<Uuid>),
        at: i64,
    ) -> Self {
        Self {
            at,
            account: call.actor.account_id().map(|account| account.0),
            sign_in: call.sign_in.map(|sign_in| sign_in.0),
            address: call.origin.address.map(|address| address.to_string()).unwrap_or_default(),
            device: call.origin.device.clone(),
            action: action.code(),
            outcome: if grant.is_some() { ALLOWED } else { DENIED },
            basis: grant.map_or(NO_BASIS, Grant::code),
            purpose: purpose(grant),
            hospital: facts.hospital().map(|hospital| hospital.0),
            entity,
            entity_id,
            patients: facts.patient().map(|patient| patient.0).into_iter().collect(),
            declared: declared(call, facts),
            helped: helped(call, grant),
        }
    }

    /// What the owner of an account does by a link of a mail, or whoever has her token with it, without being signed in.
    pub(crate) fn by_link(account: AccountId, action: Action, at: i64) -> Self {
        let (facts, entity) = (Facts::Account(account), ("account", Some(account.0)));
        Self::without_call(account, action, Grant::OwnAccount, &facts, entity, at)
    }

    /// What an account does though nobody asks in this moment: by a letter, or because of something that she has done before.
    pub(crate) fn without_call(
        account: AccountId,
        action: Action,
        grant: Grant,
        facts: &Facts,
        (entity, entity_id): (&'static str, Option<Uuid>),
        at: i64,
    ) -> Self {
        Self {
            at,
            account: Some(account.0),
            sign_in: None,
            address: String::new(),
            device: String::new(),
            action: action.code(),
            outcome: ALLOWED,
            basis: grant.code(),
            purpose: purpose(Some(grant)),
            hospital: facts.hospital().map(|hospital| hospital.0),
            entity,
            entity_id,
            patients: facts.patient().map(|patient| patient.0).into_iter().collect(),
            declared: Vec::new(),
            helped: Vec::new(),
        }
    }

    /// The same with the token of a sign-in.
    pub(crate) fn through(mut self, sign_in: SignInId) -> Self {
        self.sign_in = Some(sign_in.0);
        self
    }

    /// Whether the account sees this patient in an emergency.
    pub(crate) fn is_declared(&self, patient: PatientId) -> bool {
        self.declared.contains(&patient)
    }

    /// Whether the account acts for this patient.
    pub(crate) fn is_helped(&self, patient: PatientId) -> bool {
        self.helped.contains(&patient)
    }

    /// The same as whoever acts for a patient.
    pub(crate) fn by_helper(mut self) -> Self {
        self.basis = Grant::Helper.code();
        self.purpose = purpose(Some(Grant::Helper));
        self
    }

    /// The same as another action.
    pub(crate) fn doing(mut self, action: Action) -> Self {
        self.action = action.code();
        self
    }

    /// The same about another object of its kind.
    pub(crate) fn of_another(mut self, id: Uuid) -> Self {
        self.entity_id = Some(id);
        self
    }

    /// Whether it is about this object.
    pub(crate) fn is_of(&self, id: Uuid) -> bool {
        self.entity_id == Some(id)
    }

    /// The same as something that was denied.
    pub(crate) fn denied(mut self) -> Self {
        self.outcome = DENIED;
        self.basis = NO_BASIS;
        self.purpose = purpose(None);
        self
    }

    /// The same in an emergency.
    pub(crate) fn in_emergency(mut self) -> Self {
        self.basis = Grant::Emergency.code();
        self.purpose = purpose(Some(Grant::Emergency));
        self
    }

    /// The same in the name of a hospital, where the decision has not needed one.
    pub(crate) fn at(mut self, hospital: HospitalId) -> Self {
        self.hospital = Some(hospital.0);
        self
    }

    /// The same about these patients: those whom a list has shown.
    pub(crate) fn about(mut self, patients: &[PatientId]) -> Self {
        self.patients.extend(patients.iter().map(|patient| patient.0));
        self.patients.sort_unstable();
        self.patients.dedup();
        self
    }

    /// The chain that the entry belongs to. Chains of their own let hospitals, and accounts, go on beside each other.
    pub(super) fn chain(&self) -> String {
        match (self.hospital, self.account) {
            // What was denied may name a hospital that there is not.
            (Some(hospital), _) if self.outcome == ALLOWED => format!("hospital-{}", hospital.simple()),
            (_, account) => {
                let last = account.and_then(|account| account.as_bytes().last().copied());
                format!("account-{:x}", last.unwrap_or(0) & 15)
            }
        }
    }

    /// The patients as the table keeps them.
    pub(super) fn patients_text(&self) -> String {
        let mut text = String::with_capacity(self.patients.len() * 33);
        for patient in &self.patients {
            if !text.is_empty() {
                text.push(' ');
            }
            // Writing to a string cannot fail.
            let _ = write!(text, "{}", patient.simple());
        }
        text
    }
}

fn declared(call: &Call, facts: &Facts) -> Vec<PatientId> {
    let emergencies =
        call.actor.principal().map(|principal| principal.emergencies.as_slice()).unwrap_or_default();
    let here = emergencies.iter().filter(|emergency| Some(emergency.hospital_id) == facts.hospital());
    here.map(|emergency| emergency.patient_id).collect()
}

fn helped(call: &Call, grant: Option<Grant>) -> Vec<PatientId> {
    let principal = call.actor.principal().filter(|_| grant == Some(Grant::OwnAccount));
    principal.map(|who| who.acting.iter().map(|acting| acting.patient_id).collect()).unwrap_or_default()
}

/// Why somebody looks, as HL7's PurposeOfUse (v3) says it.
fn purpose(grant: Option<Grant>) -> &'static str {
    match grant {
        Some(Grant::OwnDoctor | Grant::CareRelation | Grant::Role(Role::Doctor)) => "TREAT",
        Some(Grant::OwnPatient | Grant::OwnAccount) => "PATRQT",
        Some(Grant::Helper) => "FAMRQT",
        Some(Grant::Role(Role::Desk | Role::HospitalAdmin) | Grant::Platform) => "HOPERAT",
        Some(Grant::Emergency) => "BTG",
        None => "",
    }
}

/// What the hash of an entry is made of, in this order.
pub(super) struct Hashed<'a> {
    pub(super) chain: &'a str,
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) account: Option<Uuid>,
    pub(super) sign_in: Option<Uuid>,
    pub(super) address: &'a str,
    pub(super) device: &'a str,
    pub(super) action: &'a str,
    pub(super) outcome: &'a str,
    pub(super) basis: &'a str,
    pub(super) purpose: &'a str,
    pub(super) hospital: Option<Uuid>,
    pub(super) entity: &'a str,
    pub(super) entity_id: Option<Uuid>,
    pub(super) patients: &'a str,
}

impl Hashed<'_> {
    /// SHA-256 over the hash before and every field with its length in front, so that no two entries read alike.
    pub(super) fn after(&self, before: &[u8]) -> [u8; 32] {
        let id = |id: Option<Uuid>| id.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
        let fields: [&[u8]; 16] = [
            before,
            self.chain.as_bytes(),
            &self.seq.to_be_bytes(),
            &self.at.to_be_bytes(),
            &id(self.account),
            &id(self.sign_in),
            self.address.as_bytes(),
            self.device.as_bytes(),
            self.action.as_bytes(),
            self.outcome.as_bytes(),
            self.basis.as_bytes(),
            self.purpose.as_bytes(),
            &id(self.hospital),
            self.entity.as_bytes(),
            &id(self.entity_id),
            self.patients.as_bytes(),
        ];
        let mut digest = Sha256::new_with_prefix(b"caresync/audit/1");
        for field in fields {
            digest.update((field.len() as u64).to_be_bytes());
            digest.update(field);
        }
        digest.finalize().into()
    }
}
