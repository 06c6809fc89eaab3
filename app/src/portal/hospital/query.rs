//! What stands behind the question mark of an address here, and the note that something was saved.
//! It holds no state: an address can be sent to a colleague and shows her the same.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::portal::{encode, use_query};
use crate::t;
use crate::ui::{Done, Problem};

/// A value of the query; empty when there is none.
pub fn query(name: &'static str) -> Memo<String> {
    let map = use_query();
    Memo::new(move |_| map.with(|map| map.get(name).unwrap_or_default().to_owned()))
}

/// A date of the query; none when it is absent or malformed.
pub fn date_query(name: &'static str) -> Memo<Option<Date>> {
    let text = query(name);
    Memo::new(move |_| text.with(|text| domain::time::parse_date(text).ok()))
}

/// An address with the values that are not empty.
pub fn href(path: &str, values: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(name);
        address.push('=');
        address.push_str(&encode(value));
    }
    address
}

/// "Saved.", when the address says `saved`; a form leads there after a success.
#[component]
pub fn Saved(
    /// What is wrong with the page's form now: a refused second try must not read "Saved.".
    #[prop(optional, into)]
    unless: Signal<Vec<Problem>>,
) -> impl IntoView {
    let saved = query("saved");
    move || {
        let good = saved.with(|saved| !saved.is_empty()) && unless.with(Vec::is_empty);
        good.then(|| view! { <Done words=t!(common.saved) /> })
    }
}

#[cfg(test)]
mod tests {
    use super::href;

    #[test]
    fn empty_values_leave_no_trace() {
        assert_eq!(href("/a", &[("x", ""), ("y", "1 2"), ("z", "3")]), "/a?y=1%202&z=3");
        assert_eq!(href("/a", &[("x", "")]), "/a");
    }
}
