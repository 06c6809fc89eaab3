//! Server functions of passkeys. A proof goes through and is kept nowhere.
//! What a browser and a key say to each other passes as text; challenges stand on the server's side.

use domain::ids::PasskeyId;
use domain::passkeys::{OwnPasskeys, PasskeyChallenge};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    server::{answer, call, call_with, keep_marks, marks, next_session, services, start_session_by},
};

/// The page of the settings.
#[cfg(feature = "ssr")]
const SETTINGS: &str = "/account/passkeys";

/// The caller's passkeys.
#[server(prefix = "/_fn", endpoint = "account-keys", input = Json)]
pub async fn read_passkeys() -> Result<OwnPasskeys, AppError> {
    answer(services()?.passkeys.list(&call()).await)
}

/// Makes a challenge for a new passkey; the page then has what the browser needs.
#[server(prefix = "/_fn", endpoint = "begin-passkey")]
pub async fn begin_passkey(#[server(default)] proof: String) -> Result<(), AppError> {
    let begun = async { answer(services()?.passkeys.begin_adding(&call_with(proof).await?).await) };
    let begun = begun.await;
    typed::<BeginPasskey>(&[]).keep(begun.map(|_| SETTINGS.to_owned()))
}

/// Adds the passkey that the browser has made.
#[server(prefix = "/_fn", endpoint = "add-passkey")]
pub async fn add_passkey(
    #[server(default)] name: String,
    #[server(default)] credential: String,
    #[server(default)] proof: String,
) -> Result<(), AppError> {
    // What the key has answered is no secret, and is good once; it waits along with the name where a proof is asked for.
    let form = typed::<AddPasskey>(&[("name", &name), ("credential", &credential)]);
    let command = domain::passkeys::AddPasskey { name, credential };
    let added = async { answer(services()?.passkeys.add(&call_with(proof).await?, command).await) };
    let added = added.await;
    form.keep(added.map(|_| format!("{SETTINGS}?saved=added")))
}

/// Calls a passkey something else.
#[server(prefix = "/_fn", endpoint = "rename-passkey")]
pub async fn rename_passkey(id: PasskeyId, #[server(default)] name: String) -> Result<(), AppError> {
    let form = typed::<RenamePasskey>(&[("name", &name)]);
    let command = domain::passkeys::RenamePasskey { name };
    let renamed = answer(services()?.passkeys.rename(&call(), id, command).await);
    form.keep(renamed.map(|_| format!("{SETTINGS}?saved=renamed")))
}

/// Takes a passkey away; all other sign-ins end.
#[server(prefix = "/_fn", endpoint = "remove-passkey")]
pub async fn remove_passkey(id: PasskeyId, #[server(default)] proof: String) -> Result<(), AppError> {
    let removed = take_away(id, proof).await;
    typed::<RemovePasskey>(&[("id", &id.to_string())]).keep(removed)
}

/// Makes a challenge for signing in.
#[server(prefix = "/_fn", endpoint = "begin-passkey-sign-in", input = Json)]
pub async fn begin_passkey_sign_in() -> Result<PasskeyChallenge, AppError> {
    answer(services()?.passkeys.begin_sign_in().await)
}

/// Signs in with what the passkey answered.
#[server(prefix = "/_fn", endpoint = "passkey-sign-in")]
pub async fn passkey_sign_in(
    #[server(default)] challenge: String,
    #[server(default)] credential: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    typed::<PasskeySignIn>(&[]).keep(enter(&challenge, credential, &next).await)
}

/// The change began the account's next epoch: this browser goes on with a session of a new id.
#[cfg(feature = "ssr")]
async fn take_away(id: PasskeyId, proof: String) -> Result<String, AppError> {
    answer(services()?.passkeys.remove(&call_with(proof).await?, id).await)?;
    answer(next_session().await)?;
    Ok(format!("{SETTINGS}?saved=removed"))
}

/// A passkey is both factors, so nothing is asked for after it.
#[cfg(feature = "ssr")]
async fn enter(challenge: &str, credential: String, next: &str) -> Result<String, AppError> {
    // Without a script nothing has asked the key.
    let late = || domain::Error::invalid("credential", "passkey_late");
    let challenge_id = answer(challenge.parse().map_err(|_| late()))?;
    let command = domain::passkeys::PasskeySignIn { challenge_id, credential };
    let entry = answer(services()?.passkeys.sign_in(command, &marks()).await)?;
    answer(start_session_by(&entry.principal, entry.passkey).await)?;
    keep_marks(&entry.marks);
    Ok(crate::accounts::api::home_of(&entry.principal, next))
}
