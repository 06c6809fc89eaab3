//! Files that the server makes for somebody, outside the API: what each needs.
//! How they are answered stands in `web`.

use domain::access::Action;

use super::{
    Entry,
    Policy::{Needs, Secret},
    entry,
};

/// All of them, by path.
pub(super) const ALL: &[Entry] = &[
    entry("GET", "/appointments/{id}/visit.ics", Needs(&[Action::ReadAppointment])),
    entry("GET", "/calendar/{file}", Secret),
    entry("GET", "/receipts/{id}/receipt.pdf", Needs(&[Action::ReadBill])),
    entry("GET", "/wall/{secret}", Secret),
];
