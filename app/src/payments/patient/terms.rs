//! What comes back of what is paid online when its patient cancels, told before anybody pays.
//! What comes back of a visit that is paid is said by its bill.

use domain::appointments::{Initiator, Lead};
use domain::ids::HospitalId;
use domain::payments::RefundPolicy;
use domain::time::Moment;
use jiff::Timestamp;
use leptos::prelude::*;

use crate::payments::admin_api::read_refund_policy;
use crate::portal::{Loaded, use_now};
use crate::reading::Reading;
use crate::t;

/// See the module.
#[component]
pub fn RefundTerms(
    /// Whose rule.
    hospital: HospitalId,
    /// When the visit begins.
    start: Moment,
) -> impl IntoView {
    let now = use_now();
    let policy = Reading::new(move || hospital, read_refund_policy);
    view! {
        <Loaded
            resource=policy
            part=true
            view={move |policy: RefundPolicy| {
                view! { <p>{move || terms(policy, start.at(), now.get())}</p> }.into_any()
            }}
        />
    }
    .into_any()
}

/// The rule in a sentence or two. Whole days are told as days. Whoever pays so late that not all would come back is told that alone.
fn terms(policy: RefundPolicy, start: Timestamp, now: Option<Timestamp>) -> String {
    let hours = u64::try_from(policy.full_until_hours).unwrap_or_default();
    if hours == 0 || policy.late_percent >= 100 {
        return t!(payments.terms_all).to_owned();
    }
    let lead = now.map(|now| Lead::of(&[], start.as_millisecond(), now.as_millisecond()));
    if lead.is_some_and(|lead| policy.due(100, Initiator::Patient, lead) < 100) {
        return match policy.late_percent {
            ..=0 => t!(payments.terms_soon_none).to_owned(),
            percent => t!(payments.terms_soon_part, percent = percent.to_string()),
        };
    }
    let until = if hours.is_multiple_of(24) {
        t!(payments.terms_days, count = hours / 24)
    } else {
        t!(payments.terms_hours, count = hours)
    };
    let after = if policy.late_percent > 0 {
        t!(payments.terms_part, percent = policy.late_percent.to_string())
    } else {
        t!(payments.terms_none).to_owned()
    };
    format!("{until} {after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_pays_knows_what_would_come_back() {
        let start: Timestamp = "2026-12-20T09:00:00Z".parse().unwrap();
        let now = "2026-12-01T09:00:00Z".parse().ok();
        let told = |full_until_hours, late_percent| {
            terms(RefundPolicy { full_until_hours, late_percent }, start, now)
        };
        assert_eq!(
            told(24, 0),
            "Cancel at least a day before the visit, and all of your money comes back. After that, none of it comes back."
        );
        assert_eq!(
            told(48, 50),
            "Cancel at least 2 days before the visit, and all of your money comes back. After that, 50 % of it comes back."
        );
        assert_eq!(
            told(36, 0),
            "Cancel at least 36 hours before the visit, and all of your money comes back. After that, none of it comes back."
        );
        let all = "Cancel before the visit begins, and all of your money comes back.";
        assert_eq!((told(0, 0), told(24, 100)), (all.to_owned(), all.to_owned()));
    }

    #[test]
    fn whoever_pays_when_it_is_too_late_for_all_of_it_is_not_promised_all_of_it() {
        let start: Timestamp = "2026-12-20T09:00:00Z".parse().unwrap();
        let told = |now: &str, late_percent| {
            terms(RefundPolicy { full_until_hours: 24, late_percent }, start, now.parse().ok())
        };
        let (just, late) = ("2026-12-19T09:00:00Z", "2026-12-19T09:00:01Z");
        assert!(told(just, 0).starts_with("Cancel at least a day"), "{}", told(just, 0));
        assert_eq!(
            told(late, 0),
            "This visit is soon: if you pay now and cancel later, none of your money comes back."
        );
        assert_eq!(
            told(late, 50),
            "This visit is soon: if you pay now and cancel later, 50 % of your money comes back."
        );
        assert_eq!(told(late, 100), "Cancel before the visit begins, and all of your money comes back.");
    }
}
