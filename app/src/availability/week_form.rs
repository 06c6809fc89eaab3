//! A week between the fields of a form (`mon1_start`, `mon1_end`, … `sun3_end`) and the domain's windows.
//! Blank fields are no hours. What hours may not do is the domain's rule; here each broken rule finds its field.

use std::collections::BTreeMap;

use domain::availability::{BookingRules, TimeWindow, WeeklyWindow};
use domain::error::FieldError;
use domain::slots::{check_weekly, check_windows};
use domain::time::parse_time;

/// The days as the fields spell them, Monday first.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// How many windows of a day can be typed.
pub const WINDOWS: usize = 3;

/// The fields of a form by name.
pub type Fields = BTreeMap<String, String>;

/// The names of the two fields of a window: `mon1_start` and `mon1_end` for `mon` and 1.
pub fn names(prefix: &str, number: usize) -> (String, String) {
    (format!("{prefix}{number}_start"), format!("{prefix}{number}_end"))
}

/// Every field of the week and the rules.
pub fn week_names() -> Vec<String> {
    let windows = DAYS.iter().flat_map(|day| (1..=WINDOWS).map(move |number| names(day, number)));
    let rules = ["rules.cadence_minutes", "rules.notice_minutes", "rules.horizon_days"].map(str::to_owned);
    windows.flat_map(|(start, end)| [start, end]).chain(rules).collect()
}

/// What the fields show for a week.
pub fn fields_of(weekly: &[WeeklyWindow]) -> Fields {
    let mut fields = Fields::new();
    for (weekday, day) in (1_i8..).zip(DAYS) {
        let windows = weekly.iter().filter(|entry| entry.weekday == weekday);
        for (number, entry) in (1..=WINDOWS).zip(windows) {
            let (start, end) = names(day, number);
            fields.insert(start, crate::i18n::time(entry.window.start));
            fields.insert(end, crate::i18n::time(entry.window.end));
        }
    }
    fields
}

/// Reads the week; every broken field is named.
pub fn read_week(fields: &Fields) -> Result<Vec<WeeklyWindow>, Vec<FieldError>> {
    let mut findings = Vec::new();
    let (mut weekly, mut places) = (Vec::new(), Vec::new());
    for (weekday, day) in (1_i8..).zip(DAYS) {
        for (window, place) in read_windows(fields, day, WINDOWS, &mut findings) {
            weekly.push(WeeklyWindow { weekday, window });
            places.push(place);
        }
    }
    if let Err((index, rule)) = check_weekly(&weekly) {
        findings.push(FieldError::new(places.get(index).cloned().unwrap_or_default(), rule));
    }
    if findings.is_empty() { Ok(weekly) } else { Err(findings) }
}

/// Reads the windows of one date, from fields that begin with `day`.
pub fn read_date(fields: &Fields) -> Result<Vec<TimeWindow>, Vec<FieldError>> {
    let mut findings = Vec::new();
    let (windows, places): (Vec<_>, Vec<_>) =
        read_windows(fields, "day", 2, &mut findings).into_iter().unzip();
    if let Err((index, rule)) = check_windows(&windows) {
        findings.push(FieldError::new(places.get(index).cloned().unwrap_or_default(), rule));
    }
    if findings.is_empty() { Ok(windows) } else { Err(findings) }
}

/// Reads how times are offered; limits are the service's to know.
pub fn read_rules(fields: &Fields) -> Result<BookingRules, Vec<FieldError>> {
    let mut findings = Vec::new();
    let mut number = |name: &str| {
        let parsed = fields.get(name).and_then(|text| text.trim().parse().ok());
        if parsed.is_none() {
            findings.push(FieldError::new(name, "number_invalid"));
        }
        parsed.unwrap_or_default()
    };
    let rules = BookingRules {
        cadence_minutes: number("rules.cadence_minutes"),
        notice_minutes: number("rules.notice_minutes"),
        horizon_days: number("rules.horizon_days"),
    };
    if findings.is_empty() { Ok(rules) } else { Err(findings) }
}

/// The windows that are typed, each with the field that begins it.
fn read_windows(
    fields: &Fields,
    prefix: &str,
    most: usize,
    findings: &mut Vec<FieldError>,
) -> Vec<(TimeWindow, String)> {
    let mut windows = Vec::new();
    for number in 1..=most {
        let (start_name, end_name) = names(prefix, number);
        let typed = |name: &str| fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
        let (start, end) = match (typed(&start_name), typed(&end_name)) {
            (None, None) => continue,
            (Some(start), Some(end)) => (start, end),
            (None, Some(_)) | (Some(_), None) => {
                findings.push(FieldError::new(start_name, "hours_required"));
                continue;
            }
        };
        match (parse_time(start), parse_time(end)) {
            (Ok(start), Ok(end)) => windows.push((TimeWindow { start, end }, start_name)),
            (Err(rule), _) | (_, Err(rule)) => findings.push(FieldError::new(start_name, rule)),
        }
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::{Fields, fields_of, read_date, read_rules, read_week, week_names};

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_week_survives_the_form() {
        let typed = fields(&[
            ("mon1_start", "09:00"),
            ("mon1_end", "12:30"),
            ("sun1_start", "22:00"),
            ("sun1_end", "02:00"),
        ]);
        let week = read_week(&typed).unwrap();
        assert_eq!(week.len(), 2);
        assert_eq!(fields_of(&week), typed);
    }

    #[test]
    fn each_broken_window_is_named() {
        let typed = fields(&[
            ("mon1_start", "09:00"),
            ("tue1_start", "nine"),
            ("tue1_end", "10:00"),
            ("wed1_start", "09:00"),
            ("wed1_end", "12:00"),
            ("wed2_start", "11:00"),
            ("wed2_end", "13:00"),
        ]);
        let found: Vec<_> = read_week(&typed).unwrap_err().into_iter().map(|e| (e.field, e.rule)).collect();
        let expected = [
            ("mon1_start", "hours_required"),
            ("tue1_start", "time_invalid"),
            ("wed2_start", "hours_overlap"),
        ];
        assert_eq!(found, expected.map(|(field, rule)| (field.to_owned(), rule.to_owned())));
    }

    #[test]
    fn a_closed_date_has_no_windows() {
        assert_eq!(read_date(&fields(&[("day1_start", ""), ("day1_end", " ")])), Ok(Vec::new()));
    }

    #[test]
    fn rules_are_whole_numbers() {
        let typed = fields(&[
            ("rules.cadence_minutes", "15"),
            ("rules.notice_minutes", " 60 "),
            ("rules.horizon_days", "many"),
        ]);
        let found = read_rules(&typed).unwrap_err();
        assert_eq!(found.len(), 1);
        assert_eq!(found.first().map(|e| e.field.as_str()), Some("rules.horizon_days"));
    }

    #[test]
    fn every_field_has_a_name() {
        assert_eq!(week_names().len(), 7 * 3 * 2 + 3);
    }
}
