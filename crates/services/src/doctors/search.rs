//! Searching the directory: filters, order, and the cursor of the next page.
//!
//! It reads memory only, but for times of doctors who were booked since somebody last looked: those who search at once wait for one of
//! them to read these.

use std::sync::Arc;

use domain::{
    coding,
    doctors::{Doctor, DoctorCard, DoctorQuery, DoctorSort, HospitalRef},
    error::Findings,
    ids::DoctorId,
    page::Page,
    text,
};

use crate::{
    core::Core,
    directory::{Entry, NEVER, Snapshot, times::moments},
    error::Result,
};

/// A doctor who fits, with her place in the order. The place and the id are the cursor.
struct Hit {
    place: String,
    entry: Arc<Entry>,
}

/// A page of doctors who fit.
pub(super) async fn search(core: &Core, query: DoctorQuery) -> Result<Page<DoctorCard>> {
    let after = check(&query)?;
    let snapshot = core.directory.snapshot(core).await?;
    let name = query.name.as_deref().map(text::search_form).unwrap_or_default();
    let words: Vec<&str> = name.split(' ').collect();
    let size = query.page.size();
    let hits = match query.sort {
        DoctorSort::Name => by_name(&snapshot, &query, &words, after, size + 1),
        DoctorSort::Soonest => {
            let after = after.map(|(place, id)| (start_of(&place), id));
            let wanted = |start: i64, entry: &Arc<Entry>| {
                fits(entry, &query, &words).then(|| Hit { place: place_of(start), entry: entry.clone() })
            };
            core.directory.by_soonest(core, &snapshot, after, size + 1, wanted).await?
        }
    };
    let page = Page::cut(hits, size, |hit: &Hit| format!("{}~{}", hit.entry.id, hit.place));
    let mut items = Vec::with_capacity(page.items.len());
    for hit in &page.items {
        items.push(card(core, &hit.entry, For::Patients).await?);
    }
    Ok(Page { items, next_cursor: page.next_cursor })
}

fn by_name(
    snapshot: &Snapshot,
    query: &DoctorQuery,
    words: &[&str],
    after: Option<(String, DoctorId)>,
    most: usize,
) -> Vec<Hit> {
    let list = &snapshot.by_name;
    let begin = after.map_or(0, |(name, id)| {
        list.partition_point(|entry| (entry.search_name.as_str(), entry.id) <= (name.as_str(), id))
    });
    let rest = list.iter().skip(begin).filter(|entry| fits(entry, query, words)).take(most);
    rest.map(|entry| Hit { place: entry.search_name.clone(), entry: entry.clone() }).collect()
}

/// Who is shown a doctor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// Anybody who may book with her by herself.
    Patients,
    /// Members of her hospital, who book for others.
    Members,
}

/// The doctor's card.
async fn card(core: &Core, entry: &Entry, shown: For) -> Result<DoctorCard> {
    let times = core.directory.next_times(core, entry).await?;
    Ok(DoctorCard {
        id: entry.id,
        name: entry.name.clone(),
        specialties: entry.specialties.clone(),
        languages: entry.languages.clone(),
        hospital: HospitalRef {
            id: entry.hospital.id,
            name: entry.hospital.name.clone(),
            city: entry.hospital.city.clone(),
            time_zone: entry.hospital.time_zone.clone(),
        },
        photo: entry.photo_key.as_ref().map(|key| format!("/photos/{key}")),
        visit_types: match shown {
            For::Patients => entry.open_types().cloned().collect(),
            For::Members => entry.visit_types.clone(),
        },
        price_from: entry.open_types().map(|v| &v.price).min_by_key(|p| p.amount_minor).cloned(),
        next_free: moments(entry, &times)?,
    })
}

/// The doctor's page.
pub(super) async fn doctor(core: &Core, entry: &Entry, shown: For) -> Result<Doctor> {
    Ok(Doctor {
        card: card(core, entry, shown).await?,
        biography: entry.biography.clone(),
        department: entry.department.as_ref().map(|(_, name)| name.clone()),
        department_id: entry.department.as_ref().map(|(id, _)| *id),
        address: entry.hospital.address.clone(),
        phone: entry.hospital.phone.clone(),
        active: entry.active,
    })
}

fn check(query: &DoctorQuery) -> Result<Option<(String, DoctorId)>> {
    let mut findings = Findings::new();
    let known =
        |code: &Option<String>, list: &[&str]| code.as_deref().is_none_or(|code| list.contains(&code));
    findings.require(known(&query.specialty, coding::SPECIALTIES), "specialty", "specialty_unknown");
    findings.require(known(&query.language, coding::LANGUAGES), "language", "language_unknown");
    findings.require(query.name.as_deref().is_none_or(|name| name.len() <= 200), "name", "too_long");
    let cursor = query.page.cursor.as_deref().map(|cursor| {
        let (id, place) = cursor.split_once('~').ok_or("cursor_invalid")?;
        Ok((place.to_owned(), id.parse().map_err(|_| "cursor_invalid")?))
    });
    let cursor = cursor.and_then(|parsed| findings.take("cursor", parsed));
    findings.finish()?;
    Ok(cursor)
}

fn fits(entry: &Entry, query: &DoctorQuery, words: &[&str]) -> bool {
    let has =
        |wanted: &Option<String>, codes: &[String]| wanted.as_ref().is_none_or(|code| codes.contains(code));
    entry.active
        && entry.open_types().next().is_some()
        && has(&query.specialty, &entry.specialties)
        && has(&query.language, &entry.languages)
        && query.hospital_id.is_none_or(|id| id == entry.hospital.id)
        && query.modality.is_none_or(|m| entry.open_types().any(|v| v.modality == m))
        && words.iter().all(|word| entry.search_name.contains(word))
}

/// A place in the order of free starts, as a cursor has it.
fn place_of(start: i64) -> String {
    if start == NEVER { "~".to_owned() } else { format!("{start:020}") }
}

/// The place that a cursor names. One that names none stands behind all who are free.
fn start_of(place: &str) -> i64 {
    place.parse().unwrap_or(NEVER)
}
