//! `/account/second-factor`: turning codes at signing in on and off, and recovery codes to print.
//! A secret is on the page only while it has to be copied; nothing of it is kept in the browser.

use domain::second_factors::{Enrolment, SecondFactor};
use jiff::Timestamp;
use jiff::tz::Offset;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::{
    BeginSecondFactor, ConfirmSecondFactor, RenewRecoveryCodes, TurnOffSecondFactor, read_second_factor,
};
use super::held_back::HeldBack;
use crate::credentials::password::PasswordField;
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::date_medium;
use crate::portal::{Loaded, PrintButton, use_query, use_viewer};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonRow, Done, Field, FieldWidth, IconName, LinkButton, PageHeader, SkeletonShape,
    SummaryList, SummaryRow,
};

/// The forms of the page.
#[derive(Clone, Copy)]
struct Forms {
    begin: FormState<BeginSecondFactor>,
    confirm: FormState<ConfirmSecondFactor>,
    renew: FormState<RenewRecoveryCodes>,
    off: FormState<TurnOffSecondFactor>,
}

/// See the module.
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    let forms = Forms {
        begin: use_form_state(),
        confirm: use_form_state(),
        renew: use_form_state(),
        off: use_form_state(),
    };
    let state = Reading::new(|| (), |()| read_second_factor());
    let saved = use_query().with_untracked(|query| match query.get("saved").unwrap_or_default() {
        "on" => Some(t!(second_factor.saved_on)),
        "codes" => Some(t!(second_factor.saved_codes)),
        "off" => Some(t!(second_factor.saved_off)),
        _ => None,
    });
    let saved = saved.map(|words| view! { <Done words /> });
    view! {
        <Title text=t!(second_factor.title) />
        <div class="page page-narrow stack-large">
            <PageHeader title=t!(second_factor.title) lead=t!(second_factor.lead) />
            {saved}
            {for_staff()}
            <Loaded resource=state shape=SkeletonShape::Rows view=move |state| content(state, &forms) />
            <p class="no-print">
                <a href="/account/security">{t!(credentials.security_title)}</a>
            </p>
        </div>
    }
}

/// Why somebody is here who wanted to go to work, or the way there when it is set up.
fn for_staff() -> Option<AnyView> {
    let viewer = use_viewer();
    let principal = viewer.principal()?;
    let held = principal.held_back.first();
    if held.is_some() || principal.platform_held_back {
        let hospital = held.map(|held| held.hospital_name.clone());
        return Some(view! { <HeldBack hospital /> }.into_any());
    }
    principal.is_staff().then(|| {
        view! {
            <p class="no-print">
                <LinkButton href="/hospital" kind=ButtonKind::Secondary icon=IconName::Hospital>
                    {t!(second_factor.to_hospital)}
                </LinkButton>
            </p>
        }
        .into_any()
    })
}

fn content(state: SecondFactor, forms: &Forms) -> AnyView {
    match (state.since, state.enrolment) {
        (Some(since), _) => {
            view! { <On since left=state.recovery_left codes=state.recovery_codes renew=forms.renew off=forms.off /> }.into_any()
        }
        (None, Some(enrolment)) => view! { <Enrol enrolment form=forms.confirm /> }.into_any(),
        (None, None) => view! { <Begin form=forms.begin /> }.into_any(),
    }
}

#[component]
fn Begin(form: FormState<BeginSecondFactor>) -> impl IntoView {
    view! {
        <section class="stack-small">
            <p>{t!(second_factor.begin_text)}</p>
            <Form state=form reload=true>
                <div class="form">
                    <PasswordField error=form.problem("password") />
                    <Button>{t!(second_factor.begin)}</Button>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn Enrol(enrolment: Enrolment, form: FormState<ConfirmSecondFactor>) -> impl IntoView {
    let side = enrolment.qr_size;
    view! {
        <section class="stack-small" aria-labelledby="scan">
            <h2 class="section-title" id="scan">
                {t!(second_factor.scan_title)}
            </h2>
            <p class="only-narrow">
                <LinkButton href=enrolment.uri kind=ButtonKind::Secondary>
                    {t!(second_factor.open_app)}
                </LinkButton>
            </p>
            <p>{t!(second_factor.scan_text)}</p>
            <svg
                class="qr-code"
                viewBox=format!("0 0 {side} {side}")
                role="img"
                aria-label=t!(second_factor.qr_label)
            >
                <path d=enrolment.qr_path></path>
            </svg>
            <p>{t!(second_factor.by_hand)}</p>
            <p class="secret" translate="no">
                {enrolment.secret}
            </p>
        </section>
        <section class="stack-small" aria-labelledby="confirm">
            <h2 class="section-title" id="confirm">
                {t!(second_factor.confirm_title)}
            </h2>
            <Form state=form reload=true>
                <div class="form">
                    <Field
                        label=t!(second_factor.code)
                        name="code"
                        hint=t!(second_factor.six_digits)
                        autocomplete="one-time-code"
                        inputmode="numeric"
                        width=FieldWidth::Short
                        error=form.problem("code")
                    />
                    <Button>{t!(second_factor.confirm)}</Button>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn On(
    since: Timestamp,
    left: u32,
    codes: Vec<String>,
    renew: FormState<RenewRecoveryCodes>,
    off: FormState<TurnOffSecondFactor>,
) -> impl IntoView {
    let codes = (!codes.is_empty()).then(|| view! { <Codes codes /> });
    let query = use_query_map();
    // One form at a time: each asks for the same two things.
    let wanted = Memo::new(move |_| query.with(|query| query.get("do").unwrap_or_default()));
    let form = move || match wanted.get().as_str() {
        "codes" => view! { <Renew form=renew /> }.into_any(),
        "off" => view! { <TurnOff form=off /> }.into_any(),
        _ => view! {
            <div class="no-print">
                <ButtonRow>
                    <LinkButton href="/account/second-factor?do=codes" kind=ButtonKind::Secondary>
                        {t!(second_factor.renew)}
                    </LinkButton>
                    <LinkButton href="/account/second-factor?do=off" kind=ButtonKind::Quiet>
                        {t!(second_factor.off)}
                    </LinkButton>
                </ButtonRow>
            </div>
        }
        .into_any(),
    };
    view! {
        {codes}
        <SummaryList>
            <SummaryRow label=t!(second_factor.state)>
                {t!(second_factor.on_since, date = date_medium(Offset::UTC.to_datetime(since).date()))}
            </SummaryRow>
            <SummaryRow label=t!(second_factor.recovery)>{t!(second_factor.left, count = left)}</SummaryRow>
        </SummaryList>
        {form}
    }
    .into_any()
}

#[component]
fn Renew(form: FormState<RenewRecoveryCodes>) -> impl IntoView {
    let (password, code) = (form.problem("password"), form.problem("code"));
    view! {
        <section class="stack-small no-print" aria-labelledby="renew">
            <h2 class="section-title" id="renew">
                {t!(second_factor.renew_title)}
            </h2>
            <p>{t!(second_factor.renew_text)}</p>
            <Form state=form reload=true>
                <Both password code label=t!(second_factor.renew) />
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn TurnOff(form: FormState<TurnOffSecondFactor>) -> impl IntoView {
    let (password, code) = (form.problem("password"), form.problem("code"));
    view! {
        <section class="stack-small no-print" aria-labelledby="off">
            <h2 class="section-title" id="off">
                {t!(second_factor.off_title)}
            </h2>
            <p>{t!(second_factor.off_text)}</p>
            <Form state=form reload=true>
                <Both password code label=t!(second_factor.off) />
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn Codes(codes: Vec<String>) -> impl IntoView {
    let items: Vec<_> = codes.into_iter().map(|code| view! { <li class="secret">{code}</li> }).collect();
    view! {
        <section class="stack-small" aria-labelledby="codes">
            <h2 class="section-title" id="codes">
                {t!(second_factor.codes_title)}
            </h2>
            <p>{t!(second_factor.codes_text)}</p>
            <ul class="recovery-codes" translate="no">
                {items}
            </ul>
            <PrintButton label=t!(second_factor.print) hint=t!(second_factor.print_hint) />
        </section>
    }
    .into_any()
}

/// The password and a code, for what only whoever has both may do.
#[component]
fn Both(
    password: Signal<Option<String>>,
    code: Signal<Option<String>>,
    label: &'static str,
) -> impl IntoView {
    view! {
        <div class="form">
            <PasswordField error=password />
            <Field
                label=t!(second_factor.code)
                name="code"
                hint=t!(second_factor.code_hint)
                autocomplete="one-time-code"
                width=FieldWidth::Short
                max_length=40
                error=code
            />
            <Button kind=ButtonKind::Secondary>{label}</Button>
        </div>
    }
    .into_any()
}
