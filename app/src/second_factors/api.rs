//! Server functions of the second factor. Passwords and codes go through and are kept nowhere.
//! Which sign-in waits for a code stands in the session, on the server's side.

use domain::second_factors::SecondFactor;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    server::{answer, call, keep_marks, marks, services, start_session, waiting},
};

/// The page of the settings.
#[cfg(feature = "ssr")]
const SETTINGS: &str = "/account/second-factor";

/// How the caller's second factor stands.
#[server(prefix = "/_fn", endpoint = "account-codes", input = Json)]
pub async fn read_second_factor() -> Result<SecondFactor, AppError> {
    answer(services()?.second_factors.second_factor(&call()).await)
}

/// Makes a secret for the phone.
#[server(prefix = "/_fn", endpoint = "begin-second-factor")]
pub async fn begin_second_factor(#[server(default)] password: String) -> Result<(), AppError> {
    let command = domain::second_factors::BeginSecondFactor { password };
    let begun = answer(services()?.second_factors.begin(&call(), command).await);
    typed::<BeginSecondFactor>(&[]).keep(begun.map(|_| SETTINGS.to_owned()))
}

/// Turns it on with the phone's first code.
#[server(prefix = "/_fn", endpoint = "confirm-second-factor")]
pub async fn confirm_second_factor(#[server(default)] code: String) -> Result<(), AppError> {
    let command = domain::second_factors::ConfirmSecondFactor { code };
    let on = go_on(services()?.second_factors.confirm(&call(), command).await).await;
    typed::<ConfirmSecondFactor>(&[]).keep(on.map(|()| format!("{SETTINGS}?saved=on")))
}

/// Makes new recovery codes.
#[server(prefix = "/_fn", endpoint = "renew-recovery-codes")]
pub async fn renew_recovery_codes(
    #[server(default)] password: String,
    #[server(default)] code: String,
) -> Result<(), AppError> {
    let command = domain::second_factors::ProveBoth { password, code };
    let renewed = answer(services()?.second_factors.renew_recovery_codes(&call(), command).await);
    typed::<RenewRecoveryCodes>(&[]).keep(renewed.map(|_| format!("{SETTINGS}?saved=codes")))
}

/// Turns it off.
#[server(prefix = "/_fn", endpoint = "turn-off-second-factor")]
pub async fn turn_off_second_factor(
    #[server(default)] password: String,
    #[server(default)] code: String,
) -> Result<(), AppError> {
    let command = domain::second_factors::ProveBoth { password, code };
    let off = go_on(services()?.second_factors.turn_off(&call(), command).await).await;
    typed::<TurnOffSecondFactor>(&[]).keep(off.map(|()| format!("{SETTINGS}?saved=off")))
}

/// Finishes signing in with a code.
#[server(prefix = "/_fn", endpoint = "sign-in-code")]
pub async fn sign_in_code(#[server(default)] code: String) -> Result<(), AppError> {
    typed::<SignInCode>(&[]).keep(give(&code).await)
}

/// A change of the second factor begins the next epoch, as a new password does: this browser goes on with a session of a new id.
#[cfg(feature = "ssr")]
async fn go_on(changed: domain::Result<SecondFactor>) -> Result<(), AppError> {
    answer(changed)?;
    answer(crate::server::next_session().await)
}

/// Whoever took too long, or guessed too often, begins again with the password.
#[cfg(feature = "ssr")]
async fn give(code: &str) -> Result<String, AppError> {
    let Some(mine) = answer(waiting::take_a_try().await)? else { return Ok("/sign-in?again=1".to_owned()) };
    let shown = marks();
    let entry = answer(services()?.accounts.give_code(mine.passed, code, &shown).await)?;
    answer(start_session(&entry.principal).await)?;
    keep_marks(&entry.marks);
    Ok(crate::accounts::api::home_of(&entry.principal, &mine.next))
}
