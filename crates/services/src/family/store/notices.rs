//! SQL of what those who look after a child are told before a birthday.
//!
//! Nothing is decided here.

use uuid::Uuid;

use crate::{
    db::{Conn, sql},
    error::Result,
};

/// Somebody who looks after a child whose age changes something soon.
#[derive(sqlx::FromRow)]
pub(in crate::family) struct SoonRow {
    pub(in crate::family) account_id: Uuid,
    pub(in crate::family) patient_id: Uuid,
    pub(in crate::family) email: String,
}

/// Whose child, born after one day and until another, they look after, and who was not told yet.
pub(in crate::family) async fn soon(
    conn: &mut Conn,
    (after, until): (&str, &str),
    (age, days): (i64, i64),
    today: &str,
) -> Result<Vec<SoonRow>> {
    Ok(sql!(
        conn,
        all SoonRow,
        "SELECT o.account_id, o.patient_id, a.email
         FROM patients p
         JOIN patient_accounts o ON o.patient_id = p.id
         JOIN accounts a ON a.id = o.account_id
         WHERE p.birth_date > $1 AND p.birth_date <= $2 AND o.given = 'guardian' AND o.relation <> 'self'
           AND o.ended_at IS NULL AND (o.until_date IS NULL OR o.until_date >= $5) AND a.verified_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM family_notices n WHERE n.account_id = o.account_id AND n.patient_id = o.patient_id
                              AND n.age = $3 AND n.days <= $4)
         ORDER BY o.account_id, o.patient_id LIMIT 200",
        after,
        until,
        age,
        days,
        today
    )?)
}

/// Notes that somebody is told; `false` when another node was faster.
pub(in crate::family) async fn note(
    conn: &mut Conn,
    soon: &SoonRow,
    (age, days): (i64, i64),
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "INSERT INTO family_notices (account_id, patient_id, age, days) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        soon.account_id,
        soon.patient_id,
        age,
        days
    )?;
    Ok(rows == 1)
}
