//! What a change of hours would do, as a page of its own: which visits it hits, what it costs, and the choice to save it or to go back.
//! It changes nothing by being looked at.

use std::collections::BTreeMap;

use domain::availability::{HitKind, HitVisit, HoursChange, HoursImpact};
use domain::ids::{DoctorId, HospitalId};
use domain::time::parse_date;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;

use super::absences::span;
use super::exceptions::hours;
use crate::appointments::hospital::parts::Born;
use crate::availability::preview_api::{
    SaveSeenClosing, SaveSeenHours, preview_closing, preview_hours, read_change,
};
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::{date_at_time, date_medium, dates, duration, price, time};
use crate::portal::Loaded;
use crate::portal::hospital::{Section, href, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonRow, Cell, Column, Done, LinkButton, PageHeader, RowHead, SummaryList,
    SummaryRow, Table, TableRow,
};

/// A change of a doctor's hours, before it is saved.
#[component]
pub fn HoursPreviewPage(
    /// Where.
    hospital: HospitalId,
    /// Whose hours.
    id: DoctorId,
) -> impl IntoView {
    let (form, change) = (use_form_state::<SaveSeenHours>(), query("change"));
    // Refused because it is no longer what was seen: then it is looked at once more.
    let impact = Reading::new(
        move || (change.get(), form.answered().get()),
        move |(change, _)| preview_hours(id, change),
    );
    let shown = move |(name, impact): (String, HoursImpact)| {
        let draft = change.get_untracked();
        let hidden = vec![
            ("hospital", hospital.to_string()),
            ("doctor", id.to_string()),
            ("change", draft.clone()),
            ("seen", impact.seen.clone()),
        ];
        let back = href(&Section::Hours(id).at(hospital), &[("draft", &draft)]);
        let what = read_change(&draft).map_or_else(String::new, |change| hours_in_words(&change));
        view! { <Content hospital eyebrow=name what impact form hidden back /> }
    };
    view! {
        <Title text=t!(hours_preview.title) />
        <div class="page">
            <Loaded resource=impact view=shown />
        </div>
    }
    .into_any()
}

/// A hospital's closing, before it is saved.
#[component]
pub fn ClosingPreviewPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let form = use_form_state::<SaveSeenClosing>();
    let (from, to, note) = (query("closed_from"), query("closed_to"), query("closed_note"));
    let impact = Reading::new(
        move || (from.get(), to.get(), note.get(), form.answered().get()),
        move |(from, to, note, _)| preview_closing(hospital, from, to, note),
    );
    let shown = move |impact: HoursImpact| {
        let (from, to, note) = (from.get_untracked(), to.get_untracked(), note.get_untracked());
        let typed = [("closed_from", from.as_str()), ("closed_to", &to), ("closed_note", &note)];
        let back = href(&Section::Settings.at(hospital), &typed);
        let what = closing_in_words(&from, &to).unwrap_or_default();
        let mut hidden = vec![("hospital", hospital.to_string()), ("seen", impact.seen.clone())];
        hidden.extend(typed.map(|(name, value)| (name, value.to_owned())));
        view! { <Content hospital eyebrow=String::new() what impact form hidden back /> }
    };
    view! {
        <Title text=t!(hours_preview.title) />
        <div class="page">
            <Loaded resource=impact view=shown />
        </div>
    }
    .into_any()
}

/// Which change it is and when it holds. Whose hours they are stands above the heading.
fn hours_in_words(change: &HoursChange) -> String {
    match change {
        HoursChange::Week(_) => t!(hours_preview.of_week).to_owned(),
        HoursChange::Date(other) => {
            t!(hours_preview.of_date, date = date_medium(other.date), hours = hours(&other.windows))
        }
        HoursChange::UsualDate { date } => t!(hours_preview.of_usual, date = date_medium(*date)),
        HoursChange::Absence(away) => t!(hours_preview.of_absence, when = span(away.from, away.to)),
        HoursChange::RemoveExtra { .. } => t!(hours_preview.of_extra).to_owned(),
    }
}

/// The days of a closing as they were typed; without a last one it is one day.
fn closing_in_words(from: &str, to: &str) -> Option<String> {
    let first = parse_date(from).ok()?;
    let last = if to.trim().is_empty() { first } else { parse_date(to).ok()? };
    Some(t!(hours_preview.of_closing, days = dates(first, last, date_medium)))
}

#[component]
fn Content<F: ServerFn + 'static>(
    hospital: HospitalId,
    eyebrow: String,
    /// Which change it is, as a sentence.
    what: String,
    impact: HoursImpact,
    form: FormState<F>,
    hidden: Vec<(&'static str, String)>,
    back: String,
) -> impl IntoView {
    let hidden: Vec<_> = hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect();
    let (lead, save, kind) = if impact.hits.is_empty() {
        (t!(hours_preview.none), t!(common.save), ButtonKind::Primary)
    } else {
        (t!(hours_preview.lead), t!(hours_preview.save), ButtonKind::Danger)
    };
    let lead = format!("{what} {lead}");
    let (cost, hits, doctors) = (cost(&impact), hits(&impact), by_doctor(hospital, &impact));
    view! {
        <PageHeader title=t!(hours_preview.title) eyebrow lead back=back.clone() />
        <div class="stack-large">
            {cost}
            {hits}
            {doctors}
            <Form state=form>
                <div class="stack">
                    {hidden}
                    <p class="muted measure">{t!(hours_preview.stay)}</p>
                    <ButtonRow>
                        <Button kind busy=form.busy()>{save}</Button>
                        <LinkButton href=back kind=ButtonKind::Secondary>{t!(hours_preview.back)}</LinkButton>
                    </ButtonRow>
                </div>
            </Form>
        </div>
    }
    .into_any()
}

/// What it costs: visits, people, money and free time.
fn cost(impact: &HoursImpact) -> AnyView {
    let money: Vec<_> = impact.booked.iter().map(|sum| price(sum.amount_minor, &sum.currency)).collect();
    let money = (!money.is_empty()).then(|| {
        let sum = money.join(", ");
        view! { <SummaryRow label=t!(hours_preview.money)>{sum}</SummaryRow> }
    });
    let minutes = |minutes: i64| duration(u32::try_from(minutes).unwrap_or(0));
    let gained = (impact.gained_minutes > 0).then(|| minutes(impact.gained_minutes)).map(|gained| {
        view! { <SummaryRow label=t!(hours_preview.gained)>{gained}</SummaryRow> }
    });
    let (visits, patients) = (impact.visits.to_string(), impact.patients.to_string());
    let lost = minutes(impact.lost_minutes);
    let until = t!(hours_preview.until, date = date_medium(impact.until));
    let fewer =
        impact.lower_limit.then(|| view! { <p class="muted small">{t!(hours_preview.lower_limit)}</p> });
    view! {
        <section class="stack" aria-label=t!(hours_preview.cost)>
            <SummaryList>
                <SummaryRow label=t!(hours_preview.visits)>{visits}</SummaryRow>
                <SummaryRow label=t!(hours_preview.patients)>{patients}</SummaryRow>
                {money}
                <SummaryRow label=t!(hours_preview.lost)>{lost}</SummaryRow>
                {gained}
            </SummaryList>
            <p class="muted small">{until}</p>
            {fewer}
        </section>
    }
    .into_any()
}

fn hits(impact: &HoursImpact) -> AnyView {
    if impact.hits.is_empty() {
        return view! { <Done words=t!(hours_preview.all_stand) /> }.into_any();
    }
    let columns = vec![
        Column::new(t!(hours_preview.when)),
        Column::new(t!(hours_preview.patient)),
        Column::new(t!(hours_preview.what)),
        Column::new(t!(hours_preview.doctor)),
    ];
    let rows: Vec<_> = impact.hits.iter().map(row).collect();
    view! {
        <Table caption=t!(hours_preview.table) columns dense=true>
            {rows}
        </Table>
    }
    .into_any()
}

fn row(hit: &HitVisit) -> AnyView {
    let when = format!(
        "{} – {}",
        date_at_time(hit.start.date(), hit.start.local().time()),
        time(hit.end.local().time())
    );
    let kind = match hit.kind {
        HitKind::Visit => None,
        HitKind::Hold => Some(t!(hours_preview.held)),
        HitKind::Offer => Some(t!(hours_preview.offered)),
    };
    let kind = kind.map(|words| view! { <span class="muted">{words}</span> });
    let (patient, what) = (hit.patient_name.clone(), hit.visit_type_name.clone());
    let (born, doctor) = (Some(hit.birth_date), hit.doctor_name.clone());
    view! {
        <TableRow>
            <RowHead label=t!(hours_preview.when)>{when}</RowHead>
            <Cell label=t!(hours_preview.patient)>
                <bdi translate="no">{patient}</bdi>
                <Born date=born />
            </Cell>
            <Cell label=t!(hours_preview.what)>{what} " " {kind}</Cell>
            <Cell label=t!(hours_preview.doctor)>
                <bdi translate="no">{doctor}</bdi>
            </Cell>
        </TableRow>
    }
    .into_any()
}

/// For each doctor the way to her visits, with the days on which they are.
fn by_doctor(hospital: HospitalId, impact: &HoursImpact) -> Option<AnyView> {
    let mut doctors: BTreeMap<DoctorId, (&str, Date, Date)> = BTreeMap::new();
    for hit in impact.hits.iter().filter(|hit| hit.kind == HitKind::Visit) {
        let date = hit.start.date();
        let entry = doctors.entry(hit.doctor_id).or_insert((&hit.doctor_name, date, date));
        entry.2 = date;
    }
    if doctors.is_empty() {
        return None;
    }
    let links: Vec<_> = doctors
        .into_iter()
        .map(|(doctor, (name, from, to))| {
            let address = href(
                &Section::ChangeVisits(doctor).at(hospital),
                &[("from", &from.to_string()), ("to", &to.to_string())],
            );
            // What is not saved yet stays in this tab.
            view! {
                <li>
                    <a href=address target="_blank" rel="noopener">
                        {t!(hours_preview.change_visits, doctor = name)}
                    </a>
                </li>
            }
        })
        .collect();
    Some(
        view! {
            <section class="stack" aria-labelledby="hit-visits">
                <h2 class="section-title" id="hit-visits">{t!(hours_preview.then_title)}</h2>
                <p class="muted measure">{t!(hours_preview.then)}</p>
                <ul>{links}</ul>
            </section>
        }
        .into_any(),
    )
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use domain::availability::{AbsenceKind, AddAbsence, DateException, SetWorkingHours, TimeWindow};
    use domain::ids::OpeningId;
    use jiff::civil::{date, time};
    use uuid::Uuid;

    #[test]
    fn a_preview_says_which_change_it_shows_and_when_that_holds() {
        let day = date(2027, 1, 18);
        let on = |windows| DateException { date: day, windows, note: String::new() };
        let morning = TimeWindow { start: time(9, 0, 0, 0), end: time(12, 0, 0, 0) };
        let away = AddAbsence {
            from: day.at(0, 0, 0, 0),
            to: date(2027, 1, 23).at(0, 0, 0, 0),
            kind: AbsenceKind::Leave,
            note: "Ski".into(),
        };
        let week = SetWorkingHours { weekly: Vec::new(), rules: None, version: None };
        let extra = OpeningId(Uuid::from_u128(1));
        for (change, words) in [
            (HoursChange::Week(week), "New working hours."),
            (HoursChange::Date(on(vec![morning])), "Mon 18 Jan 2027: 09:00 to\u{a0}12:00."),
            (HoursChange::Date(on(Vec::new())), "Mon 18 Jan 2027: Not working."),
            (HoursChange::UsualDate { date: day }, "Mon 18 Jan 2027: the usual hours again."),
            (HoursChange::Absence(away), "Away: Mon 18 Jan 2027 to Fri 22 Jan 2027."),
            (HoursChange::RemoveExtra { id: extra }, "Extra hours are taken away."),
        ] {
            assert_eq!(hours_in_words(&change), words);
        }
    }

    #[test]
    fn a_preview_of_a_closing_says_its_days() {
        let words = |to| closing_in_words("2027-01-18", to).unwrap();
        assert_eq!(words(""), "The whole hospital is closed: Mon 18 Jan 2027.");
        assert_eq!(words("2027-01-19"), "The whole hospital is closed: Mon 18 Jan 2027 to Tue 19 Jan 2027.");
        assert_eq!(closing_in_words("", "2027-01-19"), None);
    }

    #[test]
    fn that_a_limit_is_not_counted_is_said_where_one_is_lowered() {
        for lower in [false, true] {
            let impact = HoursImpact::of(
                "Europe/Berlin".into(),
                Vec::new(),
                (90, 0, date(2027, 1, 18)),
                lower,
                "seen".into(),
            );
            let html = Owner::new().with(|| cost(&impact).to_html());
            assert_eq!(html.contains(t!(hours_preview.lower_limit)), lower, "{html}");
        }
    }
}
