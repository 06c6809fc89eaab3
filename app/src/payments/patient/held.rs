//! That a time is held and waits to be paid for, or to be booked, wherever the visit is shown, with the way there.
//! How long it is held is told on that page.

use domain::appointments::{Appointment, Status};
use leptos::prelude::*;

use crate::appointments::parts::when_text;
use crate::t;
use crate::ui::{Notice, NoticeKind};

/// See the module. The link loads the page: only that page's policy lets a form out of the house.
#[component]
pub fn HeldNotice(
    /// Which visit.
    visit: Appointment,
    /// Says with whom and when, where nothing else does.
    #[prop(optional)]
    named: bool,
) -> impl IntoView {
    let (text, go_on) = if visit.status == Status::PendingPayment {
        (t!(payments.held_for_you_text), t!(payments.go_on))
    } else {
        (t!(payments.held_free_text), t!(payments.held_look))
    };
    let href = format!("/appointments/{}/pay", visit.id);
    let named = named.then(|| {
        view! {
            <p>
                <bdi translate="no">{visit.doctor_name.clone()}</bdi>
                ", "
                <time datetime=visit.start.to_string()>{when_text(&visit)}</time>
            </p>
        }
    });
    view! {
        <Notice kind=NoticeKind::Warning title=t!(payments.held_for_you)>
            {named}
            <p>{text}</p>
            <p>
                <a class="button button-primary" href=href rel="external">
                    <span>{go_on}</span>
                </a>
            </p>
        </Notice>
    }
}
