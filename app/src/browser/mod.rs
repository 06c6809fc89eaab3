//! What only a browser can do: the live socket, sending a form, the focus after a change of page, its clock, whether somebody is there.
//! The server has a twin of the same names that does nothing, so no view carries a `cfg`.

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod client;
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod post;
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod presence;
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod renewal;
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod socket;
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub use client::*;
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub use post::*;
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub use presence::*;
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub use renewal::keep_in_hand;
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub use socket::{listen, unwatch, watch};

#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
mod server;
#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
pub use server::*;
