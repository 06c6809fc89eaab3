//! The states that any page can be in besides being there: on its way, not found, failed.
//! What an empty list says is the page's own business.

use domain::ids::HospitalId;
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::tachys::reactive_graph::OwnedView;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use serde::{Serialize, de::DeserializeOwned};

use super::hospital::{HospitalPage, Section};
use super::query::query_part;
use super::viewer::use_viewer;
use crate::browser;
use crate::emergencies::NotInCare;
use crate::reading::{Found, InPage, Reading, Shows};
use crate::server::{self, AppError};
use crate::stay::sign_in_again;
use crate::t;
use crate::ui::{EmptyState, IconName, LinkButton, Notice, NoticeKind, PageHeader, Skeleton, SkeletonShape};

/// What is read, shown: its shape while it is on its way, the view once it is there, else what went wrong.
/// What is on screen stays while it is read again.
#[component]
pub fn Loaded<T, View, Views>(
    /// What is read.
    resource: Reading<T>,
    /// The shape of what is coming.
    #[prop(optional)]
    shape: SkeletonShape,
    /// It is a part of a page that has a heading already, so what goes wrong is told in a notice.
    #[prop(optional)]
    part: bool,
    /// What to say when it does not exist; the page "not found" unless told.
    #[prop(optional, into)]
    missing: Option<ViewFn>,
    /// Shows it.
    view: Views,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    View: IntoView + 'static,
    Views: Fn(T) -> View + Send + Sync + 'static,
{
    let shows = Reading::shown_by(move |result| match result {
        Ok(found) => view(found).into_any(),
        Err(error) => failed(error, missing.as_ref(), part),
    });
    drawn(resource.resource(), Drawn::Anew, shape, shows)
}

// What follows does not know what is shown, so that it is compiled once.

/// The address at which something was shown last.
#[derive(Clone, Copy)]
pub(super) struct Place(StoredValue<String>);

impl Place {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(String::new()))
    }

    /// Asked just before what is shown is renewed in place, under the reader's hands. At another address it is about something else.
    pub(super) fn renews(self) {
        let here = browser::address();
        browser::keep_in_hand(self.0.try_get_value().as_ref() == Some(&here));
        let _ = self.0.try_set_value(here);
    }
}

/// How often something is drawn that is read again and again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Drawn {
    /// Each time.
    Anew,
    /// Once, and again only when it is refused, or is not any more: its view hears of what changes by itself.
    Once,
}

/// Shows what is read, and its shape until then.
pub(super) fn drawn(
    resource: Resource<Found, InPage>,
    how: Drawn,
    shape: SkeletonShape,
    shows: Shows,
) -> AnyView {
    let inside = move || {
        let around = Owner::current();
        let place = Place::new();
        let refused =
            Memo::new(move |_| resource.with(|found| found.as_ref().is_some_and(Found::is_refused)));
        let show = move || {
            // Asked for while it is there: what is awaited may outlive the page around it, which goes when somebody goes on.
            let coming = resource.into_future();
            let (shows, around) = (shows.clone(), around.clone());
            match how {
                Drawn::Anew => shown(resource, coming, shows, around, place).into_any(),
                Drawn::Once => {
                    // Read, and not only tracked: what nobody has read hears of nothing.
                    let _ = refused.get();
                    let coming = ScopedFuture::new_untracked(coming);
                    shown(resource, coming, shows, around, place).into_any()
                }
            }
        };
        show.into_any()
    };
    let lines = if how == Drawn::Once { 6 } else { 3 };
    view! { <Transition fallback=move || view! { <Skeleton shape=shape lines /> }>{inside()}</Transition> }
        .into_any()
}

/// What is found, shown by an owner of its own: what was shown before stays whole until this stands in its place. Beneath the effect that
/// reads again it would be taken apart first, and an answer to a form that comes in between would meet what is gone.
fn shown(
    resource: Resource<Found, InPage>,
    coming: impl Future<Output = Found> + Send + 'static,
    shows: Shows,
    around: Option<Owner>,
    place: Place,
) -> impl IntoView {
    Suspend::new(async move {
        let found = coming.await;
        if resource.is_disposed() {
            return ().into_any();
        }
        place.renews();
        let owner = around.map_or_else(Owner::new, |around| around.child());
        let view = owner.with(|| shows(found));
        OwnedView::new_with_owner(view, owner).into_any()
    })
}

pub(super) fn failed(error: AppError, missing: Option<&ViewFn>, part: bool) -> AnyView {
    match missing {
        None if part => view! { <FailureNotice error=error /> }.into_any(),
        Some(missing) if error.is_not_found() => missing.run(),
        None if error.is_not_found() => view! { <NotFoundPage /> }.into_any(),
        _ => view! { <Failure error=error /> }.into_any(),
    }
}

/// What went wrong, and the way on, as a page of its own.
#[component]
pub fn Failure(
    /// What went wrong.
    error: AppError,
) -> impl IntoView {
    view! {
        <div class="page page-narrow stack">
            <PageHeader title=t!(state.failed_title) />
            <FailureNotice error=error />
        </div>
    }
}

/// What went wrong, and the way on, inside a page.
#[component]
pub fn FailureNotice(
    /// What went wrong.
    error: AppError,
) -> impl IntoView {
    let location = use_location();
    let here =
        format!("{}{}", location.pathname.get_untracked(), query_part(&location.search.get_untracked()));
    let (href, words) = if error.is_unauthenticated() {
        (sign_in_again(&here), t!(shell.sign_in))
    } else {
        (here, t!(common.try_again))
    };
    view! {
        <Notice kind=NoticeKind::Warning>
            <p>{error.text()}</p>
        </Notice>
        <p>
            <LinkButton href=href attr:rel="external">
                {words}
            </LinkButton>
        </p>
    }
}

/// There is nothing at this address, or nothing that the viewer may know of; both look alike.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    server::not_found();
    let way = WayOn::from_here();
    view! {
        <Title text=t!(state.not_found_title) />
        <div class="page page-narrow stack">
            <PageHeader title=t!(state.not_found_title) lead=way.lead />
            <EmptyState icon=way.icon text=way.hint>
                <LinkButton href=way.href>{way.words}</LinkButton>
            </EmptyState>
            {way.hospital.map(|hospital| view! { <NotInCare hospital /> })}
        </div>
    }
}

/// Where somebody goes on who has found nothing: a visitor to the doctors, a patient to the visits, staff to the day.
struct WayOn {
    lead: &'static str,
    icon: IconName,
    hint: &'static str,
    href: String,
    words: &'static str,
    /// At work at this hospital.
    hospital: Option<HospitalId>,
}

impl WayOn {
    fn from_here() -> Self {
        let viewer = use_viewer();
        let Some(principal) = viewer.principal() else {
            return Self {
                lead: t!(state.not_found_text),
                icon: IconName::Search,
                hint: t!(state.not_found_hint),
                href: "/doctors".to_owned(),
                words: t!(state.find_doctor),
                hospital: None,
            };
        };
        // What is closed to an account must look like what is not there, so the words fit both.
        let lead = t!(state.not_open_text);
        let path = use_location().pathname;
        let page = path.with_untracked(|path| HospitalPage::from_path(path));
        let at_work = path.with_untracked(|path| path.starts_with("/hospital/"));
        let here = page.hospital().and_then(|hospital| principal.membership(hospital));
        match here.or(principal.memberships.first()) {
            Some(membership) if at_work => Self {
                lead,
                icon: IconName::List,
                hint: t!(state.not_open_today),
                href: Section::Today.at(membership.hospital_id),
                words: t!(state.to_today),
                hospital: Some(membership.hospital_id),
            },
            None if at_work && principal.platform_admin => Self {
                lead,
                icon: IconName::Hospital,
                hint: t!(state.not_open_platform),
                href: HospitalPage::Platform.path(),
                words: t!(state.to_platform),
                hospital: None,
            },
            _ => Self {
                lead,
                icon: IconName::Calendar,
                hint: t!(state.not_open_visits),
                href: "/appointments".to_owned(),
                words: t!(state.to_visits),
                hospital: None,
            },
        }
    }
}
