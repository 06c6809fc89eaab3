//! The ceremonies of WebAuthn: challenges, and whether an answer to one is right.
//!
//! An answer that is wrong in any way is `None`: whoever sends it is told no more, the log says why.

use domain::ids::AccountId;
use webauthn_rs::prelude::{
    Credential, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder, WebauthnError,
};
use webauthn_rs_proto::ResidentKeyRequirement;

use super::{Begun, Claim, Key};
use crate::error::{Error, Result};

/// The house as browsers know it.
pub(in crate::passkeys) struct Ceremony(Webauthn);

impl Ceremony {
    /// For the address that people type; `None` where browsers bind no passkey to it, because it is a number and not a name.
    pub(in crate::passkeys) fn open(origin: &str) -> Option<Self> {
        let origin = Url::parse(origin).ok()?;
        let host = origin.domain()?.to_owned();
        let house = WebauthnBuilder::new(&host, &origin).and_then(|house| house.rp_name("CareSync").build());
        house.inspect_err(|error| tracing::warn!(%error, "passkeys are not offered")).ok().map(Self)
    }

    /// A key that says by itself whose it is, and asks for a finger, a face or a number each time.
    pub(in crate::passkeys) fn begin_adding(
        &self,
        account: AccountId,
        email: &str,
        known: Vec<Vec<u8>>,
    ) -> Result<Begun> {
        let (mut options, state) =
            self.0.start_passkey_registration(account.0, email, email, Some(known)).map_err(library)?;
        if let Some(wishes) = &mut options.public_key.authenticator_selection {
            wishes.resident_key = Some(ResidentKeyRequirement::Required);
            wishes.require_resident_key = true;
        }
        Ok(Begun { state: json(&state)?, options: json(&options)? })
    }

    pub(in crate::passkeys) fn add(&self, state: &str, answer: &str) -> Result<Option<Key>> {
        let state: PasskeyRegistration = stored(state)?;
        let Ok(answer) = serde_json::from_str::<RegisterPublicKeyCredential>(answer) else { return Ok(None) };
        match self.0.finish_passkey_registration(&answer, &state) {
            Ok(passkey) => Ok(Some(key(passkey)?)),
            Err(error) => Ok(refused(&error)),
        }
    }

    pub(in crate::passkeys) fn begin_sign_in(&self) -> Result<Begun> {
        let (mut options, state) = self.0.start_discoverable_authentication().map_err(library)?;
        // A button asks for it, not the list below a field.
        options.mediation = None;
        Ok(Begun { state: json(&state)?, options: json(&options)? })
    }

    pub(in crate::passkeys) fn claim(&self, answer: &str) -> Option<Claim> {
        let answer: PublicKeyCredential = serde_json::from_str(answer).ok()?;
        let (account, credential_id) = self.0.identify_discoverable_authentication(&answer).ok()?;
        Some(Claim { account: AccountId(account), credential_id: credential_id.to_vec() })
    }

    pub(in crate::passkeys) fn check(
        &self,
        state: &str,
        answer: &str,
        public_key: &str,
    ) -> Result<Option<Key>> {
        let state: DiscoverableAuthentication = stored(state)?;
        let mut passkey: Passkey = stored(public_key)?;
        let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else { return Ok(None) };
        match self.0.finish_discoverable_authentication_v2(&answer, state, &passkey) {
            Ok(used) => {
                passkey.update_credential(&used);
                Ok(Some(key(passkey)?))
            }
            Err(error) => Ok(refused(&error)),
        }
    }
}

fn key(passkey: Passkey) -> Result<Key> {
    let public = json(&passkey)?;
    let credential = Credential::from(passkey);
    Ok(Key {
        credential_id: credential.cred_id,
        public,
        counter: credential.counter,
        backed_up: credential.backup_state,
    })
}

fn refused(error: &WebauthnError) -> Option<Key> {
    tracing::info!(%error, "a passkey was refused");
    None
}

fn library(error: WebauthnError) -> Error {
    Error::Library(error.to_string())
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Library(error.to_string()))
}

fn stored<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| Error::Stored("passkey"))
}
