//! `/waiting-list`: the viewer's places in line, the time that is kept for her, and the ways to take it, to let it go, and to leave.
//! A change anywhere reads the list again; the page works without a script.

use domain::ids::WaitlistEntryId;
use domain::waitlist::{EntryStatus, WaitlistEntry, WaitlistOffer};
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{AcceptWaitingTime, DeclineWaitingTime, LeaveWaitingList, read_waiting_list};
use super::words::{span, suits};
use crate::doctors::parts::money;
use crate::family::acting::name_of;
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::{date_at_time, date_full, time};
use crate::live::use_live;
use crate::portal::{Loaded, use_query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, Card, Details, Done, EmptyState, FormErrors, IconName, LinkButton, Notice,
    NoticeKind, PageHeader, SkeletonShape, SummaryList, SummaryRow,
};

/// The forms of the page.
#[derive(Clone, Copy)]
struct Forms {
    accept: FormState<AcceptWaitingTime>,
    decline: FormState<DeclineWaitingTime>,
    leave: FormState<LeaveWaitingList>,
}

/// See the module.
#[component]
pub fn WaitingListPage() -> impl IntoView {
    let forms = Forms { accept: use_form_state(), decline: use_form_state(), leave: use_form_state() };
    let (live, map) = (use_live(), use_query());
    let list = Reading::new(
        move || (live.version(), map.with(|map| map.get("done").map(str::to_owned))),
        |_| read_waiting_list(),
    );
    view! {
        <Title text=t!(waiting.title) />
        <div class="page page-narrow stack">
            <PageHeader title=t!(waiting.title) lead=t!(waiting.lead) />
            <FormErrors problems=forms.accept.problems() />
            <FormErrors problems=forms.decline.problems() />
            <FormErrors problems=forms.leave.problems() />
            <Loaded
                resource=list
                shape=SkeletonShape::Cards
                view=move |list| {
                    let what = map.with(|map| map.get("done").unwrap_or_default().to_owned());
                    view! { {done(&what, &list).map(notice)} {entries(list, &forms)} }
                }
            />
        </div>
    }
    .into_any()
}

/// What has just been done, as the address says and the list bears out: an address can be kept, or written by anybody.
fn done(what: &str, list: &[WaitlistEntry]) -> Option<&'static str> {
    let waits = || list.iter().any(|entry| entry.status.is_open());
    let left = || list.iter().any(|entry| entry.status == EntryStatus::Withdrawn);
    match what {
        "joined" if waits() => Some(t!(waiting.joined)),
        "declined" if waits() => Some(t!(waiting.declined)),
        "left" if left() => Some(t!(waiting.left)),
        _ => None,
    }
}

fn notice(words: &'static str) -> AnyView {
    view! { <Done words /> }.into_any()
}

fn entries(list: Vec<WaitlistEntry>, forms: &Forms) -> AnyView {
    if list.is_empty() {
        return view! {
            <EmptyState icon=IconName::Clock text=t!(waiting.none)>
                <LinkButton href="/doctors">{t!(patient.find_doctor)}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let cards: Vec<_> = list.into_iter().map(|entry| card(entry, forms)).collect();
    view! { <div class="stack">{cards}</div> }.into_any()
}

fn card(entry: WaitlistEntry, forms: &Forms) -> AnyView {
    let title = match name_of(entry.patient_id) {
        Some(name) => t!(waiting.for_whom, name = name, doctor = entry.doctor_name),
        None => entry.doctor_name.clone(),
    };
    let moves = entry.appointment_id.is_some();
    let offer = entry.offer.clone().map(|offer| kept(entry.id, offer, moves, forms));
    let place = entry.place.map(|place| {
        view! { <SummaryRow label=t!(waiting.place)>{t!(waiting.place_in_line, place = place)}</SummaryRow> }
    });
    let lately = entry.place.is_some().then(|| {
        let count = u32::try_from(entry.offered_lately).unwrap_or_default();
        view! { <SummaryRow label=t!(waiting.lately)>{t!(waiting.offered_lately, count = count)}</SummaryRow> }
    });
    let earlier = entry.appointment_start.map(|start| {
        let when = date_at_time(start.date(), start.local().time());
        view! { <SummaryRow label=t!(waiting.instead_of)>{when}</SummaryRow> }
    });
    let ended = match entry.status {
        EntryStatus::Waiting | EntryStatus::Offered => None,
        EntryStatus::Taken => Some(t!(waiting.was_taken)),
        EntryStatus::Withdrawn => Some(t!(waiting.was_left)),
        EntryStatus::Ended => Some(t!(waiting.was_ended)),
    };
    let ended = ended.map(|words| view! { <p class="muted">{words}</p> });
    let leave = entry.status.is_open().then(|| view! { <Leave id=entry.id form=forms.leave /> });
    view! {
        <Card title>
            {offer}
            {ended}
            <SummaryList>
                <SummaryRow label=t!(booking.visit)>{entry.visit_type_name.clone()}</SummaryRow>
                <SummaryRow label=t!(booking.place)>{entry.hospital_name.clone()}</SummaryRow>
                <SummaryRow label=t!(waiting.days)>{span(entry.from, entry.until)}</SummaryRow>
                <SummaryRow label=t!(waiting.times)>{suits(&entry.weekdays, &entry.day_parts)}</SummaryRow>
                {earlier}
                {place}
                {lately}
            </SummaryList>
            {leave}
        </Card>
    }
    .into_any()
}

/// The time that is kept, until when, and the two answers.
fn kept(id: WaitlistEntryId, offer: WaitlistOffer, moves: bool, forms: &Forms) -> AnyView {
    let Forms { accept: take, decline, .. } = *forms;
    let date = date_full(offer.start.date());
    let hours = format!("{} – {}", time(offer.start.local().time()), time(offer.end.local().time()));
    let until = time(offer.until.local().time());
    // A visit that is moved keeps its price.
    let price = (!moves).then(|| t!(waiting.costs, price = money(&offer.price)));
    let (accept, more) = match (moves, offer.pays) {
        (true, _) => (t!(waiting.accept_move), Some(t!(waiting.accept_move_text))),
        (false, true) => (t!(waiting.accept_pay), Some(t!(waiting.accept_pay_text))),
        (false, false) => (t!(waiting.accept), None),
    };
    view! {
        <Notice kind=NoticeKind::Warning title=t!(waiting.offer_title)>
            <p class="next-visit-when">
                <time datetime=offer.start.to_string()>{date} ", " {hours}</time>
            </p>
            {price.map(|price| view! { <p>{price}</p> })}
            <p>{t!(waiting.kept_until, until = until)}</p>
            {more.map(|words| view! { <p>{words}</p> })}
            <div class="cluster">
                <Form state=take reload=true no_summary=true>
                    <input type="hidden" name="id" value=id.to_string() />
                    <input type="hidden" name="moves" value=moves.to_string() />
                    <Button busy=take.busy()>{accept}</Button>
                </Form>
                <Form state=decline no_summary=true>
                    <input type="hidden" name="id" value=id.to_string() />
                    <Button kind=ButtonKind::Secondary busy=decline.busy()>
                        {t!(waiting.decline)}
                    </Button>
                </Form>
            </div>
        </Notice>
    }
    .into_any()
}

/// A place in line is lost with it, so it is unfolded first.
#[component]
fn Leave(id: WaitlistEntryId, form: FormState<LeaveWaitingList>) -> impl IntoView {
    view! {
        <Details summary=t!(waiting.leave)>
            <p>{t!(waiting.leave_text)}</p>
            <Form state=form no_summary=true>
                <input type="hidden" name="id" value=id.to_string() />
                <Button kind=ButtonKind::Danger busy=form.busy()>{t!(waiting.leave_action)}</Button>
            </Form>
        </Details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::{DoctorId, HospitalId, PatientId, VisitTypeId};
    use jiff::civil::date;
    use uuid::Uuid;

    fn entry(status: EntryStatus) -> WaitlistEntry {
        WaitlistEntry {
            id: WaitlistEntryId(Uuid::from_u128(1)),
            status,
            patient_id: PatientId(Uuid::from_u128(2)),
            patient_name: String::new(),
            doctor_id: DoctorId(Uuid::from_u128(3)),
            doctor_name: String::new(),
            hospital_id: HospitalId(Uuid::from_u128(4)),
            hospital_name: String::new(),
            time_zone: "Europe/Berlin".into(),
            visit_type_id: VisitTypeId(Uuid::from_u128(5)),
            visit_type_name: String::new(),
            appointment_id: None,
            appointment_start: None,
            from: date(2026, 11, 24),
            until: date(2026, 11, 30),
            weekdays: Vec::new(),
            day_parts: Vec::new(),
            joined_at: "2026-11-20T10:00:00+01:00".parse().unwrap(),
            place: None,
            offer: None,
            offered_lately: 0,
            version: 1,
        }
    }

    #[test]
    fn an_address_says_only_what_the_list_bears_out() {
        let waits = [entry(EntryStatus::Waiting)];
        let left = [entry(EntryStatus::Withdrawn)];
        assert_eq!(done("joined", &waits), Some(t!(waiting.joined)));
        assert_eq!(done("joined", &left), None);
        assert_eq!(done("joined", &[]), None);
        assert_eq!(done("declined", &[]), None);
        assert_eq!(done("left", &left), Some(t!(waiting.left)));
        assert_eq!(done("left", &waits), None);
        assert_eq!(done("", &waits), None);
    }
}
