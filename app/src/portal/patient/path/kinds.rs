//! What kinds of pages there are for what stands around them: banners and the marks of the menu.
//! There is no wildcard: whoever adds a page decides.

use super::PatientPage;

impl PatientPage {
    /// Whether the page says by itself for whom it is: its form names her.
    #[must_use]
    pub fn names_whom(&self) -> bool {
        match self {
            Self::Family
            | Self::FamilyChild
            | Self::FamilyAsk
            | Self::FamilyChange
            | Self::FamilyAccount
            | Self::FamilyOffer(_) => true,
            Self::Home
            | Self::SignIn
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
            | Self::Calendar
            | Self::Passkeys
            | Self::Doctors
            | Self::Doctor(_)
            | Self::Hospital(_)
            | Self::Reason(_)
            | Self::Time(_)
            | Self::WhoFor(_)
            | Self::Review(_)
            | Self::Wait(_)
            | Self::Series(_)
            | Self::WaitingList
            | Self::FollowUp(_)
            | Self::Visits
            | Self::Visit(_)
            | Self::CancelVisit(_)
            | Self::CancelSeries(_)
            | Self::RescheduleVisit(_)
            | Self::Pay(_)
            | Self::Receipt(_) => false,
        }
    }

    /// Whether the page belongs to finding a doctor and booking.
    #[must_use]
    pub fn is_search(&self) -> bool {
        match self {
            Self::Doctors
            | Self::Doctor(_)
            | Self::Hospital(_)
            | Self::Reason(_)
            | Self::Time(_)
            | Self::WhoFor(_)
            | Self::Review(_)
            | Self::Wait(_)
            | Self::Series(_) => true,
            Self::Home
            | Self::SignIn
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
            | Self::Passkeys
            | Self::WaitingList
            | Self::FollowUp(_)
            | Self::Visits
            | Self::Visit(_)
            | Self::CancelVisit(_)
            | Self::CancelSeries(_)
            | Self::RescheduleVisit(_)
            | Self::Pay(_)
            | Self::Receipt(_) => false,
        }
    }

    /// Whether the page says by itself that an address waits to be confirmed, or is about another matter of the account.
    #[must_use]
    pub fn asks_to_confirm(&self) -> bool {
        match self {
            Self::Verify | Self::ResetPassword | Self::UndoEmail | Self::Security | Self::Review(_) => true,
            Self::Home
            | Self::SignIn
            | Self::SignInCode
            | Self::SignUp
            | Self::Invitation(_)
            | Self::SignIns
            | Self::ForgotPassword
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
            | Self::Passkeys
            | Self::Doctors
            | Self::Doctor(_)
            | Self::Hospital(_)
            | Self::Reason(_)
            | Self::Time(_)
            | Self::WhoFor(_)
            | Self::Wait(_)
            | Self::Series(_)
            | Self::WaitingList
            | Self::FollowUp(_)
            | Self::Visits
            | Self::Visit(_)
            | Self::CancelVisit(_)
            | Self::CancelSeries(_)
            | Self::RescheduleVisit(_)
            | Self::Pay(_)
            | Self::Receipt(_) => false,
        }
    }

    /// Whether the page is about visits that are booked.
    #[must_use]
    pub fn is_visits(&self) -> bool {
        match self {
            Self::WaitingList
            | Self::FollowUp(_)
            | Self::Visits
            | Self::Visit(_)
            | Self::CancelVisit(_)
            | Self::CancelSeries(_)
            | Self::RescheduleVisit(_)
            | Self::Pay(_)
            | Self::Receipt(_) => true,
            Self::Home
            | Self::SignIn
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
            | Self::Passkeys
            | Self::Doctors
            | Self::Doctor(_)
            | Self::Hospital(_)
            | Self::Reason(_)
            | Self::Time(_)
            | Self::WhoFor(_)
            | Self::Review(_)
            | Self::Wait(_)
            | Self::Series(_) => false,
        }
    }
}
