//! What every edge shares of HTTP: who asks, what is too much, how a refusal looks, which headers protect.
//! It knows no feature; those are in `rest` and in the app.

pub(crate) mod actor;
pub(crate) mod assets;
pub mod calendars;
pub(crate) mod client;
pub(crate) mod csrf;
pub(crate) mod extract;
pub(crate) mod forms;
pub(crate) mod health;
pub(crate) mod host;
pub(crate) mod kept_pages;
pub(crate) mod limits;
pub mod listener;
pub(crate) mod live;
pub(crate) mod mutation;
pub(crate) mod origin;
pub(crate) mod payments;
pub(crate) mod photos;
pub(crate) mod problem;
pub(crate) mod pwa;
pub(crate) mod reader;
pub mod receipts;
pub(crate) mod refusal;
pub(crate) mod security;
pub(crate) mod sessions;
pub mod site;
pub(crate) mod sitemap;
pub(crate) mod ssr;
pub mod walls;
pub(crate) mod well_known;
