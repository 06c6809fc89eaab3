//! The hospital portal: its frame, who may see which part of it, and the page inside.
//! The pages stand with their features; rights are checked in the services, here only what is worth showing is decided.

pub mod frame;
pub mod kept;
pub mod page;
pub mod query;

use domain::access::{Principal, Role};
use leptos::prelude::*;
use leptos_meta::{Body, Title};
use leptos_router::components::Redirect;

pub use kept::Kept;
pub use page::{HospitalPage, Section, asks_why};
pub use query::{Saved, date_query, href, query};

use super::{NotFoundPage, Part, SignedIn, Viewer, follow_pages, page_of, use_viewer};
use crate::accounts::hospital::MembersPage;
use crate::appointments::hospital::{
    BookPage, CalendarPage, DayGridPage, MovingPage, PatientPage, PatientsPage, ReschedulePage, TodayPage,
    VisitPage,
};
use crate::audit::hospital::{AuditPage, AuditQuestionsPage};
use crate::availability::hospital::HoursPage;
use crate::availability::hospital::preview::{ClosingPreviewPage, HoursPreviewPage};
use crate::changes::{change::ChangePage, recent::ChangesPage, sheet::ChangeVisitsPage};
use crate::credentials::patient::UnverifiedNotice;
use crate::doctors::hospital::{DoctorPage, DoctorsPage};
use crate::emergencies::{DeclarePage, EmergenciesPage};
use crate::follow_ups::hospital::AskBackPage;
use crate::hospitals::hospital::{
    DepartmentsPage, NewHospitalPage, PlatformHospitalPage, PlatformPage, SettingsPage, VisitTypePage,
    VisitTypesPage,
};
use crate::payments::hospital::MoneyPage;
use crate::queues::hospital::{QueuePage, WalkInPage, WallPage};
use crate::resources::hospital::{ResourcePage, ResourcesPage};
use crate::series::{cancel::CancelSeriesPage, choose::SeriesPage};
use crate::t;
use crate::ui::{EmptyState, IconName, LinkButton, PageHeader};
use crate::waitlist::hospital::WaitingPage;
use frame::{Footer, Header, SideNav};

/// The hospital portal around the day's visits.
#[component]
pub fn HospitalPortal() -> impl IntoView {
    framed(Part::Day, day)
}

/// The hospital portal around the desk's work.
#[component]
pub fn DeskPortal() -> impl IntoView {
    framed(Part::Desk, desk)
}

/// The hospital portal around doctors and what can be booked with them.
#[component]
pub fn DoctorsPortal() -> impl IntoView {
    framed(Part::Doctors, doctors)
}

/// The hospital portal around what else is set up once.
#[component]
pub fn AdministrationPortal() -> impl IntoView {
    framed(Part::Administration, administration)
}

/// A page that nobody has built yet: first it is asked whether there is one.
type Page = Box<dyn FnOnce() -> AnyView>;

/// A part's pages. It has those that [`Section::part`] gives it, and none of the others; a test holds it to that.
type Pages = fn(HospitalPage) -> Option<Page>;

/// The frame and, inside it, one part's pages.
fn framed(part: Part, pages: Pages) -> AnyView {
    follow_pages(part);
    let page = page_of(part, HospitalPage::from_path);
    view! {
        <Body attr:class="portal-hospital" />
        <Header page />
        <div class="hospital-frame">
            <SideNav page />
            <main id="main" tabindex="-1">
                <UnverifiedNotice />
                <SignedIn>{move || content(page.get(), pages)}</SignedIn>
            </main>
        </div>
        <Footer />
    }
    .into_any()
}

fn content(page: HospitalPage, pages: Pages) -> AnyView {
    let viewer = use_viewer();
    let Some(principal) = viewer.principal() else { return ().into_any() };
    if leads_to_set_up(principal, page) {
        // The page says why, and what comes after.
        return view! { <Redirect path=SET_UP /> }.into_any();
    }
    if !principal.is_staff() {
        return view! { <NoMembershipPage /> }.into_any();
    }
    let may = match page {
        HospitalPage::Home => return view! { <Redirect path=home(&viewer) /> }.into_any(),
        HospitalPage::Platform | HospitalPage::NewHospital | HospitalPage::PlatformHospital(_) => {
            principal.platform_admin
        }
        HospitalPage::At(hospital, section) => {
            principal.membership(hospital).is_some_and(|here| match here.role {
                Role::HospitalAdmin => true,
                Role::Doctor | Role::Desk => !section.is_administration(),
            })
        }
        HospitalPage::Unknown => false,
    };
    // A page of another part comes with that part, and so does whoever asks for it.
    match pages(page).filter(|_| may) {
        Some(build) => build(),
        None => view! { <NotFoundPage /> }.into_any(),
    }
}

/// Where a second factor is set up.
const SET_UP: &str = "/account/second-factor";

/// Whether the page is of a hospital that asks its staff for a second factor which the account has not set up yet, or of the platform,
/// which always does.
fn leads_to_set_up(principal: &Principal, page: HospitalPage) -> bool {
    let of_platform = matches!(
        page,
        HospitalPage::Platform | HospitalPage::NewHospital | HospitalPage::PlatformHospital(_)
    );
    if of_platform && principal.platform_held_back {
        return true;
    }
    match page.hospital() {
        Some(hospital) => principal.held_back.iter().any(|held| held.hospital_id == hospital),
        None => !principal.is_staff() && principal.is_employed(),
    }
}

/// Where the portal begins for an account.
fn home(viewer: &Viewer) -> String {
    let first = viewer.principal().and_then(|principal| principal.memberships.first());
    match first {
        Some(membership) => Section::Today.at(membership.hospital_id),
        None => HospitalPage::Platform.path(),
    }
}

fn day(page: HospitalPage) -> Option<Page> {
    let HospitalPage::At(hospital, section) = page else { return None };
    let page: Page = match section {
        Section::Today => Box::new(move || view! { <TodayPage hospital /> }.into_any()),
        Section::Calendar(doctor) => Box::new(move || view! { <CalendarPage hospital doctor /> }.into_any()),
        Section::CalendarDay => Box::new(move || view! { <DayGridPage hospital /> }.into_any()),
        Section::Visit(id) => Box::new(move || view! { <VisitPage hospital id /> }.into_any()),
        Section::Moving(id, step) => Box::new(move || view! { <MovingPage hospital id step /> }.into_any()),
        Section::Reschedule(id) => Box::new(move || view! { <ReschedulePage hospital id /> }.into_any()),
        Section::FollowUp(id) => Box::new(move || view! { <AskBackPage hospital id /> }.into_any()),
        Section::CancelSeries(id) => {
            Box::new(move || view! { <CancelSeriesPage id hospital=Some(hospital) /> }.into_any())
        }
        _ => return None,
    };
    Some(page)
}

fn desk(page: HospitalPage) -> Option<Page> {
    let HospitalPage::At(hospital, section) = page else { return None };
    let page: Page = match section {
        Section::Queue => Box::new(move || view! { <QueuePage hospital /> }.into_any()),
        Section::WalkIn => Box::new(move || view! { <WalkInPage hospital /> }.into_any()),
        Section::Wall => Box::new(move || view! { <WallPage hospital /> }.into_any()),
        Section::Series(doctor) => {
            Box::new(move || view! { <SeriesPage doctor hospital=Some(hospital) /> }.into_any())
        }
        Section::Waiting => Box::new(move || view! { <WaitingPage hospital /> }.into_any()),
        Section::Patients => Box::new(move || view! { <PatientsPage hospital /> }.into_any()),
        Section::Patient(id) => Box::new(move || view! { <PatientPage hospital id /> }.into_any()),
        Section::Money => Box::new(move || view! { <MoneyPage hospital /> }.into_any()),
        Section::Book => Box::new(move || view! { <BookPage hospital /> }.into_any()),
        Section::Changes => Box::new(move || view! { <ChangesPage hospital /> }.into_any()),
        Section::Change(id) => Box::new(move || view! { <ChangePage hospital id /> }.into_any()),
        Section::ChangeVisits(id) => Box::new(move || view! { <ChangeVisitsPage hospital id /> }.into_any()),
        Section::DeclareEmergency => Box::new(move || view! { <DeclarePage hospital /> }.into_any()),
        _ => return None,
    };
    Some(page)
}

fn doctors(page: HospitalPage) -> Option<Page> {
    let HospitalPage::At(hospital, section) = page else { return None };
    let page: Page = match section {
        Section::Doctors => Box::new(move || view! { <DoctorsPage hospital /> }.into_any()),
        Section::NewDoctor => Box::new(move || view! { <DoctorPage hospital id=None /> }.into_any()),
        Section::Doctor(id) => Box::new(move || view! { <DoctorPage hospital id=Some(id) /> }.into_any()),
        Section::Hours(id) => Box::new(move || view! { <HoursPage hospital id /> }.into_any()),
        Section::HoursPreview(id) => Box::new(move || view! { <HoursPreviewPage hospital id /> }.into_any()),
        Section::VisitTypes => Box::new(move || view! { <VisitTypesPage hospital /> }.into_any()),
        Section::NewVisitType => Box::new(move || view! { <VisitTypePage hospital id=None /> }.into_any()),
        Section::VisitType(id) => {
            Box::new(move || view! { <VisitTypePage hospital id=Some(id) /> }.into_any())
        }
        Section::Resources => Box::new(move || view! { <ResourcesPage hospital /> }.into_any()),
        Section::Resource(id) => Box::new(move || view! { <ResourcePage hospital id /> }.into_any()),
        _ => return None,
    };
    Some(page)
}

fn administration(page: HospitalPage) -> Option<Page> {
    let (hospital, section) = match page {
        HospitalPage::At(hospital, section) => (hospital, section),
        HospitalPage::Platform => return Some(Box::new(move || view! { <PlatformPage /> }.into_any())),
        HospitalPage::NewHospital => return Some(Box::new(move || view! { <NewHospitalPage /> }.into_any())),
        HospitalPage::PlatformHospital(id) => {
            return Some(Box::new(move || view! { <PlatformHospitalPage id /> }.into_any()));
        }
        HospitalPage::Home | HospitalPage::Unknown => return None,
    };
    let page: Page = match section {
        Section::Departments => Box::new(move || view! { <DepartmentsPage hospital /> }.into_any()),
        Section::Members => Box::new(move || view! { <MembersPage hospital /> }.into_any()),
        Section::Settings => Box::new(move || view! { <SettingsPage hospital /> }.into_any()),
        Section::ClosingPreview => Box::new(move || view! { <ClosingPreviewPage hospital /> }.into_any()),
        Section::Audit => Box::new(move || view! { <AuditPage hospital /> }.into_any()),
        Section::AuditQuestions => Box::new(move || view! { <AuditQuestionsPage hospital /> }.into_any()),
        Section::Emergencies => Box::new(move || view! { <EmergenciesPage hospital /> }.into_any()),
        _ => return None,
    };
    Some(page)
}

/// For an account that works at no hospital: what this place is, and the way to one's own visits.
#[component]
fn NoMembershipPage() -> impl IntoView {
    crate::server::not_found();
    view! {
        <Title text=t!(hospital_frame.no_membership_title) />
        <div class="page page-narrow">
            <PageHeader title=t!(hospital_frame.no_membership_title) lead=t!(hospital_frame.no_membership_text) />
            <EmptyState icon=IconName::Users text=t!(hospital_frame.no_membership_hint)>
                <LinkButton href="/">{t!(hospital_frame.to_own_visits)}</LinkButton>
            </EmptyState>
        </div>
    }
    .into_any()
}
