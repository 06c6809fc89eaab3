//! Why somebody of the staff is on the page of the second factor who wanted to go to work: what her hospital asks for.
//! Who has a passkey has one already, and only has to sign in with it; setting up codes is in `settings`.

use domain::passkeys::OwnPasskeys;
use leptos::prelude::*;

use crate::passkeys::api::read_passkeys;
use crate::portal::Loaded;
use crate::reading::Reading;
use crate::t;
use crate::ui::{ButtonKind, IconName, LinkButton, Notice};

/// See the module.
#[component]
pub fn HeldBack(
    /// The hospital that asks; without one it is the platform.
    hospital: Option<String>,
) -> impl IntoView {
    let own = Reading::new(|| (), |()| read_passkeys());
    view! { <Loaded resource=own part=true view=move |own| words(&own, hospital.as_deref()) /> }
}

fn words(own: &OwnPasskeys, hospital: Option<&str>) -> AnyView {
    if !own.offered || own.items.is_empty() {
        let text = match hospital {
            Some(hospital) => t!(second_factor.staff_asked, hospital = hospital),
            None => t!(second_factor.platform_asked).to_owned(),
        };
        return view! {
            <Notice>
                <p>{text}</p>
            </Notice>
        }
        .into_any();
    }
    let text = match hospital {
        Some(hospital) => t!(second_factor.staff_asked_passkey, hospital = hospital),
        None => t!(second_factor.platform_asked_passkey).to_owned(),
    };
    // A whole new page: whether passkeys are offered is known to the server alone.
    view! {
        <Notice>
            <p>{text}</p>
            <p>
                <LinkButton
                    href="/sign-in?next=%2Fhospital"
                    kind=ButtonKind::Secondary
                    icon=IconName::Lock
                    attr:rel="external"
                >
                    {t!(passkeys.sign_in)}
                </LinkButton>
            </p>
        </Notice>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use domain::ids::PasskeyId;
    use domain::passkeys::Passkey;
    use jiff::Timestamp;

    use super::*;

    fn shown_by(hospital: Option<&str>, offered: bool, items: Vec<Passkey>) -> String {
        let own = OwnPasskeys { offered, items, ..OwnPasskeys::default() };
        Owner::new().with(|| words(&own, hospital).to_html())
    }

    fn shown(offered: bool, items: Vec<Passkey>) -> String {
        shown_by(Some("Lindenhof"), offered, items)
    }

    #[test]
    fn without_a_hospital_it_is_the_platform_that_asks() {
        let html = shown_by(None, true, Vec::new());
        assert!(html.contains("runs the platform"), "{html}");
    }

    #[test]
    fn only_who_has_a_passkey_is_led_to_signing_in_with_it() {
        let key = || Passkey {
            id: PasskeyId(uuid::Uuid::nil()),
            name: "Key".to_owned(),
            added_at: Timestamp::default(),
            used_at: None,
            backed_up: false,
        };
        assert!(shown(true, vec![key()]).contains("/sign-in?next=%2Fhospital"));
        for html in [shown(true, Vec::new()), shown(false, vec![key()])] {
            assert!(html.contains("Lindenhof") && !html.contains("/sign-in"), "{html}");
        }
    }
}
