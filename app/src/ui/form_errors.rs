//! The summary above a form that was refused: how many problems, and a link to each field.
//! The same sentences stand beside the fields; this one makes sure that nobody misses them.

use leptos::prelude::*;

use super::attribute::field_id;
use super::icon::{Icon, IconName};
use crate::t;

/// One thing to fix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// The name of the field; empty for the form as a whole.
    pub field: String,
    /// What is wrong and how to fix it.
    pub message: String,
    /// What the field is called, where the message does not say it; empty where it does.
    pub about: String,
}

impl Problem {
    /// A problem of one field.
    #[must_use]
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into(), about: String::new() }
    }

    /// Names the field: beside it the message is enough, in the summary it is not.
    #[must_use]
    pub fn about(mut self, name: Option<String>) -> Self {
        self.about = name.unwrap_or_default();
        self
    }

    /// A problem of the form as a whole.
    #[must_use]
    pub fn whole(message: impl Into<String>) -> Self {
        Self { field: String::new(), message: message.into(), about: String::new() }
    }
}

/// The message for one field out of a list, for the field's own `error`.
#[must_use]
pub fn problem_of(problems: &[Problem], field: &str) -> Option<String> {
    problems.iter().find(|problem| problem.field == field).map(|problem| problem.message.clone())
}

/// The summary; nothing while there is no problem.
#[component]
pub fn FormErrors(
    /// What to fix, in the order of the fields.
    #[prop(into)]
    problems: Signal<Vec<Problem>>,
) -> impl IntoView {
    move || {
        let problems = problems.get();
        let count = problems.len();
        (count > 0).then(|| {
            view! {
                <div class="form-errors" role="alert" tabindex="-1" id="form-errors">
                    <h2 class="form-errors-title">
                        <Icon name=IconName::AlertTriangle />
                        <span>{t!(ui.problem_title, count = count)}</span>
                    </h2>
                    <ul>{problems.into_iter().map(line).collect::<Vec<_>>()}</ul>
                </div>
            }
        })
    }
}

fn line(problem: Problem) -> impl IntoView {
    let words = if problem.about.is_empty() {
        problem.message
    } else {
        t!(field.line, field = problem.about, problem = problem.message)
    };
    if problem.field.is_empty() {
        view! { <li>{words}</li> }.into_any()
    } else {
        // `rel="external"` keeps the router out: the browser moves the focus to the field.
        let href = format!("#{}", field_id(&problem.field));
        view! { <li><a href=href rel="external">{words}</a></li> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::{Problem, problem_of};

    #[test]
    fn a_field_finds_its_own_message() {
        let problems = [Problem::whole("no"), Problem::new("email", "bad")];
        assert_eq!(problem_of(&problems, "email"), Some("bad".to_owned()));
        assert_eq!(problem_of(&problems, "name"), None);
    }
}
