//! A house that was built without passkeys: there is never a ceremony, so nothing of it can be asked.
//!
//! It has every name that `present` has.

use domain::ids::AccountId;

use super::{Begun, Claim, Key};
use crate::error::Result;

/// Nobody can make one.
pub(in crate::passkeys) enum Ceremony {}

impl Ceremony {
    pub(in crate::passkeys) fn open(_origin: &str) -> Option<Self> {
        None
    }

    pub(in crate::passkeys) fn begin_adding(
        &self,
        _account: AccountId,
        _email: &str,
        _known: Vec<Vec<u8>>,
    ) -> Result<Begun> {
        match *self {}
    }

    pub(in crate::passkeys) fn add(&self, _state: &str, _answer: &str) -> Result<Option<Key>> {
        match *self {}
    }

    pub(in crate::passkeys) fn begin_sign_in(&self) -> Result<Begun> {
        match *self {}
    }

    pub(in crate::passkeys) fn claim(&self, _answer: &str) -> Option<Claim> {
        match *self {}
    }

    pub(in crate::passkeys) fn check(&self, _state: &str, _answer: &str, _key: &str) -> Result<Option<Key>> {
        match *self {}
    }
}
