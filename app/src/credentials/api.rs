//! Server functions of credentials. A GET shows what a link is for; only a POST uses it.
//! A password goes through and is kept nowhere, not even for a form that is shown again.

use domain::credentials::{Link, LinkPurpose};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    portal::encode,
    server::{actor, answer, call, keep_marks, local_path, marks, next_session, renew_session, services},
};

/// What the link of a mail says.
#[server(prefix = "/_fn", endpoint = "mail-link", input = Json)]
pub async fn read_link(purpose: LinkPurpose, token: String) -> Result<Link, AppError> {
    answer(services()?.credentials.link(&call(), purpose, &token).await)
}

/// Confirms an address, signs in, and leads back to where one was.
#[server(prefix = "/_fn", endpoint = "verify-email")]
pub async fn verify_email(
    #[server(default)] token: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let command = domain::credentials::VerifyEmail { token, password };
    typed::<VerifyEmail>(&[]).keep(verify(command, &local_path(&next, "/verify?done=1")).await)
}

/// Sends the confirming mail again; the link in it leads to `next`.
#[server(prefix = "/_fn", endpoint = "resend-verification")]
pub async fn resend_verification(#[server(default)] next: String) -> Result<(), AppError> {
    // The way home is no way back: a page that says that it worked is kinder.
    let next = Some(local_path(&next, "")).filter(|next| next != "/").unwrap_or_default();
    let command = domain::credentials::ResendVerification { next: next.clone() };
    let sent = answer(services()?.credentials.resend_verification(&call(), command).await);
    let page = if next.is_empty() {
        "/verify?sent=1".to_owned()
    } else {
        format!("/verify?sent=1&next={}", encode(&next))
    };
    typed::<ResendVerification>(&[]).keep(sent.map(|()| page))
}

/// Sends a mail with a link for a new password.
#[server(prefix = "/_fn", endpoint = "forgot-password")]
pub async fn forgot_password(#[server(default)] email: String) -> Result<(), AppError> {
    let form = typed::<ForgotPassword>(&[("email", &email)]);
    let command = domain::credentials::ForgotPassword { email };
    let sent = answer(services()?.credentials.forgot_password(command).await);
    form.keep(sent.map(|()| "/forgot-password?sent=1".to_owned()))
}

/// Sets a new password with the link of a mail; one signs in with it afterwards.
#[server(prefix = "/_fn", endpoint = "reset-password")]
pub async fn reset_password(
    #[server(default)] token: String,
    #[server(default)] password: String,
) -> Result<(), AppError> {
    let command = domain::credentials::ResetPassword { token, password };
    let set = answer(services()?.credentials.reset_password(command, &marks()).await);
    let set = set.map(|marks| keep_marks(&marks));
    typed::<ResetPassword>(&[]).keep(set.map(|()| "/sign-in?reset=1".to_owned()))
}

/// Replaces the password; this browser goes on with a session of a new id.
#[server(prefix = "/_fn", endpoint = "change-password")]
pub async fn change_password(
    #[server(default)] current_password: String,
    #[server(default)] new_password: String,
    #[server(default)] end_others: String,
) -> Result<(), AppError> {
    let end_others = !end_others.is_empty();
    let command = domain::credentials::ChangePassword { current_password, new_password, end_others };
    typed::<ChangePassword>(&[])
        .keep(replace(command).await.map(|()| "/account/security?saved=password".to_owned()))
}

/// Asks for another address to sign in with.
#[server(prefix = "/_fn", endpoint = "change-email")]
pub async fn change_email(
    #[server(default)] email: String,
    #[server(default)] password: String,
) -> Result<(), AppError> {
    let form = typed::<ChangeEmail>(&[("email", &email)]);
    let command = domain::credentials::ChangeEmail { email, password };
    let asked = answer(services()?.credentials.change_email(&call(), command).await);
    form.keep(asked.map(|()| "/account/security?saved=email".to_owned()))
}

/// Takes a change of the address back.
#[server(prefix = "/_fn", endpoint = "undo-email")]
pub async fn undo_email(#[server(default)] token: String) -> Result<(), AppError> {
    let command = domain::credentials::UndoEmail { token };
    let undone = answer(services()?.credentials.undo_email(command).await);
    typed::<UndoEmail>(&[]).keep(undone.map(|()| "/undo-email?done=1".to_owned()))
}

/// Whoever confirms with her password is signed in by it; whoever was signed in gets a session of a new id.
#[cfg(feature = "ssr")]
async fn verify(command: domain::credentials::VerifyEmail, next: &str) -> Result<String, AppError> {
    let who = answer(services()?.credentials.verify_email(&call(), command).await)?;
    if actor().account_id() == Some(who.account_id) {
        answer(renew_session(&who).await)?;
        return Ok(next.to_owned());
    }
    // A password alone does not pass the second factor here either.
    let step = answer(services()?.accounts.step(who, &marks()).await)?;
    crate::accounts::api::come_in(step, next).await
}

#[cfg(feature = "ssr")]
async fn replace(command: domain::credentials::ChangePassword) -> Result<(), AppError> {
    answer(services()?.credentials.change_password(&call(), command).await)?;
    answer(next_session().await)
}
