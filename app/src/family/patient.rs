//! `/family`: whom the account acts for, who acts for it, what was asked on either side.
//! The forms are pages of their own.

pub mod ask;
pub mod cared;
pub mod child;
pub mod offer;
pub mod who_helps;

use domain::family::Family;
use leptos::prelude::*;
use leptos_meta::Title;

pub use ask::{AskPage, ChangePage};
pub use child::{ChildPage, OwnAccountPage};
pub use offer::OfferPage;

use super::api::{EndHelp, WithdrawOffer, read_family};
use crate::form::{FormState, use_form_state};
use crate::portal::hospital::query;
use crate::portal::{Loaded, use_viewer};
use crate::reading::Reading;
use crate::t;
use crate::ui::{Done, FormErrors, PageHeader, SkeletonShape};
use cared::{CaredCard, CaresFor};
use who_helps::{AskedItem, HelpersOf, OfferNotice};

/// The page's path.
pub const PATH: &str = "/family";

/// See the module.
#[component]
pub fn FamilyPage() -> impl IntoView {
    let (end, withdraw) = (use_form_state::<EndHelp>(), use_form_state::<WithdrawOffer>());
    let said = query("done");
    let family = Reading::new(
        move || (said.get(), end.accepted().get(), withdraw.accepted().get()),
        |_| read_family(),
    );
    view! {
        <Title text=t!(family.title) />
        <div class="page page-narrow stack-large">
            <PageHeader title=t!(family.title) lead=t!(family.lead) />
            <FormErrors problems=end.problems() />
            <FormErrors problems=withdraw.problems() />
            <Loaded
                resource=family
                part=true
                shape=SkeletonShape::Cards
                view=move |family: Family| {
                    let done = said.with(|what| done(what, &family));
                    view! { {done} <Content family end withdraw /> }
                }
            />
        </div>
    }
}

/// What has just been done, as the address says, unless the page shows that it is not so: an address can be kept, or written by
/// anybody.
fn done(what: &str, family: &Family) -> Option<AnyView> {
    let words = match what {
        "child" if !family.cares_for.is_empty() => t!(family.done_child),
        "asked" if !family.asked.is_empty() => t!(family.done_asked),
        "changed" => t!(family.done_changed),
        "ended" => t!(family.done_ended),
        "withdrawn" => t!(family.done_withdrawn),
        "accepted" => t!(family.done_accepted),
        "declined" => t!(family.done_declined),
        _ => return None,
    };
    Some(view! { <Done words /> }.into_any())
}

#[component]
fn Content(family: Family, end: FormState<EndHelp>, withdraw: FormState<WithdrawOffer>) -> impl IntoView {
    let Family { own, cares_for, helpers, asked, offers } = family;
    let me = use_viewer().principal().map(|principal| principal.account_id);
    // Whose helpers the viewer chooses: her own, and those of small children whom she has the care of.
    let mut whose: Vec<_> = own.into_iter().map(|patient| (patient.id, None)).collect();
    whose.extend(
        cares_for
            .iter()
            .filter(|cared| cared.guards)
            .map(|cared| (cared.patient_id, Some(cared.full_name.clone()))),
    );
    let offers: Vec<_> = offers.into_iter().map(|offer| view! { <OfferNotice offer /> }).collect();
    let asked: Vec<_> = asked.into_iter().map(|offer| view! { <AskedItem offer form=withdraw /> }).collect();
    let asked = (!asked.is_empty()).then(|| {
        view! {
            <section class="stack-small">
                <h2 class="section-title">{t!(family.asked_title)}</h2>
                <ul class="family-list" role="list">{asked}</ul>
            </section>
        }
    });
    let helpers: Vec<_> = whose
        .into_iter()
        .map(|(patient, name)| {
            let those = helpers.iter().filter(|one| one.patient_id == patient).cloned().collect();
            view! { <HelpersOf patient name helpers=those form=end /> }
        })
        .collect();
    let cards: Vec<AnyView> =
        cares_for.into_iter().map(|cared| view! { <CaredCard cared me form=end /> }.into_any()).collect();
    view! {
        {offers}
        <CaresFor cards />
        {helpers}
        {asked}
    }
    .into_any()
}
