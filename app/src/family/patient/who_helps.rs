//! Who acts for the viewer or for her child, whom she has asked, and what she is asked.
//! Each can be ended here, behind a word of what that means.

use domain::family::{Helper, Offer, OfferKind};
use domain::ids::PatientId;
use leptos::prelude::*;

use super::cared::{how_long, may};
use crate::family::acting::FOR;
use crate::family::api::{EndHelp, WithdrawOffer};
use crate::family::words::{asks_for_help, period, relation_name};
use crate::form::{Form, FormState};
use crate::portal::hospital::href;
use crate::t;
use crate::ui::{Badge, Button, ButtonKind, Card, Details, EmptyState, IconName, LinkButton, Notice, Tone};

/// Who acts for a patient, and the way to ask somebody.
#[component]
pub fn HelpersOf(
    /// For whom.
    patient: PatientId,
    /// Her name; none for the viewer herself.
    name: Option<String>,
    /// Who.
    helpers: Vec<Helper>,
    /// The page's one form that ends something.
    form: FormState<EndHelp>,
) -> impl IntoView {
    let title = match name.as_deref() {
        Some(name) => t!(family.helpers_of, name = name),
        None => t!(family.helpers_title).to_owned(),
    };
    let cards: Vec<_> = helpers.into_iter().map(|helper| view! { <HelperCard helper form /> }).collect();
    let cards = if cards.is_empty() {
        view! { <EmptyState icon=IconName::User text=t!(family.helpers_none) /> }.into_any()
    } else {
        view! { <div class="stack">{cards}</div> }.into_any()
    };
    let ask = href("/family/ask", &[(FOR, &patient.to_string())]);
    view! {
        <section class="stack">
            <h2 class="section-title">{title}</h2>
            {cards}
            <p>
                <LinkButton href=ask kind=ButtonKind::Secondary icon=IconName::Mail>
                    {t!(family.ask)}
                    {name.map(|name| view! { <span class="visually-hidden">": " {name}</span> })}
                </LinkButton>
            </p>
        </section>
    }
    .into_any()
}

#[component]
fn HelperCard(helper: Helper, form: FormState<EndHelp>) -> impl IntoView {
    let ids = [(FOR, helper.patient_id.to_string()), ("helper", helper.account_id.to_string())];
    let pairs: Vec<(&str, &str)> = ids.iter().map(|(name, id)| (*name, id.as_str())).collect();
    let change = href("/family/change", &pairs);
    let [(_, patient), (_, account)] = ids;
    let [name, again, ended, summary] = [(); 4].map(|()| helper.full_name.clone());
    let email = helper.email.map(|email| {
        view! { ", " <span class="break-anywhere" translate="no">{email}</span> }
    });
    let actions = helper.changeable.then(|| {
        view! {
            <p>
                <LinkButton href=change kind=ButtonKind::Secondary icon=IconName::Edit>
                    {t!(common.change)} <span class="visually-hidden">": " {name}</span>
                </LinkButton>
            </p>
            <Details summary=t!(family.end) about=summary>
                <Form state=form no_summary=true>
                    <div class="stack-small">
                        <p>{t!(family.end_text, name = ended)}</p>
                        <input type="hidden" name="patient" value=patient />
                        <input type="hidden" name="helper" value=account />
                        <Button kind=ButtonKind::Danger>
                            {t!(family.end_action)} <span class="visually-hidden">": " {again}</span>
                        </Button>
                    </div>
                </Form>
            </Details>
        }
    });
    view! {
        <Card title=helper.full_name.clone() level=3>
            <p class="muted">
                {relation_name(helper.relation)} {email}
            </p>
            {how_long(period(helper.from, helper.until))}
            {may(helper.permissions)}
            {actions}
        </Card>
    }
    .into_any()
}

/// Somebody who was asked and has not said yes.
#[component]
pub fn AskedItem(
    /// What was offered.
    offer: Offer,
    /// The page's one form that takes back.
    form: FormState<WithdrawOffer>,
) -> impl IntoView {
    let state = if offer.declined {
        view! { <Badge tone=Tone::Neutral icon=IconName::XCircle>{t!(family.declined)}</Badge> }
    } else {
        view! { <Badge tone=Tone::Accent icon=IconName::Clock>{t!(family.waiting)}</Badge> }
    };
    let words = match offer.kind {
        OfferKind::Help => t!(family.asked_help, patient = offer.patient_name),
        OfferKind::OwnAccount => t!(family.asked_account, patient = offer.patient_name),
    };
    let action = if offer.declined { t!(common.remove) } else { t!(family.withdraw) };
    view! {
        <li class="family-asked">
            <p>
                <strong class="break-anywhere" translate="no">{offer.email.clone()}</strong> " " {state}
            </p>
            <p class="muted" dir="auto">{words}</p>
            <Form state=form no_summary=true>
                <input type="hidden" name="offer" value=offer.id.to_string() />
                <Button kind=ButtonKind::Secondary small=true>
                    {action} <span class="visually-hidden">": " {offer.email}</span>
                </Button>
            </Form>
        </li>
    }
    .into_any()
}

/// What the viewer is asked.
#[component]
pub fn OfferNotice(
    /// What.
    offer: Offer,
) -> impl IntoView {
    let words = match offer.kind {
        OfferKind::Help => asks_for_help(&offer.asked_by, &offer.patient_name),
        OfferKind::OwnAccount => t!(family.offer_account, who = offer.asked_by, patient = offer.patient_name),
    };
    view! {
        <Notice title=t!(family.offer_title)>
            <div class="stack-small">
                <p dir="auto">{words}</p>
                <p>
                    <a href=format!("/family/offers/{}", offer.id)>{t!(family.offer_see)}</a>
                </p>
            </div>
        </Notice>
    }
    .into_any()
}
