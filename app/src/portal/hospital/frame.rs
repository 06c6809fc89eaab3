//! Header, side navigation and foot of the hospital portal.
//! They show what the viewer's role can use; whether she may is decided where it is read.

use domain::access::{Membership, Principal, Role};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::page::{HospitalPage, Section};
use crate::portal::{AccountEnd, theme, use_viewer};
use crate::t;
use crate::ui::{IconName, Menu, MenuItem, NavLink, SiteFooter, SiteHeader, ThemeSwitch};

/// One entry of the navigation.
#[derive(Clone)]
struct Entry {
    page: HospitalPage,
    icon: IconName,
    words: &'static str,
    /// What a desk needs all day: always in sight, on a phone too.
    daily: bool,
    /// The heading that begins with this entry.
    heading: Option<&'static str>,
}

fn daily(hospital: &Membership) -> Vec<Entry> {
    let at = |section, icon, words| Entry {
        page: HospitalPage::At(hospital.hospital_id, section),
        icon,
        words,
        daily: true,
        heading: None,
    };
    let mut entries = vec![
        at(Section::Today, IconName::List, t!(hospital_frame.today)),
        at(Section::Queue, IconName::MapPin, t!(queue.title)),
        at(Section::Calendar(hospital.doctor_id), IconName::Calendar, t!(hospital_frame.calendar)),
        at(Section::Patients, IconName::Users, t!(hospital_frame.patients)),
        at(Section::Waiting, IconName::Clock, t!(waiting.hospital_title)),
    ];
    match hospital.role {
        Role::Desk | Role::HospitalAdmin => {
            entries.push(at(Section::Money, IconName::Money, t!(hospital_money.title)));
        }
        Role::Doctor => {}
    }
    entries
}

fn seldom(membership: &Membership) -> Vec<Entry> {
    let at = |section, icon, words| Entry {
        page: HospitalPage::At(membership.hospital_id, section),
        icon,
        words,
        daily: false,
        heading: None,
    };
    match (membership.role, membership.doctor_id) {
        (Role::HospitalAdmin, _) => vec![
            at(Section::Doctors, IconName::Stethoscope, t!(hospital_frame.doctors)),
            at(Section::VisitTypes, IconName::CalendarPlus, t!(hospital_frame.visit_types)),
            at(Section::Resources, IconName::MapPin, t!(hospital_resources.title)),
            at(Section::Departments, IconName::Grid, t!(hospital_frame.departments)),
            at(Section::Members, IconName::Shield, t!(hospital_frame.members)),
            at(Section::Settings, IconName::Settings, t!(hospital_frame.settings)),
            at(Section::Changes, IconName::CalendarPlus, t!(changes.menu)),
            Entry {
                heading: Some(t!(audit.heading)),
                ..at(Section::Audit, IconName::FileText, t!(audit.menu))
            },
            at(Section::AuditQuestions, IconName::Message, t!(audit.questions_short)),
            at(Section::Emergencies, IconName::Bell, t!(emergency.queue)),
        ],
        (Role::Doctor, Some(doctor)) => {
            vec![
                at(Section::Hours(doctor), IconName::Clock, t!(hospital_frame.own_hours)),
                at(Section::Changes, IconName::CalendarPlus, t!(changes.menu)),
                at(Section::DeclareEmergency, IconName::Bell, t!(emergency.menu)),
            ]
        }
        (Role::Doctor, None) => vec![at(Section::DeclareEmergency, IconName::Bell, t!(emergency.menu))],
        (Role::Desk, _) => vec![at(Section::Changes, IconName::CalendarPlus, t!(changes.menu))],
    }
}

/// What the viewer can go to from a page.
fn entries(page: HospitalPage) -> Vec<Entry> {
    let viewer = use_viewer();
    let Some(principal) = viewer.principal() else { return Vec::new() };
    let here =
        page.hospital().and_then(|hospital| principal.membership(hospital)).or(principal.memberships.first());
    let mut entries = here.map(|here| [daily(here), seldom(here)].concat()).unwrap_or_default();
    if principal.platform_admin || principal.platform_held_back {
        let page = HospitalPage::Platform;
        entries.push(Entry {
            page,
            icon: IconName::Hospital,
            words: t!(hospital_frame.platform),
            daily: here.is_none(),
            heading: None,
        });
    }
    entries
}

/// The entry of the navigation that a page stands beneath.
fn entry_of(page: HospitalPage) -> HospitalPage {
    let HospitalPage::At(hospital, section) = page else {
        return match page {
            HospitalPage::NewHospital | HospitalPage::PlatformHospital(_) => HospitalPage::Platform,
            other => other,
        };
    };
    let section = match section {
        Section::Visit(_) | Section::Moving(..) | Section::Reschedule(_) => Section::Today,
        Section::WalkIn | Section::Wall => Section::Queue,
        Section::Calendar(_) | Section::CalendarDay => Section::Calendar(None),
        Section::Patient(_) | Section::Book => Section::Patients,
        Section::NewDoctor | Section::Doctor(_) => Section::Doctors,
        Section::HoursPreview(doctor) => Section::Hours(doctor),
        Section::Change(_) | Section::ChangeVisits(_) => Section::Changes,
        Section::ClosingPreview => Section::Settings,
        Section::NewVisitType | Section::VisitType(_) => Section::VisitTypes,
        Section::Resource(_) => Section::Resources,
        other => other,
    };
    HospitalPage::At(hospital, section)
}

fn is_current(entry: HospitalPage, page: HospitalPage) -> bool {
    let page = entry_of(page);
    // An administrator finds a doctor's hours beneath the doctors; a doctor has an entry of her own.
    entry_of(entry) == page
        || matches!(
            (entry, page),
            (HospitalPage::At(_, Section::Doctors), HospitalPage::At(_, Section::Hours(_)))
        )
}

/// The heading above an entry that begins a group.
fn heading(entry: &Entry, class: &'static str) -> Option<AnyView> {
    entry.heading.map(|words| view! { <li class=class>{words}</li> }.into_any())
}

/// The bar at the top: which hospital, and who is signed in.
#[component]
pub fn Header(
    /// The page that is shown.
    page: Memo<HospitalPage>,
) -> impl IntoView {
    let viewer = use_viewer();
    let name = viewer.principal().map(|principal| principal.full_name.clone());
    view! {
        <SiteHeader home="/hospital">
            <HospitalSwitch page />
            {name.map(|name| view! { <AccountMenu page name /> })}
        </SiteHeader>
    }
    .into_any()
}

/// The hospital's name; with several hospitals a menu that leads to the others.
#[component]
fn HospitalSwitch(page: Memo<HospitalPage>) -> impl IntoView {
    let viewer = use_viewer();
    let here = Memo::new(move |_| page.get().hospital());
    move || {
        let principal = viewer.principal().cloned()?;
        let current = here.get().and_then(|hospital| principal.membership(hospital)).cloned()?;
        let view = if principal.memberships.len() + principal.held_back.len() < 2 {
            view! { <span class="hospital-name">{current.hospital_name}</span> }.into_any()
        } else {
            let items: Vec<_> = principal
                .memberships
                .into_iter()
                .chain(principal.held_back)
                .map(|other| {
                    view! {
                        <MenuItem
                            href=Section::Today.at(other.hospital_id)
                            icon=IconName::Hospital
                            current=other.id == current.id
                        >
                            {other.hospital_name}
                        </MenuItem>
                    }
                })
                .collect();
            view! { <Menu label=current.hospital_name>{items}</Menu> }.into_any()
        };
        Some(view! { <div class="hospital-switch">{view}</div> })
    }
}

/// The account, and on a phone also the way to all pages.
#[component]
fn AccountMenu(page: Memo<HospitalPage>, name: String) -> impl IntoView {
    let links = move || {
        let page = page.get();
        entries(page)
            .into_iter()
            .filter(|entry| !entry.daily)
            .map(|entry| {
                view! {
                    {heading(&entry, "nav-heading")}
                    <MenuItem href=entry.page.path() icon=entry.icon current=is_current(entry.page, page)>
                        {entry.words}
                    </MenuItem>
                }
            })
            .collect::<Vec<_>>()
    };
    view! {
        <div class="site-account">
            <Menu label=name short_label=t!(common.menu) icon=IconName::Menu>
                <li class="narrow-links">
                    <ul class="narrow-list">{links}</ul>
                </li>
                <MenuItem href="/" icon=IconName::User>
                    {t!(hospital_frame.to_own_visits)}
                </MenuItem>
                <AccountEnd />
            </Menu>
        </div>
    }
    .into_any()
}

/// The rail beside the page; on a phone a bar with what is needed all day.
#[component]
pub fn SideNav(
    /// The page that is shown.
    page: Memo<HospitalPage>,
) -> impl IntoView {
    // The links change with the hospital, the mark on one of them with every page.
    let hospital = Memo::new(move |_| page.get().hospital());
    let links = move || {
        hospital.track();
        let entries = entries(page.get_untracked());
        entries
            .into_iter()
            .map(|entry| {
                let target = entry.page;
                let current = Signal::derive(move || is_current(target, page.get()));
                let class = if entry.daily { "side-entry" } else { "side-entry side-entry-seldom" };
                view! {
                    {heading(&entry, "nav-heading side-entry-seldom")}
                    <li class=class>
                        <NavLink href=target.path() icon=entry.icon current>
                            {entry.words}
                        </NavLink>
                    </li>
                }
            })
            .collect::<Vec<_>>()
    };
    // A navigation that leads nowhere is none. Whether it leads somewhere is the account's matter, not the page's.
    let leads = use_viewer().principal().is_some_and(Principal::is_staff);
    leads
        .then(|| {
            view! {
                <nav class="side-nav" aria-label=t!(shell.main_navigation)>
                    <ul>{links}</ul>
                </nav>
            }
        })
        .into_any()
}

/// The foot of every page.
#[component]
pub fn Footer() -> impl IntoView {
    let path = use_location().pathname;
    view! {
        <SiteFooter>
            <p>{t!(hospital_frame.foot)}</p>
            {move || view! { <ThemeSwitch current=theme().unwrap_or("system") return_to=path.get() /> }}
        </SiteFooter>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::is_current;
    use crate::portal::hospital::{HospitalPage, Section};
    use domain::ids::{DoctorId, HospitalId};
    use uuid::Uuid;

    const HERE: HospitalId = HospitalId(Uuid::from_u128(1));
    const DOCTOR: DoctorId = DoctorId(Uuid::from_u128(2));

    #[test]
    fn a_page_lights_the_entry_it_stands_beneath() {
        let at = |section| HospitalPage::At(HERE, section);
        assert!(is_current(at(Section::Calendar(None)), at(Section::Calendar(Some(DOCTOR)))));
        assert!(is_current(at(Section::Doctors), at(Section::Hours(DOCTOR))));
        assert!(is_current(at(Section::Hours(DOCTOR)), at(Section::Hours(DOCTOR))));
        assert!(is_current(HospitalPage::Platform, HospitalPage::NewHospital));
        assert!(!is_current(at(Section::Today), at(Section::Patients)));
    }
}
