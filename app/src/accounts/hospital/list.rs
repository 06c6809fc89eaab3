//! The members of a hospital and the invitations that nobody has accepted yet.
//! Nobody can suspend herself: a hospital must not lose its last administrator by a slip.

use domain::access::Role;
use domain::accounts::{Invitation, Member, MemberState};
use domain::ids::HospitalId;
use jiff::tz::Offset;
use leptos::prelude::*;

use crate::accounts::admin_forms::{SetMember, WithdrawInvitation};
use crate::form::{Form, FormState};
use crate::i18n::date_medium;
use crate::portal::use_viewer;
use crate::t;
use crate::ui::{
    Badge, Button, ButtonKind, Cell, Column, Details, EmailText, IconName, RowHead, Table, TableRow, Tone,
};

/// A role in words.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Doctor => t!(hospital_members.doctor),
        Role::Desk => t!(hospital_members.desk),
        Role::HospitalAdmin => t!(hospital_members.admin),
    }
}

/// The members.
#[component]
pub fn MemberList(hospital: HospitalId, members: Vec<Member>, form: FormState<SetMember>) -> impl IntoView {
    let columns = vec![
        Column::new(t!(common.name)),
        Column::new(t!(common.email)),
        Column::new(t!(hospital_members.role)),
        Column::new(t!(hospital_members.let_in)),
        Column::new(t!(hospital_doctors.state)),
        Column::hidden(t!(common.actions)),
    ];
    let rows: Vec<_> = members.into_iter().map(|member| row(hospital, member, form)).collect();
    view! {
        <Table caption=t!(hospital_frame.members) columns hide_caption=true dense=true>
            {rows}
        </Table>
    }
    .into_any()
}

fn row(hospital: HospitalId, member: Member, form: FormState<SetMember>) -> impl IntoView {
    let name = member.full_name.clone();
    let own = use_viewer().principal().is_some_and(|principal| principal.email == member.email);
    let (badge, next, words) = match member.state {
        MemberState::Active => (
            view! { <Badge tone=Tone::Positive icon=IconName::Check>{t!(hospital_members.active)}</Badge> },
            "suspended",
            t!(hospital_members.suspend),
        ),
        MemberState::Suspended => (
            view! { <Badge tone=Tone::Warning icon=IconName::Lock>{t!(hospital_members.suspended)}</Badge> },
            "active",
            t!(hospital_members.activate),
        ),
    };
    let action = (!own).then(|| {
        view! {
            <Form state=form no_summary=true>
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <input type="hidden" name="member" value=member.id.to_string() />
                <input type="hidden" name="state" value=next />
                <Button kind=ButtonKind::Secondary small=true>
                    {words} <span class="visually-hidden">": " {name}</span>
                </Button>
            </Form>
        }
    });
    // Whole days are enough, as for the end of an invitation.
    let let_in = member.let_in_by.zip(member.let_in_at).map(|(by, at)| {
        let date = date_medium(Offset::UTC.to_datetime(at).date());
        view! {
            <EmailText address=by />
            <br />
            <span class="muted small">{date}</span>
        }
    });
    view! {
        <TableRow>
            <RowHead label=t!(common.name)>
                <bdi translate="no">{member.full_name.clone()}</bdi>
            </RowHead>
            <Cell label=t!(common.email)>
                <EmailText address=member.email.clone() />
            </Cell>
            <Cell label=t!(hospital_members.role)>{role_name(member.role)}</Cell>
            <Cell label=t!(hospital_members.let_in)>{let_in}</Cell>
            <Cell label=t!(hospital_doctors.state)>{badge}</Cell>
            <Cell>{action}</Cell>
        </TableRow>
    }
    .into_any()
}

/// Open invitations, each with the way to take it back; nothing when there is none.
#[component]
pub fn Invitations(
    hospital: HospitalId,
    invitations: Vec<Invitation>,
    form: FormState<WithdrawInvitation>,
) -> impl IntoView {
    if invitations.is_empty() {
        return ().into_any();
    }
    let columns = vec![
        Column::new(t!(common.email)),
        Column::new(t!(hospital_members.role)),
        Column::new(t!(hospital_members.expires)),
        Column::hidden(t!(common.actions)),
    ];
    let rows: Vec<_> = invitations
        .into_iter()
        .map(|invitation| {
            // Whole days are enough for an end that is days away.
            let until = date_medium(Offset::UTC.to_datetime(invitation.expires_at).date());
            let (email, role) = (invitation.email.clone(), invitation.role);
            view! {
                <TableRow>
                    <RowHead label=t!(common.email)>
                        <EmailText address=email />
                    </RowHead>
                    <Cell label=t!(hospital_members.role)>{role_name(role)}</Cell>
                    <Cell label=t!(hospital_members.expires)>{until}</Cell>
                    <Cell>{taking_back(hospital, invitation, form)}</Cell>
                </TableRow>
            }
        })
        .collect();
    view! {
        <section class="stack-small">
            <h2 class="section-title">{t!(hospital_members.invitations)}</h2>
            <Table caption=t!(hospital_members.invitations) hide_caption=true columns dense=true>
                {rows}
            </Table>
        </section>
    }
    .into_any()
}

/// What it means stands between wishing it and doing it.
fn taking_back(
    hospital: HospitalId,
    invitation: Invitation,
    form: FormState<WithdrawInvitation>,
) -> impl IntoView {
    let text = t!(hospital_members.withdraw_text, email = invitation.email);
    view! {
        <Details summary=t!(hospital_members.withdraw)>
            <Form state=form no_summary=true>
                <div class="stack-small">
                    <p class="break-anywhere" dir="auto">{text}</p>
                    <input type="hidden" name="hospital" value=hospital.to_string() />
                    <input type="hidden" name="invitation" value=invitation.id.to_string() />
                    <Button kind=ButtonKind::Danger small=true>
                        {t!(hospital_members.withdraw_action)}
                        <span class="visually-hidden">": " {invitation.email}</span>
                    </Button>
                </div>
            </Form>
        </Details>
    }
    .into_any()
}
