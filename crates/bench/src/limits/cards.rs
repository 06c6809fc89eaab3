//! The limit of searching: cards of doctors from a table that is kept for this one question, in its order, with all that a card shows.
//!
//! The next free times in it are those of the moment at which it was made; nobody keeps it up to date, as a server would have to.

use std::path::Path;

use axum::{
    Json as Body,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use sqlx::{ConnectOptions, Connection, SqlitePool, sqlite::SqliteConnectOptions, types::Json};

use super::{Refused, Sources, refused};

/// A part of a card that is handed on as it stands.
pub(super) type Part = Json<Box<RawValue>>;

/// A card, as the API of the server gives it.
#[derive(sqlx::FromRow, Serialize)]
pub(super) struct Card {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) specialties: Part,
    pub(super) languages: Part,
    pub(super) hospital: Part,
    pub(super) photo: Part,
    pub(super) visit_types: Part,
    pub(super) price_from: Part,
    pub(super) next_free: Part,
}

/// A page of them.
#[derive(Serialize)]
pub(super) struct Page {
    items: Vec<Card>,
    next_cursor: Option<String>,
}

/// Of which specialty (of any where it is empty), and how many.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    specialty: String,
    limit: i64,
}

/// Those who are free soonest.
pub(super) async fn search(
    State(sources): State<Sources>,
    Query(asked): Query<Asked>,
) -> Result<Body<Page>, Refused> {
    let items = soonest(&sources.cards, &asked).await.map_err(refused)?;
    Ok(Body(Page { items, next_cursor: None }))
}

/// A walk along the one tree in which everything stands.
pub(super) async fn soonest(cards: &SqlitePool, asked: &Asked) -> sqlx::Result<Vec<Card>> {
    sqlx::query_as(
        "SELECT id, name, specialties, languages, hospital, photo, visit_types, price_from, next_free FROM cards
         WHERE specialty = $1 ORDER BY soonest, id LIMIT $2",
    )
    .bind(&asked.specialty)
    .bind(asked.limit)
    .fetch_all(cards)
    .await
}

/// Makes the table of what the server says of its doctors.
pub(super) async fn keep(file: &Path, doctors: &[Value]) -> anyhow::Result<()> {
    let mut conn = SqliteConnectOptions::new().filename(file).create_if_missing(true).connect().await?;
    sqlx::query(
        "CREATE TABLE cards (specialty TEXT NOT NULL, soonest INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
            specialties TEXT NOT NULL, languages TEXT NOT NULL, hospital TEXT NOT NULL, photo TEXT NOT NULL,
            visit_types TEXT NOT NULL, price_from TEXT NOT NULL, next_free TEXT NOT NULL,
            PRIMARY KEY (specialty, soonest, id)) STRICT, WITHOUT ROWID",
    )
    .execute(&mut conn)
    .await?;
    sqlx::query("BEGIN").execute(&mut conn).await?;
    for doctor in doctors {
        let part = |name| doctor.get(name).unwrap_or(&Value::Null);
        let text = |name| part(name).as_str().unwrap_or_default();
        let specialties = part("specialties").as_array().into_iter().flatten().filter_map(Value::as_str);
        // Each stands under her specialties, and among all.
        for specialty in specialties.chain([""]) {
            sqlx::query(
                "INSERT INTO cards (specialty, soonest, id, name, specialties, languages, hospital, photo, visit_types,
                    price_from, next_free)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            )
            .bind(specialty)
            .bind(first_free(part("next_free")))
            .bind(text("id"))
            .bind(text("name"))
            .bind(part("specialties").to_string())
            .bind(part("languages").to_string())
            .bind(part("hospital").to_string())
            .bind(part("photo").to_string())
            .bind(part("visit_types").to_string())
            .bind(part("price_from").to_string())
            .bind(part("next_free").to_string())
            .execute(&mut conn)
            .await?;
        }
    }
    sqlx::query("COMMIT").execute(&mut conn).await?;
    Ok(conn.close().await?)
}

/// The first of her free times; those without one come last.
fn first_free(times: &Value) -> i64 {
    let first = times.get(0).and_then(Value::as_str).and_then(|text| text.parse::<jiff::Timestamp>().ok());
    first.map_or(i64::MAX, jiff::Timestamp::as_millisecond)
}

impl Asked {
    /// So many of all specialties.
    pub(super) fn of_all(limit: i64) -> Self {
        Self { specialty: String::new(), limit }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn cards_come_back_soonest_first_and_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cards.db");
        let card = |id: &str, specialty: &str, free: &[&str]| {
            json!({ "id": id, "name": "Dr. Rao", "specialties": [specialty], "languages": ["en"], "hospital": { "name": "H" },
                "photo": null, "visit_types": [], "price_from": null, "next_free": free })
        };
        let never = card("a", "cardiology", &[]);
        let later = card("b", "cardiology", &["2026-11-24T10:00:00+05:30"]);
        let soon = card("c", "dentistry", &["2026-11-24T04:00:00Z"]);
        keep(&file, &[never.clone(), later.clone(), soon.clone()]).await.unwrap();
        let pool = super::super::readers(&file, true).await.unwrap();
        let all = soonest(&pool, &Asked::of_all(24)).await.unwrap();
        assert_eq!(serde_json::to_value(&all).unwrap(), json!([soon, later, never]));
        let asked = Asked { specialty: "cardiology".into(), limit: 1 };
        assert_eq!(serde_json::to_value(soonest(&pool, &asked).await.unwrap()).unwrap(), json!([later]));
    }
}
