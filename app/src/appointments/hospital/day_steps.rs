//! The ways from a day to others: the day before, today, the day after, and any date. A week has the first three of them too.
//! The date stands in the address, as `date`; all of it are links and a form that asks, so that it works without a script.

use domain::time::plus_days;
use jiff::civil::Date;
use leptos::prelude::*;

use super::hands::Around;
use crate::portal::hospital::href;
use crate::t;
use crate::ui::{Button, ButtonKind, DateField, IconName, LinkButton};

/// The addresses of the days around one.
pub fn days_around(path: &str, date: Date) -> Around {
    let to = |date: Date| href(path, &[("date", &date.to_string())]);
    Around { before: to(plus_days(date, -1)), now: path.to_owned(), after: to(plus_days(date, 1)) }
}

/// See the module.
#[component]
pub fn DaySteps(
    /// The page's address.
    path: String,
    /// The day that it shows.
    date: Date,
) -> impl IntoView {
    let around = days_around(&path, date);
    let words = StepWords {
        label: t!(hospital_today.other_days),
        before: t!(hospital_today.day_before),
        now: t!(common.today),
        after: t!(hospital_today.day_after),
    };
    view! {
        <AroundSteps around words />
        <form class="date-jump" method="get" action=path>
            <DateField label=t!(hospital_today.go_to_date) name="date" value=date.to_string() />
            <Button kind=ButtonKind::Secondary small=true>
                {t!(common.show)}
            </Button>
        </form>
    }
    .into_any()
}

/// What the links say to what lies around.
#[derive(Clone, Copy)]
pub struct StepWords {
    /// All of them together.
    pub label: &'static str,
    /// To the one before.
    pub before: &'static str,
    /// To the one that is now.
    pub now: &'static str,
    /// To the one after.
    pub after: &'static str,
}

/// The links to the day or the week before, now and after.
#[component]
pub fn AroundSteps(
    /// Where they lead.
    around: Around,
    /// What they say.
    words: StepWords,
) -> impl IntoView {
    let Around { before, now, after } = around;
    view! {
        <nav class="cluster no-print" aria-label=words.label>
            <LinkButton href=before kind=ButtonKind::Secondary small=true icon=IconName::ChevronLeft>
                {words.before}
            </LinkButton>
            <LinkButton href=now kind=ButtonKind::Secondary small=true>
                {words.now}
            </LinkButton>
            <LinkButton href=after kind=ButtonKind::Secondary small=true icon_after=IconName::ChevronRight>
                {words.after}
            </LinkButton>
        </nav>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::days_around;
    use jiff::civil::date;

    #[test]
    fn the_day_after_the_last_of_a_month_is_the_first_of_the_next() {
        let around = days_around("/day", date(2026, 11, 30));
        assert_eq!(around.before, "/day?date=2026-11-29");
        assert_eq!(around.after, "/day?date=2026-12-01");
        assert_eq!(around.now, "/day");
    }
}
