//! Invites somebody to a hospital, and shows the link that accepts the invitation, once.
//! The link goes out by mail as well; whoever invites can pass it on besides.

use domain::access::Role;
use domain::ids::{DoctorId, HospitalId};
use leptos::prelude::*;

use super::list::role_name;
use crate::accounts::admin_api::fresh_invitation;
use crate::accounts::admin_forms::InviteMember;
use crate::form::{Form, FormState, use_form_state};
use crate::portal::Loaded;
use crate::portal::hospital::{HospitalPage, Section, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{Button, Choice, Field, FormErrors, IconName, Notice, NoticeKind, RadioGroup, Select};

/// The form for any role.
#[component]
pub fn InviteForm(
    hospital: HospitalId,
    doctors: Vec<(DoctorId, String)>,
    form: FormState<InviteMember>,
) -> impl IntoView {
    let roles = Role::ALL.map(|role| {
        let hint = match role {
            Role::Desk => t!(hospital_members.desk_hint),
            Role::Doctor => t!(hospital_members.doctor_hint),
            Role::HospitalAdmin => t!(hospital_members.admin_hint),
        };
        Choice::new(role.code(), role_name(role)).hint(hint)
    });
    let doctors = doctors.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    view! {
        <Frame hospital form back=Section::Members.at(hospital) title=t!(hospital_members.invite_title)>
            <RadioGroup
                legend=t!(hospital_members.role)
                name="role"
                options=roles.into()
                value=form.value_or("role", "desk")
                error=form.problem("role")
            />
            <Select
                label=t!(hospital_members.which_doctor)
                name="doctor"
                options=doctors
                value=form.value("doctor")
                hint=t!(hospital_members.which_doctor_hint)
                error=form.problem("doctor_id")
                placeholder=t!(common.none)
            />
        </Frame>
    }
    .into_any()
}

/// The form for a hospital's administrator, as the platform uses it.
#[component]
pub fn InviteAdmin(hospital: HospitalId) -> impl IntoView {
    let form = use_form_state::<InviteMember>();
    view! {
        <Frame
            hospital
            form
            back=HospitalPage::PlatformHospital(hospital).path()
            title=t!(hospital_members.invite_admin_title)
        >
            <input type="hidden" name="role" value=Role::HospitalAdmin.code() />
        </Frame>
    }
    .into_any()
}

#[component]
fn Frame(
    hospital: HospitalId,
    form: FormState<InviteMember>,
    back: String,
    title: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="stack-small measure" aria-labelledby="invite">
            <h2 class="section-title" id="invite">
                {title}
            </h2>
            <FormErrors problems=form.problems_posted_as(&[("doctor_id", "doctor")]) />
            <Form state=form no_summary=true>
                <div class="stack form">
                    <input type="hidden" name="hospital" value=hospital.to_string() />
                    <input type="hidden" name="back" value=back />
                    <Field
                        label=t!(common.email)
                        name="email"
                        kind="email"
                        value=form.value("email")
                        error=form.problem("email")
                        inputmode="email"
                    />
                    {children()}
                    <Button busy=form.busy() icon=IconName::Mail>
                        {t!(hospital_members.invite_action)}
                    </Button>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

/// The link of the invitation that was just made.
#[component]
pub fn FreshInvitation() -> impl IntoView {
    let invited = query("invited");
    let fresh = Reading::new(
        move || invited.get(),
        |invited| async move { if invited.is_empty() { Ok(None) } else { fresh_invitation().await } },
    );
    view! {
        <Loaded
            resource=fresh
            view=|fresh| {
                fresh
                    .map(|fresh| {
                        view! {
                            <Notice kind=NoticeKind::Success title=t!(hospital_members.invited, email = fresh.email)>
                                <p>{t!(hospital_members.link_hint)}</p>
                                <label class="field-label" for="invitation-link">
                                    {t!(hospital_members.link)}
                                </label>
                                <input class="input" id="invitation-link" type="text" readonly value=fresh.link dir="ltr" />
                            </Notice>
                        }
                    })
            }
        />
    }
    .into_any()
}
