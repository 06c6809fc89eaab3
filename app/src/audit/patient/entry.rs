//! One line of the page: who, as what, what, why; and the question about it with its answer.
//! Which entries make a line is decided in `group`.

use domain::audit::AuditEvent;
use domain::ids::PatientId;
use leptos::prelude::*;

use super::group::Group;
use crate::audit::api::AskAboutAccess;
use crate::audit::keyed_name;
use crate::audit::words::{Whose, as_what, is_emergency, what, who, why};
use crate::form::{Form, FormState};
use crate::i18n::time;
use crate::t;
use crate::ui::{Button, ButtonKind, Details, Notice, NoticeKind, TextArea, problem_of};

/// What somebody else did.
#[component]
pub fn OthersEntry(
    /// Like looks in a row.
    group: Group,
    /// Whose record.
    whose: Whose,
    /// The same, for the form.
    patient: PatientId,
    /// The form that asks.
    form: FormState<AskAboutAccess>,
) -> impl IntoView {
    let emergency = is_emergency(&group.latest.event);
    let words = view! { <Words group=group.clone() whose=whose.clone() /> };
    let question = view! { <Question event=group.latest.event whose patient form /> };
    let content = if emergency {
        view! {
            <Notice kind=NoticeKind::Warning title=t!(who_looked.emergency_title)>
                <div class="stack-small">{words} {question}</div>
            </Notice>
        }
        .into_any()
    } else {
        view! { <div class="look stack-small">{words} {question}</div> }.into_any()
    };
    view! { <li>{content}</li> }
}

#[component]
fn Words(group: Group, whose: Whose) -> impl IntoView {
    let Group { latest, count } = group;
    let (person, role) = (who(&latest.event), as_what(&latest.event));
    let at = time(latest.at.local().time());
    let at = if count > 1 { t!(who_looked.last_at, time = at) } else { at };
    let (done, reason) = (often(&latest.event, &whose, count), why(&latest.event, &whose));
    view! {
        <div>
            <p class="look-who">
                <bdi translate="no">
                    <strong>{person}</strong>
                </bdi>
                <span class="muted">{role}</span>
                <time class="time muted" datetime=latest.at.to_string()>
                    {at}
                </time>
            </p>
            <p>{done}"."</p>
            <p class="muted" dir="auto">
                {reason}
            </p>
        </div>
    }
    .into_any()
}

/// "Opened your visit, 3 times"
fn often(event: &AuditEvent, whose: &Whose, count: usize) -> String {
    let done = what(event, whose);
    if count < 2 {
        return done;
    }
    t!(who_looked.what_times, what = done, times = t!(who_looked.times, count = count))
}

/// The question and its answer, or the form that asks; an access outside any hospital has nobody who could answer.
#[component]
fn Question(
    event: AuditEvent,
    whose: Whose,
    patient: PatientId,
    form: FormState<AskAboutAccess>,
) -> impl IntoView {
    if let Some(question) = event.question.clone() {
        return view! { <Asked question answer=event.answer /> }.into_any();
    }
    event.hospital_id.map(|_| view! { <Ask event whose patient form /> }).into_any()
}

#[component]
fn Asked(question: String, answer: Option<String>) -> impl IntoView {
    let answer = match answer {
        Some(answer) => view! {
            <p>
                <strong>{t!(who_looked.your_answer)} ":"</strong>
            </p>
            <p dir="auto">{answer}</p>
        }
        .into_any(),
        None => view! { <p class="muted">{t!(who_looked.no_answer)}</p> }.into_any(),
    };
    view! {
        <div class="look-question stack-small">
            <p>
                <strong>{t!(who_looked.your_question)} ":"</strong>
            </p>
            <p dir="auto">{question}</p>
            {answer}
        </div>
    }
    .into_any()
}

#[component]
fn Ask(
    event: AuditEvent,
    whose: Whose,
    patient: PatientId,
    form: FormState<AskAboutAccess>,
) -> impl IntoView {
    let name = keyed_name("question", &format!("{}~{}", event.place.chain, event.place.seq));
    let (typed, problems, field) = (form.value(&name), form.problems(), name.clone());
    let problem = Signal::derive(move || problems.with(|problems| problem_of(problems, &field)));
    // A refused question is in sight again; what was typed with scripts is there still.
    let open = !typed.is_empty() || problem.with_untracked(Option::is_some);
    let about = t!(who_looked.ask_about, who = who(&event), what = what(&event, &whose));
    view! {
        <Details summary=t!(who_looked.ask) about=about.clone() open>
            <Form state=form no_summary=true>
                <div class="stack form" role="group" aria-label=about>
                    <input type="hidden" name="patient" value=patient.to_string() />
                    <TextArea
                        label=t!(who_looked.question)
                        name
                        value=typed
                        hint=t!(who_looked.question_hint)
                        error=problem
                        rows=3
                        max_length=500
                    />
                    <Button kind=ButtonKind::Secondary busy=form.busy()>
                        {t!(who_looked.ask_action)}
                    </Button>
                </div>
            </Form>
        </Details>
    }
    .into_any()
}

/// What the account itself did that day, folded away.
#[component]
pub fn Yourself(
    /// Looks of a day.
    groups: Vec<Group>,
    /// Whose record.
    whose: Whose,
) -> impl IntoView {
    let count: usize = groups.iter().map(|group| group.count).sum();
    let lines: Vec<_> = groups
        .into_iter()
        .map(|group| view! { <li>{often(&group.latest.event, &whose, group.count)}</li> })
        .collect();
    view! {
        <Details summary=t!(who_looked.yourself, count = count)>
            <ul>{lines}</ul>
        </Details>
    }
    .into_any()
}
