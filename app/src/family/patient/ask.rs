//! `/family/ask` and `/family/change`: who shall help, with what, from when and until when.
//! The address says for whom; the form says it again, and the services decide.

use domain::accounts::OwnPatient;
use domain::family::{Family, Helper, Relation};
use domain::ids::PatientId;
use leptos::prelude::*;
use leptos_meta::Title;

use super::PATH;
use crate::family::acting::FOR;
use crate::family::api::{AskHelper, ChangeHelper, PERMISSIONS, read_family};
use crate::family::words::{permission_choices, relation_choices};
use crate::form::{Form, FormState, Sending, use_form_state};
use crate::portal::hospital::query;
use crate::portal::{Loaded, NotFoundPage};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonRow, CheckboxGroup, DateField, Field, FormErrors, LinkButton, Notice,
    PageHeader, RadioGroup,
};

/// `/family/ask`
#[component]
pub fn AskPage() -> impl IntoView {
    let form = use_form_state::<AskHelper>();
    let family = Reading::new(|| (), |()| read_family());
    let patient = query(FOR);
    view! {
        <Title text=t!(family.ask_title) />
        <Loaded
            resource=family
            view=move |family: Family| {
                match chosen(&family, &patient.get_untracked()) {
                    Some((patient, child)) => view! { <Ask patient child form /> }.into_any(),
                    None => view! { <NotFoundPage /> }.into_any(),
                }
            }
        />
    }
}

/// For whom help is asked: the viewer herself, or a small child with her name.
fn chosen(family: &Family, asked: &str) -> Option<(PatientId, Option<String>)> {
    let own = |patient: &OwnPatient| (patient.id, None);
    let Ok(id) = asked.parse::<PatientId>() else { return family.own.first().map(own) };
    let child = family.cares_for.iter().find(|cared| cared.guards && cared.patient_id == id);
    let child = child.map(|cared| (id, Some(cared.full_name.clone())));
    family.own.iter().find(|patient| patient.id == id).map(own).or(child)
}

#[component]
fn Ask(patient: PatientId, child: Option<String>, form: FormState<AskHelper>) -> impl IntoView {
    let title = match child.as_deref() {
        Some(name) => t!(family.ask_for, name = name),
        None => t!(family.ask_title).to_owned(),
    };
    let relations = if child.is_some() { &Relation::TO_A_CHILD[..] } else { &Relation::ALL[..] };
    view! {
        <div class="page page-narrow stack">
            <FormErrors problems=form.problems_posted_as(&[("permissions", PERMISSIONS)]) />
            <PageHeader title lead=t!(family.ask_lead) back=PATH />
            <Notice title=t!(family.ask_what)>
                <ul>
                    <li>{t!(family.ask_mail)}</li>
                    <li>{t!(family.ask_own_account)}</li>
                    <li>{t!(family.ask_end)}</li>
                </ul>
            </Notice>
            <Form state=form no_summary=true>
                <div class="form">
                    <input type="hidden" name="patient" value=patient.to_string() />
                    <Field
                        label=t!(family.email)
                        name="email"
                        kind="email"
                        autocomplete="off"
                        value=form.value("email")
                        error=form.problem("email")
                    />
                    <RadioGroup
                        legend=t!(family.relation)
                        name="relation"
                        options=relation_choices(relations)
                        value=form.value("relation")
                        error=form.problem("relation")
                    />
                    <TermsFields form=*form first=First::default() />
                    <Buttons busy=form.busy() words=t!(family.ask_action) />
                </div>
            </Form>
        </div>
    }
    .into_any()
}

/// What stands in the fields at first.
#[derive(Clone, Debug, Default)]
struct First {
    permissions: Vec<String>,
    from: String,
    until: String,
}

/// What may be done, and for how long.
#[component]
fn TermsFields(form: Sending, first: First) -> impl IntoView {
    let ticked = form.values_or(PERMISSIONS, &first.permissions);
    view! {
        <CheckboxGroup
            legend=t!(family.may)
            name=PERMISSIONS
            options=permission_choices()
            values=ticked
            error=form.problem("permissions")
        />
        <DateField
            label=t!(family.from_label)
            name="from"
            hint=t!(family.from_hint)
            value=form.value_or("from", &first.from)
            error=form.problem("from")
            optional=true
        />
        <DateField
            label=t!(family.until_label)
            name="until"
            hint=t!(family.until_hint)
            value=form.value_or("until", &first.until)
            error=form.problem("until")
            optional=true
        />
    }
    .into_any()
}

#[component]
fn Buttons(#[prop(into)] busy: Signal<bool>, words: &'static str) -> impl IntoView {
    view! {
        <ButtonRow>
            <Button busy>{words}</Button>
            <LinkButton href=PATH kind=ButtonKind::Secondary>
                {t!(common.cancel)}
            </LinkButton>
        </ButtonRow>
    }
    .into_any()
}

/// `/family/change`
#[component]
pub fn ChangePage() -> impl IntoView {
    let form = use_form_state::<ChangeHelper>();
    let family = Reading::new(|| (), |()| read_family());
    let (patient, helper) = (query(FOR), query("helper"));
    let wanted = move |one: &Helper| {
        one.changeable
            && one.patient_id.to_string() == patient.get_untracked()
            && one.account_id.to_string() == helper.get_untracked()
    };
    view! {
        <Title text=t!(family.change_title) />
        <Loaded
            resource=family
            view=move |family: Family| {
                match family.helpers.into_iter().find(&wanted) {
                    Some(helper) => view! { <Change helper form /> }.into_any(),
                    None => view! { <NotFoundPage /> }.into_any(),
                }
            }
        />
    }
}

#[component]
fn Change(helper: Helper, form: FormState<ChangeHelper>) -> impl IntoView {
    let codes = helper.permissions.iter().map(|permission| permission.code().to_owned()).collect();
    let day = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let first = First { permissions: codes, from: day(helper.from), until: day(helper.until) };
    let lead = t!(family.change_lead, helper = helper.full_name, patient = helper.patient_name);
    view! {
        <div class="page page-narrow stack">
            <FormErrors problems=form.problems_posted_as(&[("permissions", PERMISSIONS)]) />
            <PageHeader title=t!(family.change_title) lead=lead back=PATH />
            <Form state=form no_summary=true>
                <div class="form">
                    <input type="hidden" name="patient" value=helper.patient_id.to_string() />
                    <input type="hidden" name="helper" value=helper.account_id.to_string() />
                    <TermsFields form=*form first />
                    <Buttons busy=form.busy() words=t!(common.save_changes) />
                </div>
            </Form>
        </div>
    }
    .into_any()
}
