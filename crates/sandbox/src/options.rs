//! What a sandbox is started with.
//! It reads no environment: whoever starts it decides.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

/// Tells the time, in epoch milliseconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// When a refund is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settling {
    /// Before it is answered.
    AtOnce,
    /// It is answered as `pending`, and processed so much later.
    After(Duration),
    /// It stays `pending` until somebody says over `/sandbox/refunds/{id}/settle` how it ended.
    WhenTold,
}

/// Where a sandbox listens, whose keys it knows, and how patient it is.
#[derive(Clone)]
pub struct Options {
    /// An address of this machine only; port 0 takes a free one.
    pub address: SocketAddr,
    pub key_id: String,
    pub key_secret: String,
    /// The secret key of Stripe's half.
    pub stripe_key: String,
    /// Signs webhooks.
    pub webhook_secret: String,
    /// Signs Stripe's webhooks besides, while the secret is being changed.
    pub webhook_secret_before: Option<String>,
    /// Whose account webhooks name.
    pub account_id: String,
    /// Where webhooks go: `http` on this machine. Without it events are kept and go nowhere.
    pub webhook_url: Option<String>,
    /// How long the receiver of a webhook may take.
    pub webhook_patience: Duration,
    /// The waits between tries to deliver a webhook; after the last one it is given up.
    pub webhook_retries: Vec<Duration>,
    /// Where everything is kept over a restart.
    pub file: Option<PathBuf>,
    /// How long `timeout_after_effect` lets a client wait before the connection is closed.
    pub hang: Duration,
    /// How much later a bank that is late answers.
    pub late: Duration,
    pub refunds: Settling,
    pub clock: Clock,
}

impl Options {
    /// On a free port, without a file and without webhooks.
    pub fn new(clock: Clock) -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            key_id: "rzp_test_sandbox".into(),
            key_secret: "sandbox-key-secret".into(),
            stripe_key: "sk_test_sandbox".into(),
            webhook_secret: "sandbox-webhook-secret".into(),
            webhook_secret_before: None,
            account_id: "acc_Sandbox0000001".into(),
            webhook_url: None,
            webhook_patience: Duration::from_secs(5),
            webhook_retries: [1, 2, 5, 10, 30].map(Duration::from_secs).to_vec(),
            file: None,
            hang: Duration::from_mins(1),
            late: Duration::from_secs(20),
            refunds: Settling::AtOnce,
            clock,
        }
    }
}
