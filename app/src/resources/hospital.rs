//! Rooms and devices as a hospital sees them: the list, one of them, what a visit type needs, what a visit has.

pub mod list;
pub mod needs;
pub mod of_visit;
pub mod resource;

use domain::resources::ResourceKind;

use crate::t;
use crate::ui::Choice;

pub use list::ResourcesPage;
pub use needs::NeedsSection;
pub use of_visit::VisitResources;
pub use resource::ResourcePage;

/// What kind of thing it is, in words.
#[must_use]
pub fn kind_text(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Room => t!(hospital_resources.room),
        ResourceKind::Device => t!(hospital_resources.device),
    }
}

/// The kinds to choose from.
#[must_use]
pub fn kinds() -> Vec<Choice> {
    ResourceKind::ALL.into_iter().map(|kind| Choice::new(kind.code(), kind_text(kind))).collect()
}
