//! The form with which a doctor opens the record of a patient whom she does not treat.
//! It says first what follows; there is no list to browse: the patient is named by what is known at the bedside.

use domain::access::Role;
use domain::ids::HospitalId;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::DeclareEmergency;
use crate::form::{Form, use_form_state};
use crate::portal::hospital::Section;
use crate::portal::{NotFoundPage, use_viewer};
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonRow, DateField, Field, IconName, LinkButton, Notice, PageHeader, TextArea,
};

/// See the module.
#[component]
pub fn DeclarePage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let form = use_form_state::<DeclareEmergency>();
    if !is_doctor(hospital) {
        return view! { <NotFoundPage /> }.into_any();
    }
    view! {
        <Title text=t!(emergency.title) />
        <div class="page page-narrow stack">
            <PageHeader title=t!(emergency.title) lead=t!(emergency.lead) />
            <Notice title=t!(emergency.what_happens)>
                <ul>
                    <li>{t!(emergency.happens_access)}</li>
                    <li>{t!(emergency.happens_patient)}</li>
                    <li>{t!(emergency.happens_review)}</li>
                </ul>
                <p>{t!(emergency.happens_ready)}</p>
            </Notice>
            <Form state=form>
                <div class="stack form">
                    <input type="hidden" name="hospital" value=hospital.to_string() />
                    <Field
                        label=t!(emergency.full_name)
                        name="full_name"
                        value=form.value("full_name")
                        hint=t!(emergency.full_name_hint)
                        error=form.problem("full_name")
                        autocomplete="off"
                    />
                    <DateField
                        label=t!(emergency.birth_date)
                        name="birth_date"
                        value=form.value("birth_date")
                        error=form.problem("birth_date")
                    />
                    <TextArea
                        label=t!(emergency.reason)
                        name="reason"
                        value=form.value("reason")
                        hint=t!(emergency.reason_hint)
                        error=form.problem("reason")
                        rows=3
                        max_length=500
                    />
                    <p class="muted">{t!(emergency.proof_hint)}</p>
                    <ButtonRow>
                        <Button busy=form.busy() icon=IconName::Lock>
                            {t!(emergency.action)}
                        </Button>
                        <LinkButton href=Section::Today.at(hospital) kind=ButtonKind::Secondary>
                            {t!(common.cancel)}
                        </LinkButton>
                    </ButtonRow>
                </div>
            </Form>
        </div>
    }
    .into_any()
}

/// Whether the viewer is a doctor of the hospital: only doctors have a use for the form.
pub(super) fn is_doctor(hospital: HospitalId) -> bool {
    let viewer = use_viewer();
    let membership = viewer.principal().and_then(|principal| principal.membership(hospital));
    membership.is_some_and(|membership| membership.role == Role::Doctor)
}
