//! What stands around a page: banners and the mark of the menu.
//! There is no wildcard: whoever adds a page decides, in one place.

use super::PatientPage;

/// Which entry of the menu a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    /// Finding a doctor and booking.
    Search,
    /// Visits that are booked.
    Visits,
}

#[derive(Clone, Copy)]
struct Around {
    mark: Mark,
    /// Whether the page says by itself for whom it is: its form names her.
    names_whom: bool,
    /// Whether it says by itself that an address waits to be confirmed, or is about another matter of the account.
    asks_to_confirm: bool,
}

impl Around {
    const PLAIN: Self = Self { mark: Mark::None, names_whom: false, asks_to_confirm: false };
}

impl PatientPage {
    fn around(&self) -> Around {
        match self {
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
            | Self::Calendar
            | Self::Passkeys => Around::PLAIN,
            Self::Verify | Self::ResetPassword | Self::UndoEmail | Self::Security => {
                Around { asks_to_confirm: true, ..Around::PLAIN }
            }
            Self::Family
            | Self::FamilyChild
            | Self::FamilyAsk
            | Self::FamilyChange
            | Self::FamilyAccount
            | Self::FamilyOffer(_) => Around { names_whom: true, ..Around::PLAIN },
            Self::Doctors
            | Self::Doctor(_)
            | Self::Hospital(_)
            | Self::Reason(_)
            | Self::Time(_)
            | Self::WhoFor(_)
            | Self::Wait(_)
            | Self::Series(_) => Around { mark: Mark::Search, ..Around::PLAIN },
            Self::Review(_) => Around { mark: Mark::Search, asks_to_confirm: true, ..Around::PLAIN },
            Self::WaitingList
            | Self::FollowUp(_)
            | Self::Visits
            | Self::Visit(_)
            | Self::CancelVisit(_)
            | Self::CancelSeries(_)
            | Self::RescheduleVisit(_)
            | Self::Pay(_)
            | Self::Receipt(_) => Around { mark: Mark::Visits, ..Around::PLAIN },
        }
    }

    /// Whether the page says by itself for whom it is: its form names her.
    #[must_use]
    pub fn names_whom(&self) -> bool {
        self.around().names_whom
    }

    /// Whether the page belongs to finding a doctor and booking.
    #[must_use]
    pub fn is_search(&self) -> bool {
        self.around().mark == Mark::Search
    }

    /// Whether the page says by itself that an address waits to be confirmed, or is about another matter of the account.
    #[must_use]
    pub fn asks_to_confirm(&self) -> bool {
        self.around().asks_to_confirm
    }

    /// Whether the page is about visits that are booked.
    #[must_use]
    pub fn is_visits(&self) -> bool {
        self.around().mark == Mark::Visits
    }
}
