//! Which page of the patient portal an address means, read once into a type, and written back the same way.
//! A malformed id is no page; whether the thing behind a well-formed one exists is found out by reading it.

use domain::ids::{AppointmentId, DoctorId, FollowUpId, HospitalId, OfferId, PaymentId};

use super::super::Part;

/// A page of the patient portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatientPage {
    /// `/`
    Home,
    /// `/sign-in`
    SignIn,
    /// `/sign-in/code`
    SignInCode,
    /// `/sign-up`
    SignUp,
    /// `/invitation/{token}`
    Invitation(String),
    /// `/sign-ins`
    SignIns,
    /// `/verify`
    Verify,
    /// `/forgot-password`
    ForgotPassword,
    /// `/reset-password`
    ResetPassword,
    /// `/undo-email`
    UndoEmail,
    /// `/account/security`
    Security,
    /// `/who-looked`
    WhoLooked,
    /// `/account/second-factor`
    SecondFactor,
    /// `/confirm`
    Confirm,
    /// `/family`
    Family,
    /// `/family/child`
    FamilyChild,
    /// `/family/ask`
    FamilyAsk,
    /// `/family/change`
    FamilyChange,
    /// `/family/account`
    FamilyAccount,
    /// `/family/offers/{id}`
    FamilyOffer(OfferId),
    /// `/account/calendar`
    Calendar,
    /// `/account/passkeys`
    Passkeys,
    /// `/doctors`
    Doctors,
    /// `/doctors/{id}`
    Doctor(DoctorId),
    /// `/hospitals/{id}`
    Hospital(HospitalId),
    /// `/book/{doctor}/reason`
    Reason(DoctorId),
    /// `/book/{doctor}/time`
    Time(DoctorId),
    /// `/book/{doctor}/patient`
    WhoFor(DoctorId),
    /// `/book/{doctor}/review`
    Review(DoctorId),
    /// `/book/{doctor}/wait`
    Wait(DoctorId),
    /// `/book/{doctor}/series`
    Series(DoctorId),
    /// `/waiting-list`
    WaitingList,
    /// `/follow-ups/{id}`
    FollowUp(FollowUpId),
    /// `/appointments`
    Visits,
    /// `/appointments/{id}`
    Visit(AppointmentId),
    /// `/appointments/{id}/cancel`
    CancelVisit(AppointmentId),
    /// `/appointments/{id}/cancel-series`
    CancelSeries(AppointmentId),
    /// `/appointments/{id}/reschedule`
    RescheduleVisit(AppointmentId),
    /// `/appointments/{id}/pay`
    Pay(AppointmentId),
    /// `/receipts/{id}`
    Receipt(PaymentId),
}

impl PatientPage {
    /// The page at a path, if there is one.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        Some(match segments.as_slice() {
            [] => Self::Home,
            ["sign-in"] => Self::SignIn,
            ["sign-in", "code"] => Self::SignInCode,
            ["sign-up"] => Self::SignUp,
            ["invitation", token] => Self::Invitation((*token).to_owned()),
            ["sign-ins"] => Self::SignIns,
            ["verify"] => Self::Verify,
            ["forgot-password"] => Self::ForgotPassword,
            ["reset-password"] => Self::ResetPassword,
            ["undo-email"] => Self::UndoEmail,
            ["account", "security"] => Self::Security,
            ["who-looked"] => Self::WhoLooked,
            ["account", "second-factor"] => Self::SecondFactor,
            ["confirm"] => Self::Confirm,
            ["family"] => Self::Family,
            ["family", "child"] => Self::FamilyChild,
            ["family", "ask"] => Self::FamilyAsk,
            ["family", "change"] => Self::FamilyChange,
            ["family", "account"] => Self::FamilyAccount,
            ["family", "offers", id] => Self::FamilyOffer(id.parse().ok()?),
            ["account", "calendar"] => Self::Calendar,
            ["account", "passkeys"] => Self::Passkeys,
            ["doctors"] => Self::Doctors,
            ["doctors", id] => Self::Doctor(id.parse().ok()?),
            ["hospitals", id] => Self::Hospital(id.parse().ok()?),
            ["book", doctor] | ["book", doctor, "reason"] => Self::Reason(doctor.parse().ok()?),
            ["book", doctor, "time"] => Self::Time(doctor.parse().ok()?),
            ["book", doctor, "patient"] => Self::WhoFor(doctor.parse().ok()?),
            ["book", doctor, "review"] => Self::Review(doctor.parse().ok()?),
            ["book", doctor, "wait"] => Self::Wait(doctor.parse().ok()?),
            ["book", doctor, "series"] => Self::Series(doctor.parse().ok()?),
            ["waiting-list"] => Self::WaitingList,
            ["follow-ups", id] => Self::FollowUp(id.parse().ok()?),
            ["appointments"] => Self::Visits,
            ["appointments", id] => Self::Visit(id.parse().ok()?),
            ["appointments", id, "cancel"] => Self::CancelVisit(id.parse().ok()?),
            ["appointments", id, "cancel-series"] => Self::CancelSeries(id.parse().ok()?),
            ["appointments", id, "reschedule"] => Self::RescheduleVisit(id.parse().ok()?),
            ["appointments", id, "pay"] => Self::Pay(id.parse().ok()?),
            ["receipts", id] => Self::Receipt(id.parse().ok()?),
            _ => return None,
        })
    }

    /// The path of the page.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::SignIn => "/sign-in".to_owned(),
            Self::SignInCode => "/sign-in/code".to_owned(),
            Self::SignUp => "/sign-up".to_owned(),
            Self::Invitation(token) => format!("/invitation/{token}"),
            Self::SignIns => "/sign-ins".to_owned(),
            Self::Verify => "/verify".to_owned(),
            Self::ForgotPassword => "/forgot-password".to_owned(),
            Self::ResetPassword => "/reset-password".to_owned(),
            Self::UndoEmail => "/undo-email".to_owned(),
            Self::Security => "/account/security".to_owned(),
            Self::WhoLooked => "/who-looked".to_owned(),
            Self::SecondFactor => "/account/second-factor".to_owned(),
            Self::Confirm => "/confirm".to_owned(),
            Self::Family => "/family".to_owned(),
            Self::FamilyChild => "/family/child".to_owned(),
            Self::FamilyAsk => "/family/ask".to_owned(),
            Self::FamilyChange => "/family/change".to_owned(),
            Self::FamilyAccount => "/family/account".to_owned(),
            Self::FamilyOffer(id) => format!("/family/offers/{id}"),
            Self::Calendar => "/account/calendar".to_owned(),
            Self::Passkeys => "/account/passkeys".to_owned(),
            Self::Doctors => "/doctors".to_owned(),
            Self::Doctor(id) => format!("/doctors/{id}"),
            Self::Hospital(id) => format!("/hospitals/{id}"),
            Self::Reason(doctor) => format!("/book/{doctor}/reason"),
            Self::Time(doctor) => format!("/book/{doctor}/time"),
            Self::WhoFor(doctor) => format!("/book/{doctor}/patient"),
            Self::Review(doctor) => format!("/book/{doctor}/review"),
            Self::Wait(doctor) => format!("/book/{doctor}/wait"),
            Self::Series(doctor) => format!("/book/{doctor}/series"),
            Self::WaitingList => "/waiting-list".to_owned(),
            Self::FollowUp(id) => format!("/follow-ups/{id}"),
            Self::Visits => "/appointments".to_owned(),
            Self::Visit(id) => format!("/appointments/{id}"),
            Self::CancelVisit(id) => format!("/appointments/{id}/cancel"),
            Self::CancelSeries(id) => format!("/appointments/{id}/cancel-series"),
            Self::RescheduleVisit(id) => format!("/appointments/{id}/reschedule"),
            Self::Pay(id) => format!("/appointments/{id}/pay"),
            Self::Receipt(id) => format!("/receipts/{id}"),
        }
    }

    /// The part in which the browser gets the page.
    #[must_use]
    pub fn part(&self) -> Part {
        match self {
            Self::Home
            | Self::Doctors
            | Self::Doctor(_)
            | Self::Hospital(_)
            | Self::Reason(_)
            | Self::Time(_)
            | Self::WhoFor(_)
            | Self::Review(_)
            | Self::Wait(_)
            | Self::Series(_)
            | Self::CancelSeries(_)
            | Self::WaitingList
            | Self::FollowUp(_)
            | Self::Visits
            | Self::Visit(_)
            | Self::CancelVisit(_)
            | Self::RescheduleVisit(_)
            | Self::Pay(_)
            | Self::Receipt(_) => Part::Visits,
            Self::SignIn
            | Self::SignInCode
            | Self::SignUp
            | Self::Invitation(_)
            | Self::SignIns
            | Self::Verify
            | Self::ForgotPassword
            | Self::ResetPassword
            | Self::UndoEmail
            | Self::Security
            | Self::WhoLooked
            | Self::SecondFactor
            | Self::Confirm
            | Self::Family
            | Self::FamilyChild
            | Self::FamilyAsk
            | Self::FamilyChange
            | Self::FamilyAccount
            | Self::FamilyOffer(_)
            | Self::Calendar
            | Self::Passkeys => Part::Account,
        }
    }

    /// Whether the page says by itself for whom it is: its form names her.
    #[must_use]
    pub fn names_whom(&self) -> bool {
        matches!(
            self,
            Self::Family
                | Self::FamilyChild
                | Self::FamilyAsk
                | Self::FamilyChange
                | Self::FamilyAccount
                | Self::FamilyOffer(_)
        )
    }

    /// Whether the page belongs to finding a doctor and booking.
    #[must_use]
    pub fn is_search(&self) -> bool {
        matches!(
            self,
            Self::Doctors
                | Self::Doctor(_)
                | Self::Hospital(_)
                | Self::Reason(_)
                | Self::Time(_)
                | Self::WhoFor(_)
                | Self::Review(_)
                | Self::Wait(_)
                | Self::Series(_)
        )
    }

    /// Whether the page says by itself that an address waits to be confirmed, or is about another matter of the account.
    #[must_use]
    pub fn asks_to_confirm(&self) -> bool {
        matches!(
            self,
            Self::Verify | Self::ResetPassword | Self::UndoEmail | Self::Security | Self::Review(_)
        )
    }

    /// Whether the page is about visits that are booked.
    #[must_use]
    pub fn is_visits(&self) -> bool {
        matches!(
            self,
            Self::Visits
                | Self::WaitingList
                | Self::FollowUp(_)
                | Self::Visit(_)
                | Self::CancelVisit(_)
                | Self::CancelSeries(_)
                | Self::RescheduleVisit(_)
                | Self::Pay(_)
                | Self::Receipt(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0190a5b2-7c3d-7e4f-8a9b-0c1d2e3f4a5b";

    #[test]
    fn every_page_finds_back_from_its_path() {
        let (doctor, visit) = (ID.parse().unwrap(), ID.parse().unwrap());
        for page in [
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
        ] {
            assert_eq!(Part::at(&page.path()), page.part(), "{}", page.path());
            assert_eq!(PatientPage::from_path(&page.path()), Some(page));
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
    }
}
