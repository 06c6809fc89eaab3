//! One kind of visit: what it is called, how long it takes, what it costs.
//! Changing it changes nothing that is booked.

use domain::hospitals::VisitType;
use domain::ids::{HospitalId, VisitTypeId};
use domain::money::minor_digits;
use leptos::prelude::*;
use leptos_meta::Title;

use super::price;
use crate::form::{Form, FormState, use_form_state};
use crate::hospitals::admin_api::{Offer, hospital_offer};
use crate::hospitals::admin_forms::KeepVisitType;
use crate::payments::hospital::FollowUpSection;
use crate::portal::hospital::Section;
use crate::portal::{Loaded, NotFoundPage};
use crate::reading::Reading;
use crate::resources::hospital::NeedsSection;
use crate::t;
use crate::ui::{Button, ButtonRow, Checkbox, Choice, Field, FieldWidth, FormErrors, PageHeader, RadioGroup};

/// See the module.
#[component]
pub fn VisitTypePage(
    /// Which hospital.
    hospital: HospitalId,
    /// Which kind; none for a new one.
    id: Option<VisitTypeId>,
) -> impl IntoView {
    let form = use_form_state::<KeepVisitType>();
    let offer = Reading::new(|| (), move |()| hospital_offer(hospital));
    view! {
        <div class="page page-narrow">
            <Loaded resource=offer view=move |offer: Offer| view! { <Content hospital id offer form /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Content(
    hospital: HospitalId,
    id: Option<VisitTypeId>,
    offer: Offer,
    form: FormState<KeepVisitType>,
) -> impl IntoView {
    let all = offer.visit_types;
    let known = id.and_then(|id| all.iter().find(|visit_type| visit_type.id == id).cloned());
    if id.is_some() && known.is_none() {
        return view! { <NotFoundPage /> }.into_any();
    }
    let follow_up = known.as_ref().map(|known| {
        let (types, id) = (all.clone(), known.id);
        view! { <FollowUpSection hospital visit_type=id types /> }
    });
    let title = known
        .as_ref()
        .map_or_else(|| t!(hospital_setup.visit_type_new).to_owned(), |known| known.name.clone());
    view! {
        <Title text=title.clone() />
        <PageHeader title back=Section::VisitTypes.at(hospital) />
        <div class="stack">
            <TypeForm hospital known currency=offer.hospital.currency form />
            {id.map(|visit_type| view! { <NeedsSection hospital visit_type /> })}
            {follow_up}
        </div>
    }
    .into_any()
}

fn first_values(known: Option<&VisitType>, currency: &str) -> [(&'static str, String); 12] {
    let number = |pick: fn(&VisitType) -> u16, first: &str| {
        known.map_or_else(|| first.to_owned(), |t| pick(t).to_string())
    };
    let digits = minor_digits(currency).unwrap_or(2);
    let ticked = |is: bool| if is { "true".to_owned() } else { String::new() };
    [
        ("name", known.map_or_else(String::new, |t| t.name.clone())),
        ("modality", known.map_or("in_person", |t| t.modality.code()).to_owned()),
        ("minutes", number(|t| t.minutes, "20")),
        ("buffer_before", number(|t| t.buffer_before, "0")),
        ("buffer_after", number(|t| t.buffer_after, "0")),
        ("price", known.map_or_else(String::new, |t| price::typed(t.price.amount_minor, digits))),
        ("most_a_day", known.and_then(|t| t.most_a_day).map_or_else(String::new, |most| most.to_string())),
        ("capacity", number(|t| t.capacity, "1")),
        ("prepaid", ticked(known.is_some_and(|t| t.prepaid))),
        ("series", ticked(known.is_some_and(|t| t.series))),
        ("follow_up_only", ticked(known.is_some_and(|t| t.follow_up_only))),
        ("active", ticked(known.is_none_or(|t| t.active))),
    ]
}

#[component]
fn TypeForm(
    hospital: HospitalId,
    known: Option<VisitType>,
    currency: String,
    form: FormState<KeepVisitType>,
) -> impl IntoView {
    let firsts = first_values(known.as_ref(), &currency);
    let value = move |name: &str| {
        form.value_or(
            name,
            firsts.iter().find(|(known, _)| *known == name).map_or("", |(_, first)| first.as_str()),
        )
    };
    let id =
        known.map(|known| view! { <input type="hidden" name="visit_type" value=known.id.to_string() /> });
    let modalities = vec![
        Choice::new("in_person", t!(hospital_visit.in_person)),
        Choice::new("video", t!(hospital_visit.by_video)),
    ];
    let minutes = t!(hospital_setup.minutes_unit);
    let switches = switches(|name| value(name) == "true", form);
    view! {
        <FormErrors problems=form.problems_posted_as(&[("price_minor", "price")]) />
        <Form state=form no_summary=true>
            <div class="stack form">
                <input type="hidden" name="hospital" value=hospital.to_string() />
                {id}
                <Field
                    label=t!(common.name)
                    name="name"
                    value=value("name")
                    hint=t!(hospital_setup.visit_type_name_hint)
                    error=form.problem("name")
                />
                <RadioGroup
                    legend=t!(hospital_visit.place)
                    name="modality"
                    options=modalities
                    value=value("modality")
                    error=form.problem("modality")
                />
                <Number label=t!(hospital_setup.length) name="minutes" value=value("minutes") unit=minutes form />
                <Number
                    label=t!(hospital_setup.buffer_before)
                    name="buffer_before"
                    value=value("buffer_before")
                    unit=minutes
                    form
                />
                <Number
                    label=t!(hospital_setup.buffer_after)
                    name="buffer_after"
                    value=value("buffer_after")
                    unit=minutes
                    form
                />
                <Field
                    label=t!(hospital_visit.price)
                    name="price"
                    value=value("price")
                    hint=t!(hospital_setup.price_hint)
                    error=form.problem("price_minor")
                    inputmode="decimal"
                    width=FieldWidth::Short
                    unit=currency
                />
                <Number
                    label=t!(hospital_setup.most_a_day)
                    name="most_a_day"
                    value=value("most_a_day")
                    hint=t!(hospital_setup.most_a_day_hint)
                    optional=true
                    form
                />
                <Number
                    label=t!(hospital_setup.capacity)
                    name="capacity"
                    value=value("capacity")
                    hint=t!(hospital_setup.capacity_hint)
                    form
                />
                {switches}
                <ButtonRow>
                    <Button busy=form.busy()>{t!(common.save)}</Button>
                </ButtonRow>
            </div>
        </Form>
    }
    .into_any()
}

/// What is on or off.
fn switches(is_on: impl Fn(&str) -> bool, form: FormState<KeepVisitType>) -> Vec<AnyView> {
    let boxes = [
        ("prepaid", t!(hospital_setup.prepaid), t!(hospital_setup.prepaid_hint)),
        ("series", t!(hospital_setup.series), t!(hospital_setup.series_hint)),
        ("follow_up_only", t!(hospital_setup.follow_up_only), t!(hospital_setup.follow_up_only_hint)),
        ("active", t!(hospital_setup.visit_type_open), t!(hospital_setup.visit_type_open_hint)),
    ];
    let one = |(name, label, hint): (&'static str, &'static str, &'static str)| {
        let checked = is_on(name);
        view! { <Checkbox label name checked hint error=form.problem(name) /> }.into_any()
    };
    boxes.into_iter().map(one).collect()
}

/// A whole number of a few digits.
#[component]
fn Number(
    label: &'static str,
    name: &'static str,
    value: String,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] unit: &'static str,
    /// Whether it may be left empty.
    #[prop(optional)]
    optional: bool,
    form: FormState<KeepVisitType>,
) -> impl IntoView {
    view! {
        <Field
            label=label
            name=name
            value=value
            hint=hint
            error=form.problem(name)
            inputmode="numeric"
            width=FieldWidth::Tiny
            unit=unit
            optional=optional
        />
    }
    .into_any()
}
