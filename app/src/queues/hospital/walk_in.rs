//! Takes in somebody who has come without a time, in two fields: who she is, and whom or what she needs.
//! The name stands in the address; only the last step changes anything. Until it is there, the page asks for nothing else: nobody can be
//! put in line yet. While somebody fills the rest in, only what says who is free changes.

use domain::appointments::PatientCard;
use domain::ids::HospitalId;
use domain::queues::WalkInDoctor;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::appointments::reason::ReasonField;
use crate::doctors::by_name::{DoctorsByName, SOUGHT, called};
use crate::form::{Form, FormState, new_key, use_form_state};
use crate::i18n::{day_month_year, duration, time};
use crate::live::use_live;
use crate::portal::Loaded;
use crate::portal::hospital::{Section, query};
use crate::queues::admin_api::{WalkInChoices, read_walk_in_choices};
use crate::queues::admin_forms::{NEW, TakeIn};
use crate::reading::Reading;
use crate::server::AppError;
use crate::t;
use crate::ui::{
    Button, Choice, DateField, Details, EmptyState, IconName, PageHeader, RadioGroup, SearchField, Select,
    SkeletonShape, SummaryList, SummaryRow,
};

/// See the module.
#[component]
pub fn WalkInPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let (search, sought) = (query("name"), query(SOUGHT));
    let form = use_form_state::<TakeIn>();
    let key = StoredValue::new(SharedValue::new(new_key).into_inner());
    let live = use_live();
    let some = |text: String| Some(text).filter(|text| !text.trim().is_empty());
    let choices =
        Reading::new(move || some(search.get()), move |search| read_walk_in_choices(hospital, search));
    // A refusal may say to look at who is free, so it is read again as well.
    let free = Reading::new(
        move || {
            let looks = (live.version(), form.answered().get(), sought.get());
            some(search.get()).map(|_| looks)
        },
        move |looks| free_now(hospital, looks.map(|(_, _, sought)| sought)),
    );
    let path = Section::WalkIn.at(hospital);
    view! {
        <Title text=t!(walk_in.title) />
        <div class="page page-narrow stack">
            <PageHeader title=t!(walk_in.title) lead=t!(walk_in.lead) back=Section::Queue.at(hospital) />
            {move || by_name(path.clone(), search.get(), sought.get())}
            <Loaded
                resource=choices
                part=true
                view=move |choices: WalkInChoices| {
                    some(search.get()).map(|name| sheet(hospital, (name, key.get_value()), choices, form))
                }
            />
            <Loaded
                resource=free
                part=true
                shape=SkeletonShape::Rows
                view={move |found: Option<FreeNow>| {
                    found.map(|(doctors, sought)| {
                        view! { <Free hospital doctors sought name=search.get_untracked() /> }
                    })
                }}
            />
        </div>
    }
    .into_any()
}

/// The field for her name. Once it is typed it is folded away, so that the search for a doctor beneath it is the only one in view.
fn by_name(path: String, name: String, sought: String) -> AnyView {
    let kept = (!sought.is_empty()).then(|| view! { <input type="hidden" name=SOUGHT value=sought /> });
    let typed = !name.trim().is_empty();
    let field = view! {
        <form method="get" action=path role="search">
            <SearchField label=t!(walk_in.name) name="name" value=name />
            {kept}
        </form>
    }
    .into_any();
    if typed { view! { <Details summary=t!(walk_in.other_name)>{field}</Details> }.into_any() } else { field }
}

/// Who she is, and with whom.
fn sheet(
    hospital: HospitalId,
    (name, key): (String, String),
    choices: WalkInChoices,
    form: FormState<TakeIn>,
) -> impl IntoView {
    // Who has a like name may be somebody else, so nobody is chosen before somebody has looked.
    let first = if choices.patients.is_empty() { NEW } else { "" };
    let hint = if choices.more { t!(walk_in.more) } else { "" };
    let people = people(&name, choices.patients);
    view! {
        <Form state=form>
            <div class="form stack">
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <input type="hidden" name="full_name" value=name />
                <input type="hidden" name="idempotency_key" value=key />
                <RadioGroup
                    legend=t!(walk_in.who)
                    name="patient_id"
                    options=people
                    value=form.value_or("patient_id", first)
                    hint=hint
                    error=form.problem("patient_id")
                />
                <DateField
                    label=t!(walk_in.birth_date)
                    name="birth_date"
                    value=form.value("birth_date")
                    hint=t!(walk_in.birth_date_hint)
                    error=form.problem("birth_date")
                />
                <Select
                    label=t!(walk_in.with)
                    name="doctor_id"
                    options=with_whom(&choices.doctors)
                    value=form.value("doctor_id")
                    placeholder=t!(common.choose_one)
                    error=form.problem("doctor_id")
                />
                <ReasonField label=t!(hospital_visit.reason) form=*form />
                <Button busy=form.busy() icon=IconName::Plus>{t!(walk_in.action)}</Button>
            </div>
        </Form>
    }
}

/// Patients of that name, and somebody new.
fn people(name: &str, patients: Vec<PatientCard>) -> Vec<Choice> {
    let known = patients.into_iter().map(|patient| {
        let born = t!(walk_in.born, date = day_month_year(patient.birth_date));
        Choice::new(patient.id.to_string(), patient.full_name).hint(born)
    });
    known.chain([Choice::new(NEW, t!(walk_in.somebody_new, name = name))]).collect()
}

/// A visit type, whoever is free for it first; or a doctor.
fn with_whom(doctors: &[WalkInDoctor]) -> Vec<Choice> {
    let mut kinds: Vec<_> = doctors.iter().flat_map(|doctor| doctor.visit_types.iter()).collect();
    kinds.sort_by(|one, other| (one.minutes, &one.name).cmp(&(other.minutes, &other.name)));
    kinds.dedup_by_key(|kind| kind.id);
    let kinds = kinds.into_iter().map(|kind| {
        let words = t!(walk_in.any_doctor, kind = kind.name, minutes = duration(u32::from(kind.minutes)));
        Choice::new(format!("kind:{}", kind.id), words)
    });
    let doctors = doctors.iter().map(|doctor| {
        let words = match doctor.next {
            Some(next) => {
                t!(walk_in.doctor_from, doctor = doctor.name, time = time(next.local().time()))
            }
            None => t!(walk_in.doctor_full, doctor = doctor.name),
        };
        Choice { disabled: doctor.next.is_none(), ..Choice::new(format!("doctor:{}", doctor.id), words) }
    });
    doctors.chain(kinds).collect()
}

/// The doctors, and what is looked for among them.
type FreeNow = (Vec<WalkInDoctor>, String);

/// Nothing while nobody is named who could be taken in.
async fn free_now(hospital: HospitalId, sought: Option<String>) -> Result<Option<FreeNow>, AppError> {
    let Some(sought) = sought else { return Ok(None) };
    Ok(Some((read_walk_in_choices(hospital, None).await?.doctors, sought)))
}

/// Who is free today, and from when on.
#[component]
fn Free(
    hospital: HospitalId,
    doctors: Vec<WalkInDoctor>,
    /// Which doctor is looked for.
    sought: String,
    /// Which patient is: it stays in the address.
    name: String,
) -> impl IntoView {
    if doctors.is_empty() {
        return view! { <EmptyState icon=IconName::Stethoscope text=t!(walk_in.no_doctors) /> }.into_any();
    }
    let all = doctors.len();
    let doctors = called(doctors, &sought, |doctor| doctor.name.as_str());
    let found = doctors.len();
    let rows: Vec<_> = doctors
        .into_iter()
        .map(|doctor| {
            let free = match doctor.next {
                Some(next) => t!(walk_in.free_from, time = time(next.local().time())),
                None => t!(walk_in.full_today).to_owned(),
            };
            view! { <SummaryRow label=doctor.name>{free}</SummaryRow> }
        })
        .collect();
    let list = (found > 0).then(|| view! { <SummaryList>{rows}</SummaryList> });
    let path = Section::WalkIn.at(hospital);
    view! {
        <section class="stack-small" aria-labelledby="free">
            <h2 class="section-title" id="free">{t!(walk_in.free_title)}</h2>
            <DoctorsByName path sought found all kept=vec![("name", name)] />
            {list}
        </section>
    }
    .into_any()
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use domain::hospitals::{Modality, VisitType};
    use domain::ids::{DoctorId, VisitTypeId};
    use domain::money::Money;
    use leptos_router::components::Router;
    use leptos_router::location::RequestUrl;
    use uuid::Uuid;

    fn doctor(id: u128, next: Option<&str>, kinds: &[(u128, u16)]) -> WalkInDoctor {
        let kind = |(id, minutes): &(u128, u16)| VisitType {
            id: VisitTypeId(Uuid::from_u128(*id)),
            name: format!("Kind {id}"),
            modality: Modality::InPerson,
            minutes: *minutes,
            buffer_before: 0,
            buffer_after: 0,
            price: Money { amount_minor: 0, currency: "EUR".into() },
            prepaid: false,
            series: false,
            most_a_day: None,
            capacity: 1,
            follow_up_only: false,
            active: true,
        };
        WalkInDoctor {
            id: DoctorId(Uuid::from_u128(id)),
            name: format!("Dr. {id}"),
            next: next.map(|next| next.parse().unwrap()),
            visit_types: kinds.iter().map(kind).collect(),
        }
    }

    #[test]
    fn a_visit_type_of_two_doctors_is_offered_once_and_who_is_full_cannot_be_chosen() {
        let free = doctor(1, Some("2026-11-24T10:42:00+01:00"), &[(7, 20), (8, 40)]);
        let choices = with_whom(&[free, doctor(2, None, &[(7, 20)])]);
        let disabled: Vec<bool> = choices.iter().map(|choice| choice.disabled).collect();
        assert_eq!(disabled, [false, true, false, false]);
        assert!(choices[0].label.contains("10:42"), "{}", choices[0].label);
    }

    fn free(sought: &str) -> String {
        let doctors = vec![doctor(1, None, &[]), doctor(2, Some("2026-11-24T10:42:00+01:00"), &[])];
        let (hospital, sought) = (HospitalId(Uuid::from_u128(1)), sought.to_owned());
        Owner::new().with(|| {
            provide_context(RequestUrl::new("/"));
            let shown = move || view! { <Free hospital doctors sought name=String::new() /> };
            view! { <Router>{shown()}</Router> }.to_html()
        })
    }

    #[test]
    fn who_is_free_can_be_found_by_name() {
        let html = free("");
        assert!(html.contains("Dr. 1") && html.contains("Dr. 2") && !html.contains("name=\"q\""), "{html}");
        let html = free("2");
        assert!(!html.contains("Dr. 1") && html.contains("Dr. 2") && html.contains("10:42"), "{html}");
        let html = free("nobody");
        assert!(html.contains(t!(doctors_by_name.nobody)) && !html.contains("Dr. "), "{html}");
    }

    #[test]
    fn who_is_free_is_read_only_once_somebody_is_named() {
        let read = free_now(HospitalId(Uuid::from_u128(1)), None);
        assert!(futures::executor::block_on(read).is_ok_and(|found| found.is_none()));
    }

    #[test]
    fn the_field_for_a_name_is_folded_away_once_it_is_typed() {
        let field = |name: &str, sought: &str| {
            let (path, name, sought) = ("/here".to_owned(), name.to_owned(), sought.to_owned());
            Owner::new().with(|| by_name(path, name, sought).to_html())
        };
        for nobody in ["", " "] {
            let html = field(nobody, "Lind");
            assert!(html.contains("name=\"name\"") && !html.contains("<details"), "{html}");
        }
        let html = field("Ada Stern", "Lind");
        assert!(html.contains("<details") && html.contains(t!(walk_in.other_name)), "{html}");
        assert!(html.contains("value=\"Ada Stern\"") && html.contains("value=\"Lind\""), "{html}");
        assert!(!html.contains(" open"), "{html}");
        assert!(!field("Ada Stern", "").contains("name=\"q\""));
    }

    #[test]
    fn a_name_that_nobody_has_can_be_written_in() {
        let choices = people("Ada Stern", Vec::new());
        assert_eq!(choices.len(), 1);
        assert!(choices[0].value == NEW && choices[0].label.contains("Ada Stern"));
    }
}
