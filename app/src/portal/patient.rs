//! The frame of the patient portal and the page inside it.
//! Public pages stand in it too: a visitor who is not signed in sees the same frame without visits.

mod frame;
mod path;

use leptos::prelude::*;
use leptos_meta::Body;
use leptos_router::hooks::use_location;

pub use frame::*;
pub use path::PatientPage;

use super::{NotFoundPage, SignedIn, follow_pages};
use crate::accounts::patient::{InvitationPage, SignInPage, SignUpPage};
use crate::appointments::book::{PatientStep, ReasonStep, ReviewStep, TimeStep};
use crate::appointments::patient::{CancelPage, HomePage, ReschedulePage, VisitPage, VisitsPage};
use crate::audit::patient::WhoLookedPage;
use crate::credentials::patient::{
    ForgotPasswordPage, ResetPasswordPage, SecurityPage, UndoEmailPage, UnverifiedNotice, VerifyPage,
};
use crate::doctors::patient::{DoctorPage, DoctorsPage};
use crate::family::acting::{ActingBanner, provide_for_whom};
use crate::family::patient::{AskPage, ChangePage, ChildPage, FamilyPage, OfferPage, OwnAccountPage};
use crate::hospitals::patient::HospitalPage;
use crate::passkeys::settings::PasskeysPage;
use crate::payments::patient::{PayPage, ReceiptPage};
use crate::second_factors::{code::SignInCodePage, settings::SecondFactorPage};
use crate::sign_ins::patient::SignInsPage;
use crate::step_up::patient::ConfirmPage;

/// The patient portal.
#[component]
pub fn PatientPortal() -> impl IntoView {
    follow_pages();
    let path = use_location().pathname;
    let page = Memo::new(move |_| path.with(|path| PatientPage::from_path(path)));
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
            {move || content(page.get())}
        </main>
        <Footer />
    }
}

fn content(page: Option<PatientPage>) -> AnyView {
    let Some(page) = page else {
        return view! { <NotFoundPage /> }.into_any();
    };
    match page {
        PatientPage::Home => view! { <HomePage /> }.into_any(),
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
        PatientPage::Passkeys => view! { <SignedIn><PasskeysPage /></SignedIn> }.into_any(),
        PatientPage::SignIns => view! { <SignedIn><SignInsPage /></SignedIn> }.into_any(),
        PatientPage::Doctors => view! { <DoctorsPage /> }.into_any(),
        PatientPage::Doctor(id) => view! { <DoctorPage id=id /> }.into_any(),
        PatientPage::Hospital(id) => view! { <HospitalPage id=id /> }.into_any(),
        PatientPage::Reason(doctor) => view! { <ReasonStep doctor=doctor /> }.into_any(),
        PatientPage::Time(doctor) => view! { <TimeStep doctor=doctor /> }.into_any(),
        PatientPage::WhoFor(doctor) => {
            view! { <SignedIn><PatientStep doctor=doctor /></SignedIn> }.into_any()
        }
        PatientPage::Review(doctor) => view! { <SignedIn><ReviewStep doctor=doctor /></SignedIn> }.into_any(),
        PatientPage::Visits => view! { <SignedIn><VisitsPage /></SignedIn> }.into_any(),
        PatientPage::Visit(id) => view! { <SignedIn><VisitPage id=id /></SignedIn> }.into_any(),
        PatientPage::CancelVisit(id) => view! { <SignedIn><CancelPage id=id /></SignedIn> }.into_any(),
        PatientPage::Pay(id) => view! { <SignedIn><PayPage id=id /></SignedIn> }.into_any(),
        PatientPage::Receipt(id) => view! { <SignedIn><ReceiptPage id=id /></SignedIn> }.into_any(),
        PatientPage::RescheduleVisit(id) => {
            view! { <SignedIn><ReschedulePage id=id /></SignedIn> }.into_any()
        }
    }
}
