//! Two native time inputs side by side: from, to. Blank means none.
//! A whole week of them stands in one table, so their labels are for screen readers; the table's heads say it to the eye.

use leptos::prelude::*;

use crate::t;
use crate::ui::{Problem, field_id, problem_of};

/// See the module.
#[component]
pub fn Window(
    /// Which hours: "Monday, 1".
    label: String,
    /// The names of the two fields.
    names: (String, String),
    /// What stands in them.
    values: (String, String),
    /// All that is wrong with the form.
    problems: Signal<Vec<Problem>>,
) -> impl IntoView {
    let (start, end) = names;
    let (start_id, end_id) = (field_id(&start), field_id(&end));
    let problem_id = format!("{start_id}-error");
    let described = problem_id.clone();
    let (first, second) = (start.clone(), end.clone());
    let problem =
        Memo::new(move |_| problems.with(|all| problem_of(all, &first).or_else(|| problem_of(all, &second))));
    let invalid = move || problem.with(Option::is_some).then_some("true");
    let explained_by = move || problem.with(Option::is_some).then(|| described.clone());
    let from = format!("{label}, {}", t!(common.from));
    let until = format!("{label}, {}", t!(common.until));
    view! {
        <div class="window">
            <div class="time-range">
                <input
                    class="input input-time"
                    id=start_id
                    name=start
                    type="time"
                    value=values.0
                    aria-label=from
                    aria-invalid=invalid
                    aria-describedby=explained_by
                />
                <span aria-hidden="true">"–"</span>
                <input
                    class="input input-time"
                    id=end_id
                    name=end
                    type="time"
                    value=values.1
                    aria-label=until
                    aria-invalid=invalid
                />
            </div>
            {move || problem.get().map(|text| view! { <p class="field-error" id=problem_id.clone()><span class="visually-hidden">{t!(ui.error_prefix)} " "</span>{text}</p> })}
        </div>
    }
    .into_any()
}
