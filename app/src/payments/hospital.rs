//! Money as the hospital sees it: the bill on a visit's page, the list of payments, and what goes back of cancelled visits.
//! The patient's side is in `patient`.

pub mod bill;
pub mod list;
pub mod policy;

pub use bill::BillPanel;
pub use list::MoneyPage;
pub use policy::RefundPolicySection;
