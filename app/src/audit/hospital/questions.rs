//! What patients have asked about accesses, without an answer first, each with a form for the answer.
//! An answer is given once, and the patient reads it word for word.

use domain::ids::HospitalId;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::audit::admin_api::{Asked, access_questions};
use crate::audit::admin_forms::AnswerQuestion;
use crate::audit::keyed_name;
use crate::audit::words::{action_name, who};
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::{date_at_time, date_medium};
use crate::portal::Loaded;
use crate::portal::hospital::{Saved, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Badge, Button, ButtonKind, Details, EmptyState, FormErrors, IconName, PageHeader, SkeletonShape,
    TextArea, Tone, problem_of,
};

/// See the module.
#[component]
pub fn AuditQuestionsPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let (form, saved) = (use_form_state::<AnswerQuestion>(), query("saved"));
    let questions =
        Reading::new(move || (saved.get(), form.accepted().get()), move |_| access_questions(hospital));
    view! {
        <Title text=t!(audit.questions) />
        <div class="page page-narrow stack">
            <PageHeader title=t!(audit.questions) lead=t!(audit.questions_lead) />
            <Saved unless=form.problems() />
            <FormErrors problems=form.problems() />
            <Loaded
                resource=questions
                shape=SkeletonShape::Rows
                view=move |questions| view! { <List hospital questions form /> }
            />
        </div>
    }
    .into_any()
}

#[component]
fn List(hospital: HospitalId, questions: Vec<Asked>, form: FormState<AnswerQuestion>) -> impl IntoView {
    if questions.is_empty() {
        return view! { <EmptyState icon=IconName::Message text=t!(audit.questions_none) /> }.into_any();
    }
    let cards: Vec<_> =
        questions.into_iter().map(|asked| view! { <Question hospital asked form /> }).collect();
    view! { <div class="stack">{cards}</div> }.into_any()
}

#[component]
fn Question(hospital: HospitalId, asked: Asked, form: FormState<AnswerQuestion>) -> impl IntoView {
    let Asked { at, asked_at, question } = asked;
    let event = &question.event;
    let (day, local) = (date_medium(asked_at.date()), at.local());
    let when = date_at_time(local.date(), local.time());
    let about = t!(audit.about_what, who = who(event), what = action_name(&event.action), when = when);
    let key = format!("{}~{}~{}", event.place.chain, event.place.seq, question.patient_id);
    let answered = question.answer.is_some();
    let badge = if answered {
        view! { <Badge tone=Tone::Positive icon=IconName::Check>{t!(audit.answered)}</Badge> }
    } else {
        view! { <Badge tone=Tone::Warning icon=IconName::Clock>{t!(audit.open)}</Badge> }
    };
    let rest = if let Some(answer) = question.answer {
        view! {
            <p>
                <strong>{t!(audit.the_answer)} ":"</strong>
            </p>
            <p dir="auto">{answer}</p>
        }
        .into_any()
    } else {
        let name = question.patient_name.clone();
        view! { <AnswerForm hospital key name form /> }.into_any()
    };
    view! {
        <article class="card stack-small">
            <div class="split">
                <h2 class="card-title">{t!(audit.asked_by, name = question.patient_name, when = day)}</h2>
                {badge}
            </div>
            <p class="muted">{about}</p>
            <blockquote class="quoted" dir="auto">
                {question.question}
            </blockquote>
            {rest}
        </article>
    }
    .into_any()
}

#[component]
fn AnswerForm(
    hospital: HospitalId,
    key: String,
    /// Who asks.
    name: String,
    form: FormState<AnswerQuestion>,
) -> impl IntoView {
    let answer = keyed_name("answer", &key);
    let (typed, problems, field) = (form.value(&answer), form.problems(), answer.clone());
    let problem = Signal::derive(move || problems.with(|problems| problem_of(problems, &field)));
    // What was refused is in sight again.
    let open = !typed.is_empty() || problem.with_untracked(Option::is_some);
    view! {
        <Details summary=t!(audit.write) about=name.clone() open>
            <Form state=form no_summary=true>
                <div class="stack form">
                    <input type="hidden" name="hospital" value=hospital.to_string() />
                    <TextArea
                        label=t!(audit.answer)
                        name=answer
                        value=typed
                        hint=t!(audit.answer_hint)
                        error=problem
                        rows=3
                        max_length=1000
                    />
                    <Button kind=ButtonKind::Secondary busy=form.busy()>
                        {t!(audit.answer_action)} <span class="visually-hidden">": " {name}</span>
                    </Button>
                </div>
            </Form>
        </Details>
    }
    .into_any()
}
