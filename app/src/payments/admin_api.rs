//! What the hospital portal reads about money: the list of payments with sums, and what goes back of cancelled visits.
//! Who may read it is decided behind the services.

use domain::ids::{HospitalId, VisitTypeId};
use domain::page::Page;
use domain::payments::{FollowUpRule, PaymentLine, RefundPolicy, Takings};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::server::{answer, call, services};

/// A hospital's payments with what they add up to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// The payments.
    pub lines: Page<PaymentLine>,
    /// What they add up to, from the ledger.
    pub takings: Takings,
}

/// A hospital's payments between two dates; today's without.
#[server(prefix = "/_fn", endpoint = "hospital-payments", input = Json)]
pub async fn hospital_payments(
    hospital: HospitalId,
    from: Option<Date>,
    to: Option<Date>,
    cursor: Option<String>,
) -> Result<Money, AppError> {
    let (payments, call) = (services()?.payments, call());
    let page = domain::page::PageQuery { cursor, limit: Some(50) };
    let mut query = domain::payments::PaymentQuery { from, to, page };
    let takings = answer(payments.takings(&call, hospital, query.clone()).await)?;
    (query.from, query.to) = (Some(takings.from), Some(takings.to));
    Ok(Money { lines: answer(payments.list(&call, hospital, query).await)?, takings })
}

/// What goes back when the patient's side cancels.
#[server(prefix = "/_fn", endpoint = "hospital-refund-policy", input = Json)]
pub async fn read_refund_policy(hospital: HospitalId) -> Result<RefundPolicy, AppError> {
    answer(services()?.payments.policy(hospital).await)
}

/// What a paid visit of a type opens.
#[server(prefix = "/_fn", endpoint = "hospital-free-visits", input = Json)]
pub async fn read_free_visit_rule(
    hospital: HospitalId,
    visit_type: VisitTypeId,
) -> Result<FollowUpRule, AppError> {
    answer(services()?.payments.follow_up_rule(&call(), hospital, visit_type).await)
}
