//! Who works at a hospital, as its administrator sees it, and how somebody new is invited.
//! What an invited person sees is in `patient`.

pub mod invite;
pub mod list;
pub mod staff_policy;

use domain::ids::HospitalId;
use leptos::prelude::*;
use leptos_meta::Title;

pub use invite::{FreshInvitation, InviteAdmin};
pub use staff_policy::StaffPolicySection;

use super::admin_api::{Staff, hospital_members};
use super::admin_forms::{InviteMember, SetMember};
use crate::form::use_form_state;
use crate::portal::Loaded;
use crate::portal::hospital::{Saved, query};
use crate::t;
use crate::ui::{FormErrors, PageHeader, SkeletonShape};
use invite::InviteForm;
use list::{Invitations, MemberList};

/// Members, the form that invites, and open invitations.
#[component]
pub fn MembersPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let (saved, invited) = (query("saved"), query("invited"));
    let (states, invite) = (use_form_state::<SetMember>(), use_form_state::<InviteMember>());
    let staff = Resource::new(
        move || (saved.get(), invited.get(), states.accepted().get()),
        move |_| hospital_members(hospital),
    );
    view! {
        <Title text=t!(hospital_frame.members) />
        <div class="page stack">
            <PageHeader title=t!(hospital_frame.members) lead=t!(hospital_members.lead) />
            <Saved unless=invite.problems() />
            <FreshInvitation />
            <FormErrors problems=states.problems() />
            <Loaded
                resource=staff
                shape=SkeletonShape::Rows
                view=move |staff: Staff| {
                    let Staff { members, doctors } = staff;
                    view! {
                        <MemberList hospital members=members.members form=states />
                        <InviteForm hospital doctors form=invite />
                        <Invitations invitations=members.invitations />
                    }
                }
            />
        </div>
    }
    .into_any()
}
