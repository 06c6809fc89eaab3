//! The limit of availability: the rows from which a doctor's free times are computed, as JSON. Nothing is computed.

use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Refused, Sources, refused};
use crate::machine;

/// No block is longer.
pub(super) const LONGEST_BLOCK_MS: i64 = 86_400_000;

/// Whose times, and between which instants.
#[derive(Deserialize)]
pub(super) struct Asked {
    doctor: Uuid,
    from: i64,
    to: i64,
}

/// A time that is taken.
#[derive(sqlx::FromRow, Serialize)]
pub(super) struct Taken {
    block_starts_at: i64,
    block_ends_at: i64,
    starts_at: i64,
    visit_type_id: Uuid,
    seat_no: i64,
    group_key: Option<String>,
}

/// The statement with which the server reads them.
pub(super) async fn taken(
    State(sources): State<Sources>,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<Taken>>, Refused> {
    let rows = sqlx::query_as(
        "SELECT block_starts_at, block_ends_at, starts_at, visit_type_id, seat_no, group_key FROM taken_times
         WHERE doctor_id = $1 AND block_starts_at > $2 AND block_starts_at < $3 AND block_ends_at > $4
           AND (hold_expires_at IS NULL OR hold_expires_at > $5)",
    )
    .bind(asked.doctor)
    .bind(asked.from - LONGEST_BLOCK_MS)
    .bind(asked.to)
    .bind(asked.from)
    .bind(machine::clock())
    .fetch_all(&sources.house)
    .await
    .map_err(refused)?;
    Ok(Json(rows))
}
