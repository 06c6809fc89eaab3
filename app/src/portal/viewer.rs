//! Who is looking at the page, and the pages that are only for somebody who is signed in.
//! It grants nothing: rights are checked in the services; this decides what is worth showing.

use std::sync::Arc;

use domain::access::Principal;
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_location;

use super::query::{encode, query_part};
use crate::server::has_ended;
use crate::stay::sign_in_again;
use crate::t;
use crate::ui::{EmptyState, IconName, LinkButton};

/// Who is looking. It stays the same as long as the page is open, because signing in and out load a new one.
#[derive(Clone, Debug, Default)]
pub struct Viewer(Option<Arc<Principal>>);

impl Viewer {
    /// The account, if anybody is signed in.
    #[must_use]
    pub fn principal(&self) -> Option<&Principal> {
        self.0.as_deref()
    }

    /// Whether anybody is signed in.
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        self.0.is_some()
    }
}

/// Makes the viewer known to everything beneath; the server tells the browser in the page.
pub fn provide_viewer() -> Viewer {
    let principal = SharedValue::new(principal).into_inner();
    let viewer = Viewer(principal.map(Arc::new));
    provide_context(viewer.clone());
    viewer
}

/// Who is looking.
#[must_use]
pub fn use_viewer() -> Viewer {
    use_context().unwrap_or_default()
}

#[cfg(feature = "ssr")]
fn principal() -> Option<Principal> {
    crate::server::actor().principal().cloned()
}

#[cfg(not(feature = "ssr"))]
fn principal() -> Option<Principal> {
    None
}

/// Its children for somebody who is signed in; anybody else is led to sign in and comes back afterwards.
#[component]
pub fn SignedIn(
    /// What is only for a signed-in account.
    children: ChildrenFn,
) -> impl IntoView {
    if use_viewer().is_signed_in() {
        return children().into_any();
    }
    let location = use_location();
    let here =
        format!("{}{}", location.pathname.get_untracked(), query_part(&location.search.get_untracked()));
    let href = if has_ended() { sign_in_again(&here) } else { format!("/sign-in?next={}", encode(&here)) };
    view! {
        <Redirect path=href.clone() />
        <div class="page page-narrow">
            <EmptyState icon=IconName::User text=t!(error.unauthenticated)>
                <LinkButton href=href>{t!(shell.sign_in)}</LinkButton>
            </EmptyState>
        </div>
    }
    .into_any()
}
