//! What follows from what a payment provider says: one decision, made of where the payment stands, what is seen there, and where
//! the visit stands. It is the same whether a browser came back, a notice arrived, twice or late, or the clock struck.
//!
//! The order is: the bank reserves the money, the house wins the time, and only then the money is taken. Nothing here asks anybody.
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

use serde::{Deserialize, Serialize};

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PaymentState {
    /// Begun; no bank has reserved anything yet.
    Open,
    /// Reserved, and the time is won: the money is being taken.
    Capturing,
    /// The money is here.
    Captured,
    /// Reserved, but there is no visit for it: the bank is told to let go of it.
    Undoing,
    /// The bank has let go of what was reserved, or does so by itself.
    Voided,
    /// The time was won and the money then could not be taken: it is to be paid at the desk.
    Lost,
    /// The time was held no longer before anything was reserved.
    Closed,
}

impl PaymentState {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Capturing, Self::Captured, Self::Undoing, Self::Voided, Self::Lost, Self::Closed];

    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Capturing => "capturing",
            Self::Captured => "captured",
            Self::Undoing => "undoing",
            Self::Voided => "voided",
            Self::Lost => "lost",
            Self::Closed => "closed",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether the provider has been asked for something whose end is not known yet.
    pub fn is_under_way(self) -> bool {
        match self {
            Self::Capturing | Self::Undoing => true,
            Self::Open | Self::Captured | Self::Voided | Self::Lost | Self::Closed => false,
        }
    }

    /// Whether it is worth asking the provider when somebody comes back from its page: not where the money is here, or was let go of.
    pub fn is_unsettled(self) -> bool {
        match self {
            Self::Open | Self::Capturing | Self::Undoing | Self::Lost | Self::Closed => true,
            Self::Captured | Self::Voided => false,
        }
    }
}

/// How the provider sees the one payment of an order that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Nothing, or nothing but refusals.
    Nothing,
    /// A bank has reserved the money.
    Reserved,
    /// The money was taken.
    Taken,
    /// What was reserved or taken has gone back by itself.
    Returned,
}

/// Where the visit stands that is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its time is held until it is paid for, or has been, and may still be free.
    Waiting,
    /// It was booked.
    Kept,
    /// It was booked, and so much of its price has come otherwise that this payment would be too much.
    PaidOtherwise,
    /// It was called off, or let go of.
    GivenUp,
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing.
    Rest,
    /// Win the time, and then take the money; without the time, [`Next::Undo`] or [`Next::GiveBack`].
    Seat,
    /// Ask the provider to take the money (again).
    Capture,
    /// Note that the money is here.
    Book,
    /// Ask the provider to let go of the money (again).
    Undo,
    /// Note that it has let go.
    Void,
    /// Note that the money is here, and send all of it back.
    GiveBack,
    /// Note that the money could not be taken.
    Lose,
    /// Nothing was reserved, and the time is held no longer.
    Close,
}

/// What is known when the decision is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// Where the payment stands here.
    pub state: PaymentState,
    /// What the provider says.
    pub seen: Seen,
    /// Whether amount, currency and order are those that were agreed.
    pub as_agreed: bool,
    /// Where the visit stands.
    pub standing: Standing,
    /// Whether the hold has ended.
    pub hold_ended: bool,
}

/// The decision.
pub fn next(situation: Situation) -> Next {
    use PaymentState::{Captured, Capturing, Closed, Lost, Open, Undoing, Voided};
    let Situation { state, seen, as_agreed, standing, hold_ended } = situation;
    let seats = as_agreed && standing == Standing::Waiting;
    let keeps = as_agreed && standing == Standing::Kept;
    match (state, seen) {
        // Late money is as good as money in time, as long as the time can be had.
        (Open | Closed, Seen::Reserved) => {
            if seats {
                Next::Seat
            } else {
                Next::Undo
            }
        }
        (Open | Closed, Seen::Taken) => {
            if seats {
                Next::Seat
            } else {
                Next::GiveBack
            }
        }
        (Open, Seen::Nothing | Seen::Returned) if hold_ended || standing == Standing::GivenUp => Next::Close,

        (Capturing, Seen::Reserved) => Next::Capture,
        (Capturing, Seen::Taken) => {
            if as_agreed {
                Next::Book
            } else {
                Next::GiveBack
            }
        }
        (Capturing, Seen::Nothing | Seen::Returned) => Next::Lose,

        (Undoing, Seen::Reserved) => Next::Undo,
        (Undoing | Voided, Seen::Taken) => Next::GiveBack,
        (Undoing, Seen::Nothing | Seen::Returned) => Next::Void,

        (Lost, Seen::Reserved) => {
            if keeps {
                Next::Capture
            } else {
                Next::Undo
            }
        }
        (Lost, Seen::Taken) => {
            if keeps {
                Next::Book
            } else {
                Next::GiveBack
            }
        }

        (Open | Closed | Lost | Voided, Seen::Nothing | Seen::Returned)
        | (Voided, Seen::Reserved)
        | (Captured, _) => Next::Rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_back_makes_the_house_ask_unless_it_knows_the_end() {
        let ends = PaymentState::ALL.map(|state| (state, state.is_unsettled()));
        let over: Vec<_> =
            ends.into_iter().filter(|(_, unsettled)| !unsettled).map(|(state, _)| state).collect();
        assert_eq!(over, [PaymentState::Captured, PaymentState::Voided]);
    }

    const SEEN: [Seen; 4] = [Seen::Nothing, Seen::Reserved, Seen::Taken, Seen::Returned];
    const STANDING: [Standing; 4] =
        [Standing::Waiting, Standing::Kept, Standing::PaidOtherwise, Standing::GivenUp];

    fn all() -> impl Iterator<Item = Situation> {
        PaymentState::ALL.into_iter().flat_map(|state| {
            SEEN.into_iter().flat_map(move |seen| {
                STANDING.into_iter().flat_map(move |standing| {
                    [true, false].into_iter().flat_map(move |as_agreed| {
                        [true, false].map(move |hold_ended| Situation {
                            state,
                            seen,
                            as_agreed,
                            standing,
                            hold_ended,
                        })
                    })
                })
            })
        })
    }

    #[test]
    fn money_is_asked_for_only_when_the_time_is_won() {
        for situation in all() {
            if next(situation) == Next::Capture {
                let won = situation.state == PaymentState::Capturing
                    || (situation.state == PaymentState::Lost && situation.standing == Standing::Kept);
                assert!(won && situation.seen == Seen::Reserved, "{situation:?}");
            }
        }
    }

    #[test]
    fn money_that_was_taken_is_kept_for_a_visit_or_goes_back() {
        for situation in all().filter(|it| it.seen == Seen::Taken && it.state != PaymentState::Captured) {
            let next = next(situation);
            assert!(matches!(next, Next::Seat | Next::Book | Next::GiveBack), "{situation:?}: {next:?}");
            if !situation.as_agreed {
                assert_eq!(next, Next::GiveBack, "{situation:?}");
            }
        }
    }

    #[test]
    fn money_that_is_reserved_never_just_lies_there() {
        let resting = [PaymentState::Captured, PaymentState::Voided];
        for situation in all().filter(|it| it.seen == Seen::Reserved && !resting.contains(&it.state)) {
            assert!(matches!(next(situation), Next::Seat | Next::Capture | Next::Undo), "{situation:?}");
        }
    }

    #[test]
    fn a_visit_that_was_paid_for_otherwise_is_not_paid_for_again() {
        use PaymentState::{Closed, Lost, Open};
        let paid = |it: &Situation| it.standing == Standing::PaidOtherwise;
        for situation in all().filter(|it| paid(it) && matches!(it.state, Open | Closed | Lost)) {
            match situation.seen {
                Seen::Reserved => assert_eq!(next(situation), Next::Undo, "{situation:?}"),
                Seen::Taken => assert_eq!(next(situation), Next::GiveBack, "{situation:?}"),
                Seen::Nothing | Seen::Returned => {
                    assert!(matches!(next(situation), Next::Rest | Next::Close), "{situation:?}");
                }
            }
        }
    }

    #[test]
    fn a_wrong_amount_wins_no_time() {
        for situation in all().filter(|it| !it.as_agreed) {
            assert!(!matches!(next(situation), Next::Seat | Next::Book), "{situation:?}");
        }
    }

    #[test]
    fn what_is_over_stays_over_without_news() {
        for state in [PaymentState::Closed, PaymentState::Voided, PaymentState::Lost, PaymentState::Captured]
        {
            for standing in STANDING {
                let quiet =
                    Situation { state, seen: Seen::Nothing, as_agreed: true, standing, hold_ended: true };
                assert_eq!(next(quiet), Next::Rest, "{quiet:?}");
            }
        }
    }

    #[test]
    fn an_open_payment_is_closed_when_its_hold_has_ended() {
        let quiet = |standing, hold_ended| {
            next(Situation {
                state: PaymentState::Open,
                seen: Seen::Nothing,
                as_agreed: true,
                standing,
                hold_ended,
            })
        };
        assert_eq!(quiet(Standing::Waiting, false), Next::Rest);
        assert_eq!(quiet(Standing::Waiting, true), Next::Close);
        assert_eq!(quiet(Standing::GivenUp, false), Next::Close);
    }

    #[test]
    fn codes_read_back() {
        for state in PaymentState::ALL {
            assert_eq!(PaymentState::parse(state.code()), Some(state));
        }
    }
}
