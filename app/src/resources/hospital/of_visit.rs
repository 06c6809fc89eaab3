//! The room and the devices of one visit, for those who receive the patient. Nothing where the visit needs none.

use domain::ids::AppointmentId;
use domain::resources::AssignedResource;
use leptos::prelude::*;

use super::kind_text;
use crate::portal::Loaded;
use crate::reading::Reading;
use crate::resources::admin_api::visit_resources;
use crate::ui::{SkeletonShape, SummaryList, SummaryRow};

/// See the module.
#[component]
pub fn VisitResources(
    /// Which visit.
    id: AppointmentId,
    /// Its version: another one may have another room.
    #[prop(into)]
    version: Signal<i64>,
) -> impl IntoView {
    let found = Reading::new(move || version.get(), move |_| visit_resources(id));
    view! { <Loaded resource=found part=true shape=SkeletonShape::Rows view=shown /> }.into_any()
}

fn shown(found: Vec<AssignedResource>) -> AnyView {
    if found.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = found
        .into_iter()
        .map(|one| {
            view! { <SummaryRow label=kind_text(one.kind)>{one.name}</SummaryRow> }
        })
        .collect();
    view! { <SummaryList>{rows}</SummaryList> }.into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use domain::ids::ResourceId;
    use domain::resources::ResourceKind;

    #[test]
    fn a_visit_says_which_room_it_has_and_is_silent_where_it_has_none() {
        let room = AssignedResource {
            resource_id: ResourceId::from(uuid::Uuid::nil()),
            kind: ResourceKind::Room,
            name: "Ultrasound room 2".into(),
        };
        let html = |found: Vec<AssignedResource>| Owner::new().with(|| shown(found).to_html());
        let told = html(vec![room]);
        assert!(told.contains("Ultrasound room 2") && told.contains(kind_text(ResourceKind::Room)), "{told}");
        assert!(!html(Vec::new()).contains("<dl"));
    }
}
