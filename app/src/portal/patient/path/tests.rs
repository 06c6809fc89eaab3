//! That the address of each page of the patient portal leads to it, and to the part that it is in.

use std::collections::BTreeSet;

use super::*;

const ID: &str = "0190a5b2-7c3d-7e4f-8a9b-0c1d2e3f4a5b";

/// The source of the portal. Its functions build what they are asked for, and a page cannot be built here; to have them say before
/// whether they would is more than the browser's share of them may weigh.
const PORTAL: &str = include_str!("../../patient.rs");

/// Every page.
fn pages() -> [PatientPage; 40] {
    let (doctor, visit) = (ID.parse().unwrap(), ID.parse().unwrap());
    [
        PatientPage::Home,
        PatientPage::SignIn,
        PatientPage::SignInCode,
        PatientPage::SignUp,
        PatientPage::Invitation("secret".into()),
        PatientPage::SignIns,
        PatientPage::Calendar,
        PatientPage::Verify,
        PatientPage::ForgotPassword,
        PatientPage::ResetPassword,
        PatientPage::UndoEmail,
        PatientPage::Security,
        PatientPage::WhoLooked,
        PatientPage::SecondFactor,
        PatientPage::Confirm,
        PatientPage::Passkeys,
        PatientPage::Family,
        PatientPage::FamilyChild,
        PatientPage::FamilyAsk,
        PatientPage::FamilyChange,
        PatientPage::FamilyAccount,
        PatientPage::FamilyOffer(ID.parse().unwrap()),
        PatientPage::Doctors,
        PatientPage::Doctor(doctor),
        PatientPage::Hospital(ID.parse().unwrap()),
        PatientPage::Reason(doctor),
        PatientPage::Time(doctor),
        PatientPage::WhoFor(doctor),
        PatientPage::Review(doctor),
        PatientPage::Wait(doctor),
        PatientPage::Series(doctor),
        PatientPage::CancelSeries(visit),
        PatientPage::WaitingList,
        PatientPage::FollowUp(ID.parse().unwrap()),
        PatientPage::Visits,
        PatientPage::Visit(visit),
        PatientPage::CancelVisit(visit),
        PatientPage::RescheduleVisit(visit),
        PatientPage::Pay(visit),
        PatientPage::Receipt(ID.parse().unwrap()),
    ]
}

/// Where the pages are named.
const PAGES: &str = include_str!("../path.rs");

/// What a page is called in the source.
fn name(page: &PatientPage) -> String {
    format!("{page:?}").split('(').next().unwrap().to_owned()
}

/// The pages that a part's function has.
fn named_in(function: &str) -> BTreeSet<String> {
    let (_, function) =
        PORTAL.split_once(&format!("\nfn {function}(page: PatientPage) -> AnyView {{")).unwrap();
    let (arms, _) = function.split_once("\n}\n").unwrap();
    let names = arms.split("PatientPage::").skip(1);
    names.map(|name| name.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned()).collect()
}

#[test]
fn every_page_is_in_the_list_of_these_tests() {
    let (_, names) = PAGES.split_once("pub enum PatientPage {").unwrap();
    let (names, _) = names.split_once("\n}\n").unwrap();
    let names = names.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.is_empty());
    let names: BTreeSet<_> =
        names.map(|line| line.trim_end_matches(',').split('(').next().unwrap().to_owned()).collect();
    assert_eq!(pages().iter().map(name).collect::<BTreeSet<_>>(), names);
}

#[test]
fn every_page_finds_back_from_its_path() {
    for page in pages() {
        assert_eq!(Part::at(&page.path()), page.part(), "{}", page.path());
        assert_eq!(PatientPage::from_path(&page.path()), Some(page));
    }
}

#[test]
fn a_part_has_the_pages_that_it_says_and_no_others() {
    let parts = [(Part::Visits, "visits"), (Part::Booking, "booking"), (Part::Account, "account")];
    for (part, function) in parts {
        let own: BTreeSet<_> = pages().iter().filter(|page| page.part() == part).map(name).collect();
        assert_eq!(named_in(function), own, "{part:?}");
    }
}

#[test]
fn malformed_ids_and_unknown_paths_are_no_page() {
    for path in
        ["/doctors/42", "/appointments/x/cancel", "/nowhere", "/sign-in/twice", "/book", "/invitation"]
    {
        assert_eq!(PatientPage::from_path(path), None, "{path}");
    }
}

#[test]
fn a_slash_at_the_end_changes_nothing() {
    assert_eq!(PatientPage::from_path("/doctors/"), Some(PatientPage::Doctors));
    assert_eq!(PatientPage::from_path(""), Some(PatientPage::Home));
    assert_eq!(Part::at("/doctors/"), Part::Booking);
    assert_eq!(Part::at(&format!("//appointments//{ID}//reschedule/")), Part::Booking);
    assert_eq!(Part::at(&format!("/appointments/{ID}/")), Part::Visits);
}
