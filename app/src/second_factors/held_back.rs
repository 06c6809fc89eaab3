//! Why somebody of the staff is on the page of the second factor who wanted to go to work: what her hospital asks for.
//! Who has a passkey has one already, and only has to sign in with it; setting up codes is in `settings`.

use domain::passkeys::OwnPasskeys;
use leptos::prelude::*;

use crate::passkeys::api::read_passkeys;
use crate::portal::Loaded;
use crate::t;
use crate::ui::{ButtonKind, IconName, LinkButton, Notice};

/// See the module.
#[component]
pub fn HeldBack(
    /// The hospital that asks.
    hospital: String,
) -> impl IntoView {
    let own = Resource::new(|| (), |()| read_passkeys());
    view! { <Loaded resource=own part=true view=move |own| words(&own, &hospital) /> }
}

fn words(own: &OwnPasskeys, hospital: &str) -> AnyView {
    if !own.offered || own.items.is_empty() {
        let text = t!(second_factor.staff_asked, hospital = hospital);
        return view! {
            <Notice>
                <p>{text}</p>
            </Notice>
        }
        .into_any();
    }
    let text = t!(second_factor.staff_asked_passkey, hospital = hospital);
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

    fn shown(offered: bool, items: Vec<Passkey>) -> String {
        let own = OwnPasskeys { offered, items, ..OwnPasskeys::default() };
        Owner::new().with(|| words(&own, "Lindenhof").to_html())
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
