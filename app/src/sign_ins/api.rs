//! Server functions of sign-ins: the list, ending one, ending all others.
//! Whose they are is the services' business.

use domain::ids::SignInId;
use domain::sign_ins::SignedIn;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    server::{answer, call, call_with, services},
};

/// Where the page leads after something was ended.
#[cfg(feature = "ssr")]
const ENDED: &str = "/sign-ins?ended=1";

/// Where the account is signed in, latest first.
#[server(prefix = "/_fn", endpoint = "sign-ins", input = Json)]
pub async fn read_sign_ins() -> Result<Vec<SignedIn>, AppError> {
    answer(services()?.sign_ins.list(&call()).await)
}

/// Signs the account out in one place.
#[server(prefix = "/_fn", endpoint = "end-sign-in")]
pub async fn end_sign_in(id: SignInId, #[server(default)] proof: String) -> Result<(), AppError> {
    let ended = async { answer(services()?.sign_ins.end(&call_with(proof).await?, id).await) };
    let ended = ended.await;
    typed::<EndSignIn>(&[("id", &id.to_string())]).keep(ended.map(|()| ENDED.to_owned()))
}

/// Signs the account out everywhere else.
#[server(prefix = "/_fn", endpoint = "end-other-sign-ins")]
pub async fn end_other_sign_ins(#[server(default)] proof: String) -> Result<(), AppError> {
    let ended = async { answer(services()?.sign_ins.end_others(&call_with(proof).await?).await) };
    let ended = ended.await;
    typed::<EndOtherSignIns>(&[]).keep(ended.map(|()| ENDED.to_owned()))
}
