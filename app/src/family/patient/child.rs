//! `/family/child` and `/family/account`: adding a child, and giving a grown one an account of its own.
//! What a parent may do at which age is said before anything is sent.

use domain::family::{Cared, Family};
use leptos::prelude::*;
use leptos_meta::Title;

use super::PATH;
use crate::family::acting::FOR;
use crate::family::api::{AddChild, HandOver, read_family};
use crate::form::{Form, FormState, use_form_state};
use crate::portal::hospital::query;
use crate::portal::{Loaded, NotFoundPage};
use crate::reading::Reading;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonRow, DateField, Field, LinkButton, Notice, PageHeader};

/// `/family/child`
#[component]
pub fn ChildPage() -> impl IntoView {
    let form = use_form_state::<AddChild>();
    view! {
        <Title text=t!(family.child_title) />
        <div class="page page-narrow stack">
            <PageHeader title=t!(family.child_title) lead=t!(family.child_lead) back=PATH />
            <Ages />
            // A new page, because for whom one acts is read once for each.
            <Form state=form reload=true>
                <div class="form">
                    <Field
                        label=t!(family.child_name)
                        name="full_name"
                        autocomplete="off"
                        value=form.value("full_name")
                        error=form.problem("full_name")
                    />
                    <DateField
                        label=t!(family.child_born)
                        name="birth_date"
                        value=form.value("birth_date")
                        error=form.problem("birth_date")
                    />
                    <ButtonRow>
                        <Button>{t!(family.child_action)}</Button>
                        <LinkButton href=PATH kind=ButtonKind::Secondary>
                            {t!(common.cancel)}
                        </LinkButton>
                    </ButtonRow>
                </div>
            </Form>
        </div>
    }
    .into_any()
}

/// What changes with the child's age.
#[component]
fn Ages() -> impl IntoView {
    view! {
        <Notice title=t!(family.ages_title)>
            <ul>
                <li>{t!(family.ages_small)}</li>
                <li>{t!(family.ages_young)}</li>
                <li>{t!(family.ages_account)}</li>
                <li>{t!(family.ages_grown)}</li>
            </ul>
        </Notice>
    }
    .into_any()
}

/// `/family/account`
#[component]
pub fn OwnAccountPage() -> impl IntoView {
    let form = use_form_state::<HandOver>();
    let family = Reading::new(|| (), |()| read_family());
    let patient = query(FOR);
    view! {
        <Title text=t!(family.account_give) />
        <Loaded
            resource=family
            view=move |family: Family| {
                let asked = patient.get_untracked();
                let wanted = |cared: &Cared| cared.hands_over && cared.patient_id.to_string() == asked;
                match family.cares_for.into_iter().find(wanted) {
                    Some(cared) => view! { <Give cared form /> }.into_any(),
                    None => view! { <NotFoundPage /> }.into_any(),
                }
            }
        />
    }
}

#[component]
fn Give(cared: Cared, form: FormState<HandOver>) -> impl IntoView {
    view! {
        <div class="page page-narrow stack">
            <PageHeader title=t!(family.account_for, name = cared.full_name) lead=t!(family.account_lead) back=PATH />
            <Form state=form>
                <div class="form">
                    <input type="hidden" name="patient" value=cared.patient_id.to_string() />
                    <Field
                        label=t!(family.account_email)
                        name="email"
                        kind="email"
                        autocomplete="off"
                        hint=t!(family.account_email_hint)
                        value=form.value("email")
                        error=form.problem("email")
                    />
                    <ButtonRow>
                        <Button busy=form.busy()>{t!(family.account_action)}</Button>
                        <LinkButton href=PATH kind=ButtonKind::Secondary>
                            {t!(common.cancel)}
                        </LinkButton>
                    </ButtonRow>
                </div>
            </Form>
        </div>
    }
    .into_any()
}
