//! What goes back of what was paid when a visit does not take place.
//!
//! Who may give money back by hand is [`crate::access`]' business.

use serde::{Deserialize, Serialize};

use crate::appointments::{Initiator, Lead};

/// What a hospital gives back when the patient's side cancels. When the hospital itself cancels, all of it goes back: that is no
/// matter of policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RefundPolicy {
    /// Hours before the begin until which all of it goes back, 0 to 720.
    pub full_until_hours: i64,
    /// What part goes back after that, in hundredths, 0 to 100.
    pub late_percent: i64,
}

impl Default for RefundPolicy {
    /// All of it until a day before, nothing after.
    fn default() -> Self {
        Self { full_until_hours: 24, late_percent: 0 }
    }
}

/// Hours of a policy.
pub const POLICY_HOURS: std::ops::RangeInclusive<i64> = 0..=720;

impl RefundPolicy {
    /// What goes back of an amount, in minor units, rounded down to whole ones in favour of nobody but the arithmetic: half a cent cannot be sent.
    ///
    /// Of all that was due when her side has moved the visit before, and is due now, it is the least: that is what the shortest lead gives.
    pub fn due(&self, paid_minor: i64, by: Initiator, lead: Lead) -> i64 {
        match by {
            Initiator::Provider | Initiator::Organization => paid_minor,
            Initiator::Patient if lead.is_at_least(self.full_until_hours) => paid_minor,
            Initiator::Patient => paid_minor.saturating_mul(self.late_percent.clamp(0, 100)) / 100,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        appointments::{Hand, Put},
        time::MINUTE,
    };

    const HOUR: i64 = 60 * MINUTE;

    #[test]
    fn who_cancels_in_time_gets_all_back() {
        let policy = RefundPolicy { full_until_hours: 24, late_percent: 50 };
        let due = |paid, lead| policy.due(paid, Initiator::Patient, Lead::Of(lead));
        assert_eq!(due(4500, 24 * HOUR), 4500);
        assert_eq!(due(4500, 24 * HOUR - 1), 2250);
        assert_eq!(due(4501, -HOUR), 2250);
        assert_eq!(RefundPolicy::default().due(4500, Initiator::Patient, Lead::Of(HOUR)), 0);
    }

    #[test]
    fn moving_a_visit_first_gives_nothing_more_back() {
        let policy = RefundPolicy { full_until_hours: 24, late_percent: 50 };
        let put = |by, starts_at: i64, at: i64| Put { starts_at: starts_at * HOUR, at: at * HOUR, by };
        let booked = put(Hand::Patient, 100, 0);
        let hers = [booked, put(Hand::Patient, 600, 99)];
        assert_eq!(policy.due(4500, Initiator::Patient, Lead::of(&hers, 600 * HOUR, 99 * HOUR)), 2250);
        let theirs = [booked, put(Hand::Hospital, 52, 50)];
        assert_eq!(policy.due(4500, Initiator::Patient, Lead::of(&theirs, 52 * HOUR, 51 * HOUR)), 4500);
    }

    #[test]
    fn what_the_hospital_cancels_is_paid_back_whole() {
        let nothing = RefundPolicy { full_until_hours: 720, late_percent: 0 };
        for by in [Initiator::Provider, Initiator::Organization] {
            assert_eq!(nothing.due(4500, by, Lead::Of(0)), 4500);
        }
    }
}
