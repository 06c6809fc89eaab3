//! `/account/calendar`: the private address of one's own calendar, how much it tells, and its end.
//! Both portals lead here: the account is one. The page works without a script.

use domain::calendars::{Feed, FeedDetail};
use jiff::Timestamp;
use jiff::tz::Offset;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{ChangeCalendarFeed, EndCalendarFeed, MakeCalendarFeed, OwnCalendar, read_calendar};
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::date_medium;
use crate::portal::{Loaded, use_query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, Choice, Details, Done, IconName, LinkButton, Notice, NoticeKind, PageHeader,
    RadioGroup, SkeletonShape, SummaryList, SummaryRow,
};

/// The forms of the page.
#[derive(Clone, Copy)]
struct Forms {
    make: FormState<MakeCalendarFeed>,
    change: FormState<ChangeCalendarFeed>,
    end: FormState<EndCalendarFeed>,
}

/// See the module.
#[component]
pub fn CalendarPage() -> impl IntoView {
    let forms = Forms { make: use_form_state(), change: use_form_state(), end: use_form_state() };
    let own = Reading::new(|| (), |()| read_calendar());
    let made = use_query().with_untracked(|query| query.get("saved") == Some("made"));
    let saved = use_query().with_untracked(|query| match query.get("saved").unwrap_or_default() {
        "changed" => Some(t!(own_calendar.saved_changed)),
        "ended" => Some(t!(own_calendar.saved_ended)),
        _ => None,
    });
    let saved = saved.map(|words| view! { <Done words /> });
    view! {
        <Title text=t!(own_calendar.title) />
        <div class="page page-narrow stack-large">
            <PageHeader title=t!(own_calendar.title) lead=t!(own_calendar.lead) />
            {saved}
            <Loaded resource=own shape=SkeletonShape::Rows view=move |own| content(own, made, &forms) />
            <p>
                <a href="/account/security">{t!(credentials.security_title)}</a>
            </p>
        </div>
    }
}

/// Whoever has just made an address and cannot be shown it any more is told so.
fn content(own: OwnCalendar, made: bool, forms: &Forms) -> AnyView {
    let fresh = match own.fresh {
        Some(address) => Some(view! { <Fresh address /> }.into_any()),
        None if made && own.feed.is_some() => {
            let notice = view! {
                <Notice kind=NoticeKind::Info>
                    <p>{t!(own_calendar.gone)}</p>
                </Notice>
            };
            Some(notice.into_any())
        }
        None => None,
    };
    let rest = match own.feed {
        None => view! { <Make form=forms.make /> }.into_any(),
        Some(feed) => view! { <Made feed make=forms.make change=forms.change end=forms.end /> }.into_any(),
    };
    view! {
        {fresh}
        {rest}
    }
    .into_any()
}

/// The address; minutes later it is gone for good.
#[component]
fn Fresh(address: String) -> impl IntoView {
    // Programs that know this scheme subscribe, where `https` would take the visits of today in and never ask again.
    let subscribe = address.split_once("://").map(|(_, rest)| format!("webcal://{rest}"));
    view! {
        <Notice kind=NoticeKind::Success title=t!(own_calendar.fresh_title)>
            <p>{t!(own_calendar.fresh_text)}</p>
            <label class="field-label" for="calendar-address">
                {t!(own_calendar.address)}
            </label>
            <textarea class="input" id="calendar-address" rows="3" readonly dir="ltr" translate="no">
                {address}
            </textarea>
            <p>{t!(own_calendar.subscribe_hint)}</p>
            <p>
                <LinkButton
                    href=subscribe.unwrap_or_default()
                    kind=ButtonKind::Secondary
                    icon=IconName::CalendarPlus
                    attr:rel="external"
                >
                    {t!(own_calendar.subscribe)}
                </LinkButton>
            </p>
        </Notice>
    }
    .into_any()
}

#[component]
fn Make(form: FormState<MakeCalendarFeed>) -> impl IntoView {
    let detail = form.value_or("detail", FeedDetail::Visit.code());
    view! {
        <section class="stack-small" aria-labelledby="make">
            <h2 class="section-title" id="make">
                {t!(own_calendar.make_title)}
            </h2>
            <p>{t!(own_calendar.make_text)}</p>
            <p>{t!(own_calendar.keep_text)}</p>
            <Form state=form reload=true>
                <div class="form">
                    <Detail value=detail error=form.problem("detail") />
                    <Button icon=IconName::CalendarPlus>{t!(own_calendar.make)}</Button>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn Made(
    feed: Feed,
    make: FormState<MakeCalendarFeed>,
    change: FormState<ChangeCalendarFeed>,
    end: FormState<EndCalendarFeed>,
) -> impl IntoView {
    let read = feed.read_at.map_or_else(|| t!(own_calendar.never).to_owned(), day);
    let detail = change.value_or("detail", feed.detail.code());
    view! {
        <SummaryList>
            <SummaryRow label=t!(own_calendar.made)>{day(feed.made_at)}</SummaryRow>
            <SummaryRow label=t!(own_calendar.read)>{read}</SummaryRow>
        </SummaryList>
        <section class="stack-small" aria-labelledby="change">
            <h2 class="section-title" id="change">
                {t!(own_calendar.change_title)}
            </h2>
            <Form state=change reload=true>
                <div class="form">
                    <Detail value=detail error=change.problem("detail") />
                    <Button>{t!(own_calendar.change)}</Button>
                </div>
            </Form>
        </section>
        <Renew detail=feed.detail form=make />
        <End form=end />
    }
    .into_any()
}

// What stops every program that reads has to be unfolded first: one tap beside the mark would do it otherwise.

/// A new address tells as much as the one that it replaces.
#[component]
fn Renew(detail: FeedDetail, form: FormState<MakeCalendarFeed>) -> impl IntoView {
    view! {
        <Details summary=t!(own_calendar.renew_title) group="calendar-address">
            <p>{t!(own_calendar.renew_text)}</p>
            <Form state=form reload=true>
                <input type="hidden" name="detail" value=detail.code() />
                <Button kind=ButtonKind::Secondary icon=IconName::Refresh>
                    {t!(own_calendar.renew)}
                </Button>
            </Form>
        </Details>
    }
    .into_any()
}

#[component]
fn End(form: FormState<EndCalendarFeed>) -> impl IntoView {
    view! {
        <Details summary=t!(own_calendar.end_title) group="calendar-address">
            <p>{t!(own_calendar.end_text)}</p>
            <Form state=form reload=true>
                <Button kind=ButtonKind::Danger>{t!(own_calendar.end)}</Button>
            </Form>
        </Details>
    }
    .into_any()
}

#[component]
fn Detail(value: String, #[prop(into)] error: Signal<Option<String>>) -> impl IntoView {
    let options = FeedDetail::ALL.map(|detail| {
        let (label, hint) = match detail {
            FeedDetail::Busy => (t!(own_calendar.busy), t!(own_calendar.busy_hint)),
            FeedDetail::Visit => (t!(own_calendar.visit), t!(own_calendar.visit_hint)),
            FeedDetail::Full => (t!(own_calendar.full), t!(own_calendar.full_hint)),
        };
        Choice::new(detail.code(), label).hint(hint)
    });
    view! { <RadioGroup legend=t!(own_calendar.detail) name="detail" options=options.into() value=value error=error /> }
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

    fn page(own: &OwnCalendar) -> String {
        let own = own.clone();
        Owner::new().with(|| {
            provide_context(RequestUrl::new("/account/calendar"));
            let shown = move || {
                let forms = Forms { make: use_form_state(), change: use_form_state(), end: use_form_state() };
                content(own.clone(), true, &forms)
            };
            view! { <Router>{shown()}</Router> }.to_html()
        })
    }

    fn feed() -> Feed {
        let made_at = Timestamp::from_second(1_790_000_000).unwrap_or_default();
        Feed { detail: FeedDetail::Busy, made_at, read_at: None }
    }

    #[test]
    fn without_an_address_one_can_be_made() {
        let html = page(&OwnCalendar { feed: None, fresh: None });
        assert!(html.contains("action=\"/_fn/make-calendar-feed\"") && !html.contains("end-calendar-feed"));
        for detail in FeedDetail::ALL {
            assert!(html.contains(&format!("value=\"{}\"", detail.code())), "{detail:?}");
        }
    }

    #[test]
    fn the_address_is_there_when_it_was_just_made_and_a_word_about_it_after() {
        let address = "https://care.example/calendar/secret.ics".to_owned();
        let html = page(&OwnCalendar { feed: Some(feed()), fresh: Some(address.clone()) });
        assert!(html.contains(&address) && html.contains("webcal://care.example/calendar/secret.ics"));
        let html = page(&OwnCalendar { feed: Some(feed()), fresh: None });
        assert!(
            !html.contains("secret.ics")
                && html.contains(t!(own_calendar.never))
                && html.contains(t!(own_calendar.gone))
        );
        for form in ["make", "change", "end"] {
            assert!(html.contains(&format!("action=\"/_fn/{form}-calendar-feed\"")), "{form}");
        }
    }
}
