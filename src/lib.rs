//! The server of CareSync: edges and wiring.
//! It holds no rule of care: an edge converts, calls a service once, and converts back.

pub mod cli;
pub mod config;
pub mod networks;
pub mod registry;
pub mod rest;
pub mod router;
pub mod state;
pub mod web;
