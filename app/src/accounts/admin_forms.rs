//! The forms with which members are invited, suspended and made active again, and an invitation is taken back.
//! The secret of an invitation leaves the server once, in a cookie that no script can read; the page after shows it.

use domain::accounts::MemberState;
use domain::ids::{HospitalId, InvitationId, MembershipId};
#[cfg(feature = "ssr")]
use domain::{access::Role, accounts::InviteMember as Invite, error::Findings};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::admin_api::INVITATION_COOKIE;
use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    portal::hospital::{Section, href},
    server::{answer, call_with, services, set_cookie},
};

/// Seconds for which the page after an invitation can show its link.
#[cfg(feature = "ssr")]
const SHOWN_SECONDS: u32 = 300;

/// Invites somebody; leads back to the page, which then shows the link.
#[server(prefix = "/_fn", endpoint = "hospital-invite")]
pub async fn invite_member(
    hospital: HospitalId,
    email: String,
    #[server(default)] role: String,
    #[server(default)] doctor: String,
    back: String,
    #[server(default)] proof: String,
) -> Result<(), AppError> {
    let at = hospital.to_string();
    let kept = typed::<InviteMember>(&[
        ("hospital", &at),
        ("email", &email),
        ("role", &role),
        ("doctor", &doctor),
        ("back", &back),
    ]);
    let invited = invite(invitation(hospital, email, &role, &doctor), proof).await;
    let invited = invited.inspect(|made| {
        set_cookie(INVITATION_COOKIE, made.token.as_deref().unwrap_or_default(), SHOWN_SECONDS);
    });
    kept.keep(invited.map(|made| href(&back, &[("invited", &made.id.to_string())])))
}

#[cfg(feature = "ssr")]
async fn invite(
    command: domain::Result<Invite>,
    proof: String,
) -> Result<domain::accounts::Invitation, AppError> {
    let command = answer(command)?;
    answer(services()?.accounts.invite(&call_with(proof).await?, command).await)
}

#[cfg(feature = "ssr")]
fn invitation(hospital_id: HospitalId, email: String, role: &str, doctor: &str) -> domain::Result<Invite> {
    let mut findings = Findings::new();
    let role = findings.take("role", Role::parse(role).map_err(|_| "choose"));
    let doctor_id = if role == Some(Role::Doctor) { doctor.parse().ok() } else { None };
    findings.require(role != Some(Role::Doctor) || doctor_id.is_some(), "doctor_id", "choose");
    findings.finish()?;
    let role = role.ok_or_else(|| domain::Error::invalid("role", "choose"))?;
    Ok(Invite { hospital_id, email, role, doctor_id })
}

/// Changes what a hospital asks of its staff; leads back to the settings.
#[server(prefix = "/_fn", endpoint = "hospital-set-staff-policy")]
pub async fn set_staff_policy(
    hospital: HospitalId,
    #[server(default)] second_factor: String,
    #[server(default)] proof: String,
) -> Result<(), AppError> {
    let policy = domain::accounts::StaffPolicy { second_factor: second_factor == "true" };
    let set = async {
        answer(services()?.accounts.set_staff_policy(&call_with(proof).await?, hospital, policy).await)
    };
    let set = set.await;
    typed::<SetStaffPolicy>(&[("hospital", &hospital.to_string()), ("second_factor", &second_factor)])
        .keep(set.map(|_| href(&Section::Settings.at(hospital), &[("policy", "saved")])))
}

/// Suspends a member or makes one active again; leads to the list.
#[server(prefix = "/_fn", endpoint = "hospital-member-state")]
pub async fn set_member(
    hospital: HospitalId,
    member: MembershipId,
    state: MemberState,
    #[server(default)] proof: String,
) -> Result<(), AppError> {
    let set = async {
        let call = call_with(proof).await?;
        answer(services()?.accounts.set_member_state(&call, hospital, member, state).await)
    };
    let set = set.await;
    let word = match state {
        MemberState::Active => "active",
        MemberState::Suspended => "suspended",
    };
    typed::<SetMember>(&[
        ("hospital", &hospital.to_string()),
        ("member", &member.to_string()),
        ("state", word),
    ])
    .keep(set.map(|_| href(&Section::Members.at(hospital), &[("saved", &member.to_string())])))
}

/// Takes an open invitation back; leads to the list.
#[server(prefix = "/_fn", endpoint = "hospital-withdraw-invitation")]
pub async fn withdraw_invitation(
    hospital: HospitalId,
    invitation: InvitationId,
    #[server(default)] proof: String,
) -> Result<(), AppError> {
    let (at, id) = (hospital.to_string(), invitation.to_string());
    let withdrawn = async {
        let call = call_with(proof).await?;
        answer(services()?.accounts.withdraw_invitation(&call, hospital, invitation).await)
    };
    let withdrawn = withdrawn.await;
    typed::<WithdrawInvitation>(&[("hospital", &at), ("invitation", &id)])
        .keep(withdrawn.map(|()| href(&Section::Members.at(hospital), &[("withdrawn", &id)])))
}
