//! The audit: who did what to whose data and why it was allowed, in chains that nobody can change unnoticed.
//!
//! It decides nothing; the guard in `access` writes an entry for what was shown, changed or denied.

mod entry;
mod questions;
mod store;
mod verify;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    access::Action,
    audit::{
        AccessQuestion, AnswerQuestion, AskAboutAccess, Audit, AuditEvent, AuditPlace, AuditQuery,
        EMERGENCY_NEWS_DAYS, EXPORT_MAX, EmergencyAccess,
    },
    error::Findings,
    ids::{HospitalId, PatientId},
    page::{Page, PageQuery},
    time::{MINUTE, Span, plus_days},
};
use uuid::Uuid;

pub(crate) use entry::Entry;
pub(crate) use store::append;
pub use verify::AuditReport;
pub(crate) use verify::verify;

use crate::{
    access::{Authorized, ExportAudit, OfHospital, OfPatient, ReadAudit, ReadPatientAudit},
    core::{Core, instant, zone},
    error::Result,
};

/// The service.
pub(crate) struct AuditService {
    core: Core,
}

/// A hospital whose audit the caller may read.
type Managed = Authorized<ReadAudit, OfHospital>;
/// A patient whose audit the caller may read.
type Own = Authorized<ReadPatientAudit, OfPatient>;
/// Where a page of the audit ends.
type Place = (i64, String, i64);

impl AuditService {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    async fn patient_page(
        &self,
        call: &Call,
        patient: PatientId,
        page: PageQuery,
    ) -> Result<Page<AuditEvent>> {
        let whom = OfPatient { patient, hospital: None };
        let whom: Own = self.core.authorize(call, whom).await?;
        let before = place(&page)?;
        let rows = {
            let mut conn = self.core.db.read(whom.reach()).await?;
            store::of_patient(&mut conn, &whom, before, limit(&page)).await?
        };
        let rows = self.core.open(&whom, rows).await?;
        let page = Page::cut(rows, page.size(), cursor);
        let items = page.items.into_iter().map(|row| seen_by_patient(row, patient)).collect::<Result<_>>()?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    async fn news_of_emergencies(&self, call: &Call, patient: PatientId) -> Result<Vec<EmergencyAccess>> {
        let whom = OfPatient { patient, hospital: None };
        let whom: Own = self.core.authorize(call, whom).await?;
        let since = self.core.now_ms() - EMERGENCY_NEWS_DAYS * 24 * 60 * MINUTE;
        let rows = {
            let mut conn = self.core.db.read(whom.reach()).await?;
            store::emergencies_about(&mut conn, &whom, since).await?
        };
        let rows = self.core.open(&whom, rows).await?;
        rows.into_iter()
            .map(|row| {
                Ok(EmergencyAccess {
                    patient_id: patient,
                    declared_by: row.declared_by,
                    hospital_id: row.hospital_id.into(),
                    hospital: row.hospital,
                    reason: row.reason,
                    declared_at: instant(row.declared_at)?,
                })
            })
            .collect()
    }

    async fn hospital_page(
        &self,
        call: &Call,
        hospital: HospitalId,
        query: AuditQuery,
        most: Option<usize>,
    ) -> Result<(Page<AuditEvent>, bool)> {
        let size = query.page.size();
        let here: Managed = self.core.authorize(call, OfHospital(hospital)).await?;
        let more = match most {
            Some(most) => self.is_more(&here, &query, most).await?,
            None => false,
        };
        let rows = self.of_hospital(here, query, size + 1).await?;
        let page = Page::cut(rows, size, cursor);
        let items = page.items.into_iter().map(seen_by_hospital).collect::<Result<_>>()?;
        Ok((Page { items, next_cursor: page.next_cursor }, more))
    }

    /// Whether a search finds more than so many entries, whichever page of them is asked for.
    async fn is_more(&self, here: &Managed, query: &AuditQuery, most: usize) -> Result<bool> {
        let wanted = self.wanted(here, query).await?;
        let mut conn = self.core.db.read(here.reach()).await?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        store::size::is_more(&mut conn, here, &wanted, most).await
    }

    async fn whole(&self, call: &Call, hospital: HospitalId, query: AuditQuery) -> Result<Vec<AuditEvent>> {
        let _may: Authorized<ExportAudit, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let here: Managed = self.core.authorize(call, OfHospital(hospital)).await?;
        let rows = self.of_hospital(here.doing(Action::ExportAudit), query, EXPORT_MAX + 1).await?;
        // A file that ends before its time would be taken for the whole.
        if rows.len() > EXPORT_MAX {
            return Err(Refusal::invalid("from", "too_many_entries").into());
        }
        rows.into_iter().map(seen_by_hospital).collect()
    }

    async fn of_hospital(
        &self,
        here: Managed,
        query: AuditQuery,
        most: usize,
    ) -> Result<Vec<store::LookRow>> {
        let wanted = self.wanted(&here, &query).await?;
        let before = place(&query.page)?;
        let rows = {
            let mut conn = self.core.db.read(here.reach()).await?;
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            store::of_hospital(&mut conn, &here, &wanted, before, most).await?
        };
        self.core.open(&here, rows).await
    }

    /// What a query means at this hospital, with its own clocks.
    async fn wanted(&self, here: &Managed, query: &AuditQuery) -> Result<store::Wanted> {
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        let place_of = snapshot.hospitals.get(&here.object().0).ok_or(Refusal::NotFound)?;
        let zone = zone(&place_of.time_zone)?;
        let today = self.core.clock.now().to_zoned(zone.clone()).date();
        let to = query.to.unwrap_or(today);
        let from = query.from.unwrap_or_else(|| plus_days(to, -7));
        let mut findings = Findings::new();
        findings.require(from <= to, "to", "range_order");
        let action = match query.action.as_deref() {
            None | Some("") => None,
            Some(code) => findings.take("action", Action::parse(code).ok_or("unknown_value")),
        };
        findings.finish()?;
        let span = Span::of_dates(Some(from), Some(to), &zone);
        Ok(store::Wanted {
            from: span.start,
            to: span.end,
            action: action.map(Action::code),
            account: query.account_id.map(|account| account.0),
            patient: query.patient_id.map(|patient| patient.0),
            denied: query.denied,
        })
    }
}

fn limit(page: &PageQuery) -> i64 {
    i64::try_from(page.size() + 1).unwrap_or(i64::MAX)
}

fn cursor(row: &store::LookRow) -> String {
    format!("{}~{}~{}", row.at, row.chain, row.seq)
}

fn place(page: &PageQuery) -> Result<Place> {
    let Some(cursor) = page.cursor.as_deref() else { return Ok((i64::MAX, String::new(), 0)) };
    let mut parts = cursor.splitn(3, '~');
    let parsed = (|| {
        let (at, chain, seq) = (parts.next()?, parts.next()?, parts.next()?);
        let plain = chain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        Some((at.parse().ok()?, plain.then(|| chain.to_owned())?, seq.parse().ok()?))
    })();
    Ok(parsed.ok_or_else(|| Refusal::invalid("cursor", "cursor_invalid"))?)
}

/// The patients of an entry, as the table keeps them.
fn patient_ids(text: &str) -> Vec<Uuid> {
    text.split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

fn seen_by_hospital(row: store::LookRow) -> Result<AuditEvent> {
    Ok(AuditEvent {
        at: instant(row.at)?,
        patients: patient_ids(&row.patients).into_iter().map(PatientId).collect(),
        place: AuditPlace { chain: row.chain, seq: row.seq },
        account_id: row.account_id.map(Into::into),
        who: row.who,
        action: row.action,
        outcome: row.outcome,
        basis: row.basis,
        purpose: row.purpose,
        hospital_id: row.hospital_id.map(Into::into),
        hospital: row.hospital,
        entity: row.entity,
        entity_id: row.entity_id,
        address: Some(row.address).filter(|address| !address.is_empty()),
        device: Some(row.device).filter(|device| !device.is_empty()),
        reason: row.reason,
        question: row.question,
        answer: row.answer,
    })
}

/// What a patient reads: nothing about others, and nothing about the network of those who looked.
fn seen_by_patient(row: store::LookRow, patient: PatientId) -> Result<AuditEvent> {
    let entity_id = row.entity_id.filter(|_| row.entity != "hospital");
    let event = seen_by_hospital(row)?;
    Ok(AuditEvent { patients: vec![patient], address: None, device: None, entity_id, ..event })
}

#[async_trait]
impl Audit for AuditService {
    async fn of_patient(
        &self,
        call: &Call,
        patient: PatientId,
        page: PageQuery,
    ) -> domain::Result<Page<AuditEvent>> {
        Ok(self.patient_page(call, patient, page).await?)
    }

    async fn ask(&self, call: &Call, patient: PatientId, command: AskAboutAccess) -> domain::Result<()> {
        Ok(self.put_question(call, patient, command).await?)
    }

    async fn emergencies_about(
        &self,
        call: &Call,
        patient: PatientId,
    ) -> domain::Result<Vec<EmergencyAccess>> {
        Ok(self.news_of_emergencies(call, patient).await?)
    }

    async fn search(
        &self,
        call: &Call,
        hospital: HospitalId,
        query: AuditQuery,
    ) -> domain::Result<Page<AuditEvent>> {
        Ok(self.hospital_page(call, hospital, query, None).await?.0)
    }

    async fn search_sized(
        &self,
        call: &Call,
        hospital: HospitalId,
        query: AuditQuery,
        most: usize,
    ) -> domain::Result<(Page<AuditEvent>, bool)> {
        Ok(self.hospital_page(call, hospital, query, Some(most)).await?)
    }

    async fn export(
        &self,
        call: &Call,
        hospital: HospitalId,
        query: AuditQuery,
    ) -> domain::Result<Vec<AuditEvent>> {
        Ok(self.whole(call, hospital, query).await?)
    }

    async fn questions(&self, call: &Call, hospital: HospitalId) -> domain::Result<Vec<AccessQuestion>> {
        Ok(self.list_questions(call, hospital).await?)
    }

    async fn answer(&self, call: &Call, hospital: HospitalId, command: AnswerQuestion) -> domain::Result<()> {
        Ok(self.give_answer(call, hospital, command).await?)
    }
}
