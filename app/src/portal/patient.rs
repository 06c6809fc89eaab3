//! The frame of the patient portal and the page inside it.
//! Public pages stand in it too: a visitor who is not signed in sees the same frame without visits.

mod frame;
mod path;

use leptos::prelude::*;
use leptos_meta::Body;

pub use frame::*;
pub use path::PatientPage;

use super::{NotFoundPage, Part, SignedIn, follow_pages, page_of};
use crate::accounts::patient::{InvitationPage, SignInPage, SignUpPage};
use crate::appointments::book::{PatientStep, ReasonStep, ReviewStep, TimeStep};
use crate::appointments::patient::{CancelPage, HomePage, ReschedulePage, VisitPage, VisitsPage};
use crate::audit::patient::WhoLookedPage;
use crate::calendars::patient::CalendarPage;
use crate::credentials::patient::{
    ForgotPasswordPage, ResetPasswordPage, SecurityPage, UndoEmailPage, UnverifiedNotice, VerifyPage,
};
use crate::doctors::patient::{DoctorPage, DoctorsPage};
use crate::family::acting::{ActingBanner, provide_for_whom};
use crate::family::patient::{AskPage, ChangePage, ChildPage, FamilyPage, OfferPage, OwnAccountPage};
use crate::follow_ups::patient::FollowUpPage;
use crate::hospitals::patient::HospitalPage;
use crate::passkeys::settings::PasskeysPage;
use crate::payments::patient::{PayPage, ReceiptPage};
use crate::second_factors::{code::SignInCodePage, settings::SecondFactorPage};
use crate::series::{cancel::CancelSeriesPage, choose::SeriesPage};
use crate::sign_ins::patient::SignInsPage;
use crate::step_up::patient::ConfirmPage;
use crate::waitlist::{join::WaitPage, patient::WaitingListPage};

/// The patient portal around a patient's home and her visits.
#[component]
pub fn PatientPortal() -> impl IntoView {
    frame(Part::Visits, visits)
}

/// The patient portal around finding a doctor and choosing a time.
#[component]
pub fn BookingPortal() -> impl IntoView {
    frame(Part::Booking, booking)
}

/// The patient portal around the account.
#[component]
pub fn AccountPortal() -> impl IntoView {
    frame(Part::Account, account)
}

/// The frame and, inside it, one part's pages.
fn frame(part: Part, content: fn(PatientPage) -> AnyView) -> AnyView {
    follow_pages(part);
    let page = page_of(part, PatientPage::from_path);
    let whom = provide_for_whom();
    let banner = move || {
        let names = page.with(|page| page.as_ref().is_some_and(PatientPage::names_whom));
        whom.get().filter(|_| !names).map(|patient| view! { <ActingBanner patient /> })
    };
    view! {
        <Body attr:class="portal-patient" />
        <Header page whom />
        {banner}
        <main id="main" tabindex="-1">
            {move || {
                let asks = page.with(|page| page.as_ref().is_some_and(PatientPage::asks_to_confirm));
                (!asks).then(|| view! { <UnverifiedNotice /> })
            }}
            {move || page.get().map_or_else(|| view! { <NotFoundPage /> }.into_any(), content)}
        </main>
        <Footer />
    }
    .into_any()
}

// Each of these has the pages that `PatientPage::part` gives it, and none of the others: a test reads that here. A page of another part
// comes with that part, and so does whoever asks for it.

fn visits(page: PatientPage) -> AnyView {
    match page {
        PatientPage::Home => view! { <HomePage /> }.into_any(),
        PatientPage::Visits => view! { <SignedIn><VisitsPage /></SignedIn> }.into_any(),
        PatientPage::Visit(id) => view! { <SignedIn><VisitPage id=id /></SignedIn> }.into_any(),
        PatientPage::CancelVisit(id) => view! { <SignedIn><CancelPage id=id /></SignedIn> }.into_any(),
        PatientPage::CancelSeries(id) => {
            view! { <SignedIn><CancelSeriesPage id hospital=None /></SignedIn> }.into_any()
        }
        PatientPage::Pay(id) => view! { <SignedIn><PayPage id=id /></SignedIn> }.into_any(),
        PatientPage::Receipt(id) => view! { <SignedIn><ReceiptPage id=id /></SignedIn> }.into_any(),
        PatientPage::WaitingList => view! { <SignedIn><WaitingListPage /></SignedIn> }.into_any(),
        _ => view! { <NotFoundPage /> }.into_any(),
    }
}

fn booking(page: PatientPage) -> AnyView {
    match page {
        PatientPage::Doctors => view! { <DoctorsPage /> }.into_any(),
        PatientPage::Doctor(id) => view! { <DoctorPage id=id /> }.into_any(),
        PatientPage::Hospital(id) => view! { <HospitalPage id=id /> }.into_any(),
        PatientPage::Reason(doctor) => view! { <ReasonStep doctor=doctor /> }.into_any(),
        PatientPage::Time(doctor) => view! { <TimeStep doctor=doctor /> }.into_any(),
        PatientPage::WhoFor(doctor) => {
            view! { <SignedIn><PatientStep doctor=doctor /></SignedIn> }.into_any()
        }
        PatientPage::Review(doctor) => view! { <SignedIn><ReviewStep doctor=doctor /></SignedIn> }.into_any(),
        PatientPage::Wait(doctor) => view! { <SignedIn><WaitPage doctor=doctor /></SignedIn> }.into_any(),
        PatientPage::Series(doctor) => {
            view! { <SignedIn><SeriesPage doctor hospital=None /></SignedIn> }.into_any()
        }
        PatientPage::FollowUp(id) => view! { <SignedIn><FollowUpPage id=id /></SignedIn> }.into_any(),
        PatientPage::RescheduleVisit(id) => {
            view! { <SignedIn><ReschedulePage id=id /></SignedIn> }.into_any()
        }
        _ => view! { <NotFoundPage /> }.into_any(),
    }
}

fn account(page: PatientPage) -> AnyView {
    match page {
        PatientPage::SignIn => view! { <SignInPage /> }.into_any(),
        PatientPage::SignInCode => view! { <SignInCodePage /> }.into_any(),
        PatientPage::SignUp => view! { <SignUpPage /> }.into_any(),
        PatientPage::Invitation(token) => view! { <InvitationPage token=token /> }.into_any(),
        PatientPage::Verify => view! { <VerifyPage /> }.into_any(),
        PatientPage::ForgotPassword => view! { <ForgotPasswordPage /> }.into_any(),
        PatientPage::ResetPassword => view! { <ResetPasswordPage /> }.into_any(),
        PatientPage::UndoEmail => view! { <UndoEmailPage /> }.into_any(),
        PatientPage::Security => view! { <SignedIn><SecurityPage /></SignedIn> }.into_any(),
        PatientPage::WhoLooked => view! { <SignedIn><WhoLookedPage /></SignedIn> }.into_any(),
        PatientPage::SecondFactor => view! { <SignedIn><SecondFactorPage /></SignedIn> }.into_any(),
        PatientPage::Confirm => view! { <SignedIn><ConfirmPage /></SignedIn> }.into_any(),
        PatientPage::Family => view! { <SignedIn><FamilyPage /></SignedIn> }.into_any(),
        PatientPage::FamilyChild => view! { <SignedIn><ChildPage /></SignedIn> }.into_any(),
        PatientPage::FamilyAsk => view! { <SignedIn><AskPage /></SignedIn> }.into_any(),
        PatientPage::FamilyChange => view! { <SignedIn><ChangePage /></SignedIn> }.into_any(),
        PatientPage::FamilyAccount => view! { <SignedIn><OwnAccountPage /></SignedIn> }.into_any(),
        PatientPage::FamilyOffer(id) => view! { <SignedIn><OfferPage id=id /></SignedIn> }.into_any(),
        PatientPage::Calendar => view! { <SignedIn><CalendarPage /></SignedIn> }.into_any(),
        PatientPage::Passkeys => view! { <SignedIn><PasskeysPage /></SignedIn> }.into_any(),
        PatientPage::SignIns => view! { <SignedIn><SignInsPage /></SignedIn> }.into_any(),
        _ => view! { <NotFoundPage /> }.into_any(),
    }
}
