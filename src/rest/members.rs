//! `/hospitals/{id}/members`, `/hospitals/{id}/invitations`, `/invitations/*`: who works at a hospital.
//! What a member may do is decided in the services.

use axum::{extract::State, http::StatusCode};
use domain::{
    access::{Principal, Role},
    accounts::{AcceptInvitation, Invitation, InviteMember, MemberState, Members, StaffPolicy},
    ids::{DoctorId, HospitalId, InvitationId, MembershipId},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    state::AppState,
    web::{
        extract::{At, Body, Caller, Created, Reply, created, reply},
        problem::Problem,
    },
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(members))
        .routes(routes!(set_member_state))
        .routes(routes!(invite))
        .routes(routes!(withdraw_invitation))
        .routes(routes!(staff_policy, set_staff_policy))
        .routes(routes!(accept_invitation))
        .routes(routes!(invitation))
}

/// Members and open invitations. Administrators of the hospital.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/members", tag = "members", params(("id" = HospitalId, Path)),
    responses((status = 200, body = Members)))]
async fn members(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
) -> Reply<Members> {
    reply(state.services.accounts.members(&call, id).await)
}

/// Whether a member has rights.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetMemberState {
    /// `active` or `suspended`.
    state: MemberState,
}

/// Suspends a member or makes one active again. Administrators of the hospital, not for themselves.
#[utoipa::path(put, path = "/api/v1/hospitals/{id}/members/{member_id}", tag = "members",
    params(("id" = HospitalId, Path), ("member_id" = MembershipId, Path)),
    request_body = SetMemberState, responses((status = 200, body = Members)))]
async fn set_member_state(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, member)): At<(HospitalId, MembershipId)>,
    Body(command): Body<SetMemberState>,
) -> Reply<Members> {
    reply(state.services.accounts.set_member_state(&call, id, member, command.state).await)
}

/// Whom to invite, as what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Invite {
    /// Whom.
    email: String,
    /// As what.
    role: Role,
    /// Which doctor the person is, for the role `doctor`.
    #[serde(default)]
    doctor_id: Option<DoctorId>,
}

/// Invites a member; the answer has the secret of the link, once. Administrators of the hospital.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/invitations", tag = "members",
    params(("id" = HospitalId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    request_body = Invite, responses((status = 201, body = Invitation)))]
async fn invite(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(hospital_id): At<HospitalId>,
    Body(Invite { email, role, doctor_id }): Body<Invite>,
) -> Created<Invitation> {
    let command = InviteMember { hospital_id, email, role, doctor_id };
    created(state.services.accounts.invite(&call, command).await)
}

/// Takes back an invitation that nobody has accepted; its link is worth nothing from then on. Administrators of the hospital.
#[utoipa::path(delete, path = "/api/v1/hospitals/{id}/invitations/{invitation_id}", tag = "members",
    params(("id" = HospitalId, Path), ("invitation_id" = InvitationId, Path)), responses((status = 204)))]
async fn withdraw_invitation(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, invitation)): At<(HospitalId, InvitationId)>,
) -> Result<StatusCode, Problem> {
    state.services.accounts.withdraw_invitation(&call, id, invitation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Accepts an invitation: as the signed-in account with that address, or by making one.
#[utoipa::path(post, path = "/api/v1/invitations/accept", tag = "members", request_body = AcceptInvitation,
    responses((status = 200, body = Principal)))]
async fn accept_invitation(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<AcceptInvitation>,
) -> Reply<Principal> {
    reply(state.services.accounts.accept_invitation(&call, command).await)
}

/// What an invitation says, for whoever holds its secret.
#[utoipa::path(get, path = "/api/v1/invitations/{token}", tag = "members", params(("token" = String, Path)),
    responses((status = 200, body = Invitation)))]
async fn invitation(State(state): State<AppState>, At(token): At<String>) -> Reply<Invitation> {
    reply(state.services.accounts.invitation(&token).await)
}

/// What the hospital asks of its staff when they sign in. Its administrators.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/staff-policy", tag = "members", params(("id" = HospitalId, Path)),
    responses((status = 200, body = StaffPolicy)))]
async fn staff_policy(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
) -> Reply<StaffPolicy> {
    reply(state.services.accounts.staff_policy(&call, id).await)
}

/// Changes that, at once for everybody: members who lack what is asked have no right at the hospital until they have it, and find
/// their membership in `held_back` of `/me`. Administrators of the hospital.
#[utoipa::path(put, path = "/api/v1/hospitals/{id}/staff-policy", tag = "members", params(("id" = HospitalId, Path)),
    request_body = StaffPolicy, responses((status = 200, body = StaffPolicy)))]
async fn set_staff_policy(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(policy): Body<StaffPolicy>,
) -> Reply<StaffPolicy> {
    reply(state.services.accounts.set_staff_policy(&call, id, policy).await)
}
