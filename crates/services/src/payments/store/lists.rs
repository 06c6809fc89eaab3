//! SQL of a hospital's payments as a list.
//!
//! Nothing is decided here.

use domain::{ids::PatientId, time::Span};
use uuid::Uuid;

use super::PaymentRow;
use crate::{
    access::{Authorized, OfHospital, ReadPayments, Sealed},
    db::{Conn, sql},
    error::Result,
};

/// A payment with the names that people know its visit by.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in crate::payments) struct LineRow {
    #[sqlx(flatten)]
    pub(in crate::payments) payment: PaymentRow,
    pub(in crate::payments) reference: String,
    pub(in crate::payments) patient_name: String,
    pub(in crate::payments) doctor_name: String,
}

/// Where the previous page ended: when it was begun, and its id.
pub(in crate::payments) type Before = (i64, Uuid);

/// Payments of a hospital that were begun in a span, the latest first.
pub(in crate::payments) async fn of_hospital(
    conn: &mut Conn,
    here: &Authorized<ReadPayments, OfHospital>,
    span: Span,
    before: Before,
    limit: i64,
) -> Result<Sealed<Vec<LineRow>>> {
    let rows = sql!(
        conn,
        all LineRow,
        "SELECT p.id, p.hospital_id, p.patient_id, p.appointment_id, p.provider, p.method, p.state, p.amount_minor, p.currency,
                p.captured_minor, p.order_id, p.provider_payment, p.receipt_number, p.version, p.created_at, p.created_by,
                p.captured_at, p.looks,
                (SELECT CAST(COALESCE(SUM(r.amount_minor), 0) AS BIGINT) FROM refunds r
                    WHERE r.payment_id = p.id AND r.state = 'done') AS refunded_minor,
                (SELECT CAST(COALESCE(SUM(r.amount_minor), 0) AS BIGINT) FROM refunds r
                    WHERE r.payment_id = p.id AND r.state IN ('requested', 'sent')) AS refunding_minor,
                a.reference, n.full_name AS patient_name, d.name AS doctor_name
         FROM payments p
         JOIN appointments a ON a.id = p.appointment_id
         JOIN patients n ON n.id = p.patient_id
         JOIN doctors d ON d.id = a.doctor_id
         WHERE p.hospital_id = $1 AND p.created_at >= $2 AND p.created_at < $3 AND (p.created_at, p.id) < ($4, $5)
         ORDER BY p.created_at DESC, p.id DESC LIMIT $6",
        here.object().0.0,
        span.start,
        span.end,
        before.0,
        before.1,
        limit
    )?;
    let patients: Vec<_> = rows.iter().map(|row| PatientId(row.payment.patient_id)).collect();
    Ok(Sealed::about(rows, patients))
}
