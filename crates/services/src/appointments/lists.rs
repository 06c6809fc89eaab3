//! Lists: the caller's own visits, a hospital's visits, a hospital's patients.
//!
//! What a hospital's member sees is bound to the hospital; what a patient sees, to the account.

use domain::{
    Call, Error as Refusal,
    appointments::{Appointment, AppointmentQuery, PatientCard, PatientFile, Period},
    error::Findings,
    family::{OWN_AGE, PRIVATE_AGE, younger_after},
    ids::{HospitalId, PatientId},
    page::{Page, PageQuery},
    text,
    time::{Moment, Span, parse_date},
};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::{
    AppointmentRow, AppointmentService,
    known::is_known,
    store::{
        self,
        lists::{After, BEGINNING, Days, END, Only},
    },
};
use crate::{
    access::{
        Authorized, OfAccount, OfHospital, OfPatient, ReadOwnAccount, ReadPatient, ReadPatients,
        ReadSchedule, Sight,
    },
    core::{Core, instant},
    error::{Error, Result},
    family,
};

impl AppointmentService {
    pub(super) async fn page(&self, call: &Call, query: AppointmentQuery) -> Result<Page<Appointment>> {
        let size = query.page.size();
        let rows = match query.hospital_id {
            Some(hospital) => self.of_hospital(call, hospital, &query).await?,
            None => self.own(call, &query).await?,
        };
        let page = Page::cut(rows, size, |row| format!("{}~{}", row.starts_at, row.id));
        let staff = query.hospital_id.is_some();
        let view = |row| if staff { self.listed(call, row) } else { self.view(call, row, false) };
        let items = page.items.into_iter().map(view).collect::<Result<_>>()?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    /// A visit in a list of a hospital: whoever sees it there as a doctor treats the patient, unless it is an emergency that
    /// lets her look.
    pub(super) fn listed(&self, call: &Call, row: AppointmentRow) -> Result<Appointment> {
        let declared = call.actor.principal().is_some_and(|principal| {
            principal
                .emergencies
                .iter()
                .any(|e| e.patient_id.0 == row.patient_id && e.hospital_id.0 == row.hospital_id)
        });
        self.view(call, row, !declared)
    }

    async fn of_hospital(
        &self,
        call: &Call,
        hospital: HospitalId,
        query: &AppointmentQuery,
    ) -> Result<Vec<AppointmentRow>> {
        let here: Authorized<ReadSchedule, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let sight = Sight::of(call, hospital, self.core.now_ms())?;
        let after = cursor(&query.page)?.unwrap_or(BEGINNING);
        // Before a connection is taken: reading the directory may need one too, and there are few.
        let span = Span::of_dates(query.from, query.to, &self.zone_of(hospital).await?);
        let rows = {
            let mut conn = self.core.db.read(here.reach()).await?;
            store::lists::of_hospital(&mut conn, &here, sight, only(query), span, after, limit(query)).await?
        };
        self.core.open(&here, rows).await
    }

    async fn own(&self, call: &Call, query: &AppointmentQuery) -> Result<Vec<AppointmentRow>> {
        let own: Authorized<ReadOwnAccount, _> = self.core.authorize(call, OfAccount::own(call)?).await?;
        let after = cursor(&query.page)?;
        let days = days(&self.core);
        let (only, limit, now) = ((only(query), &days), limit(query), self.core.now_ms());
        let rows = {
            let mut conn = self.core.db.read(own.reach()).await?;
            match query.period {
                Period::Upcoming => {
                    let after = after.unwrap_or(BEGINNING);
                    store::lists::upcoming(&mut conn, &own, only, now, after, limit).await?
                }
                Period::Past => {
                    store::lists::past(&mut conn, &own, only, now, after.unwrap_or(END), limit).await?
                }
                Period::All => {
                    let span = Span::of_dates(query.from, query.to, &TimeZone::UTC);
                    let after = after.unwrap_or(BEGINNING);
                    store::lists::own(&mut conn, &own, only, span, after, limit).await?
                }
            }
        };
        self.core.open(&own, rows).await
    }

    pub(super) async fn zone_of(&self, hospital: HospitalId) -> Result<TimeZone> {
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        let hospital = snapshot.hospitals.get(&hospital).ok_or(Refusal::NotFound)?;
        crate::core::zone(&hospital.time_zone)
    }

    pub(super) async fn patient_page(
        &self,
        call: &Call,
        hospital: HospitalId,
        search: Option<String>,
        page: PageQuery,
    ) -> Result<Page<PatientCard>> {
        let here: Authorized<ReadPatients, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let sight = Sight::of(call, hospital, self.core.now_ms())?;
        let zone = self.zone_of(hospital).await?;
        let search = search.unwrap_or_default();
        let mut findings = Findings::new();
        findings.require(search.len() <= 200, "search", "too_long");
        findings.require(!search.contains('\0'), "search", "control_characters");
        findings.finish()?;
        let pattern = pattern(&search);
        let (name, id) = match page.cursor.as_deref() {
            None => (String::new(), Uuid::nil()),
            Some(cursor) => {
                let (id, name) =
                    cursor.split_once('~').ok_or(Refusal::invalid("cursor", "cursor_invalid"))?;
                if name.contains('\0') {
                    return Err(Refusal::invalid("cursor", "cursor_invalid").into());
                }
                (name.to_owned(), id.parse().map_err(|_| Refusal::invalid("cursor", "cursor_invalid"))?)
            }
        };
        let limit = i64::try_from(page.size() + 1).unwrap_or(i64::MAX);
        let rows = {
            let mut conn = self.core.db.read(here.reach()).await?;
            store::patients::list(&mut conn, &here, sight, &pattern, (&name, id), limit).await?
        };
        let rows = self.core.open(&here, rows).await?;
        let page = Page::cut(rows, page.size(), |row| format!("{}~{}", row.id, row.search_name));
        let items = page.items.into_iter().map(|row| card(row, &zone)).collect::<Result<_>>()?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    pub(super) async fn patient_file(
        &self,
        call: &Call,
        hospital: HospitalId,
        patient: PatientId,
    ) -> Result<PatientFile> {
        // Of members only: her own account reads her visits elsewhere.
        let here: Authorized<ReadPatients, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let known = is_known(&self.core, here.reach(), hospital, patient).await?;
        let whom = OfPatient { patient, hospital: known.then_some(here.object().0) };
        let whom: Authorized<ReadPatient, _> = self.core.authorize(call, whom).await?;
        let zone = self.zone_of(hospital).await?;
        let (row, visits) = {
            let mut conn = self.core.db.read(whom.reach()).await?;
            let row = store::patients::find(&mut conn, &whom, self.core.now_ms()).await?;
            let visits = store::lists::of_patient(&mut conn, &whom).await?;
            (row.ok_or(Refusal::NotFound)?, visits)
        };
        let visits = self.core.open(&whom, visits).await?;
        Ok(PatientFile {
            patient: card(row, &zone)?,
            appointments: visits.into_iter().map(|row| self.listed(call, row)).collect::<Result<_>>()?,
        })
    }
}

/// The days on which a caller's part is computed.
pub(super) fn days(core: &Core) -> Days {
    let today = family::today(core);
    Days {
        today: today.to_string(),
        private_after: younger_after(today, PRIVATE_AGE).to_string(),
        own_after: younger_after(today, OWN_AGE).to_string(),
    }
}

fn card(row: store::patients::PatientRow, zone: &TimeZone) -> Result<PatientCard> {
    let moment =
        |ms: Option<i64>| ms.map(|ms| Ok::<_, Error>(Moment::in_zone(instant(ms)?, zone))).transpose();
    Ok(PatientCard {
        id: PatientId(row.id),
        full_name: row.full_name,
        birth_date: parse_date(&row.birth_date).map_err(Error::Stored)?,
        visits: row.visits,
        last_visit: moment(row.last_visit)?,
        next_visit: moment(row.next_visit)?,
    })
}

fn only(query: &AppointmentQuery) -> Only {
    Only { doctor: query.doctor_id, patient: query.patient_id, standing: false }
}

/// One more than a page holds tells whether there is another.
fn limit(query: &AppointmentQuery) -> i64 {
    i64::try_from(query.page.size() + 1).unwrap_or(i64::MAX)
}

/// Part of a name as a LIKE pattern; the signs of patterns stand for themselves.
fn pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    for c in text::search_form(search).chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

fn cursor(page: &PageQuery) -> Result<Option<After>> {
    let Some(cursor) = page.cursor.as_deref() else { return Ok(None) };
    let mut findings = Findings::new();
    let parsed = cursor.split_once('~').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    let after = findings.take("cursor", parsed.ok_or("cursor_invalid"));
    findings.finish()?;
    Ok(after)
}
