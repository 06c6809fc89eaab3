//! The steps of all visits in the order in which the database took them, and who waits for what, for a checker that compares them with
//! what the server has answered: ids, instants and states, no name and no word that anybody has written.
//!
//! It judges nothing.

mod store;

pub use store::{KeptTime, TakenPlace, TakenStep};

use uuid::Uuid;

use crate::{core::Core, db::Reach};

/// The next steps after one, in order; none when there are no more.
pub(crate) async fn after(core: &Core, ordinal: i64) -> anyhow::Result<Vec<TakenStep>> {
    let mut conn = core.db.read(&reach()).await?;
    Ok(store::after(&mut conn, ordinal).await?)
}

/// The next places in lines after one; none when there are no more.
pub(crate) async fn places(core: &Core, after: Uuid) -> anyhow::Result<Vec<TakenPlace>> {
    let mut conn = core.db.read(&reach()).await?;
    Ok(store::places(&mut conn, after).await?)
}

/// The next times that were kept for somebody, after one; none when there are no more.
pub(crate) async fn kept(core: &Core, after: Uuid) -> anyhow::Result<Vec<KeptTime>> {
    let mut conn = core.db.read(&reach()).await?;
    Ok(store::kept(&mut conn, after).await?)
}

fn reach() -> Reach {
    Reach::house("all that was done with visits, on the server's command line")
}
