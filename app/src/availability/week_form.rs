//! A week between the fields of a form (`mon1_start`, `mon1_end`, … `sun3_end`) and the domain's windows.
//! Blank fields are no hours. What hours may not do is the domain's rule; here each broken rule finds its field.

use std::collections::BTreeMap;

use domain::availability::{BookingRules, TimeWindow, WeeklyWindow};
use domain::error::FieldError;
use domain::hospitals::Modality;
use domain::slots::{check_weekly, check_windows, first_date_of};
use domain::time::{parse_date, parse_time};

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
    let rules = ["rules.cadence_minutes", "rules.notice_minutes", "rules.horizon_days", "rules.most_a_day"];
    let rules = rules.map(str::to_owned);
    windows.flat_map(|(start, end)| [start, end]).chain(rules).collect()
}

/// What the fields show for a week.
pub fn fields_of(weekly: &[WeeklyWindow]) -> Fields {
    let mut fields = Fields::new();
    for (day, number, entry) in weekly.iter().enumerate().filter_map(|(at, _)| place(weekly, at)) {
        let (start, end) = names(day, number);
        fields.insert(start, crate::i18n::time(entry.window.start));
        fields.insert(end, crate::i18n::time(entry.window.end));
    }
    fields
}

/// What the fields cannot show, with the place where it stands: hours with a rule of their own, and more in a day than there are fields.
pub fn others(weekly: &[WeeklyWindow]) -> Vec<(usize, WeeklyWindow)> {
    let all = weekly.iter().cloned().enumerate();
    all.filter(|(at, _)| place(weekly, *at).is_none()).collect()
}

/// The day and the number of the fields that show a window of a week.
fn place(weekly: &[WeeklyWindow], at: usize) -> Option<(&'static str, usize, &WeeklyWindow)> {
    let window = weekly.get(at).filter(|window| window.is_plain())?;
    let same_day = |other: &&WeeklyWindow| other.is_plain() && other.weekday == window.weekday;
    let number = weekly.iter().take(at).filter(same_day).count() + 1;
    let day = DAYS.get(usize::try_from(window.weekday - 1).ok()?)?;
    (number <= WINDOWS).then_some((day, number, window))
}

/// Reads hours with a rule of their own; every broken field is named.
pub fn read_rule(fields: &Fields) -> Result<WeeklyWindow, Vec<FieldError>> {
    let mut findings = Vec::new();
    let typed = |name: &str| fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let window = read_windows(fields, "rule", 1, &mut findings).into_iter().next().map(|(window, _)| window);
    if window.is_none() && findings.is_empty() {
        findings.push(FieldError::new("rule1_start", "hours_required"));
    }
    let mut date = |name: &str| match typed(name).map(parse_date).transpose() {
        Ok(date) => date,
        Err(rule) => {
            findings.push(FieldError::new(name, rule));
            None
        }
    };
    let (valid_from, valid_to) = (date("valid_from"), date("valid_to"));
    let (modality, visit_type) =
        (typed("modality").map(Modality::parse), typed("visit_type").map(str::parse));
    if let Some(Err(rule)) = modality {
        findings.push(FieldError::new("modality", rule));
    }
    if let Some(Err(_)) = visit_type {
        findings.push(FieldError::new("visit_type", "visit_type_unknown"));
    }
    // Every week where nothing is typed, and only there: hours would be offered in weeks in which nobody works.
    let every_weeks = typed("every_weeks").map_or(Ok(1), str::parse::<i32>);
    if every_weeks.is_err() {
        findings.push(FieldError::new("every_weeks", "number_invalid"));
    }
    let (Some(window), Ok(every_weeks), true) = (window, every_weeks, findings.is_empty()) else {
        return Err(findings);
    };
    let rule = WeeklyWindow {
        valid_from,
        valid_to,
        every_weeks,
        modality: modality.and_then(Result::ok),
        visit_types: visit_type.and_then(Result::ok).into_iter().collect(),
        ..WeeklyWindow::new(typed("weekday").and_then(|text| text.parse().ok()).unwrap_or(0), window)
    };
    // Weeks are counted from the first day on which there are such hours, which is what people mean by "from".
    let rule = match (rule.every_weeks, first_date_of(&rule)) {
        (2.., Some(first)) => WeeklyWindow { valid_from: Some(first), ..rule },
        _ => rule,
    };
    match check_weekly(std::slice::from_ref(&rule)) {
        Ok(()) => Ok(rule),
        Err((_, rule)) => Err(vec![FieldError::new(rule_field(rule), rule)]),
    }
}

/// The field of the form for hours with a rule that has broken a rule of the domain.
pub fn rule_field(rule: &str) -> &'static str {
    match rule {
        "weekday_unknown" => "weekday",
        "range_order" => "valid_to",
        "weeks_need_a_beginning" => "valid_from",
        "weeks_out_of_range" => "every_weeks",
        "visit_type_unknown" => "visit_type",
        _ => "rule1_start",
    }
}

/// Reads the week; every broken field is named.
pub fn read_week(fields: &Fields) -> Result<Vec<WeeklyWindow>, Vec<FieldError>> {
    let mut findings = Vec::new();
    let (mut weekly, mut places) = (Vec::new(), Vec::new());
    for (weekday, day) in (1_i8..).zip(DAYS) {
        for (window, place) in read_windows(fields, day, WINDOWS, &mut findings) {
            weekly.push(WeeklyWindow::new(weekday, window));
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
        // No limit where nothing is typed.
        most_a_day: match fields.get("rules.most_a_day").map(|text| text.trim()) {
            None | Some("") => None,
            Some(_) => Some(number("rules.most_a_day")),
        },
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
    use super::{Fields, fields_of, others, read_date, read_rule, read_rules, read_week, week_names};

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
    fn what_the_fields_cannot_show_is_kept() {
        let mut typed = fields(&[("mon1_start", "09:00"), ("mon1_end", "10:00")]);
        let mut week = read_week(&typed).unwrap();
        let rule = fields(&[
            ("weekday", "1"),
            ("rule1_start", "08:00"),
            ("rule1_end", "09:00"),
            ("valid_from", "2026-11-23"),
            ("every_weeks", "2"),
            ("modality", "video"),
        ]);
        let rule = read_rule(&rule).unwrap();
        week.insert(0, rule.clone());
        for hour in 10..14 {
            let end = format!("{}:00", hour + 1);
            let day = fields(&[("mon1_start", &format!("{hour}:00")), ("mon1_end", &end)]);
            week.extend(read_week(&day).unwrap());
        }
        let rest = others(&week);
        assert_eq!(rest.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 4, 5]);
        assert_eq!(rest.first().map(|(_, found)| found), Some(&rule));
        typed.append(&mut fields(&[("mon2_start", "10:00"), ("mon2_end", "11:00")]));
        typed.append(&mut fields(&[("mon3_start", "11:00"), ("mon3_end", "12:00")]));
        assert_eq!(fields_of(&week), typed);
    }

    #[test]
    fn a_rhythm_begins_with_the_first_such_day() {
        let typed = fields(&[
            ("weekday", "1"),
            ("rule1_start", "08:00"),
            ("rule1_end", "09:00"),
            ("valid_from", "2026-11-25"),
            ("every_weeks", "2"),
        ]);
        let rule = read_rule(&typed).unwrap();
        assert_eq!(rule.valid_from.map(|date| date.to_string()).as_deref(), Some("2026-11-30"));
    }

    #[test]
    fn a_rule_says_which_field_is_wrong() {
        let whole = [("weekday", "1"), ("rule1_start", "08:00"), ("rule1_end", "09:00")];
        for (name, value, field, rule) in [
            ("rule1_start", "", "rule1_start", "hours_required"),
            ("rule1_end", "soon", "rule1_start", "time_invalid"),
            ("weekday", "", "weekday", "weekday_unknown"),
            ("valid_from", "soon", "valid_from", "date_invalid"),
            ("every_weeks", "2", "valid_from", "weeks_need_a_beginning"),
            ("every_weeks", "9", "every_weeks", "weeks_out_of_range"),
            ("every_weeks", "two", "every_weeks", "number_invalid"),
            ("every_weeks", "99999999999", "every_weeks", "number_invalid"),
            ("modality", "letter", "modality", "modality_unknown"),
            ("visit_type", "x", "visit_type", "visit_type_unknown"),
        ] {
            let mut typed = fields(&whole);
            typed.insert(name.to_owned(), value.to_owned());
            let found = read_rule(&typed).unwrap_err();
            let found: Vec<_> = found.iter().map(|e| (e.field.as_str(), e.rule.as_str())).collect();
            assert_eq!(found, [(field, rule)]);
        }
        let mut empty = fields(&whole);
        empty.insert("every_weeks".to_owned(), " ".to_owned());
        assert_eq!(read_rule(&empty).map(|rule| rule.every_weeks), Ok(1));
    }

    #[test]
    fn every_field_has_a_name() {
        assert_eq!(week_names().len(), 7 * 3 * 2 + 4);
    }
}
