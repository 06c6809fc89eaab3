//! The steps of all visits in the order in which the database took them, for a checker that compares them with what the server
//! has answered: ids, instants and states, no name and no word that anybody has written.
//!
//! It judges nothing.

mod store;

pub use store::TakenStep;

use crate::{core::Core, db::Reach};

/// The next steps after one, in order; none when there are no more.
pub(crate) async fn after(core: &Core, ordinal: i64) -> anyhow::Result<Vec<TakenStep>> {
    let mut conn =
        core.db.read(&Reach::house("all that was done with visits, on the server's command line")).await?;
    Ok(store::after(&mut conn, ordinal).await?)
}
