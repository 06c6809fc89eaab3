//! SQL of payments, their steps and their refunds. The ledger and what providers tell have files of their own.
//!
//! Nothing is decided here.

pub(super) mod follow_ups;
pub(super) mod ledger;
pub(super) mod lists;
pub(super) mod refunds;

use domain::payments::patience::Urgency;
use uuid::Uuid;

use crate::{
    access::{Authorized, ManageHospital, OfHospital, PayVisit},
    appointments::AppointmentRow,
    db::{Conn, On, sql},
    error::Result,
};

/// A payment.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct PaymentRow {
    pub(crate) id: Uuid,
    pub(crate) hospital_id: Uuid,
    pub(crate) patient_id: Uuid,
    pub(crate) appointment_id: Uuid,
    pub(crate) provider: String,
    pub(crate) method: String,
    pub(crate) state: String,
    pub(crate) amount_minor: i64,
    pub(crate) currency: String,
    pub(crate) captured_minor: i64,
    pub(crate) order_id: Option<String>,
    pub(crate) provider_payment: Option<String>,
    pub(crate) receipt_number: Option<i64>,
    pub(crate) version: i64,
    pub(crate) created_at: i64,
    pub(crate) created_by: Uuid,
    pub(crate) captured_at: Option<i64>,
    pub(crate) looks: i64,
    /// What went back, and what is on its way.
    pub(crate) refunded_minor: i64,
    pub(crate) refunding_minor: i64,
}

impl PaymentRow {
    /// What came and neither went back nor is on its way.
    pub(super) fn left_minor(&self) -> i64 {
        self.captured_minor - self.refunded_minor - self.refunding_minor
    }
}

/// The columns of [`PaymentRow`], before a condition.
macro_rules! select_payment {
    ($tail:literal) => {
        concat!(
            "SELECT p.id, p.hospital_id, p.patient_id, p.appointment_id, p.provider, p.method, p.state, p.amount_minor, p.currency,
                    p.captured_minor, p.order_id, p.provider_payment, p.receipt_number, p.version, p.created_at, p.created_by,
                    p.captured_at, p.looks,
                    (SELECT CAST(COALESCE(SUM(r.amount_minor), 0) AS BIGINT) FROM refunds r
                        WHERE r.payment_id = p.id AND r.state = 'done') AS refunded_minor,
                    (SELECT CAST(COALESCE(SUM(r.amount_minor), 0) AS BIGINT) FROM refunds r
                        WHERE r.payment_id = p.id AND r.state IN ('requested', 'sent')) AS refunding_minor
             FROM payments p ",
            $tail
        )
    };
}

/// A payment as it begins.
#[derive(Debug, Clone)]
pub(super) struct NewPayment {
    pub(super) id: Uuid,
    pub(super) hospital: Uuid,
    pub(super) patient: Uuid,
    pub(super) appointment: Uuid,
    pub(super) provider: &'static str,
    pub(super) method: &'static str,
    pub(super) amount_minor: i64,
    pub(super) currency: String,
    pub(super) by: Uuid,
    pub(super) now: i64,
    /// When to look first; none for what is paid at once.
    pub(super) look_at: Option<i64>,
}

pub(super) async fn find(conn: &mut Conn, id: Uuid) -> Result<Option<PaymentRow>> {
    Ok(sql!(conn, optional PaymentRow, select_payment!("WHERE p.id = $1"), id)?)
}

/// Lets one after the other take a visit's money or send it back; SQLite's one writer does so by itself.
pub(super) async fn take_turn(conn: &mut Conn, appointment: Uuid) -> Result<()> {
    if matches!(conn.on, On::Postgres(_)) {
        sql!(conn, execute, "SELECT 1 FROM appointments WHERE id = $1 FOR NO KEY UPDATE", appointment)?;
    }
    Ok(())
}

/// Payments of a visit, the latest first.
pub(super) async fn of_visit(conn: &mut Conn, appointment: Uuid) -> Result<Vec<PaymentRow>> {
    Ok(sql!(
        conn,
        all PaymentRow,
        select_payment!("WHERE p.appointment_id = $1 ORDER BY p.created_at DESC, p.id DESC"),
        appointment
    )?)
}

/// The payment of a provider's order.
pub(super) async fn of_order(conn: &mut Conn, provider: &str, order: &str) -> Result<Option<PaymentRow>> {
    Ok(sql!(
        conn,
        optional PaymentRow,
        select_payment!("WHERE p.provider = $1 AND p.order_id = $2"),
        provider,
        order
    )?)
}

/// Writes a payment, unless its visit has one of a provider already.
pub(super) async fn insert(conn: &mut Conn, new: &NewPayment) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "INSERT INTO payments (id, hospital_id, patient_id, appointment_id, provider, method, state, amount_minor, currency,
                created_at, created_by, look_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, $11)
         ON CONFLICT DO NOTHING",
        new.id,
        new.hospital,
        new.patient,
        new.appointment,
        new.provider,
        new.method,
        new.amount_minor,
        new.currency.as_str(),
        new.now,
        new.by,
        new.look_at
    )?;
    if rows == 1 {
        insert_step(conn, new.id, (1, None, "open"), "begun", new.now).await?;
    }
    Ok(rows == 1)
}

/// How many payments the caller has begun since an instant and not paid, for whomever, and when the first of them.
pub(super) async fn begun_since(
    conn: &mut Conn,
    visit: &Authorized<PayVisit, AppointmentRow>,
    since: i64,
) -> Result<(i64, Option<i64>)> {
    Ok(sql!(
        conn,
        one(i64, Option<i64>),
        "SELECT COUNT(*), MIN(created_at) FROM payments
         WHERE created_by = $1 AND created_at > $2 AND provider <> 'desk' AND captured_minor = 0",
        visit.by().0,
        since
    )?)
}

/// Names the provider's order, if it has none yet. Where the payment was closed meanwhile, it is looked at again: now it can be paid.
pub(super) async fn set_order(conn: &mut Conn, id: Uuid, order: &str, look_at: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE payments SET order_id = $2, look_at = CASE WHEN state = 'closed' THEN $3 ELSE look_at END
         WHERE id = $1 AND order_id IS NULL",
        id,
        order,
        look_at
    )?;
    Ok(())
}

/// What a step makes of a payment.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) state: &'static str,
    pub(super) captured_minor: i64,
    pub(super) captured_at: Option<i64>,
    pub(super) provider_payment: Option<String>,
    pub(super) receipt_number: Option<i64>,
}

/// Moves a payment on if it still has the version that was read, and writes the step.
pub(super) async fn update(
    conn: &mut Conn,
    row: &PaymentRow,
    to: &Change,
    cause: &str,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE payments SET state = $3, captured_minor = $4, captured_at = $5, provider_payment = $6, receipt_number = $7,
                version = version + 1, looks = 0
         WHERE id = $1 AND version = $2",
        row.id,
        row.version,
        to.state,
        to.captured_minor,
        to.captured_at,
        to.provider_payment.as_deref(),
        to.receipt_number
    )?;
    if rows == 1 {
        let seq = row.version + 1;
        insert_step(conn, row.id, (seq, Some(row.state.as_str()), to.state), cause, now).await?;
    }
    Ok(rows == 1)
}

async fn insert_step(
    conn: &mut Conn,
    id: Uuid,
    (seq, from, to): (i64, Option<&str>, &str),
    cause: &str,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO payment_steps (payment_id, seq, from_state, to_state, cause, at) VALUES ($1, $2, $3, $4, $5, $6)",
        id,
        seq,
        from,
        to,
        cause,
        now
    )?;
    Ok(())
}

/// Takes a payment to work on it, if nobody else does and its last lease had ended by an instant. It is to be looked at again when the
/// lease ends; what arrives meanwhile says another instant.
pub(super) async fn lease(conn: &mut Conn, id: Uuid, ended: i64, until: i64) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE payments SET leased_until = $3, look_at = $3 WHERE id = $1 AND leased_until <= $2",
        id,
        ended,
        until
    )?;
    Ok(rows == 1)
}

/// Lets go of a payment, and says when to look again: at once, if something has arrived since it was taken. How urgent that is stays as it
/// was where nothing is said. `ended` is what its lease is said to have ended at; nobody else waits for that instant, since it is over.
pub(super) async fn let_go(
    conn: &mut Conn,
    id: Uuid,
    (look_at, urgency): (Option<i64>, Option<Urgency>),
    counts: bool,
    ended: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE payments SET leased_until = $4, looks = looks + $3,
                urgency = CASE WHEN look_at = leased_until THEN COALESCE($5, urgency) ELSE urgency END,
                look_at = CASE WHEN look_at = leased_until THEN $2 ELSE look_at END
         WHERE id = $1",
        id,
        look_at,
        i64::from(counts),
        ended,
        urgency.map(Urgency::code)
    )?;
    Ok(())
}

/// Asks that a payment be looked at now, before all that only the clock makes due.
pub(super) async fn look_now(conn: &mut Conn, id: Uuid, now: i64) -> Result<()> {
    let urgency = Urgency::Told.code();
    sql!(conn, execute, "UPDATE payments SET look_at = $2, urgency = $3 WHERE id = $1", id, now, urgency)?;
    Ok(())
}

/// Payments of one urgency that are to be looked at.
pub(super) async fn due(conn: &mut Conn, urgency: Urgency, now: i64) -> Result<Vec<(Uuid,)>> {
    Ok(sql!(
        conn,
        all(Uuid,),
        "SELECT id FROM payments WHERE urgency = $1 AND look_at <= $2 AND leased_until <= $2 ORDER BY look_at LIMIT 100",
        urgency.code(),
        now
    )?)
}

/// Keeps what a provider has told. False when it was told before.
pub(super) async fn keep_notice(
    conn: &mut Conn,
    provider: &str,
    (event, kind, order): (&str, &str, Option<&str>),
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "INSERT INTO payment_notices (provider, event_id, kind, order_id, received_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (provider, event_id) DO NOTHING",
        provider,
        event,
        kind,
        order,
        now
    )?;
    Ok(rows == 1)
}

/// The next number of a hospital's receipts.
pub(super) async fn next_receipt(conn: &mut Conn, hospital: Uuid) -> Result<i64> {
    let (number,) = sql!(
        conn,
        one(i64,),
        "INSERT INTO receipt_numbers (hospital_id, last_number) VALUES ($1, 1)
         ON CONFLICT (hospital_id) DO UPDATE SET last_number = receipt_numbers.last_number + 1 RETURNING last_number",
        hospital
    )?;
    Ok(number)
}

/// What a hospital gives back when the patient's side cancels: hours and hundredths.
pub(super) async fn policy(conn: &mut Conn, hospital: Uuid) -> Result<Option<(i64, i64)>> {
    Ok(sql!(
        conn,
        optional(i64, i64),
        "SELECT refund_full_hours, refund_late_percent FROM hospitals WHERE id = $1",
        hospital
    )?)
}

/// The address of whoever pays.
pub(super) async fn address_of(conn: &mut Conn, account: Uuid) -> Result<Option<(String,)>> {
    Ok(sql!(conn, optional(String,), "SELECT email FROM accounts WHERE id = $1", account)?)
}

pub(super) async fn set_policy(
    conn: &mut Conn,
    here: &Authorized<ManageHospital, OfHospital>,
    (hours, percent): (i64, i64),
) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE hospitals SET refund_full_hours = $2, refund_late_percent = $3 WHERE id = $1",
        here.object().0.0,
        hours,
        percent
    )?;
    Ok(())
}

/// The last step of a visit to where it stands: when, and by whom, if not by the house.
pub(super) async fn last_step(conn: &mut Conn, appointment: Uuid) -> Result<Option<(i64, Option<Uuid>)>> {
    Ok(sql!(
        conn,
        optional(i64, Option<Uuid>),
        "SELECT at, by_account FROM appointment_history WHERE appointment_id = $1 ORDER BY seq DESC LIMIT 1",
        appointment
    )?)
}
