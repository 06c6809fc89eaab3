//! `/account/passkeys`: the account's passkeys, and adding, renaming and removing them.
//! The list, names and removal work without a script; adding needs one, and the page says so.

use domain::ids::PasskeyId;
use domain::passkeys::{NAME_MAX, OwnPasskeys, Passkey};
use jiff::Timestamp;
use jiff::tz::Offset;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{AddPasskey, BeginPasskey, RemovePasskey, RenamePasskey, read_passkeys};
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::date_medium;
use crate::portal::{Loaded, use_query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, Cell, Column, Done, EmptyState, Field, IconName, LinkButton, PageHeader, RowHead,
    SkeletonShape, Table, TableRow,
};

/// The forms of the page.
#[derive(Clone, Copy)]
struct Forms {
    begin: FormState<BeginPasskey>,
    add: FormState<AddPasskey>,
    rename: FormState<RenamePasskey>,
    remove: FormState<RemovePasskey>,
}

/// See the module.
#[component]
pub fn PasskeysPage() -> impl IntoView {
    let forms = Forms {
        begin: use_form_state(),
        add: use_form_state(),
        rename: use_form_state(),
        remove: use_form_state(),
    };
    let own = Reading::new(|| (), |()| read_passkeys());
    let query = use_query();
    let saved = move || {
        let words = query.with(|query| match query.get("saved").unwrap_or_default() {
            "added" => Some(t!(passkeys.saved_added)),
            "renamed" => Some(t!(passkeys.saved_renamed)),
            "removed" => Some(t!(passkeys.saved_removed)),
            _ => None,
        });
        words.map(|words| view! { <Done words /> })
    };
    view! {
        <Title text=t!(passkeys.title) />
        <div class="page page-narrow stack-large">
            <PageHeader title=t!(passkeys.title) lead=t!(passkeys.lead) />
            {saved}
            <Loaded resource=own shape=SkeletonShape::Rows view=move |own| content(own, &forms) />
            <p>
                <a href="/account/security">{t!(credentials.security_title)}</a>
            </p>
        </div>
    }
}

fn content(own: OwnPasskeys, forms: &Forms) -> AnyView {
    let query = use_query();
    let wanted = |name: &str| query.with(|query| query.get(name).and_then(|id| id.parse::<PasskeyId>().ok()));
    let find = |id: Option<PasskeyId>| own.items.iter().find(|item| Some(item.id) == id).cloned();
    if let Some(item) = find(wanted("rename")) {
        return view! { <Rename item form=forms.rename /> }.into_any();
    }
    if let Some(item) = find(wanted("remove")) {
        return view! { <Remove item form=forms.remove /> }.into_any();
    }
    let OwnPasskeys { offered, items, room, adding } = own;
    let number = items.len() + 1;
    let list = if items.is_empty() {
        view! { <EmptyState icon=IconName::Lock text=t!(passkeys.none) /> }.into_any()
    } else {
        view! { <List items /> }.into_any()
    };
    let more = match (offered, room, adding) {
        (false, _, _) => view! { <p>{t!(passkeys.not_offered)}</p> }.into_any(),
        (true, 0, _) => view! { <p>{t!(passkeys.full)}</p> }.into_any(),
        (true, _, Some(options)) => view! { <Add options number form=forms.add /> }.into_any(),
        (true, _, None) => view! { <Begin form=forms.begin /> }.into_any(),
    };
    let none = offered.then(|| view! { <p class="passkeys-none">{t!(passkeys.without)}</p> });
    view! {
        {list}
        {none}
        {more}
    }
    .into_any()
}

#[component]
fn List(items: Vec<Passkey>) -> impl IntoView {
    let columns = vec![
        Column::new(t!(passkeys.name)),
        Column::new(t!(passkeys.added)),
        Column::new(t!(passkeys.used)),
        Column::hidden(t!(common.actions)),
    ];
    let rows: Vec<_> = items.into_iter().map(row).collect();
    view! {
        <Table caption=t!(passkeys.title) columns hide_caption=true>
            {rows}
        </Table>
    }
    .into_any()
}

fn row(item: Passkey) -> impl IntoView {
    let used = item.used_at.map_or_else(|| t!(passkeys.never).to_owned(), day);
    let [rename, remove] = ["rename", "remove"].map(|what| format!("/account/passkeys?{what}={}", item.id));
    let (renamed, removed) = (item.name.clone(), item.name.clone());
    view! {
        <TableRow>
            <RowHead label=t!(passkeys.name)>
                <span class="break-anywhere">{item.name.clone()}</span>
            </RowHead>
            <Cell label=t!(passkeys.added)>{day(item.added_at)}</Cell>
            <Cell label=t!(passkeys.used)>{used}</Cell>
            <Cell>
                <span class="cluster">
                    <LinkButton href=rename kind=ButtonKind::Secondary small=true>
                        {t!(passkeys.rename)} <span class="visually-hidden">": " {renamed}</span>
                    </LinkButton>
                    <LinkButton href=remove kind=ButtonKind::Secondary small=true>
                        {t!(passkeys.remove)} <span class="visually-hidden">": " {removed}</span>
                    </LinkButton>
                </span>
            </Cell>
        </TableRow>
    }
    .into_any()
}

/// Whoever was left alone with a browser has to show first who she is, on a page of its own.
#[component]
fn Begin(form: FormState<BeginPasskey>) -> impl IntoView {
    view! {
        <section class="stack-small passkeys-only" aria-labelledby="add">
            <h2 class="section-title" id="add">
                {t!(passkeys.add_title)}
            </h2>
            <p>{t!(passkeys.add_text)}</p>
            <Form state=form reload=true>
                <div class="form">
                    <Button>{t!(passkeys.begin)}</Button>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

/// Then the name, and the browser's own window.
#[component]
fn Add(options: String, number: usize, form: FormState<AddPasskey>) -> impl IntoView {
    let name = form.value_or("name", &t!(passkeys.first_name, number = number));
    view! {
        <section class="stack-small passkeys-only" aria-labelledby="make">
            <h2 class="section-title" id="make">
                {t!(passkeys.make_title)}
            </h2>
            <p>{t!(passkeys.make_text)}</p>
            <Form state=form reload=true>
                <div class="form">
                    <Name value=name error=form.problem("name") />
                    <input type="hidden" name="credential" value="" />
                    <Button attr:data-passkey="create" attr:data-options=options>
                        {t!(passkeys.make)}
                    </Button>
                    <p
                        role="status"
                        data-told=t!(passkeys.make_failed)
                        data-known=t!(passkeys.make_known)
                    ></p>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn Rename(item: Passkey, form: FormState<RenamePasskey>) -> impl IntoView {
    let name = form.value_or("name", &item.name);
    view! {
        <section class="stack-small" aria-labelledby="rename">
            <h2 class="section-title" id="rename">
                {t!(passkeys.rename_title)}
            </h2>
            <Form state=form reload=true>
                <div class="form">
                    <input type="hidden" name="id" value=item.id.to_string() />
                    <Name value=name error=form.problem("name") />
                    <Button>{t!(passkeys.rename_action)}</Button>
                    <Back />
                </div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn Remove(item: Passkey, form: FormState<RemovePasskey>) -> impl IntoView {
    view! {
        <section class="stack-small" aria-labelledby="remove">
            <h2 class="section-title" id="remove">
                {t!(passkeys.remove_title, name = item.name)}
            </h2>
            <p>{t!(passkeys.remove_text)}</p>
            <Form state=form reload=true>
                <div class="form">
                    <input type="hidden" name="id" value=item.id.to_string() />
                    <Button kind=ButtonKind::Danger>{t!(passkeys.remove_action)}</Button>
                    <Back />
                </div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn Name(value: String, #[prop(into)] error: Signal<Option<String>>) -> impl IntoView {
    let longest = u32::try_from(NAME_MAX).unwrap_or(u32::MAX);
    view! {
        <Field
            label=t!(passkeys.name)
            name="name"
            hint=t!(passkeys.name_hint)
            autocomplete="off"
            max_length=longest
            value=value
            error=error
        />
    }
    .into_any()
}

#[component]
fn Back() -> impl IntoView {
    view! {
        <LinkButton href="/account/passkeys" kind=ButtonKind::Quiet>
            {t!(passkeys.back)}
        </LinkButton>
    }
    .into_any()
}

/// The day is enough to know it by, and the same in most zones.
fn day(at: Timestamp) -> String {
    date_medium(Offset::UTC.to_datetime(at).date())
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos_router::components::Router;
    use leptos_router::location::RequestUrl;

    use super::*;

    fn passkey(number: u128) -> Passkey {
        let at = Timestamp::from_second(1_790_000_000).unwrap_or_default();
        let id = PasskeyId(uuid::Uuid::from_u128(number));
        Passkey { id, name: format!("Key {number}"), added_at: at, used_at: None, backed_up: false }
    }

    /// The page's content at an address.
    fn page(query: &str, own: &OwnPasskeys) -> String {
        let (address, own) = (format!("/account/passkeys{query}"), own.clone());
        Owner::new().with(|| {
            provide_context(RequestUrl::new(&address));
            let shown = move || {
                let forms = Forms {
                    begin: use_form_state(),
                    add: use_form_state(),
                    rename: use_form_state(),
                    remove: use_form_state(),
                };
                content(own.clone(), &forms)
            };
            view! { <Router>{shown()}</Router> }.to_html()
        })
    }

    fn own(items: u128) -> OwnPasskeys {
        let items: Vec<_> = (1..=items).map(passkey).collect();
        OwnPasskeys { offered: true, room: 2, items, adding: None }
    }

    #[test]
    fn without_a_script_the_page_says_what_needs_one() {
        for own in [own(0), own(2)] {
            assert!(page("", &own).contains(t!(passkeys.without)));
        }
        let html = page("", &OwnPasskeys { offered: false, ..own(2) });
        assert!(html.contains(t!(passkeys.not_offered)) && html.contains("Key 2"));
        assert!(!html.contains(t!(passkeys.without)) && !html.contains("begin-passkey"));
    }

    #[test]
    fn each_state_has_its_form() {
        assert!(page("", &own(0)).contains(t!(passkeys.none)));
        assert!(page("", &own(0)).contains("action=\"/_fn/begin-passkey\""));
        let adding = OwnPasskeys { adding: Some("{\"publicKey\":{}}".to_owned()), ..own(1) };
        let html = page("", &adding);
        assert!(html.contains("data-passkey=\"create\"") && html.contains("value=\"Passkey 2\""), "{html}");
        let full = OwnPasskeys { room: 0, ..own(1) };
        assert!(page("", &full).contains(t!(passkeys.full)));
        let id = passkey(2).id;
        assert!(page(&format!("?rename={id}"), &own(2)).contains("value=\"Key 2\""));
        assert!(page(&format!("?remove={id}"), &own(2)).contains("action=\"/_fn/remove-passkey\""));
        assert!(page("?remove=nothing", &own(2)).contains("Key 1"));
    }
}
