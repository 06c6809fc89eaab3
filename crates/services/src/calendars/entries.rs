//! What a visit says in a calendar, by how much it may tell. Its name there never changes, whatever it tells and wherever it stands.
//!
//! How it is written down is in `ics`; whether somebody may see it was decided before.

use domain::{appointments::Status, calendars::FeedDetail, hospitals::Modality};
use uuid::Uuid;

use super::{
    ics::{Entry, Person},
    words::{filled, words},
};
use crate::{
    appointments::{AppointmentRow, status_of},
    error::{Error, Result},
};

/// What a visit has of the house: where its pages are, and from whom its letters come.
pub(super) struct House<'a> {
    pub(super) origin: &'a str,
    pub(super) sender: Person,
}

/// An entry of a calendar that somebody reads. `name` is the patient's, where whoever reads acts for her.
pub(super) fn entry(
    visit: &AppointmentRow,
    detail: FeedDetail,
    name: Option<&str>,
    house: &House<'_>,
) -> Result<Entry> {
    let words = words()?;
    let bare = bare(visit, house.origin)?;
    let link = page(visit, house.origin);
    // Whoever publishes is named (RFC 5546, 3.2.1), unless that would say what kind of time it is.
    let named = Entry { organizer: Some(house.sender.clone()), link: Some(link.clone()), ..bare.clone() };
    Ok(match detail {
        FeedDetail::Busy => Entry { summary: words.busy.clone(), ..bare },
        FeedDetail::Visit => Entry { summary: words.visit.clone(), description: Some(link), ..named },
        FeedDetail::Full => Entry {
            summary: with_whom(visit, name)?,
            description: Some(about(visit, &link)?),
            location: Some(place(visit)?),
            ..named
        },
    })
}

fn with_whom(visit: &AppointmentRow, name: Option<&str>) -> Result<String> {
    let (words, doctor) = (words()?, ("doctor", visit.doctor_name.as_str()));
    Ok(match name {
        Some(name) => filled(&words.full_for, &[doctor, ("name", name)]),
        None => filled(&words.full, &[doctor]),
    })
}

/// The entry that comes with a letter: mail is read by many, so it tells nothing but the time and where one can read more.
pub(super) fn invitation(visit: &AppointmentRow, attendee: &str, house: &House<'_>) -> Result<Entry> {
    let link = page(visit, house.origin);
    Ok(Entry {
        summary: words()?.invitation.clone(),
        description: Some(link.clone()),
        link: Some(link),
        reminds: true,
        organizer: Some(house.sender.clone()),
        attendee: Some(attendee.to_owned()),
        ..bare(visit, house.origin)?
    })
}

/// The version grows with every step of a visit, and is read together with its time: what is called off is always the latest.
fn bare(visit: &AppointmentRow, origin: &str) -> Result<Entry> {
    Ok(Entry {
        uid: uid(visit.id, origin),
        sequence: visit.version - 1,
        start: visit.starts_at,
        end: visit.ends_at,
        cancelled: status_of(visit)? == Status::Cancelled,
        summary: String::new(),
        description: None,
        location: None,
        link: None,
        reminds: false,
        organizer: None,
        attendee: None,
    })
}

fn about(visit: &AppointmentRow, link: &str) -> Result<String> {
    let words = words()?;
    let phone = (!visit.phone.is_empty()).then(|| filled(&words.phone, &[("phone", &visit.phone)]));
    let reference = filled(&words.reference, &[("reference", &visit.reference)]);
    let lines = [visit.visit_type_name.clone()].into_iter().chain(phone).chain([reference, link.to_owned()]);
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

fn place(visit: &AppointmentRow) -> Result<String> {
    let words = words()?;
    Ok(match Modality::parse(&visit.modality).map_err(Error::Stored)? {
        Modality::Video => words.video.clone(),
        Modality::InPerson => {
            let arguments =
                [("hospital", &visit.hospital_name), ("address", &visit.address), ("city", &visit.city)];
            filled(&words.place, &arguments.map(|(name, value)| (name, value.as_str())))
        }
    })
}

fn page(visit: &AppointmentRow, origin: &str) -> String {
    format!("{origin}/appointments/{}", visit.id)
}

/// The name of a visit in every calendar, letters and files alike.
fn uid(visit: Uuid, origin: &str) -> String {
    format!("appt-{visit}@{}", host(origin))
}

/// The host of an address, without its port.
fn host(origin: &str) -> &str {
    let authority = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    match authority.rsplit_once(':') {
        // A colon within brackets is part of an address of IPv6.
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_is_called_after_the_host_and_never_after_a_port() {
        for (origin, name) in [
            ("https://care.example", "care.example"),
            ("http://127.0.0.1:3000", "127.0.0.1"),
            ("http://[::1]:3000", "[::1]"),
            ("http://[::1]", "[::1]"),
            ("https://care.example/below", "care.example"),
        ] {
            assert_eq!(host(origin), name, "{origin}");
        }
        let id = Uuid::from_u128(7);
        assert_eq!(uid(id, "https://care.example"), "appt-00000000-0000-0000-0000-000000000007@care.example");
    }
}
