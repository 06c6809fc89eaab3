//! The desk's queue as a service: what a hospital has decided, the wall of its waiting room, and the wall's private address.
//!
//! The queue itself, walk-ins and numbers stand with the visits, in `appointments`.

mod store;
mod wall;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    appointments::Appointment,
    ids::{AppointmentId, DoctorId, HospitalId},
    queues::{
        NewWallAddress, QueueBoard, QueueSettings, Queues, SayHere, WalkIn, WalkInDoctor, WallAddress,
        WallBoard, WallFeed,
    },
};

use crate::{
    access::{Authorized, ManageHospital, OfHospital},
    appointments::AppointmentService,
    core::Core,
    db::Reach,
    error::Result,
};

/// The service.
pub(crate) struct QueueService {
    core: Core,
    appointments: AppointmentService,
}

/// A hospital that the caller administers.
type Administered = Authorized<ManageHospital, OfHospital>;

impl QueueService {
    pub(crate) fn new(core: Core) -> Self {
        Self { appointments: AppointmentService::new(core.clone()), core }
    }

    async fn settings_of(&self, hospital: HospitalId) -> Result<QueueSettings> {
        let mut conn = self.core.db.read(&Reach::public()).await?;
        let self_check_in = store::self_check_in(&mut conn, hospital).await?.ok_or(Refusal::NotFound)?;
        Ok(QueueSettings { self_check_in })
    }

    async fn change_settings(
        &self,
        call: &Call,
        hospital: HospitalId,
        settings: QueueSettings,
    ) -> Result<QueueSettings> {
        let here: Administered = self.core.authorize(call, OfHospital(hospital)).await?;
        let proof = here.clone();
        self.core
            .change(&proof, move |conn| {
                let here = here.clone();
                Box::pin(async move { store::set_self_check_in(conn, &here, settings.self_check_in).await })
            })
            .await?;
        self.settings_of(hospital).await
    }
}

#[async_trait]
impl Queues for QueueService {
    async fn board(
        &self,
        call: &Call,
        hospital: HospitalId,
        doctor: Option<DoctorId>,
    ) -> domain::Result<QueueBoard> {
        Ok(self.appointments.queue(call, hospital, doctor).await?)
    }

    async fn walk_in_doctors(&self, call: &Call, hospital: HospitalId) -> domain::Result<Vec<WalkInDoctor>> {
        Ok(self.appointments.walk_in_doctors(call, hospital).await?)
    }

    async fn walk_in(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: WalkIn,
    ) -> domain::Result<Appointment> {
        Ok(self.appointments.take_in(call, hospital, command).await?)
    }

    async fn say_here(
        &self,
        call: &Call,
        id: AppointmentId,
        command: SayHere,
    ) -> domain::Result<Appointment> {
        Ok(self.appointments.say_here(call, id, command.version).await?)
    }

    async fn settings(&self, hospital: HospitalId) -> domain::Result<QueueSettings> {
        Ok(self.settings_of(hospital).await?)
    }

    async fn set_settings(
        &self,
        call: &Call,
        hospital: HospitalId,
        settings: QueueSettings,
    ) -> domain::Result<QueueSettings> {
        Ok(self.change_settings(call, hospital, settings).await?)
    }

    async fn wall(&self, call: &Call, hospital: HospitalId) -> domain::Result<WallBoard> {
        Ok(self.wall_for(call, hospital).await?)
    }

    async fn wall_address(&self, call: &Call, hospital: HospitalId) -> domain::Result<WallAddress> {
        Ok(self.address_of(call, hospital).await?)
    }

    async fn make_wall_address(&self, call: &Call, hospital: HospitalId) -> domain::Result<NewWallAddress> {
        Ok(self.make_address(call, hospital).await?)
    }

    async fn end_wall_address(&self, call: &Call, hospital: HospitalId) -> domain::Result<()> {
        Ok(self.end_address(call, hospital).await?)
    }

    async fn read_wall(&self, secret: &str) -> domain::Result<WallBoard> {
        Ok(self.open_wall(secret).await?)
    }

    async fn follow_wall(&self, secret: &str) -> domain::Result<Box<dyn WallFeed>> {
        let hospital = self.behind(secret).await?;
        Ok(Box::new(self.core.db.hub().changes_of(hospital)))
    }
}
