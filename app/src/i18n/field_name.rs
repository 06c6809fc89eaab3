//! What a form's field is called in a sentence about it: in the summary above a form nobody sees which field is meant.
//! It knows the fields of all forms by the names that the commands give them; whoever has no name here speaks for itself.

use jiff::civil::Weekday;

use super::format::weekday_name;
use crate::t;

/// Rules whose sentence does not say what it is about.
const NAMELESS: [&str; 22] = [
    "required",
    "choose",
    "too_short",
    "too_long",
    "too_many_items",
    "too_many_windows",
    "invalid",
    "malformed",
    "out_of_range",
    "number_invalid",
    "number_out_of_range",
    "minutes_out_of_range",
    "days_out_of_range",
    "control_characters",
    "date_invalid",
    "date_past",
    "date_too_far",
    "time_invalid",
    "hours_overlap",
    "hours_order",
    "hours_required",
    "name_taken",
];

/// The name to put before the sentence of a rule, where the sentence needs one.
pub fn field_before(field: &str, rule: &str) -> Option<String> {
    NAMELESS.contains(&rule).then(|| field_name(field)).flatten()
}

fn field_name(field: &str) -> Option<String> {
    let name = match field {
        "email" => t!(common.email),
        "phone" => t!(common.phone),
        "name" => t!(common.name),
        "full_name" => t!(auth.full_name),
        "birth_date" => t!(auth.birth_date),
        "password" => t!(auth.password),
        "specialties" => t!(hospital_doctors.specialties),
        "languages" => t!(hospital_doctors.languages),
        "biography" => t!(hospital_doctors.biography),
        "department_id" => t!(hospital_doctors.department),
        "visit_type_ids" => t!(hospital_doctors.visit_types),
        "date" => t!(hospital_hours.date),
        "note" => t!(hospital_hours.note),
        "every_weeks" => t!(hospital_hours.rule_weeks),
        "rules.cadence_minutes" => t!(hospital_hours.cadence),
        "rules.notice_minutes" => t!(hospital_hours.notice),
        "rules.horizon_days" => t!(hospital_hours.horizon),
        "rules.most_a_day" => t!(hospital_hours.most_a_day),
        "most_a_day" => t!(hospital_setup.most_a_day),
        "capacity" => t!(hospital_setup.capacity),
        "need_name" => t!(hospital_resources.need_name),
        "resources" => t!(hospital_resources.one_of),
        "visits" => t!(hospital_money.free_visits),
        "days" => t!(hospital_money.free_days),
        "reason" => t!(hospital_visit.why),
        "start" => t!(booking.step_time),
        "patient_id" => t!(booking.patient),
        "modality" => t!(hospital_visit.place),
        "minutes" => t!(hospital_setup.length),
        "buffer_before" => t!(hospital_setup.buffer_before),
        "buffer_after" => t!(hospital_setup.buffer_after),
        "price_minor" => t!(hospital_visit.price),
        "address" => t!(hospital_setup.address),
        "city" => t!(hospital_setup.city),
        "about" => t!(hospital_setup.about),
        "time_zone" => t!(hospital_setup.zone),
        "currency" => t!(hospital_setup.currency),
        "relation" => t!(family.relation),
        "permissions" => t!(family.may),
        "from" => t!(family.from_label),
        "until" => t!(family.until_label),
        "role" => t!(hospital_members.role),
        "doctor_id" => t!(hospital_members.which_doctor),
        _ => return keyed_name(field).or_else(|| hours_name(field)),
    };
    Some(name.to_owned())
}

/// One of many like fields of a page: `question[…]`.
fn keyed_name(field: &str) -> Option<String> {
    let name = match field.split_once('[')?.0 {
        "question" => t!(who_looked.question),
        "answer" => t!(audit.answer),
        "finding" => t!(emergency.finding),
        "note" => t!(emergency.note),
        _ => return None,
    };
    Some(name.to_owned())
}

/// "Monday, hours 2" for `mon2_start`; a date that differs has no weekday.
fn hours_name(field: &str) -> Option<String> {
    let window = field.strip_suffix("_start").or_else(|| field.strip_suffix("_end"))?;
    let (day, number) = window.split_at_checked(3)?;
    if !matches!(number, "1" | "2" | "3") {
        return None;
    }
    let weekday = match day {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        "day" => return Some(t!(field.special_hours, number = number)),
        _ => return None,
    };
    Some(t!(field.day_hours, day = weekday_name(weekday), number = number))
}

#[cfg(test)]
mod tests {
    use super::field_before;

    #[test]
    fn a_sentence_that_names_nothing_gets_a_name() {
        assert_eq!(field_before("full_name", "required").as_deref(), Some("Full name"));
        assert_eq!(field_before("tue2_start", "hours_overlap").as_deref(), Some("Tuesday, hours 2"));
        assert_eq!(field_before("question[hospital-1~7]", "required").as_deref(), Some("Your question"));
        assert_eq!(field_before("day1_end", "time_invalid").as_deref(), Some("Hours 1"));
        assert_eq!(field_before("most_a_day", "number_out_of_range").as_deref(), Some("Most of these a day"));
    }

    #[test]
    fn a_sentence_that_names_its_field_stands_alone() {
        assert_eq!(field_before("email", "email_invalid"), None);
        assert_eq!(field_before("nonsense", "required"), None);
        assert_eq!(field_before("mon9_start", "required"), None);
    }
}
