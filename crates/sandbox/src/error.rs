//! Why a sandbox does not start.
//! What it refuses once it runs is in `refusal`.

use std::{io, net::SocketAddr, path::PathBuf};

/// Why a sandbox does not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Whoever reaches it can make payments come true.
    #[error("the sandbox is for this machine only: {0} is not an address of it alone")]
    NotLoopback(SocketAddr),
    #[error("webhooks go to http addresses of this machine, which `{0}` is not")]
    WebhookUrl(String),
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// It is not overwritten: somebody may want it back.
    #[error("{} is not what a sandbox writes: {source}", path.display())]
    Strange { path: PathBuf, source: serde_json::Error },
}
