//! `/book/{doctor}/review`: a last look, what it is about, and the one button that books.
//! When somebody was faster, the form stays as it is and offers the nearest times.

use domain::accounts::OwnPatient;
use domain::doctors::Doctor;
use domain::hospitals::VisitType;
use domain::ids::{DoctorId, PatientId};
use domain::payments::FollowUpWindow;
use domain::time::Moment;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::components::Redirect;

use super::summary::AnswersRead;
use super::{Answers, bookable_patients, free_for, step_names};
use crate::appointments::api::Book;
use crate::credentials::api::ResendVerification;
use crate::credentials::patient::ConfirmFirst;
use crate::doctors::api::read_doctor;
use crate::doctors::parts::{PhoneLink, money};
use crate::form::{Form, FormState, new_key, use_form_state};
use crate::i18n::{date_long, time};
use crate::payments::api::Hold;
use crate::payments::parts::free_because;
use crate::payments::patient::RefundTerms;
use crate::portal::hospital::href;
use crate::portal::{Loaded, use_query, use_viewer};
use crate::reading::Reading;
use crate::server::AppError;
use crate::t;
use crate::ui::{Button, Choice, FormErrors, PageHeader, Problem, RadioGroup, RadioLayout, Steps, TextArea};

/// See the module.
#[component]
pub fn ReviewStep(
    /// With whom.
    doctor: DoctorId,
) -> impl IntoView {
    let map = use_query();
    let answers = Memo::new(move |_| map.with(Answers::from_query));
    let (form, hold) = (use_form_state::<Book>(), use_form_state::<Hold>());
    // What it costs is read again when it is another price by now.
    let other_price = move || {
        let of = |problems: Vec<Problem>| problems.iter().any(|problem| problem.field == "price_minor");
        of(form.problems().get()) || of(hold.problems().get())
    };
    let found = Reading::new(
        move || (doctor, answers.get().patient, other_price()),
        |(id, patient, _)| asked(id, patient),
    );
    // Whoever has not confirmed her address learns here what to do, and not from a refusal.
    let verified = use_viewer().principal().is_none_or(|principal| principal.verified);
    let resend = use_form_state::<ResendVerification>();
    let first_key = SharedValue::new(new_key).into_inner();
    // Another time is another request: it must not go under the key of the first.
    let key = Memo::new(move |before: Option<&(String, Answers)>| match before {
        None => (first_key.clone(), answers.get()),
        Some((key, for_answers)) if *for_answers == answers.get() => (key.clone(), for_answers.clone()),
        Some(_) => (new_key(), answers.get()),
    });
    view! {
        <Title text=t!(booking.review_title) />
        <Loaded
            resource=found
            view={move |(doctor, patients, windows): Asked| {
                let answers = answers.get();
                match complete(&answers, &doctor, &patients) {
                    Ok((mut kind, start, patient)) => {
                        let free = FollowUpWindow::choose(&windows, patient.id, kind.id, start.date())
                            .filter(|_| kind.price.amount_minor > 0)
                            .map(free_because);
                        if free.is_some() {
                            kind.price.amount_minor = 0;
                        }
                        let several = patients.len() > 1;
                        let here = answers.href(doctor.card.id, "review");
                        view! {
                            <div class="page page-steps stack">
                                <Steps labels=step_names() current=3 />
                                <FormErrors problems=problems(form) />
                                <FormErrors problems=problems(hold) />
                                <PageHeader title=t!(booking.review_title) back=answers.href(doctor.card.id, "time") />
                                <AnswersRead
                                    doctor=doctor.clone()
                                    kind=kind.clone()
                                    start=start
                                    patient=patient.clone()
                                    several=several
                                    answers=answers
                                />
                                {kind.series.then(|| {
                                    let start = start.to_string();
                                    let (kind, whom) = (kind.id.to_string(), patient.id.to_string());
                                    let there = [("visit_type", kind.as_str()), ("start", &start), ("patient", &whom)];
                                    let href = href(&format!("/book/{}/series", doctor.card.id), &there);
                                    view! { <p><a href=href>{t!(series.to_choose)}</a></p> }
                                })}
                                {if verified && kind.is_paid_first() {
                                    let fields = Fields { start, form: hold, key: key.get().0 };
                                    view! { <HoldForm doctor kind patient fields /> }.into_any()
                                } else if verified {
                                    view! { <BookForm doctor kind patient free fields=Fields { start, form, key: key.get().0 } /> }
                                        .into_any()
                                } else {
                                    view! { <ConfirmBeforeBooking form=resend here=here /> }.into_any()
                                }}
                            </div>
                        }
                            .into_any()
                    }
                    Err(step) => view! { <Redirect path=answers.href(doctor.card.id, step) /> }.into_any(),
                }
            }}
        />
    }
}

/// What is wrong. The price has no field that could be gone to, so its problem is the form's.
fn problems<F: ServerFn>(form: FormState<F>) -> Signal<Vec<Problem>> {
    let problems = form.problems();
    let whole = |problem: Problem| match problem.field.as_str() {
        "price_minor" => Problem::whole(problem.message),
        _ => problem,
    };
    Signal::derive(move || problems.get().into_iter().map(whole).collect())
}

/// Instead of the button that books.
#[component]
fn ConfirmBeforeBooking(form: FormState<ResendVerification>, here: String) -> impl IntoView {
    let email = use_viewer().principal().map(|principal| principal.email.clone()).unwrap_or_default();
    let text = t!(credentials.book_text, email = email);
    view! {
        <ConfirmFirst form here title=t!(credentials.book_title) text kept=t!(credentials.book_not_held) />
    }
}

/// What the last look needs: the doctor, for whom it can be, and what is free for whom it is.
type Asked = (Doctor, Vec<OwnPatient>, Vec<FollowUpWindow>);

async fn asked(id: DoctorId, patient: Option<PatientId>) -> Result<Asked, AppError> {
    let (doctor, patients) = (read_doctor(id).await?, bookable_patients().await?);
    let windows = free_for(id, patient, &patients).await?;
    Ok((doctor, patients, windows))
}

/// All answers, or the step that still asks.
fn complete(
    answers: &Answers,
    doctor: &Doctor,
    patients: &[OwnPatient],
) -> Result<(VisitType, Moment, OwnPatient), &'static str> {
    let kind = answers.visit_type_of(doctor).ok_or("reason")?;
    let start = answers.start.ok_or("time")?;
    let patient = match (answers.patient, patients) {
        (Some(id), _) => patients.iter().find(|patient| patient.id == id),
        // Nobody acts for somebody else without having said so.
        (None, [only]) => Some(only).filter(|patient| patient.relation == "self"),
        (None, _) => None,
    };
    Ok((kind, start, patient.cloned().ok_or("patient")?))
}

/// What both forms send, whichever of them it is.
struct Fields<F> {
    start: Moment,
    form: FormState<F>,
    key: String,
}

impl<F: ServerFn> Fields<F> {
    /// The hidden answers, and the question what it is about.
    fn view(self, doctor: &Doctor, kind: &VisitType, patient: &OwnPatient) -> AnyView {
        let Self { start, form, key } = self;
        let alternatives = form.alternatives();
        view! {
            <input type="hidden" name="doctor_id" value=doctor.card.id.to_string() />
            <input type="hidden" name="visit_type_id" value=kind.id.to_string() />
            <input type="hidden" name="patient_id" value=patient.id.to_string() />
            <input type="hidden" name="price_minor" value=kind.price.amount_minor.to_string() />
            <input type="hidden" name="idempotency_key" value=key />
            {move || {
                let times = alternatives.get();
                if times.is_empty() {
                    view! { <input type="hidden" name="start" value=start.to_string() /> }.into_any()
                } else {
                    view! {
                        <RadioGroup
                            legend=t!(booking.alternatives)
                            name="start"
                            options=times.into_iter().map(alternative).collect()
                            layout=RadioLayout::List
                        />
                    }
                        .into_any()
                }
            }}
            <TextArea
                label=t!(booking.about)
                name="reason"
                hint=t!(booking.about_hint)
                value=form.value("reason")
                error=form.problem("reason")
                max_length=500
                rows=3
                optional=true
            />
        }
        .into_any()
    }
}

fn phone_of(doctor: &Doctor) -> impl IntoView + use<> {
    (!doctor.phone.is_empty()).then(|| {
        view! { " " <PhoneLink number=doctor.phone.clone() /> }
    })
}

#[component]
fn BookForm(
    doctor: Doctor,
    kind: VisitType,
    patient: OwnPatient,
    /// Why it costs nothing, where it does not.
    free: Option<String>,
    fields: Fields<Book>,
) -> impl IntoView {
    let (form, price, phone) = (fields.form, money(&kind.price), phone_of(&doctor));
    let costs = free.unwrap_or_else(|| t!(booking.pay_there, price = price));
    view! {
        <Form state=form no_summary=true>
            <div class="form">
                {fields.view(&doctor, &kind, &patient)}
                <p>{costs}</p>
                <p>{t!(booking.policy)} {phone}</p>
                <Button busy=form.busy() wide=true>
                    {t!(booking.book_now)}
                </Button>
            </div>
        </Form>
    }
}

/// Keeps the time until it is paid for. It posts as a page: only the page that it leads to lets a form out of the house.
#[component]
fn HoldForm(doctor: Doctor, kind: VisitType, patient: OwnPatient, fields: Fields<Hold>) -> impl IntoView {
    let (form, price, phone) = (fields.form, money(&kind.price), phone_of(&doctor));
    let (hospital, start) = (doctor.card.hospital.id, fields.start);
    view! {
        <Form state=form no_summary=true reload=true>
            <div class="form">
                {fields.view(&doctor, &kind, &patient)}
                <p>{t!(payments.pay_now_hint, price = price)}</p>
                <RefundTerms hospital start />
                <p>{t!(booking.policy)} {phone}</p>
                <Button wide=true>{t!(payments.hold_now)}</Button>
            </div>
        </Form>
    }
}

fn alternative(start: Moment) -> Choice {
    Choice::new(start.to_string(), format!("{}, {}", date_long(start.date()), time(start.local().time())))
}
