//! What goes back of what was paid when a visit does not take place.
//!
//! Who may give money back by hand is [`crate::access`]' business.

use serde::{Deserialize, Serialize};

use crate::{appointments::Initiator, time::MINUTE};

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
    pub fn due(&self, paid_minor: i64, by: Initiator, starts_at: i64, now: i64) -> i64 {
        let in_time = starts_at - now >= self.full_until_hours * 60 * MINUTE;
        match by {
            Initiator::Provider | Initiator::Organization => paid_minor,
            Initiator::Patient if in_time => paid_minor,
            Initiator::Patient => paid_minor.saturating_mul(self.late_percent.clamp(0, 100)) / 100,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * MINUTE;

    #[test]
    fn who_cancels_in_time_gets_all_back() {
        let policy = RefundPolicy { full_until_hours: 24, late_percent: 50 };
        assert_eq!(policy.due(4500, Initiator::Patient, 24 * HOUR, 0), 4500);
        assert_eq!(policy.due(4500, Initiator::Patient, 24 * HOUR - 1, 0), 2250);
        assert_eq!(policy.due(4501, Initiator::Patient, 0, HOUR), 2250);
        assert_eq!(RefundPolicy::default().due(4500, Initiator::Patient, HOUR, 0), 0);
    }

    #[test]
    fn what_the_hospital_cancels_is_paid_back_whole() {
        let nothing = RefundPolicy { full_until_hours: 720, late_percent: 0 };
        for by in [Initiator::Provider, Initiator::Organization] {
            assert_eq!(nothing.due(4500, by, HOUR, HOUR), 4500);
        }
    }
}
