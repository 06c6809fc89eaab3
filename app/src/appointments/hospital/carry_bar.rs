//! What stands at the foot of the week while a visit is carried: from where, to where, and the one button that moves it. After that: that it
//! was moved, and the way back.
//! Both are plain forms; the way without carrying is the page that puts a visit on another time.

use domain::appointments::Appointment;
use domain::ids::HospitalId;
use domain::time::Moment;
use leptos::prelude::*;

use super::carry::{Carry, when};
use super::parts::{date_and_hours, name_and_born};
use crate::appointments::admin_forms::CarryVisit;
use crate::form::{Form, FormState, new_key};
use crate::i18n::date_at_time;
use crate::portal::hospital::Section;
use crate::t;
use crate::ui::{Button, ButtonKind, FormErrors, IconName, LinkButton, Notice, NoticeKind};

/// The id of the button that moves the visit.
pub const CONFIRM: &str = "carry-confirm";

/// See the module.
#[component]
pub fn CarryBar(
    /// Where.
    hospital: HospitalId,
    /// What is carried.
    carry: Carry,
    /// The form that moves it.
    form: FormState<CarryVisit>,
    /// What happens when it is put back.
    put_back: Callback<()>,
) -> impl IntoView {
    let carried = Memo::new(move |_| carry.visit.get());
    move || carried.get().map(|visit| view! { <Bar hospital carry form visit put_back /> })
}

#[component]
fn Bar(
    hospital: HospitalId,
    carry: Carry,
    form: FormState<CarryVisit>,
    visit: Appointment,
    put_back: Callback<()>,
) -> impl IntoView {
    let target = move || match (carry.chosen.get(), carry.slots.with(|slots| slots.as_ref().map(Vec::len))) {
        (Some(slot), _) => when(slot),
        (None, None) if carry.trouble.get().is_some() => carry.trouble.get().unwrap_or_default().to_owned(),
        (None, None) => t!(hospital_calendar.looking).to_owned(),
        (None, Some(0)) => t!(hospital_calendar.nowhere).to_owned(),
        (None, Some(_)) => t!(hospital_calendar.choose).to_owned(),
    };
    let start = move || carry.chosen.get().map(|slot| slot.start.to_string()).unwrap_or_default();
    let title = t!(hospital_calendar.carrying, patient = name_and_born(&visit), kind = visit.visit_type_name);
    view! {
        <section class="carry-bar no-print" class:carry-pulled=carry.pulled aria-labelledby="carry-title">
            <h2 class="carry-title" id="carry-title">
                {title}
            </h2>
            <p>
                <span class="muted">{t!(hospital_calendar.from)}</span>
                " "
                {date_and_hours(&visit)}
            </p>
            <p class="carry-to">
                <span class="muted">{t!(hospital_calendar.to)}</span>
                " "
                <strong>{target}</strong>
            </p>
            <FormErrors problems=form.problems() />
            <Form state=form no_summary=true>
                <input type="hidden" name="id" value=visit.id.to_string() />
                <input type="hidden" name="version" value=visit.version.to_string() />
                <input type="hidden" name="start" value=start />
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <input type="hidden" name="was" value=visit.start.to_string() />
                <input type="hidden" name="idempotency_key" value=move || carry.key.get() />
                <p class="small muted">{t!(hospital_calendar.told)}</p>
                <div class="cluster">
                    <Button attr:id=CONFIRM busy=form.busy()>
                        {t!(hospital_calendar.move_it)}
                    </Button>
                    <Button kind=ButtonKind::Secondary button_type="button" on:click=move |_| put_back.run(())>
                        {t!(hospital_calendar.put_back)}
                    </Button>
                    <LinkButton href=Section::Reschedule(visit.id).at(hospital) kind=ButtonKind::Quiet>
                        {t!(hospital_calendar.elsewhere)}
                    </LinkButton>
                </div>
            </Form>
            <p class="small muted carry-keys">{t!(hospital_calendar.carry_keys)}</p>
        </section>
    }
    .into_any()
}

/// That a visit of this week was moved, and the way back.
#[component]
pub fn Moved(
    /// Where.
    hospital: HospitalId,
    /// The visit as it stands now.
    visit: Appointment,
    /// When it was to begin before.
    was: Option<Moment>,
) -> impl IntoView {
    let form = crate::form::use_form_state::<CarryVisit>();
    let words = t!(hospital_calendar.moved, patient = visit.patient_name, when = date_and_hours(&visit));
    let back = was.filter(|was| visit.reschedulable && *was != visit.start).map(|was| {
        let key = SharedValue::new(new_key).into_inner();
        view! {
            <Form state=form>
                <input type="hidden" name="id" value=visit.id.to_string() />
                <input type="hidden" name="version" value=visit.version.to_string() />
                <input type="hidden" name="start" value=was.to_string() />
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <input type="hidden" name="was" value=visit.start.to_string() />
                <input type="hidden" name="idempotency_key" value=key />
                <Button kind=ButtonKind::Secondary small=true icon=IconName::Refresh busy=form.busy()>
                    {t!(hospital_calendar.move_back, when = date_at_time(was.date(), was.local().time()))}
                </Button>
            </Form>
        }
    });
    view! {
        <Notice kind=NoticeKind::Success>
            <p>{words}</p>
            {back}
        </Notice>
    }
    .into_any()
}
