//! Who works at a hospital, as its administrator sees it, and how somebody new is invited, or no longer is.
//! What an invited person sees is in `patient`.

pub mod invite;
pub mod list;
pub mod staff_policy;

use domain::accounts::Invitation;
use domain::ids::HospitalId;
use leptos::prelude::*;
use leptos_meta::Title;

pub use invite::{FreshInvitation, InviteAdmin};
pub use staff_policy::StaffPolicySection;

use super::admin_api::{Staff, hospital_members};
use super::admin_forms::{InviteMember, SetMember, WithdrawInvitation};
use crate::form::use_form_state;
use crate::portal::Loaded;
use crate::portal::hospital::{Saved, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{Done, FormErrors, PageHeader, SkeletonShape};
use invite::InviteForm;
use list::{Invitations, MemberList};

/// Members, the form that invites, and open invitations.
#[component]
pub fn MembersPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let (saved, invited, withdrawn) = (query("saved"), query("invited"), query("withdrawn"));
    let (states, invite, withdraw) = (
        use_form_state::<SetMember>(),
        use_form_state::<InviteMember>(),
        use_form_state::<WithdrawInvitation>(),
    );
    let staff = Reading::new(
        move || {
            let addresses = (saved.get(), invited.get(), withdrawn.get());
            (addresses, states.accepted().get(), withdraw.accepted().get())
        },
        move |_| hospital_members(hospital),
    );
    // A refused second try must not read as if it were done.
    let refused = move || {
        [states.error(), invite.error(), withdraw.error()].iter().any(|error| error.with(Option::is_some))
    };
    view! {
        <Title text=t!(hospital_frame.members) />
        <div class="page stack">
            <PageHeader title=t!(hospital_frame.members) lead=t!(hospital_members.lead) />
            <Saved unless=invite.problems() />
            <FreshInvitation />
            <FormErrors problems=states.problems() />
            <FormErrors problems=withdraw.problems() />
            <Loaded
                resource=staff
                shape=SkeletonShape::Rows
                view=move |staff: Staff| {
                    let Staff { members, doctors } = staff;
                    let over = is_over(&withdrawn.get_untracked(), &members.invitations);
                    let done = move || {
                        (over && !refused()).then(|| view! { <Done words=t!(hospital_members.withdrawn) /> })
                    };
                    view! {
                        {done}
                        <MemberList hospital members=members.members form=states />
                        <InviteForm hospital doctors form=invite />
                        <Invitations hospital invitations=members.invitations form=withdraw />
                    }
                }
            />
        </div>
    }
    .into_any()
}

/// Whether the invitation that the address calls taken back is open no longer: an address can be kept, or written by anybody.
fn is_over(said: &str, open: &[Invitation]) -> bool {
    !said.is_empty() && open.iter().all(|invitation| invitation.id.to_string() != said)
}
