//! A resource that changes under the reader's eyes: its view is built once and told of each change, so that nothing is torn down
//! while somebody points at it.
//! Pages that may be drawn anew as a whole use `portal::Loaded`.

use leptos::prelude::*;

use crate::portal::{Failure, NotFoundPage};
use crate::server::AppError;
use crate::ui::{Skeleton, SkeletonShape};

/// See the module.
#[component]
pub fn Kept<T, View, Views>(
    /// What is read, again and again.
    resource: Resource<Result<T, AppError>>,
    /// The shape of what is coming.
    #[prop(optional)]
    shape: SkeletonShape,
    /// Shows it; the signal holds the newest value.
    view: Views,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    View: IntoView + 'static,
    Views: Fn(Signal<T>) -> View + Send + Sync + 'static,
{
    view! {
        <Transition fallback=move || {
            view! { <Skeleton shape=shape lines=6 /> }
        }>
            {
                let refusal = Memo::new(move |_| {
                    resource.with(|read| read.as_ref().map(|result| result.as_ref().err().cloned()))
                });
                let newest = Memo::new(move |before: Option<&Option<T>>| {
                    let read = resource.get().and_then(Result::ok);
                    read.or_else(|| before.cloned().flatten())
                });
                move || match refusal.get() {
                    None => ().into_any(),
                    Some(Some(error)) if error.is_not_found() => view! { <NotFoundPage /> }.into_any(),
                    Some(Some(error)) => view! { <Failure error=error /> }.into_any(),
                    Some(None) => {
                        newest
                            .get_untracked()
                            .map(|first| {
                                let value = Signal::derive(move || newest.get().unwrap_or_else(|| first.clone()));
                                view(value)
                            })
                            .into_any()
                    }
                }
            }
        </Transition>
    }
    .into_any()
}
