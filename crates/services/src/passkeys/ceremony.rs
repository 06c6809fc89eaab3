//! What a browser and the house say to each other, by `webauthn-rs`: the only place that knows it.
//!
//! It keeps nothing; who it is about and whether it is in time is decided beside it. Built without passkeys, it is [`absent`].

use domain::ids::AccountId;

#[cfg(not(feature = "passkeys"))]
#[path = "absent.rs"]
mod absent;
#[cfg(feature = "passkeys")]
#[path = "present.rs"]
mod present;

#[cfg(not(feature = "passkeys"))]
pub(super) use absent::Ceremony;
#[cfg(feature = "passkeys")]
pub(super) use present::Ceremony;

/// A challenge: what the browser gets, and what its answer is compared with.
#[derive(Debug, Clone)]
pub(super) struct Begun {
    pub(super) state: String,
    pub(super) options: String,
}

/// A passkey as it is stored.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) credential_id: Vec<u8>,
    pub(super) public: String,
    pub(super) counter: u32,
    pub(super) backed_up: bool,
}

/// Which passkey answers, and whose it says that it is.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) account: AccountId,
    pub(super) credential_id: Vec<u8>,
}
