//! How dates, times, money and spans are written: one function for the server and the browser, so both render the same text.
//! It reads no clock and no zone: whoever calls gives civil values, already in the clinic's zone.

use jiff::civil::{Date, Time, Weekday};

use super::keys::calendar;
use crate::t;

/// "Monday"
pub fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => calendar::monday(),
        Weekday::Tuesday => calendar::tuesday(),
        Weekday::Wednesday => calendar::wednesday(),
        Weekday::Thursday => calendar::thursday(),
        Weekday::Friday => calendar::friday(),
        Weekday::Saturday => calendar::saturday(),
        Weekday::Sunday => calendar::sunday(),
    }
}

/// "Mon"
pub fn weekday_short(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => calendar::monday_short(),
        Weekday::Tuesday => calendar::tuesday_short(),
        Weekday::Wednesday => calendar::wednesday_short(),
        Weekday::Thursday => calendar::thursday_short(),
        Weekday::Friday => calendar::friday_short(),
        Weekday::Saturday => calendar::saturday_short(),
        Weekday::Sunday => calendar::sunday_short(),
    }
}

/// "November" for 11.
pub fn month_name(month: i8) -> &'static str {
    match month {
        1 => calendar::january(),
        2 => calendar::february(),
        3 => calendar::march(),
        4 => calendar::april(),
        5 => calendar::may(),
        6 => calendar::june(),
        7 => calendar::july(),
        8 => calendar::august(),
        9 => calendar::september(),
        10 => calendar::october(),
        11 => calendar::november(),
        _ => calendar::december(),
    }
}

/// "Nov" for 11.
pub fn month_short(month: i8) -> &'static str {
    match month {
        1 => calendar::january_short(),
        2 => calendar::february_short(),
        3 => calendar::march_short(),
        4 => calendar::april_short(),
        5 => calendar::may_short(),
        6 => calendar::june_short(),
        7 => calendar::july_short(),
        8 => calendar::august_short(),
        9 => calendar::september_short(),
        10 => calendar::october_short(),
        11 => calendar::november_short(),
        _ => calendar::december_short(),
    }
}

/// "Tue 24 Nov 2026"
pub fn date_medium(date: Date) -> String {
    let (weekday, month) = (weekday_short(date.weekday()), month_short(date.month()));
    t!(calendar.date_medium, weekday = weekday, day = date.day(), month = month, year = date.year())
}

/// "Tuesday 24 November"
pub fn date_long(date: Date) -> String {
    let (weekday, month) = (weekday_name(date.weekday()), month_name(date.month()));
    t!(calendar.date_long, weekday = weekday, day = date.day(), month = month)
}

/// "Tuesday 24 November 2026"
pub fn date_full(date: Date) -> String {
    let (weekday, month) = (weekday_name(date.weekday()), month_name(date.month()));
    t!(calendar.date_full, weekday = weekday, day = date.day(), month = month, year = date.year())
}

/// "24 Nov"
pub fn day_month(date: Date) -> String {
    t!(calendar.day_month, day = date.day(), month = month_short(date.month()))
}

/// "24 November 2026": for birth dates, where the weekday is noise.
pub fn day_month_year(date: Date) -> String {
    t!(calendar.day_month_year, day = date.day(), month = month_name(date.month()), year = date.year())
}

/// "24 Nov 1951": for birth dates beside names, where there is little room.
pub fn day_month_year_short(date: Date) -> String {
    t!(calendar.day_month_year, day = date.day(), month = month_short(date.month()), year = date.year())
}

/// The first letter of a sentence: "In 3 days".
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// An address whose numbers stay beside their names when the line is full: "Lindenstraße 12", "10969 Berlin".
pub fn address(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let near = |index: Option<usize>| index.and_then(|index| letters.get(index)).copied().unwrap_or(' ');
    let kept = |(index, letter): (usize, &char)| {
        let (before, after) = (near(index.checked_sub(1)), near(index.checked_add(1)));
        let number = before.is_ascii_digit() && after.is_alphabetic()
            || before.is_alphabetic() && after.is_ascii_digit();
        if *letter == ' ' && number { '\u{a0}' } else { *letter }
    };
    letters.iter().enumerate().map(kept).collect()
}

/// "November 2026"
pub fn month_year(date: Date) -> String {
    t!(calendar.month_year, month = month_name(date.month()), year = date.year())
}

/// "14:35"
pub fn time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// "14:35" from minutes after midnight; 1440 is "24:00".
pub fn time_of_minutes(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// "14:35 to 14:55"
pub fn time_range(start: Time, end: Time) -> String {
    t!(calendar.time_range, start = time(start), end = time(end))
}

/// One day, or "Tue 24 Nov 2026 to Mon 30 Nov 2026": the first and the last, as `written` writes a day.
pub fn dates(from: Date, to: Date, written: impl Fn(Date) -> String) -> String {
    if from == to { written(from) } else { t!(calendar.dates, from = written(from), to = written(to)) }
}

/// "Tue 24 Nov 2026 at 14:35"
pub fn date_at_time(date: Date, at: Time) -> String {
    t!(calendar.date_at_time, date = date_medium(date), time = time(at))
}

/// "20 min", "1 h", "1 h 30 min"
pub fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => t!(calendar.minutes, count = minutes),
        (hours, 0) => t!(calendar.hours, count = hours),
        (hours, minutes) => t!(calendar.hours_minutes, hours = hours, minutes = minutes),
    }
}

/// "today", "tomorrow", "in 3 days", "2 weeks ago": said in addition to a date, never instead of one.
pub fn relative_day(date: Date, today: Date) -> String {
    let days = today.until(date).map_or(0, |span| span.get_days());
    match days {
        0 => t!(calendar.today).to_owned(),
        1 => t!(calendar.tomorrow).to_owned(),
        -1 => t!(calendar.yesterday).to_owned(),
        2..14 => t!(calendar.in_days, count = days),
        -13..=-2 => t!(calendar.days_ago, count = -days),
        14.. if days % 7 == 0 => t!(calendar.in_weeks, count = days / 7),
        14.. => t!(calendar.in_about_weeks, count = (days + 3) / 7),
        _ if days % 7 == 0 => t!(calendar.weeks_ago, count = -days / 7),
        _ => t!(calendar.about_weeks_ago, count = (3 - days) / 7),
    }
}

/// "72 years old"; months below the age of two.
pub fn age(birth: Date, today: Date) -> String {
    let months = i32::from(today.year() - birth.year()) * 12 + i32::from(today.month() - birth.month())
        - i32::from(today.day() < birth.day());
    if months < 24 {
        t!(calendar.months_old, count = months.max(0))
    } else {
        t!(calendar.years_old, count = months / 12)
    }
}

/// "₹1,00,000", "€49.50", "¥900": minor units and an ISO 4217 code; whole amounts lose their decimals.
pub fn price(minor: i64, currency: &str) -> String {
    let digits = minor_digits(currency);
    let unit = 10_u64.pow(digits);
    let (whole, fraction) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
    let grouped = if currency == "INR" { group(whole, 2) } else { group(whole, 3) };
    let sign = if minor < 0 { "−" } else { "" };
    let symbol = symbol(currency).map_or_else(|| format!("{currency}\u{a0}"), str::to_owned);
    if fraction == 0 {
        format!("{sign}{symbol}{grouped}")
    } else {
        format!("{sign}{symbol}{grouped}.{fraction:0width$}", width = digits as usize)
    }
}

/// As [`price_or_free`], for a column of prices: where one of them has decimals, all have.
pub fn price_in_column(minor: i64, currency: &str, decimals: bool) -> String {
    let text = price_or_free(minor, currency);
    let digits = minor_digits(currency);
    if !decimals || minor == 0 || digits == 0 || has_decimals(minor, currency) {
        return text;
    }
    format!("{text}.{:0width$}", 0, width = digits as usize)
}

/// Whether an amount is more than whole units.
pub fn has_decimals(minor: i64, currency: &str) -> bool {
    !minor.unsigned_abs().is_multiple_of(10_u64.pow(minor_digits(currency)))
}

/// As [`price`], with a word for nothing.
pub fn price_or_free(minor: i64, currency: &str) -> String {
    if minor == 0 { t!(calendar.free).to_owned() } else { price(minor, currency) }
}

/// How many digits the minor unit of a currency has (ISO 4217).
pub fn minor_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

fn symbol(currency: &str) -> Option<&'static str> {
    Some(match currency {
        "INR" => "₹",
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "JPY" => "¥",
        "AUD" => "A$",
        "CAD" => "C$",
        "NZD" => "NZ$",
        "BRL" => "R$",
        "KRW" => "₩",
        "TRY" => "₺",
        "ILS" => "₪",
        "NGN" => "₦",
        "PHP" => "₱",
        "VND" => "₫",
        _ => return None,
    })
}

/// Commas after the last three digits, then after every `step` digits: 3 in most of the world, 2 in India.
fn group(number: u64, step: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 6);
    for (position, digit) in digits.chars().enumerate() {
        let left = digits.len() - position;
        let boundary = left == 3 || left > 3 && (left - 3).is_multiple_of(step);
        if position > 0 && boundary {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    #[test]
    fn dates_carry_weekday_day_word_and_year() {
        let day = date(2026, 11, 24);
        assert_eq!(super::date_medium(day), "Tue 24 Nov 2026");
        assert_eq!(super::date_long(day), "Tuesday 24 November");
        assert_eq!(super::date_full(day), "Tuesday 24 November 2026");
        assert_eq!(super::day_month(day), "24 Nov");
        assert_eq!(super::date_at_time(day, time(9, 5, 0, 0)), "Tue 24 Nov 2026 at 09:05");
    }

    #[test]
    fn times_are_padded() {
        assert_eq!(super::time(time(7, 5, 59, 0)), "07:05");
        assert_eq!(super::time_of_minutes(875), "14:35");
        assert_eq!(super::time_of_minutes(1440), "24:00");
    }

    #[test]
    fn money_is_grouped_as_its_country_does() {
        for (minor, currency, text) in [
            (10_000_000, "INR", "₹1,00,000"),
            (1_234_567_850, "INR", "₹1,23,45,678.50"),
            (50_000, "INR", "₹500"),
            (4_950, "EUR", "€49.50"),
            (123_456_700, "USD", "$1,234,567"),
            (5, "GBP", "£0.05"),
            (900, "JPY", "¥900"),
            (1_500, "KWD", "KWD\u{a0}1.500"),
            (-2_000, "EUR", "−€20"),
            (i64::MIN, "EUR", "−€92,233,720,368,547,758.08"),
        ] {
            assert_eq!(super::price(minor, currency), text);
        }
        assert_eq!(super::price_or_free(0, "EUR"), "Free of charge");
    }

    #[test]
    fn prices_in_a_column_have_the_same_decimals() {
        assert_eq!(super::price_in_column(4_500, "EUR", true), "€45.00");
        assert_eq!(super::price_in_column(2_250, "EUR", true), "€22.50");
        assert_eq!(super::price_in_column(4_500, "EUR", false), "€45");
        assert_eq!(super::price_in_column(900, "JPY", true), "¥900");
        assert_eq!(super::price_in_column(0, "EUR", true), "Free of charge");
        assert!(super::has_decimals(2_250, "EUR") && !super::has_decimals(4_500, "EUR"));
    }

    #[test]
    fn numbers_of_an_address_stay_beside_their_names() {
        assert_eq!(
            super::address("Lindenstraße 12, 10969 Berlin"),
            "Lindenstraße\u{a0}12, 10969\u{a0}Berlin"
        );
        assert_eq!(super::address("1 Quay Street"), "1\u{a0}Quay Street");
        assert_eq!(super::sentence("in 3 days"), "In 3 days");
    }

    #[test]
    fn spans_are_short() {
        assert_eq!(super::duration(20), "20\u{a0}min");
        assert_eq!(super::duration(60), "1\u{a0}h");
        assert_eq!(super::duration(90), "1\u{a0}h 30\u{a0}min");
    }

    #[test]
    fn days_are_told_from_today() {
        let today = date(2026, 11, 24);
        for (day, text) in [
            (date(2026, 11, 24), "today"),
            (date(2026, 11, 25), "tomorrow"),
            (date(2026, 11, 23), "yesterday"),
            (date(2026, 11, 27), "in 3 days"),
            (date(2026, 12, 18), "in about 3 weeks"),
            (date(2026, 12, 22), "in 4 weeks"),
            (date(2026, 12, 20), "in about 4 weeks"),
            (date(2026, 11, 14), "10 days ago"),
            (date(2026, 11, 8), "about 2 weeks ago"),
            (date(2025, 11, 25), "52 weeks ago"),
        ] {
            assert_eq!(super::relative_day(day, today), text);
        }
    }

    #[test]
    fn one_day_is_said_once() {
        let (from, to) = (date(2026, 11, 24), date(2026, 11, 30));
        assert_eq!(super::dates(from, from, super::date_medium), "Tue 24 Nov 2026");
        assert_eq!(super::dates(from, to, super::date_medium), "Tue 24 Nov 2026 to Mon 30 Nov 2026");
    }

    #[test]
    fn age_counts_birthdays() {
        assert_eq!(super::age(date(1951, 11, 25), date(2026, 11, 24)), "74 years old");
        assert_eq!(super::age(date(1951, 11, 24), date(2026, 11, 24)), "75 years old");
        assert_eq!(super::age(date(2026, 10, 25), date(2026, 11, 24)), "0 months old");
    }
}
