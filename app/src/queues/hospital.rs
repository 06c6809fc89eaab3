//! The queue as the hospital works with it: the four columns, walk-ins, the wall, and what is decided about it.
//! The board of a day, doctor by doctor, is in `appointments`.

mod card;
mod queue;
mod settings;
mod walk_in;
mod wall;

pub use queue::QueuePage;
pub use settings::QueueSettingsSection;
pub use walk_in::WalkInPage;
pub use wall::WallPage;
