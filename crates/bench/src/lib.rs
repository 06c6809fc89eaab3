//! What the programs of the bench share: the question of the row `slots`, which one of them times and the other counts.

pub mod month;
