//! SQL of money that goes back.
//!
//! Nothing is decided here.

use uuid::Uuid;

use super::PaymentRow;
use crate::{
    access::{Authorized, OfHospital, ReadPayments},
    db::{Conn, sql},
    error::Result,
};

/// Money that goes back.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in crate::payments) struct RefundRow {
    pub(in crate::payments) number: i64,
    pub(in crate::payments) amount_minor: i64,
    pub(in crate::payments) state: String,
    pub(in crate::payments) reason: Option<String>,
    pub(in crate::payments) created_at: i64,
    pub(in crate::payments) provider_refund: Option<String>,
}

/// Refunds of a payment, in their order.
pub(in crate::payments) async fn of(conn: &mut Conn, payment: Uuid) -> Result<Vec<RefundRow>> {
    Ok(sql!(
        conn,
        all RefundRow,
        "SELECT number, amount_minor, state, reason, created_at, provider_refund FROM refunds
         WHERE payment_id = $1 ORDER BY number",
        payment
    )?)
}

/// Since when the last of a payment's money that is on its way is to go back.
pub(in crate::payments) async fn under_way_since(conn: &mut Conn, payment: Uuid) -> Result<Option<(i64,)>> {
    Ok(sql!(
        conn,
        optional(i64,),
        "SELECT created_at FROM refunds WHERE payment_id = $1 AND state IN ('requested', 'sent')
         ORDER BY created_at DESC LIMIT 1",
        payment
    )?)
}

/// Where money does not go back, of a refund `r`, by an instant `$1`: it was to go before then and is not taken on, or the provider could
/// not send it and nothing was tried since.
macro_rules! does_not_go {
    ($head:literal, $tail:literal) => {
        concat!(
            $head,
            "((r.state IN ('requested', 'sent') AND r.provider_refund IS NULL AND r.created_at < $1)
          OR (r.state = 'failed' AND NOT EXISTS (SELECT 1 FROM refunds l WHERE l.payment_id = r.payment_id
                AND l.number > r.number AND l.state <> 'failed')))",
            $tail
        )
    };
}
pub(crate) use does_not_go;

/// What a hospital's patients were to have back and does not go.
pub(in crate::payments) async fn overdue(
    conn: &mut Conn,
    here: &Authorized<ReadPayments, OfHospital>,
    before: i64,
) -> Result<i64> {
    let (sum,) = sql!(
        conn,
        one(i64,),
        does_not_go!(
            "SELECT CAST(COALESCE(SUM(r.amount_minor), 0) AS BIGINT) FROM refunds r WHERE r.hospital_id = $2 AND ",
            ""
        ),
        before,
        here.object().0.0
    )?;
    Ok(sum)
}

/// A refund as it is decided.
#[derive(Debug, Clone)]
pub(in crate::payments) struct NewRefund {
    pub(in crate::payments) amount_minor: i64,
    pub(in crate::payments) state: &'static str,
    pub(in crate::payments) reason: Option<String>,
    pub(in crate::payments) provider_refund: Option<String>,
    /// None for what the house does by itself.
    pub(in crate::payments) by: Option<Uuid>,
}

/// Writes a refund under the next number of its payment, and returns the number. The database refuses more than has come.
pub(in crate::payments) async fn insert(
    conn: &mut Conn,
    payment: &PaymentRow,
    new: &NewRefund,
    now: i64,
) -> Result<i64> {
    let (number,) = sql!(
        conn,
        one(i64,),
        "INSERT INTO refunds (payment_id, number, hospital_id, patient_id, amount_minor, state, reason, provider_refund, created_at,
                created_by)
         SELECT $1, COALESCE(MAX(r.number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9 FROM refunds r WHERE r.payment_id = $1
         RETURNING number",
        payment.id,
        payment.hospital_id,
        payment.patient_id,
        new.amount_minor,
        new.state,
        new.reason.as_deref(),
        new.provider_refund.as_deref(),
        now,
        new.by
    )?;
    Ok(number)
}

/// Notes how a refund stands at the provider.
pub(in crate::payments) async fn set_state(
    conn: &mut Conn,
    payment: Uuid,
    number: i64,
    state: &str,
    provider_refund: Option<&str>,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE refunds SET state = $3, provider_refund = COALESCE($4, provider_refund)
         WHERE payment_id = $1 AND number = $2 AND state IN ('requested', 'sent')",
        payment,
        number,
        state,
        provider_refund
    )?;
    Ok(rows == 1)
}
