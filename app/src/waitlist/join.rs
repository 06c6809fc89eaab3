//! `/book/{doctor}/wait`: which days and times suit, for a visit that is not booked yet, or for one that should be earlier (`visit` in the
//! address).

use domain::doctors::Doctor;
use domain::ids::{AppointmentId, DoctorId, VisitTypeId};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{DAY_PARTS, JoinWaitingList, WEEKDAYS};
use super::words::{day_choices, part_choices};
use crate::doctors::api::read_doctor;
use crate::family::acting::{for_whom, keep};
use crate::form::{Form, FormState, new_key, use_form_state};
use crate::portal::{Loaded, NotFoundPage, use_query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonRow, CheckboxGroup, DateField, FormErrors, LinkButton, Notice, PageHeader,
    SkeletonShape,
};

/// What the address says besides the doctor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wish {
    kind: Option<VisitTypeId>,
    visit: Option<AppointmentId>,
    /// The last day that makes sense: that of the visit which is to be earlier.
    last: Option<Date>,
}

/// See the module.
#[component]
pub fn WaitPage(
    /// With whom.
    doctor: DoctorId,
) -> impl IntoView {
    let (form, map) = (use_form_state::<JoinWaitingList>(), use_query());
    let wish = move || {
        map.with_untracked(|map| Wish {
            kind: map.get("visit_type").and_then(|id| id.parse().ok()),
            visit: map.get("visit").and_then(|id| id.parse().ok()),
            last: map.get("last").and_then(|day| day.parse().ok()),
        })
    };
    let found = Reading::new(move || doctor, read_doctor);
    view! {
        <Title text=t!(waiting.join_title) />
        <Loaded
            resource=found
            shape=SkeletonShape::Rows
            view=move |doctor: Doctor| page(doctor, &wish(), form)
        />
    }
}

fn page(doctor: Doctor, wish: &Wish, form: FormState<JoinWaitingList>) -> AnyView {
    let card = doctor.card;
    let named = card.visit_types.iter().find(|kind| Some(kind.id) == wish.kind);
    let (kind, kind_name) = match (named, wish.kind, wish.visit, card.visit_types.first()) {
        // What she has may be earlier, though she could not book it by herself, and is not shown it.
        (None, Some(id), Some(_), _) => (id, String::new()),
        (Some(kind), _, _, _) | (None, _, _, Some(kind)) => (kind.id, kind.name.clone()),
        (None, _, _, None) => return view! { <NotFoundPage /> }.into_any(),
    };
    let kind_name = (!kind_name.is_empty()).then(|| view! { <p class="muted">{kind_name}</p> });
    let lead = match wish.visit {
        Some(_) => t!(waiting.join_earlier_lead),
        None => t!(waiting.join_lead),
    };
    let back = match wish.visit {
        Some(id) => format!("/appointments/{id}"),
        None => keep(&format!("/book/{}/time?visit_type={kind}", card.id)),
    };
    let until = wish.last.map(|day| day.to_string()).unwrap_or_default();
    let visit = wish.visit.map(|id| id.to_string()).unwrap_or_default();
    let patient = for_whom().map(|id| id.to_string()).unwrap_or_default();
    let key = SharedValue::new(new_key).into_inner();
    view! {
        <div class="page page-narrow stack">
            <FormErrors problems=form.problems_posted_as(&[("weekdays", WEEKDAYS), ("day_parts", DAY_PARTS)]) />
            <PageHeader title=t!(waiting.join_title) eyebrow=card.name lead back=back.clone() />
            {kind_name}
            <Notice>
                <ul>
                    <li>{t!(waiting.how_one)}</li>
                    <li>{t!(waiting.how_two)}</li>
                    <li>{t!(waiting.how_three)}</li>
                </ul>
            </Notice>
            <Form state=form no_summary=true>
                <div class="form">
                    <input type="hidden" name="doctor" value=card.id.to_string() />
                    <input type="hidden" name="visit_type" value=kind.to_string() />
                    <input type="hidden" name="patient" value=patient />
                    <input type="hidden" name="visit" value=visit />
                    <input type="hidden" name="idempotency_key" value=key />
                    <DateField
                        label=t!(waiting.from)
                        name="from"
                        value=form.value("from")
                        error=form.problem("from")
                    />
                    <DateField
                        label=t!(waiting.until)
                        name="until"
                        hint=t!(waiting.until_hint)
                        value=form.value_or("until", &until)
                        error=form.problem("until")
                    />
                    <CheckboxGroup
                        legend=t!(waiting.which_days)
                        name=WEEKDAYS
                        hint=t!(waiting.none_is_any)
                        options=day_choices()
                        values=form.values_or(WEEKDAYS, &[])
                        error=form.problem("weekdays")
                    />
                    <CheckboxGroup
                        legend=t!(waiting.which_times)
                        name=DAY_PARTS
                        hint=t!(waiting.none_is_any)
                        options=part_choices()
                        values=form.values_or(DAY_PARTS, &[])
                        error=form.problem("day_parts")
                    />
                    <ButtonRow>
                        <Button busy=form.busy()>{t!(waiting.join)}</Button>
                        <LinkButton href=back kind=ButtonKind::Secondary>
                            {t!(common.cancel)}
                        </LinkButton>
                    </ButtonRow>
                </div>
            </Form>
        </div>
    }
    .into_any()
}
