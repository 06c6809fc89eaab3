//! The edge of the world: time and randomness, each as a trait with the real one and a settable one.
//!
//! Nothing else in the house may ask the operating system for either.

pub mod clock;
pub mod random;
