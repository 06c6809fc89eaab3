//! That a time is held and waits to be paid for, wherever the visit is shown, with the way there.
//! How long it is held is told on that page.

use domain::ids::AppointmentId;
use leptos::prelude::*;

use crate::t;
use crate::ui::{Notice, NoticeKind};

/// See the module. The link loads the page: only that page's policy lets a form out of the house.
#[component]
pub fn HeldNotice(
    /// Which visit.
    id: AppointmentId,
) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Warning title=t!(payments.held_for_you)>
            <p>{t!(payments.held_for_you_text)}</p>
            <p>
                <a class="button button-primary" href=format!("/appointments/{id}/pay") rel="external">
                    <span>{t!(payments.go_on)}</span>
                </a>
            </p>
        </Notice>
    }
}
