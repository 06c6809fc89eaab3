//! Rooms and devices that must be free together with the doctor: for each need of a visit one of a pool, each for one visit at a time.
//!
//! Offering, validating and assigning ask [`Pools::assign`]: what is offered can be assigned.

use super::Busy;
use crate::{ids::ResourceId, time::Span};

/// A need and what can meet it.
#[derive(Debug, Clone)]
pub struct Pool {
    /// What people call it: "Ultrasound room".
    pub name: String,
    /// The rooms or devices that will do, in the order in which they are taken, each with when it is taken.
    pub resources: Vec<(ResourceId, Busy)>,
}

/// All needs of a visit.
#[derive(Debug, Clone, Default)]
pub struct Pools(
    /// In the order in which they are named.
    pub Vec<Pool>,
);

impl Pools {
    /// One resource for each need, the first that is free; none of them twice. When there is no such choice: the place of a need that
    /// cannot be met.
    pub fn assign(&self, block: Span) -> Result<Vec<ResourceId>, usize> {
        let free: Vec<Vec<ResourceId>> = self
            .0
            .iter()
            .map(|pool| {
                let free = pool.resources.iter().filter(|(_, busy)| !busy.overlaps(block));
                free.map(|(id, _)| *id).collect()
            })
            .collect();
        if let Some(empty) = free.iter().position(Vec::is_empty) {
            return Err(empty);
        }
        let mut taken = Vec::with_capacity(free.len());
        // Each need can be met alone, so they stand in each other's way: the last one is told.
        if choose(&free, &mut taken) { Ok(taken) } else { Err(free.len().saturating_sub(1)) }
    }

    /// What the need is called that cannot be met then.
    pub fn lacking(&self, block: Span) -> Option<&str> {
        let lacking = self.assign(block).err()?;
        self.0.get(lacking).map(|pool| pool.name.as_str())
    }
}

/// Chooses for the needs that have nothing yet. There are a few needs with a few resources each, so trying them in order is enough.
fn choose(free: &[Vec<ResourceId>], taken: &mut Vec<ResourceId>) -> bool {
    let Some(next) = free.get(taken.len()) else { return true };
    for id in next {
        if taken.contains(id) {
            continue;
        }
        taken.push(*id);
        if choose(free, taken) {
            return true;
        }
        taken.pop();
    }
    false
}
