//! The day of a visit as its patient sees it: her number, and "I am here".
//! Who is called when is told by the wall and by people.

use domain::appointments::{Appointment, Status};
use leptos::prelude::*;

use super::api::IAmHere;
use crate::form::{Form, FormState};
use crate::t;
use crate::ui::{Button, IconName, Notice, NoticeKind};

/// Her number as long as she waits, or the button that gets her one.
pub fn on_the_day(visit: &Appointment, form: FormState<IAmHere>) -> AnyView {
    let waits = matches!(visit.status, Status::Arrived | Status::CheckedIn | Status::InProgress);
    if let Some(number) = visit.ticket.filter(|_| waits) {
        let words = match visit.status {
            Status::InProgress => t!(queue.number_called),
            _ => t!(queue.number_text),
        };
        return view! {
            <Notice kind=NoticeKind::Success title=t!(queue.your_number, number = number)>
                <p>{words}</p>
            </Notice>
        }
        .into_any();
    }
    if !visit.can_say_here {
        return ().into_any();
    }
    let (id, version) = (visit.id.to_string(), visit.version.to_string());
    view! {
        <section class="stack-small no-print" aria-labelledby="here">
            <h2 class="section-title" id="here">{t!(queue.here_title)}</h2>
            <p>{t!(queue.here_text)}</p>
            <Form state=form>
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="version" value=version />
                <Button icon=IconName::MapPin busy=form.busy()>{t!(queue.here)}</Button>
            </Form>
        </section>
    }
    .into_any()
}
