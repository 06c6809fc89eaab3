//! `/auth/passkeys` and `/auth/passkey-sign-in`: keys instead of the password. On the wire what a browser says is JSON in JSON.
//! How an answer of a key is checked is the services' business.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use domain::{
    ids::{ChallengeId, PasskeyId},
    passkeys::{AddPasskey, OwnPasskeys, Passkey, PasskeyChallenge, PasskeySignIn, RenamePasskey},
    sign_ins::{Tokens, device},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    state::AppState,
    web::{
        extract::{At, Body, Caller, Reply, reply},
        problem::Problem,
    },
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_passkeys, add_passkey))
        .routes(routes!(begin_passkey))
        .routes(routes!(rename_passkey, remove_passkey))
        .routes(routes!(issue_tokens_for_passkey))
        .routes(routes!(begin_passkey_sign_in))
}

/// All passkeys of an account; there are never more than ten.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasskeyList {
    /// Whether passkeys can be added and used here.
    offered: bool,
    items: Vec<Passkey>,
    /// How many more may be added.
    room: u32,
    /// Always null.
    next_cursor: Option<String>,
}

/// What a new passkey is made with.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasskeyOptions {
    /// The argument of `navigator.credentials.create`, with base64url for bytes.
    #[schema(value_type = Object)]
    options: Value,
}

/// The passkey that was made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPasskey {
    /// What its owner calls it.
    name: String,
    /// What `navigator.credentials.create` answered, with base64url for bytes.
    #[schema(value_type = Object)]
    credential: Value,
}

/// What a passkey is asked.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasskeyQuestion {
    /// Names the challenge; it is good once, for five minutes.
    challenge_id: ChallengeId,
    /// The argument of `navigator.credentials.get`, with base64url for bytes.
    #[schema(value_type = Object)]
    options: Value,
}

/// What it answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyAnswer {
    /// The challenge that is answered.
    challenge_id: ChallengeId,
    /// What `navigator.credentials.get` answered, with base64url for bytes.
    #[schema(value_type = Object)]
    credential: Value,
}

fn listed(own: OwnPasskeys) -> PasskeyList {
    PasskeyList { offered: own.offered, items: own.items, room: own.room, next_cursor: None }
}

/// What the services wrote as JSON.
fn object(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// The caller's passkeys, the oldest first.
#[utoipa::path(get, path = "/api/v1/auth/passkeys", tag = "accounts", responses((status = 200, body = PasskeyList)))]
async fn list_passkeys(State(state): State<AppState>, Caller(call): Caller) -> Reply<PasskeyList> {
    reply(state.services.passkeys.list(&call).await.map(listed))
}

/// Makes a challenge for a new passkey: good once, for five minutes. Another one takes its place.
#[utoipa::path(post, path = "/api/v1/auth/passkeys/challenge", tag = "accounts",
    responses((status = 200, body = PasskeyOptions)))]
async fn begin_passkey(State(state): State<AppState>, Caller(call): Caller) -> Reply<PasskeyOptions> {
    let begun = state.services.passkeys.begin_adding(&call).await;
    reply(begun.map(|own| PasskeyOptions { options: object(&own.adding.unwrap_or_default()) }))
}

/// Adds the passkey that answers the challenge; from then on it signs in, without password and code.
#[utoipa::path(post, path = "/api/v1/auth/passkeys", tag = "accounts", request_body = NewPasskey,
    responses((status = 200, body = Passkey)))]
async fn add_passkey(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(NewPasskey { name, credential }): Body<NewPasskey>,
) -> Reply<Passkey> {
    let command = AddPasskey { name, credential: credential.to_string() };
    reply(state.services.passkeys.add(&call, command).await)
}

/// Calls a passkey something else.
#[utoipa::path(patch, path = "/api/v1/auth/passkeys/{id}", tag = "accounts", request_body = RenamePasskey,
    params(("id" = PasskeyId, Path, description = "The passkey")),
    responses((status = 200, body = Passkey)))]
async fn rename_passkey(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<PasskeyId>,
    Body(command): Body<RenamePasskey>,
) -> Reply<Passkey> {
    reply(state.services.passkeys.rename(&call, id, command).await)
}

/// Takes a passkey away; all other sign-ins end.
#[utoipa::path(delete, path = "/api/v1/auth/passkeys/{id}", tag = "accounts",
    params(("id" = PasskeyId, Path, description = "The passkey")),
    responses((status = 204, description = "Removed")))]
async fn remove_passkey(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<PasskeyId>,
) -> Result<StatusCode, Problem> {
    state.services.passkeys.remove(&call, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a challenge for signing in. It asks for no address, so it tells nothing of any account.
#[utoipa::path(post, path = "/api/v1/auth/passkey-sign-in/challenge", tag = "accounts",
    responses((status = 200, body = PasskeyQuestion)))]
async fn begin_passkey_sign_in(State(state): State<AppState>) -> Reply<PasskeyQuestion> {
    let begun = state.services.passkeys.begin_sign_in().await;
    reply(begun.map(|PasskeyChallenge { id, options }| PasskeyQuestion {
        challenge_id: id,
        options: object(&options),
    }))
}

/// Trades what a passkey answered for an access token of ten minutes and a refresh token. It counts as both factors.
#[utoipa::path(post, path = "/api/v1/auth/passkey-sign-in", tag = "accounts", request_body = PasskeyAnswer,
    responses((status = 200, body = Tokens)))]
async fn issue_tokens_for_passkey(
    State(state): State<AppState>,
    headers: HeaderMap,
    Body(PasskeyAnswer { challenge_id, credential }): Body<PasskeyAnswer>,
) -> Reply<Tokens> {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let command = PasskeySignIn { challenge_id, credential: credential.to_string() };
    reply(state.services.passkeys.issue(command, &device(agent)).await)
}
