//! What goes along with a call for the record: where it came from, and which decisions were taken for it.
//!
//! Nothing here decides anything.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use super::Action;

/// From where a request came, as far as the edge knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Network address of the client.
    pub address: Option<std::net::IpAddr>,
    /// What the client calls itself, in a few words.
    pub device: String,
}

/// Which actions were decided on while a request was served; shared by all clones.
///
/// The edge looks at it afterwards: an answer that should have needed a decision and had none is held back.
#[derive(Debug, Clone, Default)]
pub struct Trace(Arc<AtomicU64>);

impl Trace {
    /// Notes a decision.
    pub fn note(&self, action: Action) {
        self.0.fetch_or(bit(action), Ordering::Relaxed);
    }

    /// Whether a decision on this action was taken.
    pub fn has(&self, action: Action) -> bool {
        self.0.load(Ordering::Relaxed) & bit(action) != 0
    }
}

const _: () = assert!(Action::ALL.len() <= 64, "each action has a bit of its own");

fn bit(action: Action) -> u64 {
    1 << (action as u32)
}
