//! "Why not this time?": a small form that names a day and a time, and the engine's own answer with what is free instead.
//! The question stands in the address, so it works without scripts and can be sent to somebody. It tells nothing of whose a time is.

use domain::availability::Explanation;
use domain::ids::{DoctorId, VisitTypeId};
use domain::time::Moment;
use leptos::prelude::*;
use leptos_router::components::Form as RouteForm;

use super::api::explain_time;
use crate::i18n::{date_full, date_long, duration, time, time_range};
use crate::portal::{Loaded, Query, without_nameless};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonRow, DateField, Details, Field, IconName, LinkButton, Notice, NoticeKind,
    SkeletonShape,
};

/// The field of the day in the address.
pub const DAY: &str = "why_day";
/// The field of the time in the address.
pub const AT: &str = "why_time";

/// The question that an address asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    day: String,
    at: String,
}

impl Asked {
    /// Reads it.
    #[must_use]
    pub fn from_query(query: &Query) -> Self {
        let text = |name| query.get(name).unwrap_or_default().to_owned();
        Self { day: text(DAY), at: text(AT) }
    }

    /// What the hospital's clock shows then; none while nothing is asked.
    fn start(&self) -> Option<String> {
        (!self.day.is_empty() && !self.at.is_empty()).then(|| format!("{}T{}", self.day, self.at))
    }
}

/// An answer, or none while nothing is asked.
pub type Answer = Reading<Option<Explanation>>;

/// Asks as soon as the address does.
pub fn use_answer(
    doctor: impl Fn() -> Option<(DoctorId, VisitTypeId)> + Send + Sync + 'static,
    asked: Memo<Asked>,
) -> Answer {
    Reading::new(
        move || (doctor(), asked.get().start()),
        |(about, start)| async move {
            match (about, start) {
                (Some((doctor, visit_type)), Some(start)) => {
                    explain_time(doctor, visit_type, start).await.map(Some)
                }
                _ => Ok(None),
            }
        },
    )
}

/// The form and the answer.
#[component]
pub fn WhyNot(
    /// Where the page stands.
    #[prop(into)]
    action: String,
    /// What else its address says.
    hidden: Vec<(&'static str, String)>,
    /// The question.
    asked: Asked,
    /// The answer.
    answer: Answer,
    /// Where a free time is taken.
    take: Callback<Moment, String>,
) -> impl IntoView {
    let hidden: Vec<_> = hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect();
    let open = asked.start().is_some();
    view! {
        <Details summary=t!(booking.why_open) open>
            <div class="stack">
                <RouteForm method="get" action on_form_data=without_nameless()>
                    <div class="stack">
                        <p>{t!(booking.why_lead)}</p>
                        {hidden}
                        <div class="inline-form">
                            <DateField label=t!(booking.why_day) name=DAY value=asked.day />
                            <Field label=t!(booking.why_time) name=AT kind="time" value=asked.at />
                        </div>
                        <Button kind=ButtonKind::Secondary>{t!(booking.why_action)}</Button>
                    </div>
                </RouteForm>
                <div aria-live="polite">
                    <Loaded
                        resource=answer
                        part=true
                        shape=SkeletonShape::Rows
                        view=move |found| told(found, take)
                    />
                </div>
            </div>
        </Details>
    }
    .into_any()
}

fn told(found: Option<Explanation>, take: Callback<Moment, String>) -> AnyView {
    let Some(found) = found else { return ().into_any() };
    let title = found
        .start
        .map(|start| t!(booking.why_about, date = date_full(start.date()), time = time(start.local().time())))
        .unwrap_or_default();
    let kind = if found.rule.is_none() { NoticeKind::Success } else { NoticeKind::Info };
    let free =
        if found.rule.is_none() { found.start.into_iter().collect() } else { found.alternatives.clone() };
    let words = words(&found);
    let near = (found.rule.is_some() && !free.is_empty()).then(|| {
        let close = found.start.is_some_and(|asked| is_near(asked, &free));
        view! { <p>{if close { t!(booking.why_near) } else { t!(booking.why_next) }} ":"</p> }
    });
    let links: Vec<_> = free
        .into_iter()
        .map(|start| {
            let words =
                t!(booking.why_about, date = date_long(start.date()), time = time(start.local().time()));
            view! {
                <LinkButton href=take.run(start) kind=ButtonKind::Secondary icon=IconName::Clock>
                    {words}
                </LinkButton>
            }
        })
        .collect();
    view! {
        <Notice kind title>
            <div class="stack-small">
                <p>{words}</p>
                {near}
                <ButtonRow>{links}</ButtonRow>
            </div>
        </Notice>
    }
    .into_any()
}

/// Whether a free time is within the week around the one that was asked for.
fn is_near(asked: Moment, free: &[Moment]) -> bool {
    let week = jiff::SignedDuration::from_hours(7 * 24);
    free.iter().any(|start| start.at().duration_since(asked.at()).abs() <= week)
}

/// The rule in words.
fn words(found: &Explanation) -> String {
    let hours: Vec<String> = found
        .hours
        .iter()
        .map(|slot| time_range(slot.start.local().time(), slot.end.local().time()))
        .collect();
    let hours = hours.join(", ");
    let fixed = match found.rule.as_deref() {
        None => t!(booking.why_free),
        Some("slot_past") => t!(booking.why_past),
        Some("slot_too_soon") => {
            let (date, at) = (date_long(found.earliest.date()), time(found.earliest.local().time()));
            return t!(booking.why_too_soon, date = date, time = at);
        }
        Some("slot_too_far") => return t!(booking.why_too_far, date = date_full(found.last_date)),
        Some("slot_outside_hours") if !hours.is_empty() => return t!(booking.why_outside, hours = hours),
        Some("slot_does_not_fit") if !hours.is_empty() => {
            let takes = duration(u32::try_from(found.minutes).unwrap_or_default());
            return t!(booking.why_does_not_fit, duration = takes, hours = hours);
        }
        Some("slot_off_grid") => t!(booking.why_off_grid),
        Some("slot_hospital_closed") => t!(booking.why_hospital_closed),
        Some("slot_away") => t!(booking.why_away),
        Some("slot_other_visits") => t!(booking.why_other_visits),
        Some("slot_in_gap") => t!(booking.why_gap),
        Some("slot_taken") => t!(booking.why_taken),
        Some("slot_group_full") => t!(booking.why_group_full),
        Some("slot_day_full") => t!(booking.why_day_full),
        Some("slot_kind_full") => t!(booking.why_kind_full),
        Some("slot_no_resource") => {
            let what = found.lacking.as_deref().unwrap_or_default();
            return t!(booking.why_no_resource, what = what);
        }
        Some("slot_too_close") => t!(booking.why_too_close),
        Some(_) => t!(booking.why_no_work),
    };
    fixed.to_owned()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use domain::availability::Slot;
    use jiff::civil::date;

    fn at(text: &str) -> Moment {
        let never = Moment::new(jiff::Timestamp::UNIX_EPOCH, jiff::tz::Offset::UTC);
        text.parse().unwrap_or(never)
    }

    fn found(rule: Option<&str>) -> Explanation {
        let (start, end) = (at("2026-11-24T09:00:00+01:00"), at("2026-11-24T12:30:00+01:00"));
        let hours = vec![Slot { start, end, places_left: None }];
        Explanation {
            time_zone: "Europe/Berlin".into(),
            start: Some(at("2026-11-24T13:00:00+01:00")),
            rule: rule.map(str::to_owned),
            lacking: Some("Ultrasound room".into()),
            minutes: 30,
            hours,
            earliest: at("2026-11-23T10:00:00+01:00"),
            last_date: date(2027, 2, 21),
            alternatives: vec![at("2026-11-24T12:00:00+01:00")],
        }
    }

    fn html(rule: Option<&str>) -> String {
        let take = |owner: &Owner| {
            owner.with(|| told(Some(found(rule)), Callback::new(|at: Moment| format!("/at/{at}"))).to_html())
        };
        take(&Owner::new())
    }

    #[test]
    fn each_rule_has_words_of_its_own_and_a_way_on() {
        let rules = [
            "slot_past",
            "slot_too_soon",
            "slot_too_far",
            "slot_closed",
            "slot_outside_hours",
            "slot_does_not_fit",
            "slot_off_grid",
            "slot_in_gap",
            "slot_hospital_closed",
            "slot_away",
            "slot_other_visits",
            "slot_taken",
            "slot_group_full",
            "slot_too_close",
            "slot_day_full",
            "slot_kind_full",
            "slot_no_resource",
        ];
        let told: std::collections::BTreeSet<_> =
            rules.iter().map(|rule| words(&found(Some(rule)))).collect();
        assert_eq!(told.len(), rules.len(), "{told:?}");
        for rule in rules {
            let html = html(Some(rule));
            assert!(html.contains("/at/2026-11-24T12:00:00+01:00") && !html.contains("slot_"), "{html}");
        }
        assert!(words(&found(Some("slot_outside_hours"))).contains("09:00"));
        assert!(words(&found(Some("slot_no_resource"))).contains("Ultrasound room"));
    }

    #[test]
    fn a_free_time_can_be_taken_at_once() {
        let html = html(None);
        assert!(
            html.contains(t!(booking.why_free)) && html.contains("/at/2026-11-24T13:00:00+01:00"),
            "{html}"
        );
    }

    #[test]
    fn nothing_is_asked_before_both_are_there() {
        assert_eq!(Asked::from_query(&Query::parse("why_day=2026-11-24")).start(), None);
        let asked = Asked::from_query(&Query::parse("why_day=2026-11-24&why_time=10%3A07"));
        assert_eq!(asked.start().as_deref(), Some("2026-11-24T10:07"));
    }
}
