//! Which page of the patient portal an address means, read once into a type, and written back the same way.
//! A malformed id is no page; whether the thing behind a well-formed one exists is found out by reading it.

mod kinds;

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
            | Self::CancelSeries(_)
            | Self::WaitingList
            | Self::Visits
            | Self::Visit(_)
            | Self::CancelVisit(_)
            | Self::Pay(_)
            | Self::Receipt(_) => Part::Visits,
            Self::Doctors
            | Self::Doctor(_)
            | Self::Hospital(_)
            | Self::Reason(_)
            | Self::Time(_)
            | Self::WhoFor(_)
            | Self::Review(_)
            | Self::Wait(_)
            | Self::Series(_)
            | Self::FollowUp(_)
            | Self::RescheduleVisit(_) => Part::Booking,
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
}

#[cfg(test)]
mod tests;
