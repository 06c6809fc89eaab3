//! The demo: three hospitals, their doctors and patients, and visits around today. Made through the services.
//!
//! It is deterministic but for the day on which it is made, and refuses a house that is in use. Data for measurements are in
//! `bulk`.

pub(crate) mod bulk;
mod doctors_in_bulk;
mod people;
mod places;
mod store;
mod visits;
mod visits_in_bulk;

use std::sync::Arc;

use domain::{
    Actor, Call, Services,
    access::Role,
    accounts::{AcceptInvitation, InviteMember, RegisterPatient},
    ids::{DoctorId, HospitalId, PatientId},
    page::PageQuery,
};

use crate::{accounts::AccountService, core::Core, outside::clock::TestClock};

/// The password of every demo login.
pub const DEMO_PASSWORD: &str = "caresync-demo-2026";
/// The demo's platform administrator.
pub(crate) const DEMO_PLATFORM: &str = "platform@demo.example";

/// What was made.
#[derive(Debug, Clone, Copy, Default)]
pub struct SeedReport {
    /// Hospitals.
    pub hospitals: usize,
    /// Doctors.
    pub doctors: usize,
    /// Patients.
    pub patients: usize,
    /// Visits.
    pub appointments: usize,
}

/// A hospital of the demo with what visits need.
pub(crate) struct Place {
    pub(crate) admin: Call,
    pub(crate) zone: &'static str,
    pub(crate) doctors: Vec<(DoctorId, Vec<domain::hospitals::VisitType>)>,
    /// What several patients have together, and with whom.
    pub(crate) group: Option<(DoctorId, domain::hospitals::VisitType)>,
}

/// Fills an empty house.
pub(crate) async fn demo(core: &Core) -> anyhow::Result<SeedReport> {
    // The demo lives in a past of its own: visits that are over were booked before they began.
    let clock = Arc::new(TestClock::at(core.clock.now()));
    let seed_core = Core { clock: clock.clone(), ..core.clone() };
    let services = crate::house::services(&seed_core);
    if !services.hospitals.list(PageQuery::default()).await?.items.is_empty() {
        anyhow::bail!("there are hospitals here already; the demo is only for an empty house");
    }
    let accounts = AccountService::new(seed_core.clone());
    let platform = accounts.create_platform_admin(DEMO_PLATFORM, "Paula Platform", DEMO_PASSWORD).await?;
    let platform = act_as(&services, platform).await?;

    let mut report = SeedReport::default();
    let mut places = Vec::new();
    for plan in places::PLANS {
        let place = places::build(&services, &platform, plan).await?;
        report.hospitals += 1;
        report.doctors += place.doctors.len();
        places.push(place);
    }
    let patients = register_patients(&services).await?;
    report.patients = patients.len();
    report.appointments = visits::fill(&services, &clock, core.clock.now(), &places, &patients).await?;
    report.appointments += visits::meet(&services, &clock, core.clock.now(), &places, &patients).await?;
    core.directory.forget();
    Ok(report)
}

/// The call of a signed-in account.
async fn act_as(services: &Services, account: domain::ids::AccountId) -> anyhow::Result<Call> {
    let principal = services.accounts.principal(account).await?;
    let principal = principal.ok_or_else(|| anyhow::anyhow!("an account of the demo is missing"))?;
    Ok(Call::by(Actor::Account(Box::new(principal))).proven(jiff::Timestamp::MAX))
}

/// `patient@demo.example` and `patient1@` to `patient60@`; the first is also the account that the guide shows.
async fn register_patients(services: &Services) -> anyhow::Result<Vec<(PatientId, Call)>> {
    let mut patients = Vec::new();
    for number in 0..=60 {
        let person = people::patient(number);
        let email = if number == 0 {
            "patient@demo.example".to_owned()
        } else {
            format!("patient{number}@demo.example")
        };
        let registered = services
            .accounts
            .register_patient(
                &Call::anonymous(),
                RegisterPatient {
                    email,
                    password: DEMO_PASSWORD.to_owned(),
                    full_name: person.full_name,
                    birth_date: person.birth_date,
                    next: String::new(),
                },
            )
            .await?;
        patients.push((registered.patient_id, act_as(services, registered.account_id).await?));
    }
    Ok(patients)
}

/// Invites somebody and accepts as her.
async fn employ(
    services: &Services,
    by: &Call,
    hospital: HospitalId,
    (email, full_name): (&str, &str),
    role: Role,
    doctor_id: Option<DoctorId>,
) -> anyhow::Result<Call> {
    let command = InviteMember { hospital_id: hospital, email: email.to_owned(), role, doctor_id };
    let invitation = services.accounts.invite(by, command).await?;
    let token = invitation.token.ok_or_else(|| anyhow::anyhow!("an invitation without a link"))?;
    let command =
        AcceptInvitation { token, full_name: full_name.to_owned(), password: DEMO_PASSWORD.to_owned() };
    let principal = services.accounts.accept_invitation(&Call::anonymous(), command).await?;
    Ok(Call::by(Actor::Account(Box::new(principal))).proven(jiff::Timestamp::MAX))
}
