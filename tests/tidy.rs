//! The rules of the house that a compiler does not know, each a test that is named like the rule.
//! It looks at files and at the dependency graph; it starts nothing of the product.

#[path = "tidy/dependencies.rs"]
mod dependencies;
#[path = "tidy/forks.rs"]
mod forks;
#[path = "tidy/layers.rs"]
mod layers;
#[path = "tidy/sources.rs"]
mod sources;
#[path = "tidy/statements.rs"]
mod statements;
#[path = "tidy/texts.rs"]
mod texts;
#[path = "tidy/tree.rs"]
mod tree;
#[path = "tidy/walls.rs"]
mod walls;
