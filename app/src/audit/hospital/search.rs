//! Searching the record: by days, action and outcome, and by account or patient where a link has led here.
//! What is chosen stands in the address, and the file for a spreadsheet has the same choices.

use domain::access::Action;
use domain::audit::AuditQuery;
use domain::ids::{AccountId, HospitalId, PatientId};
use domain::page::{Page, PageQuery};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::audit::admin_api::{Found, hospital_audit};
use crate::audit::api::Look;
use crate::audit::words::{action_name, basis_name};
use crate::i18n::date_at_time;
use crate::portal::Loaded;
use crate::portal::hospital::{Section, date_query, href, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Badge, Button, ButtonKind, Cell, Checkbox, Choice, Column, DateField, EmptyState, IconName, LinkButton,
    Notice, PageHeader, Pagination, RowHead, Select, SkeletonShape, Table, TableRow, Tone,
};

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    from: String,
    to: String,
    action: String,
    denied: String,
    account: String,
    patient: String,
}

impl Asked {
    fn values(&self) -> [(&'static str, &str); 6] {
        [
            ("from", &self.from),
            ("to", &self.to),
            ("action", &self.action),
            ("denied", &self.denied),
            ("account", &self.account),
            ("patient", &self.patient),
        ]
    }

    /// The address of the page, with a further value.
    fn page(&self, hospital: HospitalId, name: &'static str, value: &str) -> String {
        let kept: Vec<_> =
            self.values().into_iter().filter(|(key, _)| *key != name).chain([(name, value)]).collect();
        href(&Section::Audit.at(hospital), &kept)
    }

    /// The address of the same as a file.
    fn file(&self, hospital: HospitalId) -> String {
        let name = |name| match name {
            "account" => "account_id",
            "patient" => "patient_id",
            name => name,
        };
        let values: Vec<_> = self.values().into_iter().map(|(key, value)| (name(key), value)).collect();
        href(&format!("/api/v1/hospitals/{hospital}/audit.csv"), &values)
    }
}

/// See the module.
#[component]
pub fn AuditPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let (from, to) = (date_query("from"), date_query("to"));
    let (action, denied) = (query("action"), query("denied"));
    let (account, patient, cursor) = (query("account"), query("patient"), query("cursor"));
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let asked = Memo::new(move |_| Asked {
        from: date(from.get()),
        to: date(to.get()),
        action: action.get(),
        // The API's word for a box that is ticked.
        denied: if denied.with(String::is_empty) { String::new() } else { "true".to_owned() },
        account: account.get(),
        patient: patient.get(),
    });
    let wanted = move || AuditQuery {
        from: from.get(),
        to: to.get(),
        action: Some(action.get()).filter(|action| !action.is_empty()),
        account_id: account.with(|id| id.parse::<AccountId>().ok()),
        patient_id: patient.with(|id| id.parse::<PatientId>().ok()),
        denied: !denied.with(String::is_empty),
        page: PageQuery { cursor: Some(cursor.get()).filter(|cursor| !cursor.is_empty()), limit: Some(50) },
    };
    let looks = Reading::new(wanted, move |query| hospital_audit(hospital, query));
    view! {
        <Title text=t!(audit.title) />
        <div class="page stack">
            <PageHeader title=t!(audit.title) lead=t!(audit.lead) />
            {move || view! { <Search hospital asked=asked.get() /> }}
            <Loaded
                resource=looks
                shape=SkeletonShape::Rows
                part=true
                view=move |found| view! { <List hospital found asked=asked.get_untracked() /> }
            />
        </div>
    }
    .into_any()
}

#[component]
fn Search(hospital: HospitalId, asked: Asked) -> impl IntoView {
    let mut actions: Vec<_> = Action::ALL
        .into_iter()
        .map(|action| Choice::new(action.code(), action_name(action.code())))
        .collect();
    actions.sort_by(|one, other| one.label.cmp(&other.label));
    let hidden: Vec<_> = [("account", &asked.account), ("patient", &asked.patient)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value.clone() /> })
        .collect();
    view! {
        <form class="audit-search" method="get" action=Section::Audit.at(hospital)>
            {hidden} <DateField label=t!(audit.from) name="from" value=asked.from.clone() />
            <DateField label=t!(audit.to) name="to" value=asked.to.clone() />
            <Select
                label=t!(audit.action)
                name="action"
                options=actions
                value=asked.action.clone()
                placeholder=t!(audit.any_action)
            />
            <Checkbox label=t!(audit.only_denied) name="denied" checked=!asked.denied.is_empty() />
            <Button icon=IconName::Search>{t!(audit.search)}</Button>
        </form>
    }
    .into_any()
}

/// Whom alone the search is about, and the way to everything. Only who has done something is named: a patient's name is not told here.
fn narrowed(hospital: HospitalId, page: &Page<Look>, asked: &Asked) -> Option<impl IntoView + use<>> {
    let account = (!asked.account.is_empty()).then(|| {
        let of = |look: &&Look| look.event.account_id.is_some_and(|id| id.to_string() == asked.account);
        let who = page.items.iter().find(of).and_then(|look| look.event.who.clone());
        who.map_or_else(|| t!(audit.only_one_account).to_owned(), |who| t!(audit.only_by, who = who))
    });
    let patient = (!asked.patient.is_empty()).then(|| t!(audit.only_one_patient).to_owned());
    let words: Vec<_> = account.into_iter().chain(patient).collect();
    let all = Asked { account: String::new(), patient: String::new(), ..asked.clone() };
    let all = href(&Section::Audit.at(hospital), &all.values());
    (!words.is_empty()).then(|| {
        view! {
            <Notice>
                <p dir="auto">
                    {words.join(" ")} " " <a href=all>{t!(audit.show_all)}</a>
                </p>
            </Notice>
        }
    })
}

/// The way to all of it as a file, or why there is none: better said before the password is asked for than afterwards.
fn export(hospital: HospitalId, asked: &Asked, too_many: bool) -> AnyView {
    if too_many {
        return view! {
            <Notice>
                <p>{t!(error.too_many_entries)}</p>
            </Notice>
        }
        .into_any();
    }
    let here = href(&Section::Audit.at(hospital), &asked.values());
    let to = href("/confirm", &[("next", &asked.file(hospital)), ("back", &here)]);
    view! {
        <div class="stack-small">
            <p>
                // A file is no page of the portal, so the router leaves it to the browser.
                <LinkButton href=to kind=ButtonKind::Secondary icon=IconName::Download attr:rel="external">
                    {t!(audit.export)}
                </LinkButton>
            </p>
            <p class="muted small">{t!(audit.export_hint)}</p>
        </div>
    }
    .into_any()
}

#[component]
fn List(hospital: HospitalId, found: Found, asked: Asked) -> impl IntoView {
    let Found { page, too_many } = found;
    let narrowed = narrowed(hospital, &page, &asked);
    if page.items.is_empty() {
        return view! {
            {narrowed}
            <EmptyState icon=IconName::Shield text=t!(audit.none) />
        }
        .into_any();
    }
    let export = export(hospital, &asked, too_many);
    let columns = vec![
        Column::new(t!(audit.when)),
        Column::new(t!(audit.who)),
        Column::new(t!(audit.what)),
        Column::new(t!(audit.why)),
        Column::new(t!(audit.about)),
        Column::new(t!(audit.origin)),
    ];
    let next = page.next_cursor.map(|cursor| asked.page(hospital, "cursor", &cursor)).unwrap_or_default();
    let rows: Vec<_> = page.items.into_iter().map(|look| row(hospital, &look, &asked)).collect();
    let previous = if query("cursor").with_untracked(String::is_empty) {
        String::new()
    } else {
        asked.page(hospital, "cursor", "")
    };
    view! {
        {narrowed}
        {export}
        <Table caption=t!(audit.title) columns hide_caption=true dense=true>
            {rows}
        </Table>
        <Pagination previous next previous_label=t!(who_looked.newest) next_label=t!(who_looked.older) />
    }
    .into_any()
}

fn row(hospital: HospitalId, look: &Look, asked: &Asked) -> AnyView {
    let (event, local) = (&look.event, look.at.local());
    let name = event.who.clone().unwrap_or_else(|| t!(audit.nobody).to_owned());
    let who = match event.account_id {
        Some(account) => {
            let href = asked.page(hospital, "account", &account.to_string());
            view! { <a href=href><bdi translate="no">{name}</bdi></a> }.into_any()
        }
        None => name.into_any(),
    };
    let why = if event.outcome == "denied" {
        view! { <Badge tone=Tone::Warning icon=IconName::Lock>{t!(audit.denied)}</Badge> }.into_any()
    } else {
        basis_name(&event.basis).into_any()
    };
    let reason = event.reason.clone().map(|reason| view! { <p class="muted small" dir="auto">{reason}</p> });
    let about = about(hospital, &event.patients, asked);
    let (iso, done) = (look.at.to_string(), action_name(&event.action));
    let origin = event.address.clone().unwrap_or_else(|| "–".to_owned());
    view! {
        <TableRow>
            <RowHead label=t!(audit.when)>
                <time class="time" datetime=iso>
                    {date_at_time(local.date(), local.time())}
                </time>
            </RowHead>
            <Cell label=t!(audit.who)>{who}</Cell>
            <Cell label=t!(audit.what)>{done}</Cell>
            <Cell label=t!(audit.why)>{why} {reason}</Cell>
            <Cell label=t!(audit.about)>{about}</Cell>
            <Cell label=t!(audit.origin)>
                <span class="break-anywhere" translate="no">
                    {origin}
                </span>
            </Cell>
        </TableRow>
    }
    .into_any()
}

/// How many patients; one of them leads to all that is about her. Names are not told here: reading them is a look of its own.
fn about(hospital: HospitalId, patients: &[PatientId], asked: &Asked) -> AnyView {
    match patients {
        [] => "–".into_any(),
        [one] => {
            let href = asked.page(hospital, "patient", &one.to_string());
            view! { <a href=href>{t!(audit.patients, count = 1)}</a> }.into_any()
        }
        several => t!(audit.patients, count = several.len()).into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_file_has_the_choices_of_the_page() {
        let hospital = HospitalId(Uuid::from_u128(1));
        let asked = Asked {
            from: "2026-11-01".into(),
            denied: "true".into(),
            account: "7".into(),
            ..Asked::default()
        };
        let file = asked.file(hospital);
        assert!(file.ends_with("/audit.csv?from=2026-11-01&denied=true&account_id=7"), "{file}");
        let page = asked.page(hospital, "account", "8");
        assert!(page.ends_with("/audit?from=2026-11-01&denied=true&account=8"), "{page}");
    }
}
