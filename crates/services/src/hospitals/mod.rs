//! Hospitals, departments and visit types: who may change them, and the rules they keep.
//!
//! Doctors are elsewhere.

mod store;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    access::{Action, Facts, require},
    availability::MOST_A_DAY,
    error::Findings,
    hospitals::{
        BUFFER_MINUTES, CAPACITY, Department, Hospital, Hospitals, SaveHospital, SaveVisitType,
        VISIT_MINUTES, VisitType,
    },
    ids::{DepartmentId, HospitalId, VisitTypeId},
    money::{MAX_PRICE_MINOR, parse_currency},
    page::{Page, PageQuery},
    text,
};

use crate::{
    access::{Authorized, ManageHospital, ManagePlatform, OfHospital, OfPlatform},
    core::Core,
    db::{News, Reach},
    error::{Error, Result},
    idempotency::{self, Keyed},
};

pub(crate) use store::{VisitTypeRow, all, all_visit_types, find_visit_type};

/// The service.
pub(crate) struct HospitalService {
    core: Core,
}

impl HospitalService {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    async fn find(&self, id: HospitalId) -> Result<Hospital> {
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        Ok(snapshot.hospitals.get(&id).cloned().ok_or(Refusal::NotFound)?)
    }

    async fn page(&self, page: PageQuery) -> Result<Page<Hospital>> {
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        let mut all: Vec<Hospital> = snapshot.hospitals.values().cloned().collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        let after = page.cursor.as_deref().unwrap_or_default();
        let rest: Vec<_> =
            all.into_iter().filter(|h| h.name.as_str() > after).take(page.size() + 1).collect();
        Ok(Page::cut(rest, page.size(), |h| h.name.clone()))
    }

    async fn insert(&self, call: &Call, command: SaveHospital) -> Result<Hospital> {
        let platform: Authorized<ManagePlatform, _> = self.core.authorize(call, OfPlatform).await?;
        let proof = platform.clone();
        let keyed = Keyed::of(call, "create_hospital", &command)?;
        let hospital = parse_hospital(HospitalId(self.core.new_id()), &command)?;
        let asks_staff = command.staff_second_factor.unwrap_or(true);
        let now = self.core.now_ms();
        let id = self
            .core
            .change(&proof, move |conn| {
                let (platform, hospital, keyed) = (platform.clone(), hospital.clone(), keyed.clone());
                Box::pin(async move {
                    let id = hospital.id;
                    if let Some(earlier) = idempotency::earlier_or(conn, keyed.as_ref(), id.0, now).await? {
                        return Ok(HospitalId(earlier));
                    }
                    store::insert(conn, &platform, hospital, asks_staff, now).await?;
                    conn.announce(News::Directory).await?;
                    Ok(id)
                })
            })
            .await?;
        self.find(id).await
    }

    async fn change(&self, call: &Call, id: HospitalId, command: SaveHospital) -> Result<Hospital> {
        let here: Authorized<ManageHospital, _> = self.core.authorize(call, OfHospital(id)).await?;
        let proof = here.clone();
        let old = self.find(id).await?;
        if command.staff_second_factor.is_some() {
            return Err(Refusal::invalid("staff_second_factor", "unknown_field").into());
        }
        let hospital = parse_hospital(id, &command)?;
        self.core
            .change(&proof, move |conn| {
                let (here, hospital, old) = (here.clone(), hospital.clone(), old.clone());
                Box::pin(async move {
                    let mut findings = Findings::new();
                    let moved = hospital.time_zone != old.time_zone;
                    findings.require(
                        !(moved && store::has_hours(conn, id).await?),
                        "time_zone",
                        "zone_in_use",
                    );
                    let priced =
                        hospital.currency != old.currency && !store::visit_types(conn, id).await?.is_empty();
                    findings.require(!priced, "currency", "currency_in_use");
                    findings.finish()?;
                    store::update(conn, &here, hospital).await?;
                    conn.announce(News::Directory).await
                })
            })
            .await?;
        self.find(id).await
    }

    async fn add_department(&self, call: &Call, id: HospitalId, name: String) -> Result<Department> {
        let here: Authorized<ManageHospital, _> = self.core.authorize(call, OfHospital(id)).await?;
        let proof = here.clone();
        let mut findings = Findings::new();
        let name = findings.take("name", text::required(&name, 80)).unwrap_or_default();
        findings.finish()?;
        let keyed = Keyed::of(call, "create_department", &(id, &name))?;
        let department = Department { id: DepartmentId(self.core.new_id()), name };
        let now = self.core.now_ms();
        self.core
            .change(&proof, move |conn| {
                let (here, department, keyed) = (here.clone(), department.clone(), keyed.clone());
                Box::pin(async move {
                    let row = department.clone();
                    if let Some(earlier) =
                        idempotency::earlier_or(conn, keyed.as_ref(), row.id.0, now).await?
                    {
                        return Ok(Department { id: DepartmentId(earlier), ..department });
                    }
                    store::insert_department(conn, &here, row.id.0, row.name, now).await?;
                    conn.announce(News::Directory).await?;
                    Ok(department)
                })
            })
            .await
    }

    async fn list_visit_types(&self, call: &Call, id: HospitalId) -> Result<Vec<VisitType>> {
        let hospital = self.find(id).await?;
        let all = require(&call.actor, Action::ReadStaffPages, &Facts::Hospital(id)).is_ok();
        let mut conn = self.core.db.read(&Reach::public()).await?;
        let rows = store::visit_types(&mut conn, id).await?;
        let mut found: Vec<VisitType> =
            rows.into_iter().map(|row| row.view(&hospital.currency)).collect::<Result<_>>()?;
        found.retain(|kind| all || (kind.active && kind.is_for_patients(false)));
        Ok(found)
    }

    async fn add_visit_type(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: SaveVisitType,
    ) -> Result<VisitType> {
        let here: Authorized<ManageHospital, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let proof = here.clone();
        let keyed = Keyed::of(call, "create_visit_type", &(hospital, &command))?;
        let id = VisitTypeId(self.core.new_id());
        let now = self.core.now_ms();
        let id = self
            .core
            .change(&proof, move |conn| {
                let (here, command, keyed) = (here.clone(), command.clone(), keyed.clone());
                Box::pin(async move {
                    if let Some(earlier) = idempotency::earlier_or(conn, keyed.as_ref(), id.0, now).await? {
                        return Ok(VisitTypeId(earlier));
                    }
                    let row = parse_visit_type(hospital, id, &command)?;
                    store::insert_visit_type(conn, &here, row, now).await?;
                    conn.announce(News::Directory).await?;
                    Ok(id)
                })
            })
            .await?;
        self.visit_type(hospital, id).await
    }

    async fn change_visit_type(
        &self,
        call: &Call,
        hospital: HospitalId,
        id: VisitTypeId,
        command: SaveVisitType,
    ) -> Result<VisitType> {
        let here: Authorized<ManageHospital, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let proof = here.clone();
        self.core
            .change(&proof, move |conn| {
                let (here, command) = (here.clone(), command.clone());
                Box::pin(async move {
                    let row = parse_visit_type(hospital, id, &command)?;
                    if !store::update_visit_type(conn, &here, row).await? {
                        return Err(Error::from(Refusal::NotFound));
                    }
                    conn.announce(News::Directory).await
                })
            })
            .await?;
        // More may come to one time now.
        self.core.freed.ring();
        self.visit_type(hospital, id).await
    }

    async fn visit_type(&self, hospital: HospitalId, id: VisitTypeId) -> Result<VisitType> {
        let currency = self.find(hospital).await?.currency;
        let mut conn = self.core.db.read(&Reach::public()).await?;
        let row = store::find_visit_type(&mut conn, hospital, id).await?.ok_or(Refusal::NotFound)?;
        row.view(&currency)
    }
}

fn parse_hospital(id: HospitalId, command: &SaveHospital) -> Result<Hospital> {
    let mut findings = Findings::new();
    let name = findings.take("name", text::required(&command.name, 120));
    let address = findings.take("address", text::required(&command.address, 200));
    let city = findings.take("city", text::required(&command.city, 80));
    let phone = findings.take("phone", text::optional(Some(&command.phone), 40)).flatten();
    let about = findings.take("about", text::optional(Some(&command.about), 2000)).flatten();
    let currency = findings.take("currency", parse_currency(&command.currency));
    let zone = command.time_zone.trim();
    // A name with a region: bare offsets and abbreviations know nothing of summer time.
    let known = zone.contains('/') && jiff::tz::TimeZone::get(zone).is_ok();
    findings.require(known, "time_zone", "zone_unknown");
    findings.finish()?;
    Ok(Hospital {
        id,
        name: name.unwrap_or_default(),
        address: address.unwrap_or_default(),
        city: city.unwrap_or_default(),
        phone: phone.unwrap_or_default(),
        time_zone: zone.to_owned(),
        currency: currency.unwrap_or_default(),
        about: about.unwrap_or_default(),
    })
}

fn parse_visit_type(hospital: HospitalId, id: VisitTypeId, command: &SaveVisitType) -> Result<VisitTypeRow> {
    let mut findings = Findings::new();
    let name = findings.take("name", text::required(&command.name, 80)).unwrap_or_default();
    findings.require(VISIT_MINUTES.contains(&command.minutes), "minutes", "minutes_out_of_range");
    findings.require(
        BUFFER_MINUTES.contains(&command.buffer_before),
        "buffer_before",
        "minutes_out_of_range",
    );
    findings.require(BUFFER_MINUTES.contains(&command.buffer_after), "buffer_after", "minutes_out_of_range");
    findings.require(command.price_minor >= 0, "price_minor", "price_below_zero");
    findings.require(command.price_minor <= MAX_PRICE_MINOR, "price_minor", "price_out_of_range");
    let fits = command.most_a_day.is_none_or(|most| MOST_A_DAY.contains(&most));
    findings.require(fits, "most_a_day", "number_out_of_range");
    findings.require(CAPACITY.contains(&command.capacity), "capacity", "capacity_out_of_range");
    // A row is booked in one step, and each payment is for one visit.
    findings.require(!(command.series && command.prepaid), "series", "series_prepaid");
    findings.finish()?;
    Ok(VisitTypeRow {
        id: id.0,
        hospital_id: hospital.0,
        name,
        modality: command.modality.code().to_owned(),
        minutes: command.minutes,
        buffer_before: command.buffer_before,
        buffer_after: command.buffer_after,
        price_minor: command.price_minor,
        prepaid: command.prepaid,
        most_a_day: command.most_a_day,
        series: command.series,
        capacity: command.capacity,
        follow_up_only: command.follow_up_only,
        active: command.active,
    })
}

#[async_trait]
impl Hospitals for HospitalService {
    async fn list(&self, page: PageQuery) -> domain::Result<Page<Hospital>> {
        Ok(self.page(page).await?)
    }

    async fn get(&self, id: HospitalId) -> domain::Result<Hospital> {
        Ok(self.find(id).await?)
    }

    async fn create(&self, call: &Call, command: SaveHospital) -> domain::Result<Hospital> {
        Ok(self.insert(call, command).await?)
    }

    async fn update(&self, call: &Call, id: HospitalId, command: SaveHospital) -> domain::Result<Hospital> {
        Ok(self.change(call, id, command).await?)
    }

    async fn departments(&self, id: HospitalId) -> domain::Result<Vec<Department>> {
        self.find(id).await?;
        let mut conn = self.core.db.read(&Reach::public()).await?;
        let rows = store::departments(&mut conn, id).await?;
        Ok(rows.into_iter().map(|row| Department { id: DepartmentId(row.id), name: row.name }).collect())
    }

    async fn create_department(
        &self,
        call: &Call,
        id: HospitalId,
        name: String,
    ) -> domain::Result<Department> {
        Ok(self.add_department(call, id, name).await?)
    }

    async fn visit_types(&self, call: &Call, id: HospitalId) -> domain::Result<Vec<VisitType>> {
        Ok(self.list_visit_types(call, id).await?)
    }

    async fn create_visit_type(
        &self,
        call: &Call,
        id: HospitalId,
        command: SaveVisitType,
    ) -> domain::Result<VisitType> {
        Ok(self.add_visit_type(call, id, command).await?)
    }

    async fn update_visit_type(
        &self,
        call: &Call,
        hospital: HospitalId,
        id: VisitTypeId,
        command: SaveVisitType,
    ) -> domain::Result<VisitType> {
        Ok(self.change_visit_type(call, hospital, id, command).await?)
    }
}
