//! Houses of growing size, each with a server of its own, for the rows that ask the same of all of them.
//! What is asked is the row's business.

use super::visit;
use crate::{
    data::{Data, Size},
    load::Samples,
    server::Server,
};

/// A server with as much data as its size says.
pub(crate) struct House {
    pub(crate) size: Size,
    pub(crate) server: Server,
}

/// One of each size, the largest last.
pub(crate) async fn open(data: &mut Data<'_>) -> anyhow::Result<Vec<House>> {
    let mut houses = Vec::new();
    for size in data.sizes() {
        houses.push(House { size, server: data.serve(size).await? });
    }
    Ok(houses)
}

/// Stops their servers.
pub(crate) async fn close(houses: Vec<House>) -> anyhow::Result<()> {
    for house in houses {
        house.server.stop().await?;
    }
    Ok(())
}

/// How p50 grows from house to house: see [`visit::growth`].
pub(crate) fn growth(houses: &[House], measured: &[Vec<Samples>]) -> (f64, f64) {
    let sizes: Vec<f64> = houses.iter().map(|house| house.size.times()).collect();
    visit::growth(&sizes, measured)
}
