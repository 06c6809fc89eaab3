//! Rooms and devices: what a hospital has, what its visits need, and which one a visit is given.
//!
//! Whether one is free is `domain::slots`' business; the database has the last word.

mod store;

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    error::{Conflict, Findings},
    ids::{AppointmentId, HospitalId, NeedId, ResourceId, VisitTypeId},
    resources::{
        AddNeed, AssignedResource, MOST_CHOICES, MOST_NEEDS, MOST_RESOURCES, Need, Resource, Resources,
        SaveResource,
    },
    text,
};

use crate::{
    access::{Authorized, ManageHospital, OfHospital, ReadAppointment},
    appointments::AppointmentRow,
    core::Core,
    db::{Conn, News},
    error::{Error, Result},
    idempotency::{self, Keyed},
};

pub(crate) use store::{TakenRow, all_needs, let_go, of_group, take_turn, taken};

/// A hospital whose rooms and devices the caller manages.
type Here = Authorized<ManageHospital, OfHospital>;

/// What a visit type needs besides the doctor.
#[derive(Debug, Clone, Default)]
pub(crate) struct Needs(pub(crate) Vec<NeedOf>);

/// One of these is needed.
#[derive(Debug, Clone)]
pub(crate) struct NeedOf {
    /// What people call it.
    pub(crate) name: String,
    /// Those in use, in the order in which they are taken.
    pub(crate) resources: Vec<ResourceId>,
}

/// What a visit type needs, for deciding about a booking. SQLite's one writer remembers it.
pub(crate) async fn needs_of(conn: &mut Conn, visit_type: VisitTypeId) -> Result<Arc<Needs>> {
    let name = visit_type.0.to_string();
    if let Some(needs) = conn.recall(&name) {
        return Ok(needs);
    }
    let needs = Arc::new(store::needs_of(conn, visit_type).await?);
    conn.keep(&name, needs.clone());
    Ok(needs)
}

/// Gives a visit what was chosen for it, in the transaction that puts it on its time.
pub(crate) async fn assign(
    conn: &mut Conn,
    appointment: AppointmentId,
    resources: &[ResourceId],
) -> Result<()> {
    for resource in resources {
        store::assign(conn, appointment, *resource).await?;
    }
    Ok(())
}

/// The service.
pub(crate) struct ResourceService {
    core: Core,
}

impl ResourceService {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    async fn here(&self, call: &Call, hospital: HospitalId) -> Result<Here> {
        self.core.authorize(call, OfHospital(hospital)).await
    }

    /// The hospital, and that the visit type is one of its own.
    async fn of_type(&self, call: &Call, hospital: HospitalId, visit_type: VisitTypeId) -> Result<Here> {
        let here = self.here(call, hospital).await?;
        let mut conn = self.core.db.read(here.reach()).await?;
        let known = crate::hospitals::find_visit_type(&mut conn, hospital, visit_type).await?.is_some();
        if known { Ok(here) } else { Err(Refusal::NotFound.into()) }
    }

    async fn all(&self, call: &Call, hospital: HospitalId) -> Result<Vec<Resource>> {
        let here = self.here(call, hospital).await?;
        let mut conn = self.core.db.read(here.reach()).await?;
        store::list(&mut conn, &here).await
    }

    async fn insert(&self, call: &Call, hospital: HospitalId, command: SaveResource) -> Result<Resource> {
        let here = self.here(call, hospital).await?;
        let keyed = Keyed::of(call, "add_resource", &(hospital, &command))?;
        let resource = Resource { version: 1, ..parsed(ResourceId(self.core.new_id()), &command)? };
        let (proof, now) = (here.clone(), self.core.now_ms());
        self.core
            .change(&proof, move |conn| {
                let (here, resource, keyed) = (here.clone(), resource.clone(), keyed.clone());
                Box::pin(async move {
                    let id = resource.id;
                    if let Some(earlier) = idempotency::earlier_or(conn, keyed.as_ref(), id.0, now).await? {
                        let there = store::find(conn, &here, ResourceId(earlier)).await?;
                        return Ok(there.ok_or(Refusal::NotFound)?);
                    }
                    if store::list(conn, &here).await?.len() >= MOST_RESOURCES {
                        return Err(Refusal::invalid("name", "too_many_items").into());
                    }
                    store::insert(conn, &here, &resource, now).await?;
                    Ok(resource)
                })
            })
            .await
    }

    async fn replace(
        &self,
        call: &Call,
        hospital: HospitalId,
        id: ResourceId,
        command: SaveResource,
    ) -> Result<Resource> {
        let here = self.here(call, hospital).await?;
        let resource = parsed(id, &command)?;
        let (proof, seen) = (here.clone(), command.version);
        let changed = self
            .core
            .change(&proof, move |conn| {
                let (here, resource) = (here.clone(), resource.clone());
                Box::pin(async move {
                    if store::find(conn, &here, id).await?.is_none() {
                        return Err(Error::from(Refusal::NotFound));
                    }
                    if !store::update(conn, &here, &resource, seen).await? {
                        return Err(Error::conflict(Conflict::StaleVersion));
                    }
                    // What is out of use is offered no longer, and what is in use again may free times.
                    conn.announce(News::Directory).await?;
                    Ok(store::find(conn, &here, id).await?.ok_or(Refusal::NotFound)?)
                })
            })
            .await?;
        self.core.freed.ring();
        Ok(changed)
    }

    async fn needed(&self, call: &Call, hospital: HospitalId, visit_type: VisitTypeId) -> Result<Vec<Need>> {
        let here = self.of_type(call, hospital, visit_type).await?;
        let mut conn = self.core.db.read(here.reach()).await?;
        store::needs(&mut conn, &here, visit_type).await
    }

    async fn need(
        &self,
        call: &Call,
        hospital: HospitalId,
        visit_type: VisitTypeId,
        command: AddNeed,
    ) -> Result<Vec<Need>> {
        let here = self.of_type(call, hospital, visit_type).await?;
        let mut findings = Findings::new();
        let name = findings.take("name", text::required(&command.name, 80)).unwrap_or_default();
        let mut chosen: Vec<ResourceId> = Vec::new();
        for id in command.resource_ids {
            if !chosen.contains(&id) {
                chosen.push(id);
            }
        }
        findings.require(!chosen.is_empty(), "resource_ids", "choose");
        findings.require(chosen.len() <= MOST_CHOICES, "resource_ids", "too_many_items");
        findings.finish()?;
        let need = Need { id: NeedId(self.core.new_id()), name, resource_ids: chosen };
        let (proof, now) = (here.clone(), self.core.now_ms());
        self.core
            .change(&proof, move |conn| {
                let (here, need) = (here.clone(), need.clone());
                Box::pin(async move {
                    let there = store::needs(conn, &here, visit_type).await?;
                    // Whoever presses twice adds once.
                    let same =
                        |known: &Need| known.name == need.name && known.resource_ids == need.resource_ids;
                    if there.iter().any(same) {
                        return Ok(there);
                    }
                    let mut findings = Findings::new();
                    findings.require(there.len() < MOST_NEEDS, "name", "too_many_items");
                    let known = store::list(conn, &here).await?;
                    let ours = |id: &ResourceId| known.iter().any(|resource| resource.id == *id);
                    findings.require(need.resource_ids.iter().all(ours), "resource_ids", "resource_unknown");
                    findings.finish()?;
                    store::insert_need(conn, &here, visit_type, &need, now).await?;
                    conn.announce(News::Directory).await?;
                    store::needs(conn, &here, visit_type).await
                })
            })
            .await
    }

    async fn spare(
        &self,
        call: &Call,
        hospital: HospitalId,
        visit_type: VisitTypeId,
        need: NeedId,
    ) -> Result<Vec<Need>> {
        let here = self.of_type(call, hospital, visit_type).await?;
        let proof = here.clone();
        let left = self
            .core
            .change(&proof, move |conn| {
                let here = here.clone();
                Box::pin(async move {
                    if !store::delete_need(conn, &here, visit_type, need).await? {
                        return Err(Error::from(Refusal::NotFound));
                    }
                    conn.announce(News::Directory).await?;
                    store::needs(conn, &here, visit_type).await
                })
            })
            .await?;
        self.core.freed.ring();
        Ok(left)
    }

    async fn assigned(&self, call: &Call, visit: AppointmentId) -> Result<Vec<AssignedResource>> {
        let found: Authorized<ReadAppointment, AppointmentRow> = self.core.load(call, visit).await?;
        let mut conn = self.core.db.read(found.reach()).await?;
        store::of_visit(&mut conn, &found).await
    }
}

fn parsed(id: ResourceId, command: &SaveResource) -> Result<Resource> {
    let mut findings = Findings::new();
    let name = findings.take("name", text::required(&command.name, 80)).unwrap_or_default();
    findings.finish()?;
    Ok(Resource { id, kind: command.kind, name, active: command.active, version: 0 })
}

#[async_trait]
impl Resources for ResourceService {
    async fn list(&self, call: &Call, hospital: HospitalId) -> domain::Result<Vec<Resource>> {
        Ok(self.all(call, hospital).await?)
    }

    async fn add(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: SaveResource,
    ) -> domain::Result<Resource> {
        Ok(self.insert(call, hospital, command).await?)
    }

    async fn change(
        &self,
        call: &Call,
        hospital: HospitalId,
        id: ResourceId,
        command: SaveResource,
    ) -> domain::Result<Resource> {
        Ok(self.replace(call, hospital, id, command).await?)
    }

    async fn needs(
        &self,
        call: &Call,
        hospital: HospitalId,
        visit_type: VisitTypeId,
    ) -> domain::Result<Vec<Need>> {
        Ok(self.needed(call, hospital, visit_type).await?)
    }

    async fn add_need(
        &self,
        call: &Call,
        hospital: HospitalId,
        visit_type: VisitTypeId,
        command: AddNeed,
    ) -> domain::Result<Vec<Need>> {
        Ok(self.need(call, hospital, visit_type, command).await?)
    }

    async fn remove_need(
        &self,
        call: &Call,
        hospital: HospitalId,
        visit_type: VisitTypeId,
        need: NeedId,
    ) -> domain::Result<Vec<Need>> {
        Ok(self.spare(call, hospital, visit_type, need).await?)
    }

    async fn of_visit(&self, call: &Call, visit: AppointmentId) -> domain::Result<Vec<AssignedResource>> {
        Ok(self.assigned(call, visit).await?)
    }
}
