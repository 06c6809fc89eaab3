//! The queue as the hospital works with it: the four columns, walk-ins, the wall, and what is decided about it.
//! The board of a day, doctor by doctor, is in `appointments`.

pub mod card;
pub mod queue;
pub mod settings;
pub mod walk_in;
pub mod wall;

pub use queue::QueuePage;
pub use settings::QueueSettingsSection;
pub use walk_in::WalkInPage;
pub use wall::WallPage;
