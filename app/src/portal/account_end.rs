//! The last entries of the menu of whoever is signed in: the same in both portals.
//! What stands before them is the portal's business.

use leptos::prelude::*;

use crate::t;
use crate::ui::{Icon, IconName, MenuItem};

/// The way to what keeps the account safe, and out of it.
#[component]
pub fn AccountEnd() -> impl IntoView {
    view! {
        <MenuItem href="/account/security" icon=IconName::Lock>
            {t!(credentials.security_title)}
        </MenuItem>
        <li>
            <form method="post" action="/sign-out">
                <button class="menu-item" type="submit">
                    <Icon name=IconName::LogOut />
                    <span>{t!(shell.sign_out)}</span>
                </button>
            </form>
        </li>
    }
}
