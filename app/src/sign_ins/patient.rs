//! The page of places where the account is signed in.
//! Both portals lead here: the account is one.

use domain::sign_ins::{SignInEnd, SignedIn};
use jiff::Timestamp;
use jiff::tz::Offset;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::{EndOtherSignIns, EndSignIn, read_sign_ins};
use super::device::device_words;
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::date_medium;
use crate::portal::Loaded;
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Badge, Button, ButtonKind, Cell, Column, Done, FormErrors, IconName, Notice, NoticeKind, PageHeader,
    RowHead, SkeletonShape, Table, TableRow, Tone,
};

/// See the module.
#[component]
pub fn SignInsPage() -> impl IntoView {
    let (one, others) = (use_form_state::<EndSignIn>(), use_form_state::<EndOtherSignIns>());
    let list =
        Reading::new(move || (one.accepted().get(), others.accepted().get()), move |_| read_sign_ins());
    let query = use_query_map();
    let ended = move || {
        query.with(|query| query.get("ended").is_some()).then(|| view! { <Done words=t!(sign_ins.ended) /> })
    };
    view! {
        <Title text=t!(sign_ins.title) />
        <div class="page page-narrow stack">
            <PageHeader title=t!(sign_ins.title) lead=t!(sign_ins.lead) />
            {ended}
            <FormErrors problems=one.problems() />
            <Loaded
                resource=list
                shape=SkeletonShape::Rows
                view=move |list| view! { <Content list one others /> }
            />
            <p>
                <a href="/account/security">{t!(credentials.security_title)}</a>
            </p>
        </div>
    }
}

#[component]
fn Content(
    list: Vec<SignedIn>,
    one: FormState<EndSignIn>,
    others: FormState<EndOtherSignIns>,
) -> impl IntoView {
    let (gone, open): (Vec<_>, Vec<_>) = list.into_iter().partition(|item| item.ended.is_some());
    let warnings: Vec<_> =
        gone.into_iter().filter(|item| item.ended == Some(SignInEnd::Reuse)).map(warning).collect();
    let several = open.len() > 1;
    let columns = vec![
        Column::new(t!(sign_ins.place)),
        Column::new(t!(sign_ins.since)),
        Column::hidden(t!(common.actions)),
    ];
    let rows: Vec<_> = open.into_iter().map(|item| row(item, one)).collect();
    let all = several.then(|| {
        view! {
            <Form state=others>
                <Button kind=ButtonKind::Secondary busy=others.busy() icon=IconName::LogOut>
                    {t!(sign_ins.end_others)}
                </Button>
            </Form>
        }
    });
    view! {
        {warnings}
        <Table caption=t!(sign_ins.title) columns hide_caption=true>
            {rows}
        </Table>
        {all}
    }
    .into_any()
}

fn warning(item: SignedIn) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Warning title=t!(sign_ins.reuse_title)>
            <p>{t!(sign_ins.reuse, place = device_words(&item), date = day(item.created_at))}</p>
        </Notice>
    }
    .into_any()
}

fn row(item: SignedIn, form: FormState<EndSignIn>) -> impl IntoView {
    let place = device_words(&item);
    let action = if item.current {
        view! { <Badge tone=Tone::Positive icon=IconName::Check>{t!(sign_ins.this_one)}</Badge> }.into_any()
    } else {
        let name = place.clone();
        view! {
            <Form state=form no_summary=true>
                <input type="hidden" name="id" value=item.id.to_string() />
                <Button kind=ButtonKind::Secondary small=true>
                    {t!(sign_ins.end)} <span class="visually-hidden">": " {name}</span>
                </Button>
            </Form>
        }
        .into_any()
    };
    view! {
        <TableRow>
            <RowHead label=t!(sign_ins.place)>
                <span class="break-anywhere" translate="no">
                    {place}
                </span>
            </RowHead>
            <Cell label=t!(sign_ins.since)>{day(item.created_at)}</Cell>
            <Cell>{action}</Cell>
        </TableRow>
    }
    .into_any()
}

/// The day is enough to know it by, and the same in most zones.
fn day(at: Timestamp) -> String {
    date_medium(Offset::UTC.to_datetime(at).date())
}
