//! A resource that changes under the reader's eyes: its view is built once and told of each change, so that nothing is torn down
//! while somebody points at it or types. Its parts may read for themselves, but not inside `move || …`, which the server runs more than
//! once.
//! Pages that may be drawn anew as a whole use `portal::Loaded`.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::portal::states::{Drawn, Place, drawn, failed};
use crate::reading::Reading;
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
    let shows = Reading::shown_by(move |result: Result<T, AppError>| match result {
        Ok(first) => {
            let place = Place::new();
            let newest = Memo::new(move |before: Option<&Option<T>>| {
                let read = resource.now().and_then(Result::ok);
                // All that is drawn from it is drawn after this.
                place.renews();
                read.or_else(|| before.cloned().flatten())
            });
            view(Signal::derive(move || newest.get().unwrap_or_else(|| first.clone()))).into_any()
        }
        Err(error) => failed(error, None, false),
    });
    drawn(resource.resource(), Drawn::Once, shape, shows)
}
