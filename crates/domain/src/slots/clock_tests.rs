//! The engine at every change of the clocks from 2015 to 2035 in forty zones, against a reader of clocks that knows no rule.
//!
//! The reader goes through a day and looks at the wall every five minutes, or every minute where a change falls between two looks.
//! Somebody whose hours are 01:00 to 04:00 comes when the clock first shows 01:00 or later and goes when it first shows 04:00 or
//! later; a time is offered when the clock shows it for the first time.

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time, date},
    tz::{Offset, TimeZone},
};

use super::tests::{every_day, question, shape, window};
use super::*;
use crate::time::MINUTE;

/// Zones of every kind: with and without a change, by half an hour and by two hours, at midnight, around Ramadan, given up, taken up again.
const ZONES: [&str; 40] = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Johannesburg",
    "Africa/Juba",
    "Africa/Windhoek",
    "America/Asuncion",
    "America/Caracas",
    "America/Chihuahua",
    "America/Havana",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Nuuk",
    "America/Phoenix",
    "America/Port-au-Prince",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Casey",
    "Antarctica/Troll",
    "Asia/Amman",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/Istanbul",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Norfolk",
];

/// Hours that begin in, end in, hold and leave out what a change skips or repeats; some over midnight.
const HOURS: [(&str, &str); 7] = [
    ("00:00", "06:00"),
    ("00:00", "00:00"),
    ("02:30", "05:00"),
    ("00:30", "02:15"),
    ("22:00", "03:00"),
    ("23:30", "00:30"),
    ("13:00", "18:00"),
];

/// How often the reader looks, in minutes: every grid here falls on such an instant, and nearly every change does.
const LOOK: i64 = 5;

/// An instant, what the wall shows at it, and whether it shows that for the first time.
struct Glance {
    at: i64,
    shown: DateTime,
    first: bool,
}

/// What the wall shows from a day and a half before a date to the end of the day after it.
fn wall(zone: &TimeZone, day: Date, look: i64) -> Vec<Glance> {
    let midnight = Offset::UTC.to_timestamp(day.to_datetime(Time::midnight())).unwrap().as_millisecond();
    let mut latest = DateTime::MIN;
    (-36 * 60 / look..62 * 60 / look)
        .map(|glance| {
            let at = midnight + glance * look * MINUTE;
            let shown = zone.to_datetime(Timestamp::from_millisecond(at).unwrap());
            let first = shown > latest;
            latest = latest.max(shown);
            Glance { at, shown, first }
        })
        .collect()
}

/// The starts that somebody finds who reads the wall.
fn read(wall: &[Glance], day: Date, hours: (&str, &str), cadence: i64, visit: i64) -> Vec<i64> {
    let hours = window(hours.0, hours.1);
    let comes = day.to_datetime(hours.start);
    let goes = if hours.end <= hours.start { plus_days(day, 1) } else { day }.to_datetime(hours.end);
    let reached = |local| wall.iter().position(|glance| glance.shown >= local).unwrap();
    let begin = reached(comes);
    let (from, until) = (wall[begin].at, wall[reached(goes)].at);
    let midnight = day.to_datetime(Time::midnight());
    let offered = |glance: &&Glance| {
        let minute = glance.shown.duration_since(midnight).as_secs() / 60;
        glance.first
            && glance.shown >= comes
            && minute % cadence == 0
            && from <= glance.at
            && glance.at + visit * MINUTE <= until
    };
    let day = wall[begin..].iter().take_while(|glance| glance.at < until);
    day.filter(offered).map(|glance| glance.at).collect()
}

/// All changes of a zone's clocks.
fn changes(zone: &TimeZone) -> Vec<Timestamp> {
    let from: Timestamp = "2015-01-01T00:00:00Z".parse().unwrap();
    let to: Timestamp = "2036-01-01T00:00:00Z".parse().unwrap();
    let mut changes: Vec<_> =
        zone.following(from).map(|change| change.timestamp()).take_while(|at| *at < to).collect();
    changes.dedup_by_key(|at| zone.to_offset(*at));
    changes
}

#[test]
fn no_change_of_the_clocks_moves_doubles_or_loses_a_time() {
    let (mut tried, busy) = (0, Busy::default());
    for name in ZONES {
        let zone = TimeZone::get(name).unwrap();
        // A zone without a change is tried on a plain day.
        let mut days = BTreeMap::from([(date(2026, 11, 24), LOOK)]);
        for change in changes(&zone) {
            // Casey in Antarctica changes a minute after the hour.
            let look = if change.as_second() % (LOOK * 60) == 0 { LOOK } else { 1 };
            let day = zone.to_datetime(change).date();
            days.extend([(plus_days(day, -1), look), (day, look)]);
        }
        for (day, look) in days {
            let wall = wall(&zone, day, look);
            for hours in HOURS {
                for (cadence, visit) in [(15, 30), (50, 45)] {
                    let schedule = every_day(name, hours.0, hours.1, cadence);
                    let mut offered = Vec::new();
                    let shape = shape(visit, 0, 0);
                    candidates::of_days(&schedule, shape, (day, day), |start| offered.push(start));
                    let expected = read(&wall, day, hours, cadence, visit);
                    assert_eq!(offered, expected, "{name} {day} {hours:?} every {cadence} for {visit}");
                    tried += 1;
                }
            }
            // What is offered can be booked, also when the hours fill the day: then it has 23, 24 or 25 of them.
            let schedule = every_day(name, "00:00", "00:00", 60);
            let before = format!("{}T00:00:00Z", plus_days(day, -3));
            let q = question(&schedule, &busy, 30, &before);
            for start in offer(&q, day, day) {
                assert_eq!(check(&q, Timestamp::from_millisecond(start).unwrap()), Ok(()), "{name} {start}");
            }
        }
    }
    assert!(tried > 10_000, "{tried}");
}

/// Days: year, month, day.
type Days = &'static [(i16, i8, i8)];

/// Clinics, and days on which their clocks change; a plain day where they do not any more.
const CLINICS: [(&str, &str, Days); 7] = [
    ("Berlin", "Europe/Berlin", &[(2027, 3, 28), (2027, 10, 31)]),
    ("New York", "America/New_York", &[(2027, 3, 14), (2027, 11, 7)]),
    ("São Paulo", "America/Sao_Paulo", &[(2018, 11, 3), (2019, 2, 16), (2027, 2, 20)]),
    ("Kolkata", "Asia/Kolkata", &[(2027, 3, 28)]),
    ("Lord Howe", "Australia/Lord_Howe", &[(2027, 4, 4), (2027, 10, 3)]),
    ("Casablanca", "Africa/Casablanca", &[(2025, 2, 23), (2025, 4, 6), (2027, 2, 7)]),
    ("Apia", "Pacific/Apia", &[(2020, 9, 27), (2021, 4, 4), (2027, 4, 4)]),
];

/// What the clocks do on a day, as the wall shows it.
fn change_on(zone: &TimeZone, day: Date) -> String {
    let noon = zone.to_timestamp(plus_days(day, -1).at(12, 0, 0, 0)).unwrap();
    let change = zone.following(noon).next().map(|change| change.timestamp());
    let before = |at: Timestamp| Timestamp::from_millisecond(at.as_millisecond() - 1).unwrap();
    match change {
        Some(at) if zone.to_datetime(before(at)).date() == day || zone.to_datetime(at).date() == day => {
            let offset = zone.to_offset(before(at));
            format!(
                "{:.5} is {:.5}",
                offset.to_datetime(at).time().to_string(),
                zone.to_datetime(at).time().to_string()
            )
        }
        Some(_) | None => "nothing".to_owned(),
    }
}

/// The table of the document: hours around the change, every half hour, for half an hour.
fn table() -> String {
    let mut lines = vec![
        "| Clinic | Date | The clocks | Hours | Visits of half an hour begin at |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    let busy = Busy::default();
    for (city, name, days) in CLINICS {
        for &(year, month, of_month) in days {
            let day = date(year, month, of_month);
            let change = change_on(&TimeZone::get(name).unwrap(), day);
            // Where the clocks change at midnight, the hours of the night reach over it.
            let (start, end) =
                if change.starts_with("00:00") { ("22:30", "02:00") } else { ("01:00", "05:00") };
            let schedule = every_day(name, start, end, 30);
            let before = format!("{}T00:00:00Z", plus_days(day, -3));
            let q = question(&schedule, &busy, 30, &before);
            let mut times: Vec<String> = Vec::new();
            candidates::of_days(&schedule, q.shape, (day, day), |start| {
                times.push(wall_time(&schedule.zone, start));
            });
            lines.push(format!("| {city} | {day} | {change} | {start}–{end} | {} |", times.join(" ")));
        }
    }
    lines.join("\n")
}

/// `03:00+02:00`.
fn wall_time(zone: &TimeZone, start: i64) -> String {
    let moment = crate::time::Moment::in_zone(Timestamp::from_millisecond(start).unwrap(), zone).to_string();
    format!("{}{}", &moment[11..16], &moment[19..])
}

#[test]
fn the_table_of_the_document_is_true() {
    let document = include_str!("../../../../docs/clocks.md");
    let table = table();
    assert!(document.contains(&table), "docs/clocks.md should say:\n{table}");
}
