//! Asking for the password or a code once more before what needs it, and then going on with it.
//! What needs it is said in `domain::access`; here stand the forms of it, in words.

pub mod about;
pub mod api;
pub mod patient;

use crate::t;

/// What a form does for which a proof is asked, in words; none for any other form.
fn words(form: &str) -> Option<&'static str> {
    Some(match form.strip_prefix("/_fn/")? {
        "hospital-invite" => t!(step_up.invite),
        "hospital-member-state" => t!(step_up.member),
        "hospital-withdraw-invitation" => t!(step_up.withdraw_invitation),
        "hospital-set-staff-policy" => t!(step_up.staff_policy),
        "hospital-refund" => t!(step_up.refund),
        "hospital-declare-emergency" => t!(step_up.emergency),
        "end-sign-in" | "end-other-sign-ins" => t!(step_up.sign_ins),
        "family-ask" => t!(step_up.ask),
        "family-change" => t!(step_up.change),
        "family-own-account" => t!(step_up.own_account),
        "begin-passkey" | "add-passkey" => t!(step_up.add_passkey),
        "remove-passkey" => t!(step_up.remove_passkey),
        _ => return None,
    })
}

/// Whether a proof is asked for before a form does its work.
#[must_use]
pub fn is_asked_for(form: &str) -> bool {
    words(form).is_some()
}
