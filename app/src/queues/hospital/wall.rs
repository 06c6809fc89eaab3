//! The wall on a screen of the portal, full of it: for a hospital that leaves somebody signed in there, and for looking at what hangs
//! behind the private address.
//! Without a script a link shows the latest; the page behind the private address asks for itself anew.

use domain::ids::HospitalId;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::live::use_live;
use crate::portal::hospital::{Kept, Section};
use crate::queues::admin_api::hospital_wall;
use crate::queues::wall::wall;
use crate::reading::Reading;
use crate::t;

/// See the module.
#[component]
pub fn WallPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let live = use_live();
    let board = Reading::new(move || live.version(), move |_| hospital_wall(hospital));
    let lost = RwSignal::new(false);
    // A loss is told until the next change is: the first thing that is heard after it is that everything may be stale.
    Effect::new(move |before: Option<u32>| {
        let losses = live.losses();
        if before.is_some_and(|before| before != losses) {
            lost.set(true);
        }
        losses
    });
    Effect::new(move |before: Option<u32>| {
        let version = live.version();
        if before.is_some_and(|before| before != version) {
            lost.set(false);
        }
        version
    });
    view! {
        <Title text=t!(wall.title) />
        <div class="wall">
            <Kept resource=board view=move |board| move || board.with(wall) />
            <p class="wall-lost" role="status">
                {move || lost.get().then_some(t!(wall.lost))}
            </p>
            <p class="wall-back no-print">
                <a href=Section::Queue.at(hospital)>{t!(wall.back)}</a>
                <a class="wall-again" href=Section::Wall.at(hospital)>{t!(wall.again)}</a>
            </p>
        </div>
    }
    .into_any()
}
