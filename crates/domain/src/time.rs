//! Instants, spans and wall times as the house uses them.
//!
//! Zone data is not here: the server turns wall times into instants, and whoever shows one gets the offset with it.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp, civil,
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant with the offset that the clinic's clock had at it.
///
/// On the wire: RFC 3339 with the offset (`2026-11-24T10:00:00+01:00`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Moment {
    at: Timestamp,
    offset: Offset,
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Moment {}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Moment {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("An instant with the offset of the clinic's clock, as RFC 3339."))
            .examples(["2026-11-24T10:00:00+01:00"])
            .into()
    }
}

impl Moment {
    /// An instant, seen by a clock with this offset.
    pub fn new(at: Timestamp, offset: Offset) -> Self {
        Self { at, offset }
    }

    /// An instant as the clocks of a zone show it.
    pub fn in_zone(at: Timestamp, zone: &TimeZone) -> Self {
        Self { at, offset: zone.to_offset(at) }
    }

    /// The instant.
    pub fn at(self) -> Timestamp {
        self.at
    }

    /// What the clock on the clinic's wall shows.
    pub fn local(self) -> civil::DateTime {
        self.offset.to_datetime(self.at)
    }

    /// The date on the clinic's wall.
    pub fn date(self) -> civil::Date {
        self.local().date()
    }

    /// Minutes since midnight on the clinic's wall, for a day line.
    pub fn minute_of_day(self) -> i16 {
        let time = self.local().time();
        i16::from(time.hour()) * 60 + i16::from(time.minute())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.at.display_with_offset(self.offset), f)
    }
}

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(RequestedStart::Instant(moment)) => Ok(moment),
            Ok(RequestedStart::Local(_)) | Err(_) => Err("time_invalid"),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A start that somebody asks for: an instant, or what the clock on the clinic's wall shall show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RequestedStart {
    /// RFC 3339 with an offset.
    Instant(Moment),
    /// `2026-11-24T10:00`, meant in the hospital's zone.
    Local(civil::DateTime),
}

impl FromStr for RequestedStart {
    type Err = &'static str;

    /// Refuses with the rule `time_invalid`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let pieces = jiff::fmt::temporal::Pieces::parse(text).map_err(|_| "time_invalid")?;
        let time = pieces.time().ok_or("time_invalid")?;
        // The zone is the hospital's. One that is written behind the time would be believed by whoever wrote it, so it is refused.
        if pieces.time_zone_annotation().is_some() {
            return Err("time_invalid");
        }
        let local = pieces.date().to_datetime(time);
        match pieces.to_numeric_offset() {
            Some(offset) => {
                let at = offset.to_timestamp(local).map_err(|_| "time_invalid")?;
                Ok(Self::Instant(Moment { at, offset }))
            }
            None if text.ends_with(['Z', 'z']) => {
                let at = Offset::UTC.to_timestamp(local).map_err(|_| "time_invalid")?;
                Ok(Self::Instant(Moment { at, offset: Offset::UTC }))
            }
            None => Ok(Self::Local(local)),
        }
    }
}

/// A half-open span of instants in epoch milliseconds: the start belongs to it, the end does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub struct Span {
    /// First millisecond.
    pub start: i64,
    /// First millisecond after it.
    pub end: i64,
}

impl Span {
    /// The span from one instant for some minutes.
    pub fn minutes(start: i64, minutes: i64) -> Self {
        Self { start, end: start + minutes * MINUTE }
    }

    /// From the first instant of a date to the first one after another, in a zone; open ends where no date is given.
    pub fn of_dates(from: Option<civil::Date>, to: Option<civil::Date>, zone: &TimeZone) -> Self {
        Self {
            start: from.map_or(i64::MIN, |date| midnight(date, zone)),
            end: to.map_or(i64::MAX, |date| midnight(plus_days(date, 1), zone)),
        }
    }

    /// Whether the two share an instant.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether all of the other is in this one.
    pub fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// What the two share, where they share anything.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        Self { start: self.start.max(other.start), end: self.end.min(other.end) }
    }
}

/// Milliseconds in a minute.
pub const MINUTE: i64 = 60_000;

/// Parses `09:30` or `09:30:00`; refuses with the rule `time_invalid`.
pub fn parse_time(text: &str) -> Result<civil::Time, &'static str> {
    text.trim().parse().map_err(|_| "time_invalid")
}

/// Parses an ISO date; refuses with the rule `date_invalid`.
pub fn parse_date(text: &str) -> Result<civil::Date, &'static str> {
    text.trim().parse().map_err(|_| "date_invalid")
}

/// The Monday of the week that holds a date.
pub fn monday_of(date: civil::Date) -> civil::Date {
    let back = i64::from(date.weekday().to_monday_zero_offset());
    date.saturating_sub(jiff::Span::new().days(back))
}

/// A date some days later, or the last date there is.
pub fn plus_days(date: civil::Date, days: i32) -> civil::Date {
    date.saturating_add(jiff::Span::new().days(days))
}

/// The first instant of a date in a zone, or the last instant there is.
fn midnight(date: civil::Date, zone: &TimeZone) -> i64 {
    date.to_zoned(zone.clone()).map_or(Timestamp::MAX, |at| at.timestamp()).as_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_keeps_its_offset_on_the_wire() {
        for text in ["2026-11-24T10:00:00+01:00", "2026-11-24T10:00:00-03:30", "2026-11-24T10:00:00+00:00"] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_start_without_offset_is_wall_time() {
        assert!(matches!("2026-11-24T10:00".parse(), Ok(RequestedStart::Local(_))));
        assert!(matches!("2026-11-24T10:00Z".parse(), Ok(RequestedStart::Instant(_))));
        assert_eq!("tomorrow".parse::<RequestedStart>(), Err("time_invalid"));
        assert_eq!("2026-11-24".parse::<RequestedStart>(), Err("time_invalid"));
        for zoned in ["2026-11-24T10:00[Europe/Berlin]", "2026-11-24T10:00+01:00[Europe/Berlin]"] {
            assert_eq!(zoned.parse::<RequestedStart>(), Err("time_invalid"), "{zoned}");
        }
    }

    #[test]
    fn weeks_begin_on_monday() {
        assert_eq!(monday_of(civil::date(2026, 11, 22)), civil::date(2026, 11, 16));
        assert_eq!(monday_of(civil::date(2026, 11, 16)), civil::date(2026, 11, 16));
    }

    #[test]
    fn dates_are_whole_days_of_their_zone() {
        let east = TimeZone::fixed(jiff::tz::offset(2));
        let hour = 60 * MINUTE;
        let first = civil::date(1970, 1, 2);
        let span = Span::of_dates(Some(first), Some(civil::date(1970, 1, 3)), &east);
        assert_eq!(span, Span { start: 22 * hour, end: 70 * hour });
        assert_eq!(Span::of_dates(None, Some(first), &east), Span { start: i64::MIN, end: 46 * hour });
        assert_eq!(Span::of_dates(Some(first), None, &east), Span { start: 22 * hour, end: i64::MAX });
        // There is no day after the last one.
        let last = Span::of_dates(Some(civil::Date::MAX), Some(civil::Date::MAX), &east);
        assert!(last.start <= last.end && last.end < i64::MAX, "{last:?}");
    }
}
