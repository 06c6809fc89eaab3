//! A resource that changes under the reader's eyes: its view is built once and told of each change, so that nothing is torn down
//! while somebody points at it.
//! Pages that may be drawn anew as a whole use `portal::Loaded`.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::portal::states::waiting;
use crate::portal::{Failure, NotFoundPage};
use crate::reading::{Reading, Stands};
use crate::server::AppError;
use crate::ui::SkeletonShape;

/// See the module.
#[component]
pub fn Kept<T, View, Views>(
    /// What is read, again and again.
    resource: Reading<T>,
    /// The shape of what is coming.
    #[prop(optional)]
    shape: SkeletonShape,
    /// Shows it; the signal holds the newest value.
    view: Views,
) -> impl IntoView
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
    View: IntoView + 'static,
    Views: Fn(Signal<T>) -> View + Send + Sync + 'static,
{
    // What it reads, it reads beneath the place that waits for it.
    let inside = move || {
        let newest = Memo::new(move |before: Option<&Option<T>>| {
            let read = resource.now().and_then(Result::ok);
            read.or_else(|| before.cloned().flatten())
        });
        let show = move || {
            let first = newest.get_untracked()?;
            let value = Signal::derive(move || newest.get().unwrap_or_else(|| first.clone()));
            Some(view(value).into_any())
        };
        unless_refused(Memo::new(move |_| resource.stands()), Box::new(show))
    };
    waiting(shape, 6, Box::new(inside))
}

/// What went wrong, or else what is there. It does not know what that is, so that it is compiled once.
fn unless_refused(stands: Memo<Stands>, show: Box<dyn Fn() -> Option<AnyView> + Send + Sync>) -> AnyView {
    let shown = move || match stands.get() {
        Stands::Coming => ().into_any(),
        Stands::Refused(error) if error.is_not_found() => view! { <NotFoundPage /> }.into_any(),
        Stands::Refused(error) => view! { <Failure error=error /> }.into_any(),
        // What is here and cannot be read was not understood.
        Stands::Here => show().unwrap_or_else(|| view! { <Failure error=AppError::Network /> }.into_any()),
    };
    shown.into_any()
}
