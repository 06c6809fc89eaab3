//! What the hospital portal reads of accounts: the members of a hospital and who is invited.
//! Inviting, taking back and suspending are in [`super::admin_forms`].

use domain::accounts::{Members, StaffPolicy};
use domain::ids::{DoctorId, HospitalId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::server::{answer, call, services};

/// Members, and the doctors that a new one may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Members and open invitations.
    pub members: Members,
    /// Doctors of the hospital by name.
    pub doctors: Vec<(DoctorId, String)>,
}

/// Members and invitations of a hospital.
#[server(prefix = "/_fn", endpoint = "hospital-members", input = Json)]
pub async fn hospital_members(hospital: HospitalId) -> Result<Staff, AppError> {
    let (services, call) = (services()?, call());
    let members = answer(services.accounts.members(&call, hospital).await)?;
    let doctors = answer(services.doctors.of_hospital(&call, hospital).await)?;
    Ok(Staff { members, doctors: doctors.into_iter().map(|d| (d.card.id, d.card.name)).collect() })
}

/// What the hospital asks of its staff.
#[server(prefix = "/_fn", endpoint = "hospital-staff-policy", input = Json)]
pub async fn read_staff_policy(hospital: HospitalId) -> Result<StaffPolicy, AppError> {
    answer(services()?.accounts.staff_policy(&call(), hospital).await)
}

/// The cookie that holds the secret of an invitation until the page after it has shown the link.
pub const INVITATION_COOKIE: &str = "caresync-invitation";

/// An invitation that was just made, with the link that accepts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreshLink {
    /// Whom it invites.
    pub email: String,
    /// What to send.
    pub link: String,
}

/// The invitation that this browser made last, while its link can still be shown.
#[server(prefix = "/_fn", endpoint = "hospital-fresh-invitation", input = Json)]
pub async fn fresh_invitation() -> Result<Option<FreshLink>, AppError> {
    let Some(token) = crate::server::cookie(INVITATION_COOKIE).filter(|token| !token.is_empty()) else {
        return Ok(None);
    };
    let origin = use_context::<crate::server::PublicOrigin>().map_or_else(String::new, |origin| origin.0);
    // One that was accepted meanwhile is no news.
    let invitation = services()?.accounts.invitation(&token).await.ok();
    Ok(invitation.map(|made| FreshLink { email: made.email, link: format!("{origin}/invitation/{token}") }))
}
