//! What stands in the way of a date, in a few words: beside the date there is no room for a sentence of advice.

use domain::time::Moment;

use crate::i18n::{date_long, time};
use crate::t;

/// Why a date cannot be had.
pub(super) fn obstacle(rule: &str) -> &'static str {
    match rule {
        "slot_past" => t!(series.past),
        "slot_too_soon" => t!(series.too_soon),
        "slot_too_far" => t!(series.too_far),
        "slot_closed" | "slot_outside_hours" | "slot_other_visits" => t!(series.outside_hours),
        "slot_hospital_closed" => t!(series.hospital_closed),
        "slot_away" => t!(series.away),
        "slot_in_gap" => t!(series.in_gap),
        "patient_overlap" => t!(series.overlap),
        "slot_day_full" | "slot_kind_full" => t!(series.full),
        "slot_no_resource" => t!(series.no_room),
        "slot_off_grid" | "slot_does_not_fit" => t!(series.off_grid),
        _ => t!(series.taken),
    }
}

/// "Tuesday 24 November, 10:00"
pub(super) fn when(start: Moment) -> String {
    format!("{}, {}", date_long(start.date()), time(start.local().time()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_engine_has_words() {
        assert_eq!(obstacle("slot_away"), t!(series.away));
        assert_eq!(obstacle("slot_too_close"), t!(series.taken));
        assert_eq!(when("2026-11-24T10:00:00+01:00".parse().unwrap()), "Tuesday 24 November, 10:00");
    }
}
