//! The document around every page, and the route table: two portals, each in parts that are loaded when they are first needed.
//! Which page of a portal an address means is the portal's business.
//!
//! The wildcard routes stand before the exact ones: a wildcard matches the empty rest too, so `/` and `/doctors` are one route and the
//! frame stays while the page changes. The exact ones exist because axum's wildcard does not match an empty rest.

use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{Lazy, LazyRoute, SsrMode, lazy_route, path};

use crate::browser::title_sent;
use crate::live::provide_live;
use crate::portal::hospital::{AdministrationPortal, DeskPortal, DoctorsPortal, HospitalPortal};
use crate::portal::patient::{AccountPortal, BookingPortal, PatientPortal};
use crate::portal::{
    Apart, ClientScripts, NotFoundPage, Part, StandAlone, provide_clock, provide_origin, provide_shown_last,
    provide_viewer, theme,
};
use crate::stay::StaySignedIn;
use crate::styleguide::StyleguidePage;
use crate::t;
use crate::ui::{LiveRegions, OfflinePage, SkipLink, provide_announcer};

/// The document that the server sends. An empty `site_pkg_dir` says that there is no client build: then there are no scripts.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let folder = options.site_pkg_dir.to_string();
    let stylesheet =
        if folder.is_empty() { "/caresync.css".to_owned() } else { format!("/{folder}/caresync.css") };
    view! {
        <!DOCTYPE html>
        <html lang="en" dir="ltr" data-theme=theme()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#fbf9f4" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#16191a" media="(prefers-color-scheme: dark)" />
                <meta name="format-detection" content="telephone=no" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="stylesheet" href=stylesheet />
                <ClientScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Everything inside the body, on both sides.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_announcer();
    provide_clock();
    provide_origin();
    provide_shown_last();
    let viewer = provide_viewer();
    provide_live(viewer.is_signed_in());
    view! {
        // Until a page of its own has said its name, the one that the server sent stays.
        <Title formatter=page_title text=title_sent() />
        <Router>
            <SkipLink />
            <FlatRoutes fallback=|| view! { <StandAlone><NotFoundPage /></StandAlone> }>
                <Route path=path!("/offline") view=Offline ssr=SsrMode::Async />
                <Route path=path!("/styleguide") view=StyleguideRoute ssr=SsrMode::Async />
                <Route path=DESK view={Lazy::<DeskRoute>::new()} ssr=SsrMode::Async />
                <Route path=DOCTORS view={Lazy::<DoctorsRoute>::new()} ssr=SsrMode::Async />
                <Route path=ADMINISTRATION view={Lazy::<AdministrationRoute>::new()} ssr=SsrMode::Async />
                <Route path=path!("/hospital/*rest") view={Lazy::<HospitalRoute>::new()} ssr=SsrMode::Async />
                <Route path=BOOKING view={Lazy::<BookingRoute>::new()} ssr=SsrMode::Async />
                <Route path=ACCOUNT view={Lazy::<AccountRoute>::new()} ssr=SsrMode::Async />
                <Route path=path!("/*rest") view={Lazy::<PatientRoute>::new()} ssr=SsrMode::Async />
                <Route path=path!("/hospital") view={Lazy::<HospitalRoute>::new()} ssr=SsrMode::Async />
                <Route path=path!("/") view={Lazy::<PatientRoute>::new()} ssr=SsrMode::Async />
            </FlatRoutes>
            <LiveRegions />
        </Router>
        // Beneath no route: whoever goes from one part to another is still the same somebody, and so is her session.
        <StaySignedIn />
    }
}

/// A hospital's desk. Its pages stand behind the hospital's id, so no page is in this folder, nor in that of the doctors.
const DESK: Apart = Apart(Part::Desk, &["hospital", "queue"]);
/// A hospital's doctors.
const DOCTORS: Apart = Apart(Part::Doctors, &["hospital", "hours"]);
/// A hospital's administration, and the platform's.
const ADMINISTRATION: Apart = Apart(Part::Administration, &["hospital", "platform"]);
/// Doctors, and booking with them.
const BOOKING: Apart = Apart(Part::Booking, &["book"]);
/// Everything about an account.
const ACCOUNT: Apart = Apart(Part::Account, &["account"]);

/// A patient's home and her visits. A visitor's home is here, too.
#[derive(Debug)]
struct PatientRoute;

#[lazy_route]
impl LazyRoute for PatientRoute {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let PatientRoute = this;
        view! { <PatientPortal /> }.into_any()
    }
}

/// Finding a doctor and choosing a time.
#[derive(Debug)]
struct BookingRoute;

#[lazy_route]
impl LazyRoute for BookingRoute {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let BookingRoute = this;
        view! { <BookingPortal /> }.into_any()
    }
}

/// The account's pages of the patient portal.
#[derive(Debug)]
struct AccountRoute;

#[lazy_route]
impl LazyRoute for AccountRoute {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let AccountRoute = this;
        view! { <AccountPortal /> }.into_any()
    }
}

/// The day of the hospital portal.
#[derive(Debug)]
struct HospitalRoute;

#[lazy_route]
impl LazyRoute for HospitalRoute {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let HospitalRoute = this;
        view! { <HospitalPortal /> }.into_any()
    }
}

/// The desk of the hospital portal.
#[derive(Debug)]
struct DeskRoute;

#[lazy_route]
impl LazyRoute for DeskRoute {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let DeskRoute = this;
        view! { <DeskPortal /> }.into_any()
    }
}

/// The doctors of the hospital portal.
#[derive(Debug)]
struct DoctorsRoute;

#[lazy_route]
impl LazyRoute for DoctorsRoute {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let DoctorsRoute = this;
        view! { <DoctorsPortal /> }.into_any()
    }
}

/// The administration of the hospital portal.
#[derive(Debug)]
struct AdministrationRoute;

#[lazy_route]
impl LazyRoute for AdministrationRoute {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let AdministrationRoute = this;
        view! { <AdministrationPortal /> }.into_any()
    }
}

/// Precached by the service worker, so it has no frame that knows anybody.
#[component]
fn Offline() -> impl IntoView {
    view! {
        <Title text=t!(offline.title) />
        <StandAlone>
            <OfflinePage />
        </StandAlone>
    }
}

/// The style guide exists in development builds only.
#[component]
fn StyleguideRoute() -> impl IntoView {
    if cfg!(debug_assertions) {
        view! { <StyleguidePage /> }.into_any()
    } else {
        view! { <StandAlone><NotFoundPage /></StandAlone> }.into_any()
    }
}

fn page_title(page: String) -> String {
    match page.as_str() {
        "" => t!(common.app_name).to_owned(),
        sent if sent.ends_with(t!(common.app_name)) => page,
        name => t!(shell.page_title, page = name),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos_axum::generate_route_list;
    use leptos_router::location::RequestUrl;

    use super::*;

    /// The app at an address, without services: what needs none is whole.
    fn page(address: &str) -> String {
        let owner = Owner::new();
        owner.with(|| {
            provide_context(RequestUrl::new(address));
            view! { <App /> }.to_html()
        })
    }

    #[test]
    fn both_portals_answer_with_and_without_a_rest() {
        let mut paths: Vec<String> =
            generate_route_list(App).iter().map(|route| route.path().to_owned()).collect();
        paths.sort();
        let expected = [
            "/",
            "/account/{*rest}",
            "/book/{*rest}",
            "/hospital",
            "/hospital/hours/{*rest}",
            "/hospital/platform/{*rest}",
            "/hospital/queue/{*rest}",
            "/hospital/{*rest}",
            "/offline",
            "/styleguide",
            "/{*rest}",
        ];
        assert_eq!(paths, expected);
    }

    #[test]
    fn the_home_page_of_a_visitor_searches_without_a_script() {
        let html = page("/");
        assert!(html.contains("method=\"get\" action=\"/doctors\""));
        assert!(html.contains("name=\"specialty\"") && html.contains("href=\"/sign-up\""));
        assert!(!html.contains("/sign-out"), "nobody is signed in");
    }

    #[test]
    fn signing_in_keeps_where_somebody_was_going() {
        let html = page("/sign-in?next=%2Fbook%2F7%2Freview%3Fstart%3D10%253A00%252B01");
        assert!(html.contains("name=\"next\" value=\"/book/7/review?start=10%3A00%2B01\""), "{html}");
        assert!(html.contains("action=\"/_fn/sign-in\""));
        assert!(!page("/sign-in?next=https%3A%2F%2Fevil.example").contains("evil"));
    }

    #[test]
    fn what_does_not_exist_says_so_inside_the_frame() {
        for address in ["/nowhere", "/doctors/42", "/book/x/time"] {
            let html = page(address);
            assert!(html.contains(t!(state.not_found_title)), "{address}");
            assert!(html.contains("site-footer"), "{address}");
        }
    }

    #[test]
    fn the_offline_page_knows_nobody() {
        let html = page("/offline");
        assert!(html.contains(t!(offline.title)) && !html.contains("tab-bar"));
    }
}
