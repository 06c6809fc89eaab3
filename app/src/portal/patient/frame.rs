//! Header and footer around the pages of a patient.
//! They show what the viewer can go to; whether she may is decided where it is read.

use domain::access::Principal;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::super::hospital::href;
use super::super::{AccountEnd, theme, use_viewer};
use super::PatientPage;
use crate::accounts::patient::{next, with_next};
use crate::family::acting::{FOR, ForWhom};
use crate::t;
use crate::ui::{
    ButtonKind, Icon, IconName, LinkButton, Menu, MenuItem, NavLink, SiteFooter, SiteHeader, ThemeSwitch,
};

fn on(page: Memo<Option<PatientPage>>, test: fn(&PatientPage) -> bool) -> Signal<bool> {
    Signal::derive(move || page.with(|page| page.as_ref().is_some_and(test)))
}

/// The bar at the top; its links are the bar at the foot of a phone.
#[component]
pub fn Header(
    /// The page that is shown.
    page: Memo<Option<PatientPage>>,
    /// Whom it is for.
    whom: ForWhom,
) -> impl IntoView {
    // While one acts for somebody, the way to doctors and visits is hers.
    let of = move |path: &str| {
        let id = whom.get().map(|id| id.to_string()).unwrap_or_default();
        href(path, &[(FOR, &id)])
    };
    let last = if use_viewer().is_signed_in() {
        let visits = move || {
            let words = if whom.get().is_some() { t!(family.visits) } else { t!(patient.my_visits) };
            let current = on(page, PatientPage::is_visits);
            view! { <NavLink href=of("/appointments") icon=IconName::Calendar current>{words}</NavLink> }
        };
        visits.into_any()
    } else {
        view! {
            <NavLink
                href=onward(page, "/sign-in")
                icon=IconName::LogIn
                current=on(page, |page| *page == PatientPage::SignIn)
            >
                {t!(shell.sign_in)}
            </NavLink>
        }
        .into_any()
    };
    view! {
        <SiteHeader home="/">
            <nav class="site-nav tab-bar" aria-label=t!(shell.main_navigation)>
                <NavLink href="/" icon=IconName::Home current=on(page, |page| *page == PatientPage::Home)>
                    {t!(patient.home)}
                </NavLink>
                {move || {
                    let current = on(page, PatientPage::is_search);
                    view! { <NavLink href=of("/doctors") icon=IconName::Search current>{t!(patient.find_doctor)}</NavLink> }
                }}
                {last}
            </nav>
            <AccountMenu page />
        </SiteHeader>
    }
}

/// The address of a page of signing in or up; from one of them to the other, one goes on to the same place.
fn onward(page: Memo<Option<PatientPage>>, path: &str) -> String {
    let asks = matches!(page.get_untracked(), Some(PatientPage::SignIn | PatientPage::SignUp));
    with_next(path, &if asks { next() } else { String::new() })
}

#[component]
fn AccountMenu(page: Memo<Option<PatientPage>>) -> impl IntoView {
    let viewer = use_viewer();
    let Some(principal) = viewer.principal() else {
        // Whoever makes an account here, or has one already, needs no second way to it.
        let about_one = matches!(
            page.get_untracked(),
            Some(
                PatientPage::SignUp
                    | PatientPage::SignInCode
                    | PatientPage::Invitation(_)
                    | PatientPage::Verify
                    | PatientPage::ResetPassword
            )
        );
        let link = (!about_one).then(|| {
            view! {
                <LinkButton href=onward(page, "/sign-up") kind=ButtonKind::Secondary small=true>
                    {t!(shell.sign_up)}
                </LinkButton>
            }
        });
        return view! { <div class="site-account">{link}</div> }.into_any();
    };
    let hospital = principal.is_staff().then(|| {
        view! {
            <MenuItem href="/hospital" icon=IconName::Hospital>
                {t!(patient.hospital_portal)}
            </MenuItem>
        }
    });
    // Staff without a record of their own have nothing to look up.
    let own = (!principal.patients.is_empty()).then(|| {
        view! {
            <MenuItem href="/who-looked" icon=IconName::Shield>
                {t!(who_looked.title)}
            </MenuItem>
        }
    });
    let calendar = calendar(principal);
    let name = principal.full_name.clone();
    view! {
        <div class="site-account">
            <Menu label=name icon=IconName::User>
                <MenuItem href="/appointments" icon=IconName::Calendar>
                    {t!(patient.my_visits)}
                </MenuItem>
                <MenuItem href="/waiting-list" icon=IconName::Clock>
                    {t!(waiting.title)}
                </MenuItem>
                <MenuItem href="/family" icon=IconName::Users>
                    {t!(family.title)}
                </MenuItem>
                {own}
                {hospital}
                {calendar}
                <AccountEnd />
            </Menu>
        </div>
    }
    .into_any()
}

/// The way to one's calendar, for whoever has visits of her own or of somebody for whom she acts.
fn calendar(principal: &Principal) -> Option<impl IntoView + use<>> {
    let has_visits = !principal.patients.is_empty() || !principal.acting.is_empty();
    has_visits.then(|| {
        view! {
            <MenuItem href="/account/calendar" icon=IconName::CalendarCheck>
                {t!(own_calendar.title)}
            </MenuItem>
        }
    })
}

/// The foot of every page: emergency and appearance, always in the same place.
#[component]
pub fn Footer() -> impl IntoView {
    let path = use_location().pathname;
    let chosen = SharedValue::new(|| theme().unwrap_or("system").to_owned()).into_inner();
    view! {
        <SiteFooter>
            <p>
                <Icon name=IconName::Phone />
                " "
                <strong>{t!(patient.emergency)}</strong>
            </p>
            {move || view! { <ThemeSwitch current=chosen.clone() return_to=path.get() /> }}
        </SiteFooter>
    }
}
