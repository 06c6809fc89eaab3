//! `/appointments/{id}/pay`: a time that is held, how long still, and the one button that leads to where it is paid.
//! Whoever comes back from there, or comes back tomorrow, sees on the same page how it went.

use domain::appointments::{Appointment, Status};
use domain::ids::AppointmentId;
use domain::payments::{Bill, Checkout, PaymentState};
use domain::time::Moment;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;

use super::RefundTerms;
use crate::appointments::parts::{Whereabouts, when_text};
use crate::doctors::parts::money;
use crate::family::acting::ActingBanner;
use crate::form::{Form, use_form_state};
use crate::i18n::time;
use crate::live::use_live;
use crate::payments::api::{ExtendHold, Pay, ReleaseHold, TakeHold, read_pay};
use crate::portal::{Loaded, use_now, use_query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, Card, IconName, LinkButton, Notice, NoticeKind, PageHeader, SummaryList, SummaryRow,
};
use crate::waitlist::api::PATH;

/// See the module.
#[component]
pub fn PayPage(
    /// Which visit.
    id: AppointmentId,
) -> impl IntoView {
    let live = use_live();
    let map = use_query();
    let found = Reading::new(move || (id, live.version()), |(id, _)| read_pay(id));
    let returned = move || map.with(|map| map.get("returned").is_some());
    view! {
        <Title text=t!(payments.pay_title) />
        <Loaded resource=found view=move |found: Pay| page(found, returned()) />
    }
}

fn page(found: Pay, returned: bool) -> AnyView {
    let Pay { visit, bill, checkout, wait } = found;
    let banner = visit.as_ref().map(|visit| view! { <ActingBanner patient=visit.patient_id /> });
    let content = match bill.status {
        Status::PendingPayment => {
            let checking = returned && bill.payments.iter().any(|payment| payment.state.is_under_way());
            view! { <Waiting visit bill checkout wait checking returned /> }.into_any()
        }
        // What it is and what comes of taking it is told there.
        Status::Held if bill.offered => return view! { <Redirect path=PATH /> }.into_any(),
        Status::Held => view! { <OnlyHeld visit bill /> }.into_any(),
        Status::Expired => view! { <Over visit bill /> }.into_any(),
        // It was booked, and what comes back of its money the visit's own page says to whoever may read that.
        Status::Cancelled if visit.is_some() => {
            return view! { <Redirect path=format!("/appointments/{}", bill.appointment_id) /> }.into_any();
        }
        Status::Cancelled => view! {
            <PageHeader title=t!(payments.title) />
            <Notice>
                <p>{t!(payments.was_cancelled)}</p>
            </Notice>
            {what(None, &bill)}
        }
        .into_any(),
        Status::Booked
        | Status::Confirmed
        | Status::Arrived
        | Status::CheckedIn
        | Status::InProgress
        | Status::Completed
        | Status::NoShow
        | Status::LeftUnseen => {
            return view! { <Redirect path=format!("/appointments/{}?booked=1", bill.appointment_id) /> }
                .into_any();
        }
    };
    view! {
        {banner}
        <div class="page page-narrow stack">{content}</div>
    }
    .into_any()
}

/// What is held, in a card.
fn what(visit: Option<Appointment>, bill: &Bill) -> AnyView {
    let Some(visit) = visit else {
        let reference = bill.reference.clone();
        return view! {
            <SummaryList>
                <SummaryRow label=t!(ui.reference)>
                    <span translate="no">{reference}</span>
                </SummaryRow>
            </SummaryList>
        }
        .into_any();
    };
    let (when, doctor, kind) = (when_text(&visit), visit.doctor_name.clone(), visit.visit_type_name.clone());
    view! {
        <Card title=when>
            <p>
                <bdi translate="no">{doctor}</bdi>
                ", "
                {kind}
            </p>
            <Whereabouts visit />
        </Card>
    }
    .into_any()
}

/// "Held for you: about 12 minutes more. Until 10:15 on the hospital's clock." How long comes first: whoever pays may be far away from
/// that clock.
#[component]
fn Countdown(until: Moment) -> impl IntoView {
    let now = use_now();
    let left = move || {
        let seconds = until.at().duration_since(now.get()?).as_secs();
        Some(match seconds {
            ..=0 => t!(payments.no_time_left).to_owned(),
            1..60 => t!(payments.less_than_a_minute).to_owned(),
            60.. => {
                let minutes = u64::try_from((seconds + 59) / 60).unwrap_or(0);
                t!(payments.minutes_left, count = minutes)
            }
        })
    };
    let clock = time(until.local().time());
    view! {
        <p class="hold-clock" role="timer" aria-live="off">
            <strong>{move || left()}</strong>
            " "
            <span class="muted">{t!(payments.until_there, time = clock)}</span>
        </p>
    }
}

#[component]
fn Waiting(
    visit: Option<Appointment>,
    bill: Bill,
    checkout: Option<Checkout>,
    wait: Option<u32>,
    checking: bool,
    returned: bool,
) -> impl IntoView {
    let (id, extendable) = (bill.appointment_id, visit.as_ref().is_some_and(|visit| visit.extendable));
    let (may_change, offered) = (visit.is_some(), bill.offered);
    let clock = bill.held_until.map(|until| view! { <Countdown until /> });
    let told = if checking {
        Some(view! { <Notice><p>{t!(payments.checking)}</p></Notice> }.into_any())
    } else {
        // Whoever comes back from the provider has most likely paid; whoever has not comes here by another way.
        returned.then(|| {
            view! { <Notice kind=NoticeKind::Warning><p>{t!(payments.not_heard_yet)}</p></Notice> }.into_any()
        })
    };
    let price = money(&bill.price);
    let terms =
        visit.as_ref().map(|visit| view! { <RefundTerms hospital=visit.hospital_id start=visit.start /> });
    let way = match (checkout, wait) {
        (Some(checkout), _) => view! { <Way checkout again=returned /> }.into_any(),
        (None, Some(minutes)) => view! {
            <Notice kind=NoticeKind::Warning title=t!(payments.many_begun_title)>
                <p>{t!(payments.many_begun, count = minutes)}</p>
            </Notice>
        }
        .into_any(),
        (None, None) => view! {
            <Notice kind=NoticeKind::Warning title=t!(payments.unreachable_title)>
                <p>{t!(payments.unreachable)}</p>
                <p>
                    <a href=format!("/appointments/{id}/pay") rel="external">{t!(payments.try_again)}</a>
                </p>
            </Notice>
        }
        .into_any(),
    };
    view! {
        <PageHeader title=t!(payments.pay_title) lead=t!(payments.pay_lead) />
        {told}
        {clock}
        {what(visit, &bill)}
        <SummaryList>
            <SummaryRow label=t!(payments.to_pay)>
                <strong class="money">{price}</strong>
            </SummaryRow>
        </SummaryList>
        {terms}
        {way}
        {may_change.then(|| view! { <HoldMoves id extendable offered /> })}
    }
}

/// The form that leads to the provider's page, where there is one button and nothing else to fill in.
#[component]
fn Way(
    checkout: Checkout,
    /// Somebody comes from there, so this is not the first thing to do.
    again: bool,
) -> impl IntoView {
    let kind = if again { ButtonKind::Secondary } else { ButtonKind::Primary };
    let words = t!(payments.pay_now, price = money(&checkout.amount));
    let button = if checkout.method == "post" {
        let fields: Vec<_> = checkout
            .fields
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
            .collect();
        view! {
            <form method="post" action=checkout.url>
                {fields}
                <Button kind wide=true icon=IconName::Lock>{words}</Button>
            </form>
        }
        .into_any()
    } else {
        let look = if again { "button-secondary" } else { "button-primary" };
        view! {
            <a class=format!("button {look} button-wide") href=checkout.url rel="external noreferrer">
                <span>{words}</span>
            </a>
        }
        .into_any()
    };
    view! {
        {button}
        <p class="small muted">{t!(payments.provider_hint)}</p>
    }
}

/// Longer, or not at all.
#[component]
fn HoldMoves(id: AppointmentId, extendable: bool, offered: bool) -> impl IntoView {
    let (longer, release) = (use_form_state::<ExtendHold>(), use_form_state::<ReleaseHold>());
    let more = extendable.then(|| {
        view! {
            <Form state=longer reload=true>
                <input type="hidden" name="id" value=id.to_string() />
                <Button kind=ButtonKind::Secondary>{t!(payments.longer)}</Button>
            </Form>
        }
    });
    view! {
        <div class="button-row">
            {more}
            <Form state=release reload=true>
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="offered" value=offered.to_string() />
                <Button kind=ButtonKind::Quiet>{t!(payments.let_go)}</Button>
            </Form>
        </div>
    }
}

/// Held, and nothing to pay first.
#[component]
fn OnlyHeld(visit: Option<Appointment>, bill: Bill) -> impl IntoView {
    let take = use_form_state::<TakeHold>();
    let (id, extendable) = (bill.appointment_id, visit.as_ref().is_some_and(|visit| visit.extendable));
    let clock = bill.held_until.map(|until| view! { <Countdown until /> });
    let price = money(&bill.price);
    view! {
        <Title text=t!(payments.held_title) />
        <PageHeader title=t!(payments.held_title) lead=t!(payments.held_lead) />
        {clock}
        {what(visit, &bill)}
        <SummaryList>
            <SummaryRow label=t!(booking.price)>
                <span class="money">{price}</span>
            </SummaryRow>
        </SummaryList>
        <Form state=take>
            <input type="hidden" name="id" value=id.to_string() />
            <Button wide=true>{t!(booking.book_now)}</Button>
        </Form>
        <HoldMoves id extendable offered=bill.offered />
    }
}

/// The time is held no longer, or was let go of; what was paid all the same goes back, or seats whoever paid.
#[component]
fn Over(visit: Option<Appointment>, bill: Bill) -> impl IntoView {
    let comes_back = bill.payments.iter().any(|payment| {
        payment.captured_minor > 0 || matches!(payment.state, PaymentState::Undoing | PaymentState::Voided)
    });
    let (title, text) = if comes_back {
        (t!(payments.too_late_title), t!(payments.too_late))
    } else {
        (t!(payments.ended_title), t!(payments.ended))
    };
    let again = visit.as_ref().map(|visit| {
        let (doctor, kind, patient) = (visit.doctor_id, visit.visit_type_id, visit.patient_id);
        let href = format!("/book/{doctor}/time?visit_type={kind}&patient={patient}");
        view! { <LinkButton href icon=IconName::Calendar>{t!(payments.choose_again)}</LinkButton> }
    });
    view! {
        <Title text=title />
        <PageHeader title />
        <Notice kind=NoticeKind::Warning>
            <p>{text}</p>
        </Notice>
        {what(visit, &bill)}
        <div class="button-row">{again}</div>
    }
}
