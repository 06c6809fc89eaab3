//! A calendar as text (RFC 5545): lines that end in CRLF, folded at 75 octets, texts escaped, instants in UTC.
//!
//! What an entry says is in `entries`. Why no crate writes it is in ADR 23; the tests read it with one.

use domain::calendars::CalendarFile;
use jiff::Timestamp;

use crate::{core::instant, error::Result, secrets};

/// Octets of a line, the space of a line that goes on included.
const LINE: usize = 75;
/// What has made the file.
const PRODUCT: &str = "-//CareSync//CareSync//EN";
/// How often a program should ask again. Most ask when they like.
const REFRESH: &str = "PT1H";
/// How long before a visit one is reminded of it.
const REMINDER: &str = "-P1D";

/// A zone that nothing refers to.
const NOTHING: [(&str, &str); 8] = [
    ("BEGIN", "VTIMEZONE"),
    ("TZID", "UTC"),
    ("BEGIN", "STANDARD"),
    ("DTSTART", "19700101T000000"),
    ("TZOFFSETFROM", "+0000"),
    ("TZOFFSETTO", "+0000"),
    ("END", "STANDARD"),
    ("END", "VTIMEZONE"),
];

/// What a file asks a calendar to do (RFC 5546).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Take the entry in, or take it in anew.
    Request,
    /// Take it out.
    Cancel,
    /// Show it.
    Publish,
}

impl Method {
    /// As it stands in the file, and in the type of the part of a mail.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
            Self::Publish => "PUBLISH",
        }
    }
}

/// Who publishes or invites.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: String,
}

/// One entry.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) uid: String,
    /// Grows with every change.
    pub(super) sequence: i64,
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) cancelled: bool,
    pub(super) summary: String,
    pub(super) description: Option<String>,
    pub(super) location: Option<String>,
    pub(super) link: Option<String>,
    /// Whether it reminds its owner.
    pub(super) reminds: bool,
    pub(super) organizer: Option<Person>,
    /// The address of whoever is invited.
    pub(super) attendee: Option<String>,
}

/// A file of these entries. A calendar that is read again and again has a name.
pub(super) fn file(
    method: Method,
    name: Option<&str>,
    entries: &[Entry],
    now: Timestamp,
) -> Result<CalendarFile> {
    let mut lines = Lines::default();
    lines.value("BEGIN", "VCALENDAR");
    lines.value("VERSION", "2.0");
    lines.value("PRODID", PRODUCT);
    lines.value("CALSCALE", "GREGORIAN");
    if !entries.is_empty() {
        lines.value("METHOD", method.code());
    }
    if let Some(name) = name {
        lines.text("NAME", name);
        lines.text("X-WR-CALNAME", name);
        lines.value("REFRESH-INTERVAL;VALUE=DURATION", REFRESH);
        lines.value("X-PUBLISHED-TTL", REFRESH);
    }
    for entry in entries {
        event(&mut lines, entry, now)?;
    }
    if entries.is_empty() {
        // A calendar has at least one component (RFC 5545, 3.4); this one says nothing, and no method publishes it.
        for (name, value) in NOTHING {
            lines.value(name, value);
        }
    }
    lines.value("END", "VCALENDAR");
    Ok(lines.file())
}

fn event(lines: &mut Lines, entry: &Entry, now: Timestamp) -> Result<()> {
    lines.value("BEGIN", "VEVENT");
    lines.value("UID", &entry.uid);
    lines.value(STAMP, &utc(now));
    lines.value("SEQUENCE", &entry.sequence.to_string());
    lines.value("DTSTART", &utc(instant(entry.start)?));
    lines.value("DTEND", &utc(instant(entry.end)?));
    lines.text("SUMMARY", &entry.summary);
    if let Some(description) = &entry.description {
        lines.text("DESCRIPTION", description);
    }
    if let Some(location) = &entry.location {
        lines.text("LOCATION", location);
    }
    if let Some(link) = &entry.link {
        lines.value("URL", link);
    }
    lines.value("STATUS", if entry.cancelled { "CANCELLED" } else { "CONFIRMED" });
    lines.value("TRANSP", if entry.cancelled { "TRANSPARENT" } else { "OPAQUE" });
    lines.value("CLASS", "PRIVATE");
    if let Some(Person { name, email }) = &entry.organizer {
        lines.value(&format!("ORGANIZER;CN={}", quoted(name)), &format!("mailto:{email}"));
    }
    if let Some(email) = &entry.attendee {
        // Nobody is asked whether she comes: she has booked it, or can cancel it on its page.
        let attendee = "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE";
        lines.value(attendee, &format!("mailto:{email}"));
    }
    if entry.reminds && !entry.cancelled {
        lines.value("BEGIN", "VALARM");
        lines.value("ACTION", "DISPLAY");
        lines.value("TRIGGER", REMINDER);
        lines.text("DESCRIPTION", &entry.summary);
        lines.value("END", "VALARM");
    }
    lines.value("END", "VEVENT");
    Ok(())
}

/// When the file was made, which is not part of what it says.
const STAMP: &str = "DTSTAMP";

#[derive(Default)]
struct Lines {
    text: String,
    /// The same without what changes with each reading.
    lasting: String,
}

impl Lines {
    /// A value that stands as it is. Nothing in it, and nothing in what stands before it, begins a line of its own.
    fn value(&mut self, name: &str, value: &str) {
        let line: String = format!("{name}:{value}").chars().filter(|c| !c.is_control()).collect();
        let mut room = LINE;
        for c in line.chars() {
            if c.len_utf8() > room {
                self.text.push_str("\r\n ");
                room = LINE - 1;
            }
            self.text.push(c);
            room -= c.len_utf8();
        }
        self.text.push_str("\r\n");
        if name != STAMP {
            self.lasting.push_str(&line);
            self.lasting.push('\n');
        }
    }

    /// A text, in which some signs mean something.
    fn text(&mut self, name: &str, text: &str) {
        let mut escaped = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '\\' | ';' | ',' => escaped.extend(['\\', c]),
                '\n' => escaped.push_str("\\n"),
                c => escaped.push(c),
            }
        }
        self.value(name, &escaped);
    }

    fn file(self) -> CalendarFile {
        let version = secrets::content_key(self.lasting.as_bytes());
        CalendarFile { text: self.text, version }
    }
}

/// The value of a parameter; a quote cannot stand in one.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "'"))
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(summary: &str) -> Entry {
        Entry {
            uid: "appt-1@care.example".into(),
            sequence: 0,
            start: 1_795_510_800_000,
            end: 1_795_512_600_000,
            cancelled: false,
            summary: summary.into(),
            description: None,
            location: None,
            link: None,
            reminds: false,
            organizer: None,
            attendee: None,
        }
    }

    fn of(entry: Entry, now: &str) -> CalendarFile {
        file(Method::Publish, None, &[entry], now.parse().unwrap()).unwrap()
    }

    const NOW: &str = "2026-11-23T06:00:00Z";

    #[test]
    fn no_line_is_longer_than_it_may_be_and_no_letter_is_cut() {
        let text = of(entry(&"Zwölf Boxkämpfer – 一二三 ".repeat(20)), NOW).text;
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains(&format!("SUMMARY:{}\r\n", "Zwölf Boxkämpfer – 一二三 ".repeat(20))));
    }

    #[test]
    fn no_text_becomes_a_line_of_its_own() {
        let odd = "a\\b;c,d\r\nATTENDEE:mailto:x@x.example\u{7}";
        let text = of(entry(odd), NOW).text;
        assert!(text.contains("SUMMARY:a\\\\b\\;c\\,d\\nATTENDEE:mailto:x@x.example\r\n"), "{text}");
        let organizer =
            Person { name: "Care \"X\"\r\nA:b; c, d".into(), email: "a@x.example\r\nSUMMARY:y".into() };
        let text = of(Entry { organizer: Some(organizer), ..entry("s") }, NOW).text.replace("\r\n ", "");
        let organizer = "ORGANIZER;CN=\"Care 'X'A:b; c, d\":mailto:a@x.exampleSUMMARY:y\r\n";
        assert!(text.contains(organizer), "{text}");
    }

    #[test]
    fn the_version_names_what_the_file_says_and_not_when() {
        let (first, later) = (of(entry("s"), NOW), of(entry("s"), "2026-11-23T07:00:00Z"));
        assert_eq!(first.version, later.version);
        assert_ne!(first.text, later.text);
        assert_ne!(first.version, of(entry("t"), NOW).version);
        assert_ne!(first.version, of(Entry { sequence: 1, ..entry("s") }, NOW).version);
    }

    #[test]
    fn who_is_called_off_reminds_nobody() {
        let cancelled = Entry { cancelled: true, reminds: true, ..entry("s") };
        let text = of(cancelled, NOW).text;
        assert!(text.contains("STATUS:CANCELLED\r\n") && !text.contains("VALARM"));
        assert!(of(Entry { reminds: true, ..entry("s") }, NOW).text.contains("TRIGGER:-P1D\r\n"));
    }
}
