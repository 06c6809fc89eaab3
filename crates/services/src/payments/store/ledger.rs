//! SQL of the ledger: postings of lines that add up to nothing, and never change.
//!
//! Nothing is decided here.

use domain::time::Span;
use uuid::Uuid;

use super::PaymentRow;
use crate::{
    access::{Authorized, OfHospital, ReadPayments},
    db::{Conn, sql},
    error::Result,
};

/// Where money is, or where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payments) enum Account {
    /// At the payment provider.
    Provider,
    /// In the till.
    Cash,
    /// With the card machine's bank.
    CardMachine,
    /// What the hospital has earned.
    Income,
    /// What nobody can explain yet.
    Suspense,
}

impl Account {
    fn code(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Cash => "cash",
            Self::CardMachine => "card_machine",
            Self::Income => "income",
            Self::Suspense => "suspense",
        }
    }
}

/// Writes that an amount has come into one account out of another; under one key once.
pub(in crate::payments) async fn post(
    conn: &mut Conn,
    payment: &PaymentRow,
    posting: &str,
    (into, out_of): (Account, Account),
    (amount_minor, currency): (i64, &str),
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO ledger_entries (posting, account, hospital_id, payment_id, amount_minor, currency, at)
         VALUES ($1, $2, $4, $5, $6, $7, $8), ($1, $3, $4, $5, -$6, $7, $8)",
        posting,
        into.code(),
        out_of.code(),
        payment.hospital_id,
        payment.id,
        amount_minor,
        currency,
        now
    )?;
    Ok(())
}

/// Sums of a hospital's accounts in a span, without its income, which is their mirror.
pub(in crate::payments) async fn sums(
    conn: &mut Conn,
    here: &Authorized<ReadPayments, OfHospital>,
    span: Span,
) -> Result<Vec<(String, i64)>> {
    Ok(sql!(
        conn,
        all(String, i64),
        "SELECT account, CAST(SUM(amount_minor) AS BIGINT) FROM ledger_entries
         WHERE hospital_id = $1 AND at >= $2 AND at < $3 AND account <> 'income' GROUP BY account",
        here.object().0.0,
        span.start,
        span.end
    )?)
}

/// Whose money a payment's is: of the account that its money went into.
pub(in crate::payments) async fn earned(conn: &mut Conn, payment: Uuid) -> Result<bool> {
    Ok(sql!(
        conn,
        optional(Uuid,),
        "SELECT payment_id FROM ledger_entries WHERE payment_id = $1 AND account = 'income' LIMIT 1",
        payment
    )?
    .is_some())
}
