//! When doctors work, as the hospital sets it.
//! What patients see of it, the free times, is shown by the pages that book.

pub mod admin_api;
pub mod admin_forms;
pub mod dated_forms;
pub mod hospital;
pub mod preview_api;
pub mod week_form;
