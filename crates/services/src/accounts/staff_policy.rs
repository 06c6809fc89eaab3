//! What a hospital asks of its staff when they sign in.
//!
//! That memberships give no right before it is fulfilled is decided where rights are read, in `accounts` itself.

use domain::{Call, Error as Refusal, accounts::StaffPolicy, ids::HospitalId};

use super::{AccountService, Managed, store};
use crate::{
    access::{Authorized, OfHospital, SetStaffPolicy},
    error::{Error, Result},
};

impl AccountService {
    pub(super) async fn read_staff_policy(&self, call: &Call, hospital: HospitalId) -> Result<StaffPolicy> {
        let here: Managed = self.core.authorize(call, OfHospital(hospital)).await?;
        let mut conn = self.core.db.read(here.reach()).await?;
        let second_factor = store::staff_second_factor(&mut conn, &here).await?.ok_or(Refusal::NotFound)?;
        Ok(StaffPolicy { second_factor })
    }

    pub(super) async fn change_staff_policy(
        &self,
        call: &Call,
        hospital: HospitalId,
        policy: StaffPolicy,
    ) -> Result<StaffPolicy> {
        let here: Authorized<SetStaffPolicy, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let proof = here.clone();
        self.core
            .change(&proof, move |conn| {
                let here = here.clone();
                Box::pin(async move {
                    super::members::hold(conn, &here).await?;
                    let changed = store::set_staff_second_factor(conn, &here, policy.second_factor).await?;
                    if changed { Ok(()) } else { Err(Error::from(Refusal::NotFound)) }
                })
            })
            .await?;
        Ok(policy)
    }
}
