//! Buttons, badges, cards, notices, tables and the other pieces of content.
//! Sample data only.

use leptos::prelude::*;

use super::Chapter;
use crate::i18n::{Audience, price};
use crate::ui::{
    Avatar, AvatarSize, Badge, Button, ButtonKind, ButtonRow, Card, CardGrid, Cell, Column, Details, Dialog,
    DialogCloser, DialogOpener, EmptyState, IconName, LinkButton, Menu, MenuItem, Notice, NoticeKind,
    Pagination, RowHead, Skeleton, SkeletonShape, StatusBadge, SummaryList, SummaryRow, TabItem, Table,
    TableRow, Tabs, ThemeSwitch, Tone,
};

pub(super) fn samples() -> impl IntoView {
    view! {
        <ButtonSamples />
        <BadgeSamples />
        <CardSamples />
        <NoticeSamples />
        <TableSamples />
        <FoldSamples />
    }
}

#[component]
fn ButtonSamples() -> impl IntoView {
    view! {
        <Chapter title="Buttons">
            <ButtonRow>
                <Button button_type="button">"Book this time"</Button>
                <Button button_type="button" kind=ButtonKind::Secondary icon=IconName::CalendarPlus>
                    "Add to calendar"
                </Button>
                <Button button_type="button" kind=ButtonKind::Quiet>"Not now"</Button>
                <Button button_type="button" kind=ButtonKind::Danger>"Cancel the visit"</Button>
                <Button button_type="button" busy=true>"Booking"</Button>
            </ButtonRow>
            <ButtonRow>
                <LinkButton href="#main" icon=IconName::Search>"Find a doctor"</LinkButton>
                <LinkButton href="#main" kind=ButtonKind::Secondary small=true>"Confirm"</LinkButton>
                <Button button_type="button" small=true kind=ButtonKind::Quiet icon=IconName::Printer>"Print"</Button>
            </ButtonRow>
        </Chapter>
    }
}

#[component]
fn BadgeSamples() -> impl IntoView {
    let codes = [
        "booked",
        "confirmed",
        "arrived",
        "checked-in",
        "in-progress",
        "completed",
        "cancelled",
        "no-show",
        "left-unseen",
        "held",
        "pending-payment",
        "expired",
    ];
    let patient: Vec<_> = codes.iter().map(|code| view! { <StatusBadge status=*code /> }).collect();
    let staff: Vec<_> =
        codes.iter().map(|code| view! { <StatusBadge status=*code audience=Audience::Staff /> }).collect();
    view! {
        <Chapter title="Badges and people">
            <div class="cluster">{patient}</div>
            <div class="cluster">
                {staff}
                <Badge tone=Tone::Danger icon=IconName::AlertTriangle>"Allergy"</Badge>
            </div>
            <div class="cluster">
                <Avatar name="Dr. Asha Rao" size=AvatarSize::Small />
                <Avatar name="Dr. Asha Rao" />
                <Avatar name="Jonas Weber" size=AvatarSize::Large />
            </div>
        </Chapter>
    }
}

#[component]
fn CardSamples() -> impl IntoView {
    view! {
        <Chapter title="Cards and lists">
            <CardGrid>
                <Card title="Dr. Asha Rao" level=3 href="#main" media=|| view! { <Avatar name="Asha Rao" /> }>
                    <p class="muted">"Heart (cardiology), Sahyadri Hospital, Pune"</p>
                    <p>"Next free: " <strong class="time">"Tue 24 Nov, 14:35"</strong></p>
                    <p class="muted">"English, Hindi, Marathi · " <span class="money">{price(50_000, "INR")}</span></p>
                </Card>
                <Card title="A card with an edge" level=3 tone=Tone::Warning>
                    <p>"The patient is 15 minutes late."</p>
                </Card>
                <Card title="A plain card" level=3>
                    <p>"One thing with a title, on a sheet of its own."</p>
                </Card>
            </CardGrid>
            <SummaryList>
                <SummaryRow label="Doctor">"Dr. Asha Rao, heart (cardiology)"</SummaryRow>
                <SummaryRow label="When" change_href="#main">
                    <strong class="time">"Tue 24 Nov 2026, 14:35 to 14:55"</strong>
                </SummaryRow>
                <SummaryRow label="Where" change_href="#main">"Sahyadri Hospital, 3rd floor, room 312"</SummaryRow>
                <SummaryRow label="Price">
                    <span class="money">{price(50_000, "INR")}</span>
                </SummaryRow>
            </SummaryList>
            <EmptyState icon=IconName::Calendar text="No visits yet.">
                <LinkButton href="#main">"Find a doctor"</LinkButton>
            </EmptyState>
            <div class="columns-2">
                <Skeleton />
                <Skeleton shape=SkeletonShape::Rows />
            </div>
            <Skeleton shape=SkeletonShape::Cards />
        </Chapter>
    }
}

#[component]
fn NoticeSamples() -> impl IntoView {
    view! {
        <Chapter title="Notices">
            <Notice>
                <p>"Bring your insurance card and a list of your medicines."</p>
            </Notice>
            <Notice kind=NoticeKind::Success title="Your changes are saved">
                <p>"The hospital has been told."</p>
            </Notice>
            <Notice kind=NoticeKind::Warning title="This visit is in another time zone">
                <p>"14:35 in Pune is 10:05 where you are."</p>
            </Notice>
            <Notice kind=NoticeKind::Emergency title="Chest pain, or hard to breathe?">
                <p>"Do not book. Call " <a href="tel:112">"112"</a> " now."</p>
            </Notice>
        </Chapter>
    }
}

#[component]
fn TableSamples() -> impl IntoView {
    let rows: Vec<_> = [
        ("09:00", "Maria de la Cruz", "Follow-up", "completed", 50_000),
        ("09:25", "Jonas Weber", "First visit", "in-progress", 80_000),
        ("09:50", "Lakshmi Iyer", "Video", "arrived", 45_000),
        ("10:15", "Ahmed Khan", "Follow-up", "no-show", 1_250_000),
    ]
    .into_iter()
    .map(|(time, name, kind, status, minor)| {
        view! {
            <TableRow>
                <Cell label="Time">
                    <span class="time">{time}</span>
                </Cell>
                <RowHead label="Patient">
                    <a href="#main">
                        <bdi translate="no">{name}</bdi>
                    </a>
                </RowHead>
                <Cell label="Visit">{kind}</Cell>
                <Cell label="State">
                    <StatusBadge status=status audience=Audience::Staff />
                </Cell>
                <Cell label="Price" numeric=true>
                    {price(minor, "INR")}
                </Cell>
                <Cell>
                    <LinkButton href="#main" kind=ButtonKind::Secondary small=true>"Open"</LinkButton>
                </Cell>
            </TableRow>
        }
    })
    .collect();
    let columns = vec![
        Column::new("Time"),
        Column::new("Patient"),
        Column::new("Visit"),
        Column::new("State"),
        Column::numeric("Price"),
        Column::hidden("Actions"),
    ];
    let tabs = vec![
        TabItem::new("#today", "Today").count(4).current(true),
        TabItem::new("#week", "Week"),
        TabItem::new("#past", "Past").count(120),
    ];
    view! {
        <Chapter title="Tables, tabs, paging">
            <Tabs label="Visits" items=tabs />
            <Table caption="Visits of Tuesday 24 November" columns=columns>
                {rows}
            </Table>
            <Pagination previous="#previous" next="#next" />
        </Chapter>
    }
}

#[component]
fn FoldSamples() -> impl IntoView {
    view! {
        <Chapter title="What unfolds and opens">
            <Details summary="How to prepare" group="sample" open=true>
                <p>"Eat and drink as usual. Take your medicines."</p>
            </Details>
            <Details summary="How to get here" group="sample">
                <p>"Bus 12 stops in front of the main gate."</p>
            </Details>
            <div class="cluster">
                <Menu label="More" icon=IconName::Menu>
                    <MenuItem href="#main" icon=IconName::Settings>"Settings"</MenuItem>
                    <MenuItem href="#main" icon=IconName::LogOut>"Sign out"</MenuItem>
                </Menu>
                <DialogOpener dialog="sample-dialog" href="#main" kind=ButtonKind::Danger>"Cancel the visit"</DialogOpener>
                <ThemeSwitch />
            </div>
            <Dialog id="sample-dialog" title="Cancel this visit?">
                <p>"Dr. Asha Rao, Tue 24 Nov 2026 at 14:35. The time is given to somebody else."</p>
                <ButtonRow>
                    <Button button_type="button" kind=ButtonKind::Danger>"Yes, cancel it"</Button>
                    <DialogCloser dialog="sample-dialog">"Keep it"</DialogCloser>
                </ButtonRow>
            </Dialog>
        </Chapter>
    }
}
