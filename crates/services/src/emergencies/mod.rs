//! Emergencies: declaring one with a reason, and an administrator's look at it afterwards.
//!
//! What one lets a doctor see is decided in `domain::access`.

mod store;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    emergencies::{
        DeclareEmergency, DeclaredEmergency, EMERGENCY_MINUTES, Emergencies, EmergencyReview, Finding,
        REASON_MIN, ReviewEmergency,
    },
    error::{Conflict, Findings},
    family::{PRIVATE_AGE, younger_after},
    ids::{EmergencyId, HospitalId},
    page::{Page, PageQuery},
    text,
    time::MINUTE,
};
use uuid::Uuid;

pub(crate) use store::{Told, lasting};

use crate::{
    access::{self, Authorized, OfHospital, ReadAudit, Sealed},
    core::{Core, instant},
    db::Reach,
    error::{Error, Result},
    family,
    mail::{self, Draft, Letter},
};

/// The service.
pub(crate) struct EmergencyService {
    core: Core,
}

/// Most tries of a doctor within an hour, those that find nobody included.
const AN_HOUR: i64 = 6;

/// A hospital whose emergencies the caller looks at.
type Managed = Authorized<ReadAudit, OfHospital>;

impl EmergencyService {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    async fn open(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: DeclareEmergency,
    ) -> Result<DeclaredEmergency> {
        // Before the guard takes its own instant: the audit finds the reason of what came after the declaration.
        let now = self.core.now_ms();
        let here: Authorized<access::DeclareEmergency, _> =
            self.core.authorize(call, OfHospital(hospital)).await?;
        let today = self.core.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let mut findings = Findings::new();
        let name = findings.take("full_name", text::required(&command.full_name, 120)).unwrap_or_default();
        let latest = domain::time::plus_days(today, 1);
        let born = findings.take("birth_date", text::birth_date(&command.birth_date, latest));
        let reason = findings.take("reason", text::required(&command.reason, 500)).unwrap_or_default();
        findings.require(
            reason.is_empty() || reason.chars().count() >= REASON_MIN,
            "reason",
            "reason_too_short",
        );
        findings.finish()?;
        self.not_too_often(&here).await?;
        let born = born.map(|date| date.to_string()).unwrap_or_default();
        let found = {
            let mut conn = self.core.db.read(here.reach()).await?;
            store::patients_called(&mut conn, &here, &text::search_form(&name), &born).await?
        };
        let patient = match found.as_slice() {
            [only] => *only,
            none_or_more => {
                // That somebody asked for a name stands in the audit, too.
                self.core.open(&here, Sealed::about((), [])).await?;
                let rule = if none_or_more.is_empty() { "patient_unknown" } else { "several_patients" };
                return Err(Refusal::invalid("full_name", rule).into());
            }
        };
        let id = EmergencyId(self.core.new_id());
        let ends_at = now + EMERGENCY_MINUTES * MINUTE;
        let new = store::NewEmergency { id, patient, reason, declared_at: now, ends_at };
        let proof = here.clone().about(patient.into()).in_emergency();
        let letters = self.letters(&here, patient, id).await?;
        let row = self
            .core
            .change(&proof, move |conn| {
                let (here, new, letters) = (here.clone(), new.clone(), letters.clone());
                Box::pin(async move {
                    store::insert(conn, &here, new).await?;
                    for letter in &letters {
                        mail::post(conn, letter).await?;
                    }
                    Ok(store::declared(conn, &here, id).await?.ok_or(Refusal::NotFound)?)
                })
            })
            .await?;
        self.core.mail.wake();
        view(row)
    }

    /// A doctor comes to one or two in a shift; whoever tries names and birthdays comes to more. What was tried is noted first, and on its
    /// own: it counts whatever comes of it, at whichever hospital and node.
    async fn not_too_often(&self, here: &Authorized<access::DeclareEmergency, OfHospital>) -> Result<()> {
        if !self.core.limits {
            return Ok(());
        }
        let (id, now, by) = (self.core.new_id(), self.core.now_ms(), here.clone());
        let once_more = self
            .core
            .db
            .write(&Reach::house("tries are counted at all hospitals together"), move |conn| {
                let here = by.clone();
                Box::pin(async move {
                    store::try_once_more(conn, &here, id, (now - 60 * MINUTE, now), AN_HOUR).await
                })
            })
            .await?;
        if once_more { Ok(()) } else { Err(Refusal::TooMany { retry_after: 3600 }.into()) }
    }

    /// A notice to everybody who minds the patient, and to those who administer the hospital.
    async fn letters(
        &self,
        here: &Authorized<access::DeclareEmergency, OfHospital>,
        patient: Uuid,
        id: EmergencyId,
    ) -> Result<Vec<Draft>> {
        let today = family::today(&self.core);
        let days = (today.to_string(), younger_after(today, PRIVATE_AGE).to_string());
        let mut conn = self
            .core
            .db
            .read(&Reach::house("the notice goes to everybody who minds the patient, or the hospital"))
            .await?;
        let owners = store::owners(&mut conn, here, patient, (&days.0, &days.1)).await?;
        let administrators = store::administrators(&mut conn, here).await?;
        let minds = |(account, email): (Uuid, String)| {
            mail::draft(&self.core, &email, Letter::EmergencyAccess { account })
        };
        let opened = |(account, email): (Uuid, String)| {
            mail::draft(&self.core, &email, Letter::EmergencyOpened { account, emergency: id.0 })
        };
        Ok(owners.into_iter().map(minds).chain(administrators.into_iter().map(opened)).collect())
    }

    async fn page(
        &self,
        call: &Call,
        hospital: HospitalId,
        page: PageQuery,
    ) -> Result<Page<DeclaredEmergency>> {
        let here: Managed = self.core.authorize(call, OfHospital(hospital)).await?;
        let after = place(&page)?;
        let limit = i64::try_from(page.size() + 1).unwrap_or(i64::MAX);
        let rows = {
            let mut conn = self.core.db.read(here.reach()).await?;
            store::list(&mut conn, &here, after, limit).await?
        };
        let rows = self.core.open(&here, rows).await?;
        let page = Page::cut(rows, page.size(), |row| {
            format!("{}~{}~{}", i64::from(row.reviewed_at.is_some()), -row.declared_at, row.id)
        });
        let items = page.items.into_iter().map(view).collect::<Result<_>>()?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    async fn judge(
        &self,
        call: &Call,
        hospital: HospitalId,
        id: EmergencyId,
        command: ReviewEmergency,
    ) -> Result<DeclaredEmergency> {
        let here: Managed = self.core.authorize(call, OfHospital(hospital)).await?;
        let mut findings = Findings::new();
        let note = findings.take("note", text::optional(command.note.as_deref(), 500)).flatten();
        let silent = command.finding == Finding::NotJustified && note.is_none();
        findings.require(!silent, "note", "required");
        findings.finish()?;
        let (finding, now, proof) = (command.finding.code(), self.core.now_ms(), here.clone());
        let row = self
            .core
            .change(&proof, move |conn| {
                let (here, note) = (here.clone(), note.clone());
                Box::pin(async move {
                    let before = store::find(conn, &here, id).await?.ok_or(Refusal::NotFound)?;
                    if before.account_id == here.by().0 {
                        return Err(Refusal::Forbidden.into());
                    }
                    if !store::review(conn, &here, id, finding, note.as_deref(), now).await? {
                        return Err(Error::conflict(Conflict::AlreadyDone));
                    }
                    Ok(store::find(conn, &here, id).await?.ok_or(Refusal::NotFound)?)
                })
            })
            .await?;
        view(row)
    }
}

/// What an administrator is told of an emergency when the letter is written; nothing if she administers the hospital no longer.
pub(crate) async fn told(core: &Core, account: Uuid, emergency: Uuid) -> Result<Option<Told>> {
    let mut conn = core.db.read(&Reach::house("a letter is written")).await?;
    store::told(&mut conn, account, emergency).await
}

fn place(page: &PageQuery) -> Result<(i64, i64, Uuid)> {
    let Some(cursor) = page.cursor.as_deref() else { return Ok((-1, i64::MIN, Uuid::nil())) };
    let mut parts = cursor.splitn(3, '~');
    let parsed = (|| {
        let (reviewed, at, id) = (parts.next()?, parts.next()?, parts.next()?);
        Some((reviewed.parse().ok()?, at.parse().ok()?, id.parse().ok()?))
    })();
    Ok(parsed.ok_or_else(|| Refusal::invalid("cursor", "cursor_invalid"))?)
}

fn view(row: store::EmergencyRow) -> Result<DeclaredEmergency> {
    let finding = row.finding.as_deref().and_then(Finding::parse);
    let review = match (finding, row.reviewed_by, row.reviewed_at) {
        (Some(finding), Some(by), Some(at)) => {
            Some(EmergencyReview { finding, note: row.note, by, at: instant(at)? })
        }
        _ => None,
    };
    Ok(DeclaredEmergency {
        id: row.id.into(),
        hospital_id: row.hospital_id.into(),
        patient_id: row.patient_id.into(),
        patient_name: row.patient_name,
        declared_by: row.declared_by,
        reason: row.reason,
        declared_at: instant(row.declared_at)?,
        ends_at: instant(row.ends_at)?,
        review,
    })
}

#[async_trait]
impl Emergencies for EmergencyService {
    async fn declare(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: DeclareEmergency,
    ) -> domain::Result<DeclaredEmergency> {
        Ok(self.open(call, hospital, command).await?)
    }

    async fn list(
        &self,
        call: &Call,
        hospital: HospitalId,
        page: PageQuery,
    ) -> domain::Result<Page<DeclaredEmergency>> {
        Ok(self.page(call, hospital, page).await?)
    }

    async fn review(
        &self,
        call: &Call,
        hospital: HospitalId,
        id: EmergencyId,
        command: ReviewEmergency,
    ) -> domain::Result<DeclaredEmergency> {
        Ok(self.judge(call, hospital, id, command).await?)
    }
}
