//! The button that signs in with a passkey, below the form for the password.
//! It asks for no address: the key says whose it is. Where the browser cannot do it, the style sheet leaves it out: the password stands above.

use leptos::prelude::*;

use super::api::PasskeySignIn;
use crate::form::{Form, use_form_state};
use crate::t;
use crate::ui::{Button, ButtonKind, IconName};

/// See the module.
#[component]
pub fn PasskeyButton(
    /// Where to go afterwards.
    next: String,
) -> impl IntoView {
    // Both sides must say the same of it, and only the server knows.
    let offered = SharedValue::new(offered).into_inner();
    let form = use_form_state::<PasskeySignIn>();
    offered.then(|| {
        view! {
            <Form state=form reload=true>
                <div class="form passkeys-only">
                    <input type="hidden" name="challenge" value="" />
                    <input type="hidden" name="credential" value="" />
                    <input type="hidden" name="next" value=next />
                    <Button wide=true kind=ButtonKind::Secondary icon=IconName::Lock attr:data-passkey="get">
                        {t!(passkeys.sign_in)}
                    </Button>
                    <p role="status" data-told=t!(passkeys.sign_in_failed)></p>
                </div>
            </Form>
        }
        .into_any()
    })
}

#[cfg(feature = "ssr")]
fn offered() -> bool {
    crate::server::services().is_ok_and(|services| services.passkeys.offered())
}

/// The browser is told by the page.
#[cfg(not(feature = "ssr"))]
fn offered() -> bool {
    false
}
