//! The pieces of a journey: steps, ways back, the panel at the end, and the frame's own parts.
//! Sample data only.

use leptos::prelude::*;

use super::Chapter;
use crate::ui::{BackLink, Breadcrumb, Crumb, IconName, NavLink, OfflinePage, Panel, SiteHeader, Steps};

pub(super) fn samples() -> impl IntoView {
    let steps = ["Reason", "Time", "Who for", "Check"].map(str::to_owned).to_vec();
    let path = vec![
        Crumb::new("Doctors", "#doctors"),
        Crumb::new("Heart (cardiology)", "#cardiology"),
        Crumb::here("Dr. Asha Rao"),
    ];
    view! {
        <Chapter title="A journey">
            <Steps labels=steps current=2 />
            <BackLink href="#main" />
            <Breadcrumb items=path />
            <Panel title="Your visit is booked" reference="CS-4F7K">
                <p>"Tue 24 Nov 2026, 14:35, Dr. Asha Rao. We have sent it to your e-mail address."</p>
            </Panel>
        </Chapter>
        <Chapter title="Frame">
            <SiteHeader home="#main" label="Sahyadri Hospital">
                <nav class="site-nav" aria-label="Sample">
                    <NavLink href="#main" icon=IconName::Home current=true>"Home"</NavLink>
                    <NavLink href="#main" icon=IconName::Search>"Find a doctor"</NavLink>
                    <NavLink href="#main" icon=IconName::Calendar count=2>"Visits"</NavLink>
                </nav>
            </SiteHeader>
            <div class="offline-sample">
                <OfflinePage />
            </div>
        </Chapter>
    }
}
