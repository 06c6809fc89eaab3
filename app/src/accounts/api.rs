//! Server functions of accounts: sign up, sign in, accept an invitation, whom the account acts for.
//! A password goes through and is kept nowhere, not even for a form that is shown again.

use domain::accounts::{Invitation, OwnPatient};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    server::{actor, answer, call, keep_marks, local_path, marks, services, start_session, waiting},
};

/// Makes an account with its patient, and signs in.
#[server(prefix = "/_fn", endpoint = "sign-up")]
pub async fn sign_up(
    #[server(default)] full_name: String,
    #[server(default)] birth_date: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let form = typed::<SignUp>(&[("full_name", &full_name), ("birth_date", &birth_date), ("email", &email)]);
    let next = local_path(&next, "/");
    // The mail leads back to where one was, if that is worth coming back to.
    let back = if next == "/" { String::new() } else { next.clone() };
    let command = domain::accounts::RegisterPatient { email, password, full_name, birth_date, next: back };
    form.keep(register(command).await.map(|()| next))
}

/// Signs in.
#[server(prefix = "/_fn", endpoint = "sign-in")]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let form = typed::<SignIn>(&[("email", &email)]);
    form.keep(enter(domain::accounts::SignIn { email, password }, &next).await)
}

/// Accepts an invitation: as the signed-in account, or with a new one.
#[server(prefix = "/_fn", endpoint = "accept-invitation")]
pub async fn accept_invitation(
    #[server(default)] token: String,
    #[server(default)] full_name: String,
    #[server(default)] password: String,
) -> Result<(), AppError> {
    let form = typed::<AcceptInvitation>(&[("full_name", &full_name)]);
    let command = domain::accounts::AcceptInvitation { token, full_name, password };
    form.keep(accept(command).await.map(|()| "/hospital".to_owned()))
}

/// What an invitation says.
#[server(prefix = "/_fn", endpoint = "invitation", input = Json)]
pub async fn read_invitation(token: String) -> Result<Invitation, AppError> {
    answer(services()?.accounts.invitation(&token).await)
}

/// Whom the account may book for, the own patient first.
#[server(prefix = "/_fn", endpoint = "own-patients", input = Json)]
pub async fn own_patients() -> Result<Vec<OwnPatient>, AppError> {
    answer(services()?.accounts.own_patients(&call()).await)
}

#[cfg(feature = "ssr")]
async fn register(command: domain::accounts::RegisterPatient) -> Result<(), AppError> {
    let made = answer(services()?.accounts.register_patient(&call(), command).await)?;
    let who = answer(services()?.accounts.principal(made.account_id).await)?;
    match who {
        Some(who) => answer(start_session(&who).await),
        None => Ok(()),
    }
}

/// Staff without a patient of their own have nothing to do in the patient portal, so they begin in the other one.
#[cfg(feature = "ssr")]
async fn enter(command: domain::accounts::SignIn, next: &str) -> Result<String, AppError> {
    let step = answer(services()?.accounts.sign_in(command, &marks()).await)?;
    come_in(step, next).await
}

/// Signs in, or asks for a code first; the page that comes next.
#[cfg(feature = "ssr")]
pub(crate) async fn come_in(step: domain::accounts::Step, next: &str) -> Result<String, AppError> {
    match step {
        domain::accounts::Step::In(entry) => {
            answer(start_session(&entry.principal).await)?;
            keep_marks(&entry.marks);
            Ok(home_of(&entry.principal, next))
        }
        domain::accounts::Step::Code(passed) => {
            answer(waiting::begin(passed, next).await)?;
            Ok("/sign-in/code".to_owned())
        }
    }
}

/// Where somebody has left what she typed, was going, or begins.
#[cfg(feature = "ssr")]
pub(crate) fn home_of(principal: &domain::access::Principal, next: &str) -> String {
    if let Some(page) = crate::server::held::page_left(principal.account_id) {
        return page;
    }
    let home = if principal.is_employed() && principal.patients.is_empty() { "/hospital" } else { "/" };
    local_path(next, home)
}

#[cfg(feature = "ssr")]
async fn accept(command: domain::accounts::AcceptInvitation) -> Result<(), AppError> {
    let before = actor().account_id();
    let principal = answer(services()?.accounts.accept_invitation(&call(), command).await)?;
    if before == Some(principal.account_id) {
        return Ok(());
    }
    answer(start_session(&principal).await)
}
