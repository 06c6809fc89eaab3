//! What a patient looks for: read from the address, written into a GET form, and taken away filter by filter.
//! Unknown values are left out here, so that an old link still finds something.

use domain::coding::{LANGUAGES, SPECIALTIES};
use domain::doctors::{DoctorQuery, DoctorSort};
use domain::hospitals::Modality;
use domain::page::PageQuery;
use leptos::prelude::*;
use leptos_router::components::Form as RouteForm;

use crate::doctors::parts::modality_text;
use crate::family::acting::{KeptField, keep};
use crate::i18n::{language_name, specialty_name};
use crate::portal::{Query, encode, without_nameless};
use crate::t;
use crate::ui::{Button, ButtonKind, Choice, Details, Field, Icon, IconName, Select};

/// Reads the query of an address.
#[must_use]
pub fn query_from(query: &Query) -> DoctorQuery {
    let text = |name: &str| query.get(name).map(str::to_owned);
    DoctorQuery {
        name: text("name"),
        specialty: text("specialty").filter(|code| SPECIALTIES.contains(&code.as_str())),
        language: text("language").filter(|code| LANGUAGES.contains(&code.as_str())),
        hospital_id: text("hospital").and_then(|id| id.parse().ok()),
        modality: text("modality").and_then(|code| Modality::parse(&code).ok()),
        sort: if text("sort").as_deref() == Some("name") { DoctorSort::Name } else { DoctorSort::Soonest },
        page: PageQuery { cursor: text("cursor"), limit: Some(12) },
    }
}

/// Writes the address of a query.
#[must_use]
pub fn href_of(query: &DoctorQuery) -> String {
    let hospital = query.hospital_id.map(|id| id.to_string());
    let pairs = [
        ("name", query.name.as_deref()),
        ("specialty", query.specialty.as_deref()),
        ("language", query.language.as_deref()),
        ("hospital", hospital.as_deref()),
        ("modality", query.modality.map(Modality::code)),
        ("sort", (query.sort == DoctorSort::Name).then_some("name")),
        ("cursor", query.page.cursor.as_deref()),
    ];
    let pairs: Vec<String> =
        pairs.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", encode(value?)))).collect();
    keep(&if pairs.is_empty() { "/doctors".to_owned() } else { format!("/doctors?{}", pairs.join("&")) })
}

/// Each filter that is set, in words, with the address that takes it away.
#[must_use]
pub fn filters_of(query: &DoctorQuery) -> Vec<(String, String)> {
    let base = DoctorQuery { page: PageQuery::default(), ..query.clone() };
    let mut filters = Vec::new();
    let mut add = |label: Option<String>, without: DoctorQuery| {
        if let Some(label) = label {
            filters.push((label, href_of(&without)));
        }
    };
    add(query.name.as_ref().map(|name| format!("“{name}”")), DoctorQuery { name: None, ..base.clone() });
    let specialty = query.specialty.as_deref().map(|code| specialty_name(code).to_owned());
    add(specialty, DoctorQuery { specialty: None, ..base.clone() });
    let language = query.language.as_deref().map(|code| language_name(code).to_owned());
    add(language, DoctorQuery { language: None, ..base.clone() });
    let modality = query.modality.map(|modality| modality_text(modality).to_owned());
    add(modality, DoctorQuery { modality: None, ..base.clone() });
    let hospital = query.hospital_id.map(|_| t!(find.one_hospital).to_owned());
    add(hospital, DoctorQuery { hospital_id: None, ..base });
    filters
}

fn specialties() -> Vec<Choice> {
    let mut choices: Vec<Choice> =
        SPECIALTIES.iter().map(|code| Choice::new(*code, specialty_name(code))).collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    choices
}

fn languages() -> Vec<Choice> {
    let mut choices: Vec<Choice> =
        LANGUAGES.iter().map(|code| Choice::new(*code, language_name(code))).collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    choices
}

fn modalities() -> Vec<Choice> {
    [Modality::InPerson, Modality::Video]
        .into_iter()
        .map(|m| Choice::new(m.code(), modality_text(m)))
        .collect()
}

/// The short form of the home page: what kind of doctor, and perhaps a name.
#[component]
pub fn SearchForm() -> impl IntoView {
    view! {
        <RouteForm method="get" action="/doctors" attr:class="search-form" on_form_data=without_nameless() attr:role="search">
            <Select
                label=t!(find.specialty)
                name="specialty"
                options=specialties()
                placeholder=t!(find.any_specialty)
            />
            <Field label=t!(find.doctor_name) name="name" optional=true />
            <KeptField />
            <Button icon=IconName::Search>{t!(find.search)}</Button>
        </RouteForm>
    }
}

/// The whole form of the search page.
#[component]
pub fn FilterForm(
    /// What is looked for now.
    query: DoctorQuery,
) -> impl IntoView {
    let sort = vec![Choice::new("soonest", t!(find.sort_soonest)), Choice::new("name", t!(find.sort_name))];
    let chosen = if query.sort == DoctorSort::Name { "name" } else { "soonest" };
    let open = query.language.is_some() || query.modality.is_some() || query.sort == DoctorSort::Name;
    let hospital =
        query.hospital_id.map(|id| view! { <input type="hidden" name="hospital" value=id.to_string() /> });
    view! {
        <RouteForm method="get" action="/doctors" attr:class="filter-form stack-small" on_form_data=without_nameless() attr:role="search">
            <Field
                label=t!(find.doctor_name)
                name="name"
                kind="search"
                value=query.name.clone().unwrap_or_default()
            />
            <Select
                label=t!(find.specialty)
                name="specialty"
                options=specialties()
                value=query.specialty.clone().unwrap_or_default()
                placeholder=t!(find.any_specialty)
            />
            <Button icon=IconName::Search wide=true>{t!(common.search)}</Button>
            <Details summary=t!(find.more_filters) open=open>
                <Select
                    label=t!(find.language)
                    name="language"
                    options=languages()
                    value=query.language.clone().unwrap_or_default()
                    placeholder=t!(find.any_language)
                />
                <Select
                    label=t!(find.modality)
                    name="modality"
                    options=modalities()
                    value=query.modality.map(Modality::code).unwrap_or_default()
                    placeholder=t!(find.any_modality)
                />
                <Select label=t!(find.sort) name="sort" options=sort value=chosen />
                <Button kind=ButtonKind::Secondary>{t!(find.apply)}</Button>
            </Details>
            {hospital}
            <KeptField />
        </RouteForm>
    }
}

/// The filters that are set, each a link that takes it away.
#[component]
pub fn FilterChips(
    /// What is looked for now.
    query: DoctorQuery,
) -> impl IntoView {
    let filters = filters_of(&query);
    (!filters.is_empty()).then(|| {
        let chips: Vec<_> = filters
            .into_iter()
            .map(|(label, href)| {
                view! {
                    <li>
                        <a class="chip" href=href>
                            <span class="visually-hidden">{t!(find.remove_filter)} " "</span>
                            <bdi>{label}</bdi>
                            <Icon name=IconName::X />
                        </a>
                    </li>
                }
            })
            .collect();
        view! { <ul class="chips" aria-label=t!(find.filters)>{chips}</ul> }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let query =
            query_from(&Query::parse("specialty=cardiology&name=+Jos%C3%A9+&modality=video&sort=name"));
        assert_eq!(query.name.as_deref(), Some("José"));
        assert_eq!(href_of(&query), "/doctors?name=Jos%C3%A9&specialty=cardiology&modality=video&sort=name");
    }

    #[test]
    fn what_is_unknown_or_empty_is_no_filter() {
        let query = query_from(&Query::parse("specialty=alchemy&language=&modality=fax&hospital=7"));
        assert_eq!(href_of(&query), "/doctors");
        assert!(filters_of(&query).is_empty());
    }

    #[test]
    fn a_filter_is_taken_away_without_the_others_and_back_on_the_first_page() {
        let query = query_from(&Query::parse("specialty=urology&language=de&cursor=c"));
        let hrefs: Vec<String> = filters_of(&query).into_iter().map(|(_, href)| href).collect();
        assert_eq!(hrefs, ["/doctors?language=de", "/doctors?specialty=urology"]);
    }
}
