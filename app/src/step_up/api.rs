//! Server functions of the page that asks for a proof.
//! A form that is held back is sent to its own server function, with the proof besides.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::about::Names;
use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::{CONFIRM, typed},
    portal::encode,
    server::{answer, call, call_with, held, local_path, services},
    step_up::about::names,
};

/// What the page asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Whether the password or a code was given a short while ago.
    pub fresh: bool,
    /// Whether a code of the phone does as well.
    pub code: bool,
    /// Whether there are passkeys: signing in with one again is a proof, too.
    pub passkeys: bool,
    /// The form that is held back: where it goes, and what is in it.
    pub form: Option<(String, Vec<(String, String)>)>,
    /// The names behind its ids.
    pub names: Names,
    /// The page to go back to.
    pub back: String,
    /// What is wrong with the proof that was given, as a key of the catalogue.
    pub wrong: Option<String>,
}

/// What is held back for the caller, if anything. Where the page was opened for something else, that alone is asked for: what lies
/// there since before, whoever left it, must not go out with it.
#[server(prefix = "/_fn", endpoint = "step-up-asked", input = Json)]
pub async fn step_up_asked(alone: bool) -> Result<Asked, AppError> {
    let (services, call) = (services()?, call());
    // Deciding on the list of sign-ins says whether anybody is signed in at all.
    answer(services.sign_ins.list(&call).await)?;
    let code = answer(services.second_factors.second_factor(&call).await)?.since.is_some();
    let own = answer(services.passkeys.list(&call).await)?;
    let passkeys = own.offered && !own.items.is_empty();
    let now = use_context::<crate::server::RequestTime>();
    let fresh = match (now, call.proven_at) {
        (Some(now), Some(at)) => {
            let minutes = domain::sign_ins::PROOF_MINUTES;
            now.0.duration_since(at) < jiff::SignedDuration::from_mins(minutes)
        }
        _ => false,
    };
    let held =
        call.actor.account_id().and_then(held::held).filter(|held| held.why == held::Why::Proof && !alone);
    Ok(match held {
        Some(held) if held.form.starts_with("/_fn/") => Asked {
            fresh,
            code,
            passkeys,
            names: names(&held.form, &held.values).await,
            form: Some((held.form, held.values)),
            back: local_path(&held.back, "/"),
            wrong: held.wrong,
        },
        _ => Asked { fresh, code, passkeys, ..Asked::default() },
    })
}

/// Lets the form go that is held back, and leads back to its page.
#[server(prefix = "/_fn", endpoint = "step-up-cancel")]
pub async fn step_up_cancel() -> Result<(), AppError> {
    let page = crate::form::held_page(crate::server::actor().account_id());
    // Nothing is waited for: the form came along with the request.
    typed::<StepUpCancel>(&[]).keep(std::future::ready(Ok(page)).await)
}

/// Shows who the caller is, where no form waits; leads on.
#[server(prefix = "/_fn", endpoint = "step-up")]
pub async fn step_up(
    #[server(default)] proof: String,
    #[server(default)] next: String,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    let (next, back) = (local_path(&next, "/"), local_path(&back, "/"));
    // An empty proof is a wrong one: nothing was shown.
    let shown = if proof.is_empty() {
        answer(Err(domain::Error::invalid("proof", "required")))
    } else {
        call_with(proof).await
    };
    // A file comes by a link: its page stays, and knows the way back.
    let page = if next.starts_with("/api/") {
        format!("{CONFIRM}?next={}&back={}&done=1", encode(&next), encode(&back))
    } else {
        next.clone()
    };
    typed::<StepUp>(&[("next", &next)]).keep(shown.map(|_| page))
}
