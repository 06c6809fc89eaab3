//! What is too much: of bytes, of requests, of open sockets.
//! Limits of care (how many visits, which times) are not here.

pub(crate) mod bodies;
pub(crate) mod rates;
pub(crate) mod sockets;
