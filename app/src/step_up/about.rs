//! What a form that waits for a proof is about, in words and names: somebody else may have filled it in and left it here.
//! Names are looked up as the caller may see them; what she may not see is not named, and then the form will be refused anyway.

use domain::access::Role;
use domain::family::{Permission, Relation};
use domain::time::parse_date;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::words;
use crate::accounts::hospital::list::role_name;
use crate::family::api::PERMISSIONS;
use crate::family::words::{period, permission_name, relation_name};
use crate::i18n::date_full;
use crate::t;
use crate::ui::{SummaryList, SummaryRow};

/// Fields and what was typed into them.
pub type Values = [(String, String)];

/// Names behind the ids of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Whom or what it is about.
    pub whom: Option<String>,
    /// The patient whom it is about.
    pub patient: Option<String>,
    /// The doctor who somebody is.
    pub doctor: Option<String>,
    /// The hospital at which it is.
    pub hospital: Option<String>,
}

fn value<'a>(values: &'a Values, name: &str) -> Option<&'a str> {
    values.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

/// Looks the names up.
#[cfg(feature = "ssr")]
pub async fn names(form: &str, values: &Values) -> Names {
    let typed = value(values, "email").or_else(|| value(values, "full_name")).map(str::to_owned);
    let whom = |whom| Names { whom, ..Names::default() };
    let found = match form.strip_prefix("/_fn/").unwrap_or_default() {
        "family-ask" | "family-change" | "family-own-account" => in_family(values).await,
        "hospital-member-state" => whom(member(values).await),
        "hospital-withdraw-invitation" => whom(invited(values).await),
        "remove-passkey" => whom(passkey(values).await),
        "end-sign-in" => whom(sign_in(values).await),
        _ => Names::default(),
    };
    Names {
        whom: typed.or(found.whom),
        doctor: doctor(values).await,
        hospital: hospital(values).await,
        ..found
    }
}

#[cfg(feature = "ssr")]
async fn doctor(values: &Values) -> Option<String> {
    use crate::server::{call, services};
    let id = value(values, "doctor")?.parse().ok()?;
    Some(services().ok()?.doctors.get(&call(), id).await.ok()?.card.name)
}

#[cfg(feature = "ssr")]
async fn hospital(values: &Values) -> Option<String> {
    let id = value(values, "hospital")?.parse().ok()?;
    Some(crate::server::services().ok()?.hospitals.get(id).await.ok()?.name)
}

#[cfg(feature = "ssr")]
async fn in_family(values: &Values) -> Names {
    use crate::server::{call, services};
    let Ok(services) = services() else { return Names::default() };
    let Ok(family) = services.families.around(&call()).await else { return Names::default() };
    let is = |id: uuid::Uuid, name: &str| value(values, name) == Some(id.to_string().as_str());
    let own = family.own.iter().map(|one| (one.id, &one.full_name));
    let cared = family.cares_for.iter().map(|one| (one.patient_id, &one.full_name));
    let patient = own.chain(cared).find(|(id, _)| is(id.0, "patient")).map(|(_, name)| name.clone());
    let helper = family.helpers.iter().find(|one| is(one.account_id.0, "helper"));
    Names { whom: helper.map(|one| one.full_name.clone()), patient, ..Names::default() }
}

#[cfg(feature = "ssr")]
async fn member(values: &Values) -> Option<String> {
    use crate::server::{call, services};
    let hospital = value(values, "hospital")?.parse().ok()?;
    let members = services().ok()?.accounts.members(&call(), hospital).await.ok()?.members;
    let id = value(values, "member")?;
    members.into_iter().find(|one| one.id.to_string() == id).map(|one| one.full_name)
}

#[cfg(feature = "ssr")]
async fn invited(values: &Values) -> Option<String> {
    use crate::server::{call, services};
    let hospital = value(values, "hospital")?.parse().ok()?;
    let open = services().ok()?.accounts.members(&call(), hospital).await.ok()?.invitations;
    let id = value(values, "invitation")?;
    open.into_iter().find(|one| one.id.to_string() == id).map(|one| one.email)
}

#[cfg(feature = "ssr")]
async fn passkey(values: &Values) -> Option<String> {
    use crate::server::{call, services};
    let keys = services().ok()?.passkeys.list(&call()).await.ok()?.items;
    let id = value(values, "id")?;
    keys.into_iter().find(|one| one.id.to_string() == id).map(|one| one.name)
}

#[cfg(feature = "ssr")]
async fn sign_in(values: &Values) -> Option<String> {
    use crate::server::{call, services};
    let own = services().ok()?.sign_ins.list(&call()).await.ok()?;
    let id = value(values, "id")?;
    own.into_iter().find(|one| one.id.to_string() == id).map(|one| crate::sign_ins::device_words(&one))
}

/// The form in words: what it does, about whom, and what it lets somebody do and for how long.
pub fn summary(form: &str, values: &Values, names: Names) -> AnyView {
    let may: Vec<&str> = values
        .iter()
        .filter(|(name, _)| name == PERMISSIONS)
        .filter_map(|(_, code)| Permission::parse(code).ok().map(permission_name))
        .collect();
    let date = |name| value(values, name).and_then(|text| parse_date(text).ok());
    let how_long = (!may.is_empty()).then(|| period(date("from"), date("until")));
    let role = value(values, "role").and_then(|code| Role::parse(code).ok()).map(role_name);
    let state = match value(values, "state") {
        Some("active") => Some(t!(hospital_members.active)),
        Some("suspended") => Some(t!(hospital_members.suspended)),
        _ => None,
    };
    let staff = form.ends_with("/hospital-set-staff-policy").then(|| {
        if value(values, "second_factor").is_some() {
            t!(step_up.asked_for)
        } else {
            t!(step_up.not_asked_for)
        }
    });
    let relation = value(values, "relation").and_then(|code| Relation::parse(code).ok()).map(relation_name);
    let born = value(values, "birth_date").and_then(|text| parse_date(text).ok()).map(date_full);
    let money = value(values, "back").zip(value(values, "currency"));
    let money = money.map(|(amount, currency)| format!("{amount} {currency}"));
    let rows = [
        (t!(step_up.what), Some(words(form).unwrap_or(t!(step_up.something)).to_owned())),
        (t!(step_up.code_or_passkey), staff.map(str::to_owned)),
        (t!(hospital_money.amount_back), money),
        (t!(step_up.whom), names.whom),
        (t!(auth.birth_date), born),
        (t!(emergency.reason), value(values, "reason").map(str::to_owned)),
        (t!(booking.patient), names.patient),
        (t!(family.relation), relation.map(str::to_owned)),
        (t!(find.hospital), names.hospital),
        (t!(hospital_members.role), role.map(str::to_owned)),
        (t!(hospital_members.which_doctor), names.doctor),
        (t!(hospital_doctors.state), state.map(str::to_owned)),
        (t!(family.may), (!may.is_empty()).then(|| may.join("; "))),
        (t!(family.how_long), how_long),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .filter_map(|(label, text)| {
            let text = text?;
            Some(view! { <SummaryRow label=label><bdi class="break-anywhere">{text}</bdi></SummaryRow> })
        })
        .collect();
    view! { <SummaryList>{rows}</SummaryList> }.into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn whoever_says_yes_has_read_what_to() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let values = [
            field("helper", "1"),
            field(PERMISSIONS, "book"),
            field(PERMISSIONS, "records"),
            field("until", "2027-01-31"),
        ];
        let names =
            Names { whom: Some("Sven".to_owned()), patient: Some("Olga".to_owned()), ..Names::default() };
        let html = Owner::new().with(|| summary("/_fn/family-change", &values, names).to_html());
        for word in ["Sven", "Olga", t!(family.may_book), t!(family.may_records), "31 January 2027"] {
            assert!(html.contains(word), "{word} {html}");
        }
        // Which way it goes is said, too: a box that is not ticked is sent by nobody.
        for (policy, words) in [
            (vec![], t!(step_up.not_asked_for)),
            (vec![field("second_factor", "true")], t!(step_up.asked_for)),
        ] {
            let html = Owner::new()
                .with(|| summary("/_fn/hospital-set-staff-policy", &policy, Names::default()).to_html());
            assert!(html.contains(words), "{html}");
        }
        let html = Owner::new().with(|| {
            summary("/_fn/hospital-invite", &[field("role", "hospital_admin")], Names::default()).to_html()
        });
        assert!(html.contains(t!(hospital_members.admin)), "{html}");
    }
}
