//! Signing up, signing in, and accepting an invitation.
//! Who may do what afterwards is decided in the services; the session itself is the server's.

pub mod admin_api;
pub mod admin_forms;
pub mod api;
pub mod hospital;
pub mod patient;
