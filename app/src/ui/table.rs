//! A table with a caption and real headers; on a phone each row becomes a card that repeats the headers.
//! The roles are written out because turning rows into blocks makes browsers forget that they are a table.

use leptos::prelude::*;

use super::attribute::{classes, present};

/// The head of one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its words.
    pub label: String,
    /// Numbers are aligned at the end.
    pub numeric: bool,
    /// Kept for screen readers only: a column of buttons.
    pub hidden: bool,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    /// A column of numbers, times or money.
    #[must_use]
    pub fn numeric(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: true, hidden: false }
    }

    /// A column whose head is not shown.
    #[must_use]
    pub fn hidden(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: false, hidden: true }
    }
}

/// See the module.
#[component]
pub fn Table(
    /// What the table shows.
    #[prop(into)]
    caption: String,
    /// Its columns.
    columns: Vec<Column>,
    /// Keeps the caption for screen readers, when a heading above says the same.
    #[prop(optional)]
    hide_caption: bool,
    /// Less air, for long lists at a desk.
    #[prop(optional)]
    dense: bool,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heads: Vec<_> = columns
        .into_iter()
        .map(|column| {
            let class = column.numeric.then_some("numeric");
            let words = if column.hidden {
                view! { <span class="visually-hidden">{column.label}</span> }.into_any()
            } else {
                column.label.into_any()
            };
            view! { <th scope="col" role="columnheader" class=class>{words}</th> }
        })
        .collect();
    let caption_class = if hide_caption { "visually-hidden" } else { "table-caption" };
    view! {
        <div class="table-frame">
            <table role="table" class=classes(&[("table", true), ("table-dense", dense)])>
                <caption class=caption_class>{caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">{heads}</tr>
                </thead>
                <tbody role="rowgroup">{children()}</tbody>
            </table>
        </div>
    }
}

/// One row.
#[component]
pub fn TableRow(
    /// A `RowHead`, then `Cell`s.
    children: Children,
) -> impl IntoView {
    view! { <tr role="row">{children()}</tr> }
}

/// The cell that names its row.
#[component]
pub fn RowHead(
    /// The column's name, shown on a phone.
    #[prop(optional, into)]
    label: String,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    view! { <th scope="row" role="rowheader" data-label=present(label)><div>{children()}</div></th> }
}

/// One cell.
#[component]
pub fn Cell(
    /// The column's name, shown on a phone.
    #[prop(optional, into)]
    label: String,
    /// Aligned at the end.
    #[prop(optional)]
    numeric: bool,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    view! {
        <td role="cell" class=numeric.then_some("numeric") data-label=present(label)>
            <div>{children()}</div>
        </td>
    }
}
