//! Whom the viewer acts for: a card each, with the ways to act, and the way out.
//! What may be done stands on the card, so that nobody has to try.

use domain::family::{Cared, OWN_AGE, Permission, Permissions, birthday};
use domain::ids::AccountId;
use leptos::prelude::*;

use crate::family::acting::{FOR, sees_visits};
use crate::family::api::EndHelp;
use crate::family::words::{period, permissions_list};
use crate::form::{Form, FormState};
use crate::i18n::day_month_year;
use crate::portal::hospital::href;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonRow, Card, Details, EmptyState, Icon, IconName, LinkButton};

/// The section with its cards.
#[component]
pub fn CaresFor(
    /// The cards.
    cards: Vec<AnyView>,
) -> impl IntoView {
    let cards = if cards.is_empty() {
        view! { <EmptyState icon=IconName::Users text=t!(family.cares_none) /> }.into_any()
    } else {
        view! { <div class="stack">{cards}</div> }.into_any()
    };
    view! {
        <section class="stack">
            <h2 class="section-title">{t!(family.cares_title)}</h2>
            {cards}
            <p>
                <LinkButton href="/family/child" kind=ButtonKind::Secondary icon=IconName::Plus>
                    {t!(family.child_add)}
                </LinkButton>
            </p>
        </section>
    }
    .into_any()
}

/// Somebody for whom the viewer acts.
#[component]
pub fn CaredCard(
    /// Who.
    cared: Cared,
    /// The viewer's account.
    me: Option<AccountId>,
    /// The page's one form that ends something.
    form: FormState<EndHelp>,
) -> impl IntoView {
    let born = t!(family.born, date = day_month_year(cared.birth_date));
    let when = period(cared.from, cared.until);
    let changes = cared.changes_on.filter(|_| cared.permissions != Permissions::NONE).map(|day| {
        let date = day_month_year(day);
        let grown = day >= birthday(cared.birth_date, OWN_AGE);
        let words = if grown { t!(family.ends_on, date = date) } else { t!(family.changes_on, date = date) };
        view! { <p class="muted">{words}</p> }
    });
    // What the birthday changes is said below, and "no end" beside it would be wrong.
    let endless = cared.from.is_none() && cared.until.is_none();
    let when = (!endless || changes.is_none()).then(|| how_long(when));
    let may = may(cared.permissions);
    view! {
        <Card title=cared.full_name.clone() level=3>
            <p class="muted">{born} "."</p>
            {when}
            {may}
            {changes}
            <Ways cared=cared.clone() />
            <Stop cared me form />
        </Card>
    }
    .into_any()
}

/// For how long, on a line of its own.
pub(super) fn how_long(period: String) -> impl IntoView {
    view! { <p class="muted">{t!(family.how_long)} ": " {period} "."</p> }
}

/// What may be done, as a list.
pub(super) fn may(permissions: Permissions) -> AnyView {
    if permissions == Permissions::NONE {
        return view! { <p>{t!(family.may_nothing)}</p> }.into_any();
    }
    let lines: Vec<_> = permissions_list(permissions)
        .into_iter()
        .map(|words| {
            view! {
                <li class="fact">
                    <Icon name=IconName::Check />
                    {words}
                </li>
            }
        })
        .collect();
    view! { <ul class="family-may" role="list">{lines}</ul> }.into_any()
}

/// What to do for her now; each address says whom it is for.
#[component]
fn Ways(cared: Cared) -> impl IntoView {
    let id = cared.patient_id.to_string();
    let to = |path: &str| href(path, &[(FOR, &id)]);
    // The same words stand on each card.
    let name = || whose(cared.full_name.clone());
    let may = cared.permissions;
    let book = may.has(Permission::Book).then(|| {
        let name = name();
        view! {
            <LinkButton href=to("/doctors") icon=IconName::CalendarPlus>
                {t!(patient.book_visit)} {name}
            </LinkButton>
        }
    });
    let visits = sees_visits(may).then(|| {
        let name = name();
        view! {
            <LinkButton href=to("/appointments") kind=ButtonKind::Secondary icon=IconName::Calendar>
                {t!(family.visits)} {name}
            </LinkButton>
        }
    });
    let looked = may.sees_who_looked().then(|| {
        let name = name();
        view! {
            <LinkButton href=to("/who-looked") kind=ButtonKind::Secondary icon=IconName::Shield>
                {t!(family.who_looked)} {name}
            </LinkButton>
        }
    });
    let account = cared.hands_over.then(|| {
        let name = name();
        view! {
            <LinkButton href=to("/family/account") kind=ButtonKind::Secondary icon=IconName::User>
                {t!(family.account_give)} {name}
            </LinkButton>
        }
    });
    view! { <ButtonRow>{book} {visits} {looked} {account}</ButtonRow> }.into_any()
}

/// A name behind the words of a button, for screen readers.
fn whose(name: String) -> AnyView {
    view! { <span class="visually-hidden">": " {name}</span> }.into_any()
}

/// The way out, folded away: it is for once.
#[component]
fn Stop(cared: Cared, me: Option<AccountId>, form: FormState<EndHelp>) -> impl IntoView {
    let me = me?;
    let name = cared.full_name.clone();
    Some(
        view! {
            <Details summary=t!(family.stop) about=cared.full_name.clone()>
                // A new page, because for whom one acts is read once for each.
                <Form state=form reload=true no_summary=true>
                    <div class="stack-small">
                        <p>{t!(family.stop_text, name = name)}</p>
                        <input type="hidden" name="patient" value=cared.patient_id.to_string() />
                        <input type="hidden" name="helper" value=me.to_string() />
                        <Button kind=ButtonKind::Danger>
                            {t!(family.stop_action)} {whose(cared.full_name)}
                        </Button>
                    </div>
                </Form>
            </Details>
        }
        .into_any(),
    )
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn html(permissions: Permissions) -> String {
        Owner::new().with(|| may(permissions).to_html())
    }

    #[test]
    fn a_card_says_what_may_be_done_and_when_it_is_nothing() {
        let young = html(Permissions::YOUNG);
        assert!(young.contains(t!(family.may_book)) && young.contains(t!(family.may_pay)), "{young}");
        assert!(!young.contains(t!(family.may_records)), "{young}");
        assert!(html(Permissions::NONE).contains(t!(family.may_nothing)));
    }

    #[test]
    fn nobody_to_look_after_leads_to_adding_a_child() {
        let html = Owner::new().with(|| view! { <CaresFor cards=Vec::new() /> }.to_html());
        assert!(html.contains(t!(family.cares_none)) && html.contains("href=\"/family/child\""), "{html}");
    }
}
