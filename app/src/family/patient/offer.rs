//! `/family/offers/{id}`: what one is asked, and the two answers. The letter leads here.
//! Opening it changes nothing: programs that look through mail open links too.

use domain::family::{Offer, OfferKind};
use domain::ids::OfferId;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use super::PATH;
use super::cared::may;
use crate::credentials::patient::ConfirmFirst;
use crate::family::api::{AcceptOffer, DeclineOffer, read_offer};
use crate::family::words::{asks_for_help, period, relation_name};
use crate::form::{Form, FormState, use_form_state};
use crate::portal::{Loaded, use_viewer};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, DateField, EmptyState, FormErrors, IconName, LinkButton, PageHeader, SummaryList,
    SummaryRow,
};

/// See the module.
#[component]
pub fn OfferPage(
    /// Which.
    id: OfferId,
) -> impl IntoView {
    let offer = Reading::new(move || id, read_offer);
    let (yes, no) = (use_form_state::<AcceptOffer>(), use_form_state::<DeclineOffer>());
    view! {
        <Title text=t!(family.offer_title) />
        <div class="page page-narrow stack">
            <FormErrors problems=yes.problems() />
            <FormErrors problems=no.problems() />
            <Loaded
                resource=offer
                missing=gone
                view=move |offer: Offer| view! { <Question offer yes no /> }
            />
        </div>
    }
}

/// Answered, ended, or asked of another address: which of it is nobody's business but the one who was asked.
fn gone() -> AnyView {
    crate::server::not_found();
    let viewer = use_viewer();
    let email = viewer.principal().map(|principal| principal.email.clone()).unwrap_or_default();
    if viewer.principal().is_some_and(|principal| !principal.verified) {
        let (form, here) = (use_form_state(), use_location().pathname.get_untracked());
        let text = t!(family.offer_confirm_text, email = email);
        return view! {
            <PageHeader title=t!(family.offer_title) />
            <ConfirmFirst form here title=t!(family.offer_confirm_title) text />
        }
        .into_any();
    }
    view! {
        <PageHeader title=t!(family.offer_gone) />
        <EmptyState icon=IconName::Mail text=t!(family.offer_gone_text, email = email)>
            <LinkButton href=PATH>{t!(family.title)}</LinkButton>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn Question(offer: Offer, yes: FormState<AcceptOffer>, no: FormState<DeclineOffer>) -> impl IntoView {
    let (title, lead) = match offer.kind {
        OfferKind::Help => (t!(family.offer_title), asks_for_help(&offer.asked_by, &offer.patient_name)),
        OfferKind::OwnAccount => (
            t!(family.account_title),
            t!(family.offer_account, who = offer.asked_by, patient = offer.patient_name),
        ),
    };
    let own_account = offer.kind == OfferKind::OwnAccount;
    let (facts, accept) = if own_account {
        (view! { <p>{t!(family.offer_account_text)}</p> }.into_any(), t!(family.account_accept))
    } else {
        (view! { <Facts offer=offer.clone() /> }.into_any(), t!(family.accept))
    };
    let (id, again) = (offer.id.to_string(), offer.id.to_string());
    let birth_date = own_account.then(|| {
        view! {
            <DateField
                label=t!(auth.birth_date)
                name="birth_date"
                hint=t!(family.offer_birth_date)
                error=yes.problem("birth_date")
            />
        }
    });
    view! {
        <PageHeader title lead />
        {facts}
        <div class="family-answers">
            <Form state=yes reload=true no_summary=true>
                <div class="form">
                    <input type="hidden" name="offer" value=id />
                    {birth_date}
                    <Button>{accept}</Button>
                </div>
            </Form>
            <Form state=no reload=true no_summary=true>
                <input type="hidden" name="offer" value=again />
                <Button kind=ButtonKind::Secondary>{t!(family.decline)}</Button>
            </Form>
        </div>
    }
    .into_any()
}

#[component]
fn Facts(offer: Offer) -> impl IntoView {
    view! {
        <SummaryList>
            <SummaryRow label=t!(booking.patient)>
                <bdi translate="no">{offer.patient_name}</bdi>
            </SummaryRow>
            <SummaryRow label=t!(family.offer_you_are)>{relation_name(offer.relation)}</SummaryRow>
            <SummaryRow label=t!(family.may_you)>{may(offer.permissions)}</SummaryRow>
            <SummaryRow label=t!(family.how_long)>{period(offer.from, offer.until)}</SummaryRow>
        </SummaryList>
        <p class="muted">{t!(family.offer_seen)}</p>
    }
    .into_any()
}
