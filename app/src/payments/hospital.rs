//! Money as the hospital sees it: the bill on a visit's page, what comes back when it is cancelled, the list of payments, what goes back by
//! policy, and which visits are free after a paid one.
//! The patient's side is in `patient`.

pub mod bill;
pub mod cancelled;
pub mod follow_up;
pub mod list;
pub mod policy;

pub use bill::BillPanel;
pub use cancelled::ComesBack;
pub use follow_up::FollowUpSection;
pub use list::MoneyPage;
pub use policy::RefundPolicySection;
