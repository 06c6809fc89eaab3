//! That a doctor would like to see somebody again, on the pages where one looks for one's visits.
//! It says nothing when there is nothing to choose.

use domain::follow_ups::{FollowUp, FollowUpStatus};
use domain::ids::PatientId;
use leptos::prelude::*;

use super::api::my_follow_ups;
use super::words::asks;
use crate::live::use_live;
use crate::portal::Loaded;
use crate::reading::Reading;
use crate::t;
use crate::ui::{LinkButton, Notice, NoticeKind};

/// See the module.
#[component]
pub fn FollowUpNotices(
    /// Only those of this patient; of everybody for whom the viewer may see one when none.
    #[prop(optional_no_strip)]
    patient: Option<PatientId>,
) -> impl IntoView {
    let live = use_live();
    let found = Reading::new(move || live.version(), |_| my_follow_ups());
    view! {
        <Loaded
            resource=found
            part=true
            view={move |tickets: Vec<FollowUp>| open(tickets, patient)}
        />
    }
    .into_any()
}

fn open(tickets: Vec<FollowUp>, patient: Option<PatientId>) -> AnyView {
    let shown = tickets.into_iter().filter(|ticket| {
        ticket.status == FollowUpStatus::Open && patient.is_none_or(|patient| ticket.patient_id == patient)
    });
    let notices: Vec<_> = shown.map(|ticket| notice(&ticket)).collect();
    view! { <div class="stack">{notices}</div> }.into_any()
}

fn notice(ticket: &FollowUp) -> AnyView {
    let asks = asks(ticket);
    let href = format!("/follow-ups/{}", ticket.id);
    let words = if ticket.bookable { t!(follow_ups.choose) } else { t!(follow_ups.see) };
    let note = ticket.note.clone().map(|note| {
        view! {
            <p>
                {t!(follow_ups.note_from_doctor)} ": " <span class="as-typed" dir="auto">{note}</span>
            </p>
        }
    });
    view! {
        <Notice kind=NoticeKind::Info title=t!(follow_ups.notice_title)>
            <p>{asks}</p>
            {note}
            <p>
                <LinkButton href=href>{words}</LinkButton>
            </p>
        </Notice>
    }
    .into_any()
}
