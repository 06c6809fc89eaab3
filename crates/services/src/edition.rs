//! How often what anybody may see has changed, as a number: whoever keeps something made of it compares.
//! What has changed, and who is told of it, is the hub's business.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// The number. It grows after a change is committed and before whoever made it is answered; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Edition(Arc<AtomicU64>);

impl Edition {
    /// What is read after this call is at least as new as the number.
    pub fn number(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// Something is another now. Copies that are read must have been dropped before.
    pub fn advance(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}
