//! What a hospital decides about its queue, beneath its other settings: whether patients say themselves that they are here, and the
//! private address of the wall.
//! The address is shown once; later only that there is one.

use domain::ids::HospitalId;
use leptos::prelude::*;

use crate::form::{Form, FormState, use_form_state};
use crate::i18n::date_medium;
use crate::portal::Loaded;
use crate::portal::hospital::query;
use crate::queues::admin_api::{QueueSetup, WallDays, read_queue_setup};
use crate::queues::admin_forms::{EndWall, MakeWall, SetQueue};
use crate::reading::Reading;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonRow, Checkbox, Details, Done, Notice, NoticeKind};

/// See the module.
#[component]
pub fn QueueSettingsSection(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let (form, make, end) =
        (use_form_state::<SetQueue>(), use_form_state::<MakeWall>(), use_form_state::<EndWall>());
    let saved = query("queue");
    let data = Reading::new(
        move || (saved.get(), form.accepted().get(), make.accepted().get(), end.accepted().get()),
        move |_| read_queue_setup(hospital),
    );
    let kept = move || {
        (saved.get() == "queue" && form.error().get().is_none())
            .then(|| view! { <Done words=t!(queue.settings_saved) /> })
    };
    view! {
        <section class="stack-small" aria-labelledby="queue-settings">
            <h2 class="section-title" id="queue-settings">{t!(queue.settings_title)}</h2>
            {kept}
            <Loaded
                resource=data
                view=move |setup: QueueSetup| {
                    // An old address of this page says nothing about a wall that was made since.
                    let ended = saved.get_untracked() == "ended" && setup.wall.is_none();
                    view! {
                        <Form state=form>
                            <div class="form">
                                <input type="hidden" name="hospital" value=hospital.to_string() />
                                <Checkbox
                                    label=t!(queue.self_check_in)
                                    name="self_check_in"
                                    checked=setup.settings.self_check_in
                                    hint=t!(queue.self_check_in_hint)
                                />
                                <ButtonRow>
                                    <Button kind=ButtonKind::Secondary busy=form.busy()>{t!(queue.save)}</Button>
                                </ButtonRow>
                            </div>
                        </Form>
                        <h3 class="card-title queue-screen">{t!(queue.wall_title)}</h3>
                        <p>{t!(queue.wall_text)}</p>
                        {ended.then(|| view! { <Done words=t!(queue.wall_ended) /> })}
                        {setup.fresh.map(|address| view! { <Fresh address /> })}
                        {match setup.wall {
                            None => making(hospital, t!(queue.wall_make), ButtonKind::Secondary, make),
                            Some(wall) => made(hospital, wall, make, end),
                        }}
                    }
                }
            />
        </section>
    }
    .into_any()
}

/// The address; minutes later it is gone for good.
#[component]
fn Fresh(address: String) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Success title=t!(queue.wall_made)>
            <p>{t!(queue.wall_made_text)}</p>
            <label class="field-label" for="wall-address">{t!(queue.wall_address)}</label>
            <textarea class="input" id="wall-address" rows="3" readonly dir="ltr" translate="no">
                {address}
            </textarea>
        </Notice>
    }
    .into_any()
}

fn making(hospital: HospitalId, words: &'static str, kind: ButtonKind, form: FormState<MakeWall>) -> AnyView {
    view! {
        <Form state=form reload=true>
            <input type="hidden" name="hospital" value=hospital.to_string() />
            <Button kind>{words}</Button>
        </Form>
    }
    .into_any()
}

/// Since when there is one, and what can be done with it.
fn made(hospital: HospitalId, wall: WallDays, make: FormState<MakeWall>, end: FormState<EndWall>) -> AnyView {
    let read = wall
        .read_on
        .map_or_else(|| t!(queue.wall_unread).to_owned(), |day| t!(queue.wall_read, date = date_medium(day)));
    view! {
        <p>{t!(queue.wall_since, date = date_medium(wall.made_on))} " " {read}</p>
        <Details summary=t!(queue.wall_renew)>
            <p>{t!(queue.wall_renew_text)}</p>
            {making(hospital, t!(queue.wall_renew_action), ButtonKind::Secondary, make)}
        </Details>
        <Details summary=t!(queue.wall_end)>
            <p>{t!(queue.wall_end_text)}</p>
            <Form state=end reload=true>
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <Button kind=ButtonKind::Danger>{t!(queue.wall_end_action)}</Button>
            </Form>
        </Details>
    }
    .into_any()
}
