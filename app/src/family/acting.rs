//! Whom a page is for: somebody for whom the viewer acts, as the address says, and the banner that names her.
//! It is never remembered anywhere but in the address and in the forms, so that no second tab can act for the wrong person.

use domain::access::Acting;
use domain::family::{Permission, Permissions};
use domain::ids::PatientId;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::portal::hospital::href;
use crate::portal::{Query, use_viewer};
use crate::t;
use crate::ui::{Icon, IconName, IconSize};

/// The word in the address that says for whom.
pub const FOR: &str = "patient";

/// Whom the address names, if it is not the viewer.
#[derive(Clone, Copy, Debug)]
pub struct ForWhom(Memo<Option<PatientId>>);

/// Makes it known to everything beneath.
pub fn provide_for_whom() -> ForWhom {
    let search = use_location().search;
    let own = use_viewer().principal().map(|principal| principal.patients.clone()).unwrap_or_default();
    let named = move |search: &String| {
        let named = Query::parse(search).get(FOR).and_then(|id| id.parse().ok());
        named.filter(|id| !own.contains(id))
    };
    let whom = ForWhom(Memo::new(move |_| search.with(&named)));
    provide_context(whom);
    whom
}

impl ForWhom {
    /// Whom, and again whenever the address changes.
    #[must_use]
    pub fn get(self) -> Option<PatientId> {
        self.0.get()
    }
}

/// Whom the page is for, if it is not for the viewer.
#[must_use]
pub fn for_whom() -> Option<PatientId> {
    use_context::<ForWhom>().and_then(|whom| whom.0.get_untracked())
}

/// The same address for the same person.
#[must_use]
pub fn keep(address: &str) -> String {
    let id = for_whom().map(|id| id.to_string()).unwrap_or_default();
    href(address, &[(FOR, &id)])
}

/// The same person in a form that asks.
#[component]
pub fn KeptField() -> impl IntoView {
    for_whom().map(|id| view! { <input type="hidden" name=FOR value=id.to_string() /> })
}

/// People for whom the viewer may do this today.
#[must_use]
pub fn people_with(needed: fn(Permissions) -> bool) -> Vec<Acting> {
    let acting = use_viewer().principal().map(|principal| principal.acting.clone()).unwrap_or_default();
    acting.into_iter().filter(|acting| needed(acting.permissions)).collect()
}

/// Whether visits are shown to somebody.
#[must_use]
pub fn sees_visits(permissions: Permissions) -> bool {
    permissions.has(Permission::Book) || permissions.has(Permission::Records)
}

/// How many people the viewer may book for.
#[must_use]
pub fn bookable() -> usize {
    let own = use_viewer().principal().map_or(0, |principal| principal.patients.len());
    own + people_with(|permissions| permissions.has(Permission::Book)).len()
}

/// The name of somebody for whom the viewer acts.
#[must_use]
pub fn name_of(patient: PatientId) -> Option<String> {
    let viewer = use_viewer();
    let principal = viewer.principal()?;
    let acting = principal.acts_for(patient).filter(|_| !principal.patients.contains(&patient))?;
    // Whose record only waits to be handed over is nobody for whom one acts.
    (acting.permissions != Permissions::NONE).then(|| acting.full_name.clone())
}

/// Says for whom the page is, with the way back; nothing on the viewer's own pages.
#[component]
pub fn ActingBanner(
    /// Whom.
    patient: PatientId,
) -> impl IntoView {
    let viewer = use_viewer();
    let principal = viewer.principal()?;
    if principal.patients.contains(&patient) {
        return None;
    }
    let words = match name_of(patient) {
        Some(name) => view! {
            <p>
                {t!(family.acting_for)} " " <strong><bdi translate="no">{name}</bdi></strong>
            </p>
        }
        .into_any(),
        // Whom it no longer is must not look like oneself.
        None if principal.is_staff() => return None,
        None => view! { <p>{t!(family.acting_ended)}</p> }.into_any(),
    };
    Some(
        view! {
            <section class="acting-banner" aria-label=t!(family.acting_label)>
                <div class="acting-banner-inner">
                    <Icon name=IconName::Users size=IconSize::Medium />
                    {words}
                    <a href="/">{t!(family.acting_back)}</a>
                </div>
            </section>
        }
        .into_any(),
    )
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn without_anybody_named_an_address_stays_as_it_is() {
        let kept = Owner::new().with(|| keep("/doctors?sort=name"));
        assert_eq!(kept, "/doctors?sort=name");
    }

    #[test]
    fn an_address_keeps_whom_it_is_for() {
        let id = PatientId(uuid::Uuid::from_u128(7));
        let kept = Owner::new().with(|| {
            provide_context(ForWhom(Memo::new(move |_| Some(id))));
            (keep("/doctors"), keep("/doctors?sort=name"))
        });
        assert_eq!(kept.0, format!("/doctors?patient={id}"));
        assert_eq!(kept.1, format!("/doctors?sort=name&patient={id}"));
    }
}
