//! `/follow-ups/{id}`: who would like to see one again, and the times that fit; one of them is chosen and booked on the same page.
//! It works without a script.

use domain::follow_ups::{FollowUp, FollowUpStatus, FollowUpTime, FollowUpTimes};
use domain::ids::{DoctorId, FollowUpId};
use domain::payments::FollowUpWindow;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{ChooseFollowUpTime, Chosen, read_follow_up};
use super::words::{asks, days, over, with_whom};
use crate::appointments::reason::ReasonField;
use crate::browser;
use crate::family::acting::ActingBanner;
use crate::form::{Form, FormState, new_key, use_form_state};
use crate::i18n::{date_at_time, date_full, date_long, date_medium, price_or_free, time};
use crate::payments::api::read_free_visits;
use crate::portal::{Loaded, use_query};
use crate::reading::Reading;
use crate::server::AppError;
use crate::t;
use crate::ui::{
    Button, ButtonKind, EmptyState, FormErrors, IconName, LinkButton, Notice, NoticeKind, PageHeader,
    SummaryList, SummaryRow,
};

/// See the module.
#[component]
pub fn FollowUpPage(
    /// Which ticket.
    id: FollowUpId,
) -> impl IntoView {
    let (form, map) = (use_form_state::<ChooseFollowUpTime>(), use_query());
    let from = Memo::new(move |_| map.with(|map| map.get("from").and_then(|day| day.parse::<Date>().ok())));
    // A refused time may be gone, and others with it.
    let found = Reading::new(
        move || (from.get(), form.answered().get()),
        move |(from, _)| ticket_and_price(id, from),
    );
    view! {
        <Title text=t!(follow_ups.title) />
        <Loaded resource=found view=move |found| page(found, from.get_untracked(), form) />
    }
    .into_any()
}

/// A ticket, and what makes its visit free, where it is for one doctor: the price that is due is found when it is booked.
async fn ticket_and_price(
    id: FollowUpId,
    from: Option<Date>,
) -> Result<(Chosen, Option<FollowUpWindow>), AppError> {
    let found = read_follow_up(id, from).await?;
    let ticket = &found.ticket;
    let open = match ticket.doctor_id.filter(|_| ticket.bookable && ticket.price.amount_minor > 0) {
        Some(doctor) => read_free_visits(doctor, Some(ticket.patient_id)).await?,
        None => Vec::new(),
    };
    let fits = |window: &FollowUpWindow| {
        window.visit_type_ids.contains(&ticket.visit_type_id) && window.until >= ticket.from
    };
    let free = open.into_iter().filter(fits).min_by_key(|window| window.until);
    Ok((found, free))
}

fn page(
    (found, free): (Chosen, Option<FollowUpWindow>),
    from: Option<Date>,
    form: FormState<ChooseFollowUpTime>,
) -> AnyView {
    let Chosen { ticket, times } = found;
    let patient = ticket.patient_id;
    let body = match over(ticket.status) {
        Some(words) => ended(&ticket, words),
        None if ticket.bookable => choose(&ticket, times, from, form),
        None => view! { <Notice><p>{t!(follow_ups.others_book)}</p></Notice> }.into_any(),
    };
    view! {
        <ActingBanner patient />
        <div class="page stack">
            <PageHeader title=t!(follow_ups.title) lead=asks(&ticket) back="/appointments" />
            {facts(&ticket, free)}
            {body}
        </div>
    }
    .into_any()
}

fn facts(ticket: &FollowUp, free: Option<FollowUpWindow>) -> AnyView {
    let free = free.map(|window| {
        let (until, day) = (date_medium(window.until), date_medium(window.visit_on));
        view! { <p class="small muted">{t!(payments.free_until, until = until, day = day)}</p> }
    });
    let note = ticket.note.clone().map(|note| {
        view! {
            <SummaryRow label=t!(follow_ups.note_from_doctor)>
                <span class="as-typed" dir="auto">
                    {note}
                </span>
            </SummaryRow>
        }
    });
    let price = price_or_free(ticket.price.amount_minor, &ticket.price.currency);
    let (doctor, days) = (with_whom(ticket), days(ticket));
    let (kind, place) = (ticket.visit_type_name.clone(), ticket.hospital_name.clone());
    view! {
        <SummaryList>
            <SummaryRow label=t!(booking.doctor)>
                <bdi translate="no">{doctor}</bdi>
            </SummaryRow>
            <SummaryRow label=t!(booking.visit)>{kind}</SummaryRow>
            <SummaryRow label=t!(booking.place)>{place}</SummaryRow>
            <SummaryRow label=t!(follow_ups.days)>{days}</SummaryRow>
            <SummaryRow label=t!(booking.price)>
                <span class="money">{price}</span>
                {free}
            </SummaryRow>
            {note}
        </SummaryList>
    }
    .into_any()
}

/// There is nothing to choose any more.
fn ended(ticket: &FollowUp, words: &'static str) -> AnyView {
    let kind = match ticket.status {
        FollowUpStatus::Booked => NoticeKind::Success,
        FollowUpStatus::Open | FollowUpStatus::Expired | FollowUpStatus::Withdrawn => NoticeKind::Info,
    };
    let link = match ticket.booked_id {
        Some(id) => {
            view! { <LinkButton href=format!("/appointments/{id}")>{t!(patient.see_visit)}</LinkButton> }
                .into_any()
        }
        None => view! { <LinkButton href="/appointments">{t!(state.to_visits)}</LinkButton> }.into_any(),
    };
    view! {
        <Notice kind>
            <p>{words}</p>
        </Notice>
        <p>{link}</p>
    }
    .into_any()
}

fn choose(
    ticket: &FollowUp,
    times: FollowUpTimes,
    from: Option<Date>,
    form: FormState<ChooseFollowUpTime>,
) -> AnyView {
    let at = |date: Date| format!("/follow-ups/{}?from={date}", ticket.id);
    let later = times.next.map(|next| {
        view! {
            <LinkButton href=at(next) kind=ButtonKind::Secondary>
                {t!(booking.later)}
            </LinkButton>
        }
    });
    let first = from.filter(|from| *from > ticket.from).map(|_| {
        let href = format!("/follow-ups/{}", ticket.id);
        view! {
            <LinkButton href kind=ButtonKind::Secondary>
                {t!(follow_ups.first_days)}
            </LinkButton>
        }
    });
    let zone = t!(booking.zone, zone = times.time_zone);
    let body = if times.items.is_empty() {
        view! { <EmptyState icon=IconName::Calendar text=t!(follow_ups.none_free) /> }.into_any()
    } else {
        list(ticket, times.items, form)
    };
    view! {
        <h2 class="section-title">{t!(follow_ups.choose)}</h2>
        <p class="small muted">{zone}</p>
        <FormErrors problems=form.problems() />
        {body}
        <p class="cluster">{first} {later}</p>
    }
    .into_any()
}

fn list(ticket: &FollowUp, items: Vec<FollowUpTime>, form: FormState<ChooseFollowUpTime>) -> AnyView {
    let (named, chosen) = (ticket.doctor_id.is_none(), form.value("start"));
    let picked = RwSignal::new(None::<FollowUpTime>);
    let all = items.clone();
    // What was chosen before the page came to life, or before it was refused.
    Effect::new(move |_| {
        let value = browser::chosen("start");
        let item = all.iter().find(|item| value.as_deref() == Some(&*value_of(item))).cloned();
        picked.set(item);
    });
    let doctors = by_doctor(items, ticket.asked_by_id);
    let in_turn = doctors.len() > 1 && doctors.first().is_some_and(|first| first.id == ticket.asked_by_id);
    let in_turn = in_turn.then(|| {
        view! { <p class="small muted">{t!(follow_ups.doctors_in_turn, doctor = ticket.asked_by_name)}</p> }
    });
    let mut first = true;
    let doctors: Vec<_> =
        doctors.into_iter().map(|doctor| times_of(doctor, named, (&chosen, picked), &mut first)).collect();
    let (key, id) = (SharedValue::new(new_key).into_inner(), ticket.id.to_string());
    let until = t!(follow_ups.good_until, date = date_full(ticket.until));
    view! {
        <Form state=form no_summary=true>
            <div class="form">
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="idempotency_key" value=key />
                {in_turn} {doctors}
                <ReasonField label=t!(booking.about) form=*form />
                <p class="small muted">{until}</p>
                <div class="sticky-action">
                    {move || picked.get().map(chosen_line)}
                    <Button busy=form.busy()>{t!(follow_ups.book)}</Button>
                </div>
            </div>
        </Form>
    }
    .into_any()
}

/// The page may be long, so what the button books stands beside it.
fn chosen_line(item: FollowUpTime) -> AnyView {
    let when = date_at_time(item.start.date(), item.start.local().time());
    view! { <p class="small">{t!(follow_ups.chosen, when = when, doctor = item.doctor_name)}</p> }.into_any()
}

/// A doctor with her free times.
struct OfDoctor {
    id: DoctorId,
    name: String,
    times: Vec<FollowUpTime>,
}

/// The times doctor by doctor: of her who asked first, of the others by name. All of them are one choice.
fn by_doctor(items: Vec<FollowUpTime>, asked_by: DoctorId) -> Vec<OfDoctor> {
    let mut doctors: Vec<OfDoctor> = Vec::new();
    for item in items {
        if let Some(doctor) = doctors.iter_mut().find(|doctor| doctor.id == item.doctor_id) {
            doctor.times.push(item);
        } else {
            let (id, name) = (item.doctor_id, item.doctor_name.clone());
            doctors.push(OfDoctor { id, name, times: vec![item] });
        }
    }
    doctors.sort_by(|one, other| {
        (one.id != asked_by, &one.name, one.id).cmp(&(other.id != asked_by, &other.name, other.id))
    });
    doctors
}

/// The times of a doctor day by day; with her name above them where it could be several.
fn times_of(
    doctor: OfDoctor,
    named: bool,
    chosen: (&str, RwSignal<Option<FollowUpTime>>),
    first: &mut bool,
) -> AnyView {
    let OfDoctor { id, name, times } = doctor;
    let mut days: Vec<(Date, Vec<AnyView>)> = Vec::new();
    for item in times {
        let chip = chip(&item, chosen, std::mem::take(first));
        match days.last_mut() {
            Some((date, chips)) if *date == item.start.date() => chips.push(chip),
            _ => days.push((item.start.date(), vec![chip])),
        }
    }
    let days: Vec<_> = days
        .into_iter()
        .map(|(date, chips)| {
            // Two doctors have the same days: whoever only hears them knows whose this one is.
            let whose = named.then(|| {
                let name = name.clone();
                view! { <span class="visually-hidden">", " <bdi translate="no">{name}</bdi></span> }
            });
            view! {
                <fieldset class="week-day">
                    <legend class="field-label">{date_long(date)} {whose}</legend>
                    <div class="radios radios-chips">{chips}</div>
                </fieldset>
            }
        })
        .collect();
    let days = view! { <div class="week-grid">{days}</div> };
    if !named {
        return days.into_any();
    }
    let id = format!("times-{id}");
    let heading = id.clone();
    view! {
        <section class="stack-small" aria-labelledby=id>
            <h3 class="card-title" id=heading>
                <bdi translate="no">{name}</bdi>
            </h3>
            {days}
        </section>
    }
    .into_any()
}

/// A choice as the form sends it: when and with whom.
fn value_of(item: &FollowUpTime) -> String {
    format!("{} {}", item.start, item.doctor_id)
}

/// A time. The first one carries the name of the field, so that a problem leads there.
fn chip(
    item: &FollowUpTime,
    (chosen, picked): (&str, RwSignal<Option<FollowUpTime>>),
    first: bool,
) -> AnyView {
    let value = value_of(item);
    let id = if first {
        "start".to_owned()
    } else {
        format!("start-{}-{}", item.start.at().as_second(), item.doctor_id)
    };
    let checked = value == chosen;
    let places = item.places_left.map(|left| {
        let words = t!(booking.places_left, count = left.unsigned_abs());
        view! { <span class="radio-left small">{words}</span> }
    });
    let target = id.clone();
    let own = item.clone();
    view! {
        <label class="radio" for=target>
            <input
                id=id
                type="radio"
                name="start"
                value=value
                checked=checked
                required=true
                on:change=move |_| picked.set(Some(own.clone()))
            />
            <span class="radio-text">
                <span class="radio-label time">{time(item.start.local().time())}</span>
                {places}
            </span>
        </label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: &str, doctor: u128) -> FollowUpTime {
        let start = start.parse().unwrap();
        FollowUpTime {
            doctor_id: DoctorId(uuid::Uuid::from_u128(doctor)),
            doctor_name: format!("Dr. {doctor}"),
            start,
            end: start,
            places_left: None,
        }
    }

    #[test]
    fn the_doctor_who_asked_comes_first_and_the_others_by_name() {
        let (nine, ten) = ("2026-12-01T09:00:00+01:00", "2026-12-01T10:00:00+01:00");
        let all = vec![at(nine, 3), at(nine, 1), at(ten, 2), at(ten, 3)];
        let asked_by = DoctorId(uuid::Uuid::from_u128(2));
        let told: Vec<_> = by_doctor(all, asked_by).into_iter().map(|of| (of.name, of.times)).collect();
        let expected = [
            ("Dr. 2".to_owned(), vec![at(ten, 2)]),
            ("Dr. 1".to_owned(), vec![at(nine, 1)]),
            ("Dr. 3".to_owned(), vec![at(nine, 3), at(ten, 3)]),
        ];
        assert_eq!(told, expected);
    }
}
