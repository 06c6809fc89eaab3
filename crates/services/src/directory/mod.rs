//! The directory: every hospital and doctor with hours and visit types, held in memory for searching and offering times.
//!
//! It is a copy. Whatever changes them announces it, and the copy is read anew. Booking never trusts it.

mod sharing;
mod soonest;
mod store;
pub(crate) mod times;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::{
    hospitals::{Hospital, VisitType},
    ids::{DepartmentId, DoctorId, HospitalId, VisitTypeId},
    slots::{Schedule, Shape},
};

use crate::{availability::Demand, core::Core, db::Reach, error::Result, resources::Needs};

pub(crate) use soonest::NEVER;
pub(crate) use store::{Bookable, load_rules, load_schedule, read_schedule, visit_type};

/// The directory.
#[derive(Default)]
pub(crate) struct Directory {
    state: RwLock<State>,
    times: Mutex<soonest::Soonest>,
    /// Counts copies.
    copies: AtomicU64,
    /// One of those who search reads what is old; the others wait for it.
    reading: tokio::sync::Mutex<()>,
    /// Counts how often the times of a doctor were read.
    reads: AtomicU64,
}

#[derive(Default)]
struct State {
    /// Counts announcements: a copy that was being read while one came is not kept.
    announced: u64,
    copy: Option<Arc<Snapshot>>,
}

/// Everything at one moment.
pub(crate) struct Snapshot {
    /// Of its own, from one on.
    number: u64,
    pub(crate) hospitals: HashMap<HospitalId, Hospital>,
    pub(crate) doctors: HashMap<DoctorId, Arc<Entry>>,
    /// By search name.
    pub(crate) by_name: Vec<Arc<Entry>>,
    /// Doctors whose visits need the same rooms or devices.
    sharing: sharing::Sharing,
}

/// A doctor with all that searching and offering need.
pub(crate) struct Entry {
    pub(crate) id: DoctorId,
    pub(crate) hospital: Hospital,
    pub(crate) department: Option<(DepartmentId, String)>,
    pub(crate) name: String,
    pub(crate) search_name: String,
    pub(crate) specialties: Vec<String>,
    pub(crate) languages: Vec<String>,
    pub(crate) biography: String,
    pub(crate) photo_key: Option<String>,
    pub(crate) active: bool,
    /// Visit types that can be booked with her, by name.
    pub(crate) visit_types: Vec<VisitType>,
    /// What visit types need, hers and others.
    needs: Arc<HashMap<VisitTypeId, Needs>>,
    pub(crate) schedule: Schedule,
    /// How many doubts there had been about free times before this was read.
    mark: u64,
}

impl Entry {
    /// The visit type with this id, if it can be booked with her.
    pub(crate) fn visit_type(&self, id: VisitTypeId) -> Option<&VisitType> {
        self.visit_types.iter().find(|kind| kind.id == id)
    }

    /// The same, while she can be booked at all.
    pub(crate) fn offered_type(&self, id: VisitTypeId) -> Option<&VisitType> {
        self.visit_type(id).filter(|_| self.active)
    }

    /// Visit types that patients may book by themselves, by name: the one list of what they are offered.
    pub(crate) fn open_types(&self) -> impl Iterator<Item = &VisitType> {
        self.visit_types.iter().filter(|kind| kind.is_for_patients(false))
    }

    /// What is asked of her time by a visit of this shape.
    pub(crate) fn demand(&self, shape: Shape) -> Demand<'_> {
        let id = shape.kind.visit_type;
        let visit_type = self.visit_type(id);
        Demand {
            doctor: self.id,
            schedule: &self.schedule,
            shape,
            of_kind: visit_type.and_then(|one| one.most_a_day).map(i64::from),
            capacity: visit_type.map_or(1, |one| i64::from(one.capacity)),
            needs: self.needs.get(&id),
        }
    }
}

impl Directory {
    /// The copy, read anew if it was forgotten.
    pub(crate) async fn snapshot(&self, core: &Core) -> Result<Arc<Snapshot>> {
        let announced = {
            let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(copy) = &state.copy {
                return Ok(copy.clone());
            }
            state.announced
        };
        let mark = self.soonest().mark();
        let mut conn = core.db.read(&Reach::public()).await?;
        let number = self.copies.fetch_add(1, Ordering::Relaxed) + 1;
        let fresh = Arc::new(store::load(&mut conn, number, mark).await?);
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.announced == announced {
            state.copy = Some(fresh.clone());
        }
        Ok(fresh)
    }

    /// A doctor.
    pub(crate) async fn doctor(&self, core: &Core, id: DoctorId) -> Result<Arc<Entry>> {
        let snapshot = self.snapshot(core).await?;
        Ok(snapshot.doctors.get(&id).cloned().ok_or(domain::Error::NotFound)?)
    }

    /// Hospitals, doctors or hours changed.
    pub(crate) fn forget(&self) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.announced += 1;
        state.copy = None;
        self.soonest().doubt_all();
    }

    /// A doctor's booked time changed, and with it rooms and devices that others need, too.
    pub(crate) fn forget_times(&self, doctor: DoctorId) {
        // Not both locks at once: whoever forgets everything takes them in the other order.
        let copy = self.state.read().unwrap_or_else(PoisonError::into_inner).copy.clone();
        match copy {
            Some(copy) => self.soonest().doubt(copy.sharing.with(doctor)),
            // Nobody knows now with whom she shares.
            None => self.soonest().doubt_all(),
        }
    }

    /// Whether two doctors need the same rooms or devices, as far as that is known now.
    pub(crate) fn shares(&self, one: DoctorId, other: DoctorId) -> bool {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.copy.as_ref().is_some_and(|copy| copy.sharing.holds(one, other))
    }
}
