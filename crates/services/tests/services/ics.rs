//! Reads calendars as a calendar program would, with a reader that is not ours, and insists on what RFC 5545 asks of every line.
//!
//! What they should say is in the tests.

use icalendar::parser::{Component, Property, read_calendar, unfold};

/// A calendar with its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Calendar {
    pub(crate) method: String,
    pub(crate) name: Option<String>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) text: String,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) uid: String,
    pub(crate) sequence: u32,
    pub(crate) stamp: String,
    pub(crate) start: String,
    pub(crate) end: String,
    pub(crate) summary: String,
    pub(crate) description: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) status: String,
    pub(crate) organizer: Option<String>,
    pub(crate) attendee: Option<String>,
    pub(crate) alarms: usize,
}

impl Calendar {
    #[track_caller]
    pub(crate) fn read(text: &str) -> Self {
        for line in text.split_inclusive('\n') {
            let bare = line.strip_suffix("\r\n").unwrap_or_else(|| panic!("{line:?} does not end in CRLF"));
            assert!(bare.len() <= 75 && !bare.contains('\r'), "{bare:?}");
        }
        let unfolded = unfold(text);
        let read = read_calendar(&unfolded).unwrap();
        let own = |name: &str| value(&read.properties, name);
        assert_eq!(own("VERSION").as_deref(), Some("2.0"));
        assert!(own("PRODID").is_some());
        assert!(!read.components.is_empty(), "a calendar has a component (RFC 5545, 3.4)");
        let (zones, events): (Vec<_>, Vec<_>) =
            read.components.iter().partition(|component| component.name.as_ref() == "VTIMEZONE");
        assert_eq!(zones.len(), usize::from(events.is_empty()), "{text}");
        let entries: Vec<_> = events.into_iter().map(entry).collect();
        // Without an entry there is nothing to publish.
        assert_eq!(own("METHOD").is_some(), !entries.is_empty(), "{text}");
        Self {
            method: own("METHOD").unwrap_or_default(),
            name: own("X-WR-CALNAME"),
            entries,
            text: text.to_owned(),
        }
    }

    /// The only entry.
    #[track_caller]
    pub(crate) fn only(&self) -> &Entry {
        assert_eq!(self.entries.len(), 1, "{}", self.text);
        &self.entries[0]
    }
}

fn entry(component: &Component<'_>) -> Entry {
    assert_eq!(component.name.as_ref(), "VEVENT");
    let own = |name: &str| value(&component.properties, name);
    let instant = |name: &str| {
        let text = own(name).unwrap();
        assert!(text.len() == 16 && text.ends_with('Z'), "{name}:{text} is not in UTC");
        text
    };
    let alarms = component.components.iter();
    for alarm in alarms.clone() {
        let own = |name: &str| value(&alarm.properties, name);
        assert_eq!((alarm.name.as_ref(), own("ACTION").as_deref()), ("VALARM", Some("DISPLAY")));
        assert!(own("TRIGGER").is_some() && own("DESCRIPTION").is_some());
    }
    Entry {
        uid: own("UID").unwrap(),
        sequence: own("SEQUENCE").unwrap().parse().unwrap(),
        stamp: instant("DTSTAMP"),
        start: instant("DTSTART"),
        end: instant("DTEND"),
        summary: own("SUMMARY").unwrap(),
        description: own("DESCRIPTION"),
        location: own("LOCATION"),
        status: own("STATUS").unwrap(),
        organizer: own("ORGANIZER"),
        attendee: own("ATTENDEE"),
        alarms: alarms.count(),
    }
}

/// The value of a property, which stands there once at most.
fn value(properties: &[Property<'_>], name: &str) -> Option<String> {
    let found: Vec<_> = properties.iter().filter(|property| property.name.as_ref() == name).collect();
    assert!(found.len() <= 1, "{name} stands there {} times", found.len());
    found.first().map(|property| property.val.as_ref().to_owned())
}
