//! Where "now" falls on a day of a hospital, and how minutes of a day are cut for the eye.
//! It reads no clock: the server says what the hospital's wall shows, the page's clock how long ago that was.

use domain::time::Moment;
use jiff::Timestamp;
use jiff::civil::Date;

/// Minutes of the day from a number that may be negative or beyond it.
pub fn minute(value: i16) -> u16 {
    u16::try_from(value.clamp(0, 24 * 60)).unwrap_or(0)
}

/// The minute of the day now, on the hospital's wall; none on another day.
pub fn minute_now(day: Date, read_at: Moment, clock: Option<Timestamp>) -> Option<u16> {
    let passed = clock.map_or(0, |now| now.duration_since(read_at.at()).as_mins().max(0));
    let now = i64::from(read_at.minute_of_day()) + passed;
    (day == read_at.date() && now < 24 * 60).then(|| u16::try_from(now).ok()).flatten()
}

/// Begin and end of a visit in minutes of the day that it begins on.
pub fn minutes_of(start: Moment, end: Moment) -> (u16, u16) {
    let first = minute(start.minute_of_day());
    let last = if end.date() == start.date() { minute(end.minute_of_day()) } else { 24 * 60 };
    (first, last.max(first))
}

/// Whole hours around some spans; office hours when there is nothing to go around.
pub fn frame_around(spans: impl Iterator<Item = (u16, u16)>) -> (u16, u16) {
    let around = spans.fold(None, |frame: Option<(u16, u16)>, (start, end)| {
        Some(frame.map_or((start, end), |(first, last)| (first.min(start), last.max(end))))
    });
    let (first, last) = around.unwrap_or((8 * 60, 18 * 60));
    (first / 60 * 60, last.div_ceil(60) * 60)
}

#[cfg(test)]
mod tests {
    use super::{frame_around, minute_now, minutes_of};
    use domain::time::Moment;
    use jiff::civil::date;

    fn moment(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn now_moves_on_and_stands_on_its_own_day_only() {
        let read = moment("2026-11-24T10:00:00+01:00");
        let later = moment("2026-11-24T10:07:30+01:00").at();
        assert_eq!(minute_now(date(2026, 11, 24), read, None), Some(600));
        assert_eq!(minute_now(date(2026, 11, 24), read, Some(later)), Some(607));
        assert_eq!(minute_now(date(2026, 11, 25), read, Some(later)), None);
    }

    #[test]
    fn a_visit_over_midnight_ends_with_its_day() {
        let (start, end) = (moment("2026-11-24T23:40:00+01:00"), moment("2026-11-25T00:10:00+01:00"));
        assert_eq!(minutes_of(start, end), (1420, 1440));
    }

    #[test]
    fn the_frame_is_made_of_whole_hours() {
        assert_eq!(frame_around([(545, 610), (900, 1030)].into_iter()), (540, 1080));
        assert_eq!(frame_around(std::iter::empty()), (480, 1080));
    }
}
