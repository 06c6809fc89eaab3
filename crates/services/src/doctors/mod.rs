//! Doctors: finding them, showing them, and changing them.
//!
//! When they work is in `availability`.

mod photo;
mod search;
mod store;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    access::{Action, Facts, require},
    availability::BookingRules,
    coding,
    doctors::{Doctor, DoctorCard, DoctorQuery, Doctors, Photo, SaveDoctor},
    error::Findings,
    ids::{DoctorId, HospitalId},
    page::Page,
    text,
};

use crate::{
    access::{Authorized, ManageDoctors, ManageHours, OfDoctor, OfHospital, ReadStaffPages},
    core::Core,
    db::{Conn, News, Reach},
    error::{Error, Result},
    idempotency::{self, Keyed},
};
use search::For;

/// The service.
pub(crate) struct DoctorService {
    core: Core,
}

impl DoctorService {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    async fn find(&self, call: &Call, id: DoctorId) -> Result<Doctor> {
        let entry = self.core.directory.doctor(&self.core, id).await?;
        let here = Facts::Hospital(entry.hospital.id);
        let member = require(&call.actor, Action::ReadStaffPages, &here).is_ok();
        if !entry.active && !member {
            return Err(Refusal::NotFound.into());
        }
        search::doctor(&self.core, &entry, if member { For::Members } else { For::Patients }).await
    }

    async fn staff_of(&self, call: &Call, hospital: HospitalId) -> Result<Vec<Doctor>> {
        let here: Authorized<ReadStaffPages, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        let mut doctors = Vec::new();
        for entry in snapshot.by_name.iter().filter(|entry| entry.hospital.id == here.object().0) {
            doctors.push(search::doctor(&self.core, entry, For::Members).await?);
        }
        Ok(doctors)
    }

    async fn insert(&self, call: &Call, hospital: HospitalId, command: SaveDoctor) -> Result<Doctor> {
        let here: Authorized<ManageDoctors, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let proof = here.clone();
        let keyed = Keyed::of(call, "create_doctor", &(hospital, &command))?;
        let record = parse(DoctorId(self.core.new_id()), &command)?;
        let now = self.core.now_ms();
        let id = self
            .core
            .change(&proof, move |conn| {
                let (here, record) = (here.clone(), record.clone());
                let (keyed, command) = (keyed.clone(), command.clone());
                Box::pin(async move {
                    let id = record.id;
                    if let Some(earlier) = idempotency::earlier_or(conn, keyed.as_ref(), id.0, now).await? {
                        return Ok(DoctorId(earlier));
                    }
                    check_belongings(conn, hospital, &command).await?;
                    store::insert(conn, &here, record, BookingRules::default(), now).await?;
                    store::replace_visit_types(conn, hospital, id, &command.visit_type_ids).await?;
                    conn.announce(News::Directory).await?;
                    Ok(id)
                })
            })
            .await?;
        self.find(call, id).await
    }

    async fn change(&self, call: &Call, id: DoctorId, command: SaveDoctor) -> Result<Doctor> {
        let entry = self.core.directory.doctor(&self.core, id).await?;
        let hospital = entry.hospital.id;
        let she: Authorized<ManageDoctors, _> = self.core.authorize(call, OfDoctor::of(&entry)).await?;
        let proof = she.clone();
        let record = parse(id, &command)?;
        self.core
            .change(&proof, move |conn| {
                let (she, record, command) = (she.clone(), record.clone(), command.clone());
                Box::pin(async move {
                    check_belongings(conn, hospital, &command).await?;
                    store::update(conn, &she, record).await?;
                    store::replace_visit_types(conn, hospital, id, &command.visit_type_ids).await?;
                    conn.announce(News::Directory).await
                })
            })
            .await?;
        self.find(call, id).await
    }

    async fn put_photo(&self, call: &Call, id: DoctorId, upload: Vec<u8>) -> Result<Doctor> {
        let entry = self.core.directory.doctor(&self.core, id).await?;
        // Whoever minds a doctor's hours minds her photo: the administrators, and she herself.
        let she: Authorized<ManageHours, _> = self.core.authorize(call, OfDoctor::of(&entry)).await?;
        let proof = she.clone();
        let jpeg = photo::remake(upload).await?;
        let key = crate::secrets::content_key(&jpeg);
        let now = self.core.now_ms();
        self.core
            .change(&proof, move |conn| {
                let (she, key, jpeg) = (she.clone(), key.clone(), jpeg.clone());
                Box::pin(async move {
                    store::set_photo(conn, &she, &key, &jpeg, now).await?;
                    conn.announce(News::Directory).await
                })
            })
            .await?;
        self.find(call, id).await
    }

    async fn read_photo(&self, key: &str) -> Result<Photo> {
        // A key that we did not make is no key: nothing strange reaches the database.
        if !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
            return Err(Refusal::NotFound.into());
        }
        let mut conn = self.core.db.read(&Reach::public()).await?;
        Ok(Photo { jpeg: store::photo(&mut conn, key).await?.ok_or(Refusal::NotFound)? })
    }
}

fn parse(id: DoctorId, command: &SaveDoctor) -> Result<store::DoctorRecord> {
    let mut findings = Findings::new();
    let name = findings.take("name", text::required(&command.name, 120)).unwrap_or_default();
    let biography = findings.take("biography", text::optional(Some(&command.biography), 4000)).flatten();
    let specialties =
        findings.take("specialties", coding::specialties(&command.specialties)).unwrap_or_default();
    let languages = findings.take("languages", coding::languages(&command.languages)).unwrap_or_default();
    findings.finish()?;
    let json = |list: &[String]| serde_json::to_string(list).map_err(|e| Error::Library(e.to_string()));
    Ok(store::DoctorRecord {
        id,
        department_id: command.department_id,
        search_name: text::search_form(&name),
        name,
        specialties: json(&specialties)?,
        languages: json(&languages)?,
        biography: biography.unwrap_or_default(),
        active: command.active,
    })
}

/// Department and visit types must be of the same hospital; foreign ones count as unknown.
async fn check_belongings(conn: &mut Conn, hospital: HospitalId, command: &SaveDoctor) -> Result<()> {
    let mut findings = Findings::new();
    if let Some(department) = command.department_id {
        let known = store::department_ids(conn, hospital).await?.contains(&department);
        findings.require(known, "department_id", "department_unknown");
    }
    let known = store::visit_type_ids(conn, hospital).await?;
    let all = command.visit_type_ids.iter().all(|id| known.contains(id));
    findings.require(all, "visit_type_ids", "visit_type_unknown");
    Ok(findings.finish()?)
}

#[async_trait]
impl Doctors for DoctorService {
    async fn search(&self, query: DoctorQuery) -> domain::Result<Page<DoctorCard>> {
        Ok(search::search(&self.core, query).await?)
    }

    async fn get(&self, call: &Call, id: DoctorId) -> domain::Result<Doctor> {
        Ok(self.find(call, id).await?)
    }

    async fn of_hospital(&self, call: &Call, hospital: HospitalId) -> domain::Result<Vec<Doctor>> {
        Ok(self.staff_of(call, hospital).await?)
    }

    async fn create(&self, call: &Call, hospital: HospitalId, command: SaveDoctor) -> domain::Result<Doctor> {
        Ok(self.insert(call, hospital, command).await?)
    }

    async fn update(&self, call: &Call, id: DoctorId, command: SaveDoctor) -> domain::Result<Doctor> {
        Ok(self.change(call, id, command).await?)
    }

    async fn set_photo(&self, call: &Call, id: DoctorId, upload: Vec<u8>) -> domain::Result<Doctor> {
        Ok(self.put_photo(call, id, upload).await?)
    }

    async fn photo(&self, key: &str) -> domain::Result<Photo> {
        Ok(self.read_photo(key).await?)
    }
}
