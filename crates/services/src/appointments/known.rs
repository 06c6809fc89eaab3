//! Which hospitals know which patients: read once and remembered, for a hospital never forgets a patient.
//!
//! That it does not know her is not remembered: another node may make it know her.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use domain::ids::{HospitalId, PatientId};

use super::store;
use crate::{core::Core, db::Reach, error::Result};

/// More than book at one moment; beyond that it begins anew.
const MOST: usize = 20_000;

/// The patients of whom it is remembered.
#[derive(Default)]
pub(crate) struct Known {
    pairs: Mutex<HashSet<(HospitalId, PatientId)>>,
}

impl Known {
    fn has(&self, pair: (HospitalId, PatientId)) -> bool {
        self.pairs.lock().unwrap_or_else(PoisonError::into_inner).contains(&pair)
    }

    fn note(&self, pair: (HospitalId, PatientId)) {
        let mut pairs = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        if pairs.len() >= MOST {
            pairs.clear();
        }
        pairs.insert(pair);
    }
}

/// Whether a hospital knows a patient, as far as somebody can reach.
pub(crate) async fn is_known(
    core: &Core,
    reach: &Reach,
    hospital: HospitalId,
    patient: PatientId,
) -> Result<bool> {
    let pair = (hospital, patient);
    if core.known.has(pair) {
        return Ok(true);
    }
    let known = store::patients::is_known(&mut core.db.read(reach).await?, hospital, patient).await?;
    if known {
        core.known.note(pair);
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_remembered_until_there_is_too_much() {
        let known = Known::default();
        let pair = |n: u128| (HospitalId(uuid::Uuid::from_u128(n)), PatientId(uuid::Uuid::from_u128(n)));
        known.note(pair(0));
        assert!(known.has(pair(0)) && !known.has(pair(1)));
        for n in 1..=MOST as u128 {
            known.note(pair(n));
        }
        assert!(known.has(pair(MOST as u128)) && !known.has(pair(0)));
    }
}
