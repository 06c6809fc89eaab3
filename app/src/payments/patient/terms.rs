//! What comes back of what is paid online when its patient cancels, told before anybody pays.
//! What comes back of a visit that is paid is said by its bill.

use domain::ids::HospitalId;
use domain::payments::RefundPolicy;
use leptos::prelude::*;

use crate::payments::admin_api::read_refund_policy;
use crate::portal::Loaded;
use crate::reading::Reading;
use crate::t;

/// See the module.
#[component]
pub fn RefundTerms(
    /// Whose rule.
    hospital: HospitalId,
) -> impl IntoView {
    let policy = Reading::new(move || hospital, read_refund_policy);
    view! {
        <Loaded
            resource=policy
            part=true
            view={|policy: RefundPolicy| view! { <p>{terms(policy)}</p> }.into_any()}
        />
    }
    .into_any()
}

/// The rule in a sentence or two. Whole days are told as days.
fn terms(policy: RefundPolicy) -> String {
    let hours = u64::try_from(policy.full_until_hours).unwrap_or_default();
    if hours == 0 || policy.late_percent >= 100 {
        return t!(payments.terms_all).to_owned();
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
        let told = |full_until_hours, late_percent| terms(RefundPolicy { full_until_hours, late_percent });
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
}
