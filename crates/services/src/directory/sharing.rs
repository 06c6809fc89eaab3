//! Which doctors need the same rooms or devices: a visit of one may take a time of the other.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::ids::{DoctorId, ResourceId};

use super::Entry;

/// What the visits of each doctor may need; doctors whose visits need nothing are not here.
pub(super) struct Sharing(HashMap<DoctorId, HashSet<ResourceId>>);

/// Looks at all doctors.
pub(super) fn among(doctors: &[Arc<Entry>]) -> Sharing {
    let mut sharing = HashMap::new();
    for entry in doctors {
        let needs = entry.visit_types.iter().filter_map(|kind| entry.needs.get(&kind.id));
        let resources: HashSet<ResourceId> =
            needs.flat_map(|needs| needs.0.iter().flat_map(|need| need.resources.iter().copied())).collect();
        if !resources.is_empty() {
            sharing.insert(entry.id, resources);
        }
    }
    Sharing(sharing)
}

impl Sharing {
    /// Those who have anything in common with a doctor, and herself.
    pub(super) fn with(&self, doctor: DoctorId) -> Vec<DoctorId> {
        let others = self.0.contains_key(&doctor).then(|| self.0.keys().copied()).into_iter().flatten();
        others.filter(|other| *other != doctor && self.holds(*other, doctor)).chain([doctor]).collect()
    }

    /// Whether two doctors have anything in common.
    pub(super) fn holds(&self, one: DoctorId, other: DoctorId) -> bool {
        match (self.0.get(&one), self.0.get(&other)) {
            (Some(one), Some(other)) => !one.is_disjoint(other),
            _ => false,
        }
    }
}
