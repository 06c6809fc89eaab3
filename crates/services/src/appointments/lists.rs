//! Lists: the caller's own visits, a hospital's visits, a hospital's patients.
//!
//! What a hospital's member sees is bound to the hospital; what a patient sees, to the account.

use domain::{
    Call, Error as Refusal,
    access::{Action, Facts, require},
    appointments::{Appointment, AppointmentQuery, PatientCard, PatientFile, Period},
    error::Findings,
    ids::{HospitalId, PatientId},
    page::{Page, PageQuery},
    text,
    time::{Moment, Span, parse_date, plus_days},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use uuid::Uuid;

use super::{
    AppointmentService,
    store::{
        self,
        lists::{After, BEGINNING, END, Only},
    },
};
use crate::{
    core::instant,
    error::{Error, Result},
};

impl AppointmentService {
    pub(super) async fn page(&self, call: &Call, query: AppointmentQuery) -> Result<Page<Appointment>> {
        let account = call.actor.signed_in()?.account_id;
        let after = cursor(&query.page)?;
        let size = query.page.size();
        let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
        let now = self.core.now_ms();
        // Before a connection is taken: reading the directory may need one too, and there are few.
        let zone = match query.hospital_id {
            Some(hospital) => {
                require(&call.actor, Action::ReadSchedule, &Facts::Hospital(hospital))?;
                self.zone_of(hospital).await?
            }
            None => TimeZone::UTC,
        };
        let only = Only { doctor: query.doctor_id, patient: query.patient_id };
        let mut conn = self.core.db.read().await?;
        let rows = match (query.hospital_id, query.period) {
            (Some(hospital), _) => {
                let span = span(query.from, query.to, &zone);
                let after = after.unwrap_or(BEGINNING);
                store::lists::of_hospital(&mut conn, hospital, only, span, after, limit).await?
            }
            (None, Period::Upcoming) => {
                store::lists::upcoming(&mut conn, account, only, now, after.unwrap_or(BEGINNING), limit)
                    .await?
            }
            (None, Period::Past) => {
                store::lists::past(&mut conn, account, only, now, after.unwrap_or(END), limit).await?
            }
            (None, Period::All) => {
                let span = span(query.from, query.to, &zone);
                store::lists::own(&mut conn, account, only, span, after.unwrap_or(BEGINNING), limit).await?
            }
        };
        let page = Page::cut(rows, size, |row| format!("{}~{}", row.starts_at, row.id));
        let items = page.items.into_iter().map(|row| self.view(call, row)).collect::<Result<_>>()?;
        Ok(Page { items, next_cursor: page.next_cursor })
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
        require(&call.actor, Action::ReadPatients, &Facts::Hospital(hospital))?;
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
        let mut conn = self.core.db.read().await?;
        let now = self.core.now_ms();
        let rows = store::patients::list(&mut conn, hospital, &pattern, now, (&name, id), limit).await?;
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
        require(&call.actor, Action::ReadPatients, &Facts::Hospital(hospital))?;
        let zone = self.zone_of(hospital).await?;
        let mut conn = self.core.db.read().await?;
        let row = store::patients::find(&mut conn, hospital, patient, self.core.now_ms()).await?;
        let row = row.ok_or(Refusal::NotFound)?;
        require(&call.actor, Action::ReadPatient, &Facts::Patient { patient, hospital: Some(hospital) })?;
        let visits = store::lists::of_patient(&mut conn, hospital, patient).await?;
        Ok(PatientFile {
            patient: card(row, &zone)?,
            appointments: visits.into_iter().map(|row| self.view(call, row)).collect::<Result<_>>()?,
        })
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

/// From the first midnight to the one after the last date; open ends where no date is given.
pub(super) fn span(from: Option<Date>, to: Option<Date>, zone: &TimeZone) -> Span {
    Span {
        start: from.map_or(i64::MIN, |date| midnight(date, zone)),
        end: to.map_or(i64::MAX, |date| midnight(plus_days(date, 1), zone)),
    }
}

/// The first instant of a local date.
pub(super) fn midnight(date: Date, zone: &TimeZone) -> i64 {
    date.to_zoned(zone.clone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp()).as_millisecond()
}
