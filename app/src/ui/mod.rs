//! The design system: accessible components on native HTML, in one voice and one look.
//! It knows no feature: components take plain strings, numbers and children, never domain types.
//!
//! Rules every component keeps: it works with JavaScript off; it renders the same on the server and in the browser (no clock, no
//! randomness, no `Intl`); colour never carries a meaning alone; styles come from `style/<file of the same name>.css`, never inline.
//! Extra attributes and listeners may be put on any component (`attr:id="x"`, `on:click=…`): they land on its root element.
//! "text" below means `#[prop(into)] String`: give a `&str`, a `String` or `t!(…)`; an empty text means "none".
//! Props after `;` are optional. "may change" means `MaybeProp`/`Signal`: a value, a signal or `Signal::derive(…)`.
//!
//! | Component | Props |
//! |---|---|
//! | [`Icon`] | `name: IconName`; `label: text` (without it the icon is decoration), `size: IconSize` |
//! | [`Button`] | children; `kind: ButtonKind`, `button_type: &'static str` = "submit", `name: text`, `value: text`, `icon: IconName`, `busy: Signal<bool>`, `wide: bool`, `small: bool` |
//! | [`LinkButton`] | `href: text`, children; `kind: ButtonKind`, `icon: IconName`, `icon_after: IconName`, `wide: bool`, `small: bool` |
//! | [`ButtonRow`] | children: buttons side by side, stacked on a phone |
//! | [`Field`] | `label: text`, `name: text`; `kind: &'static str` = "text", `value: text`, `hint: text`, `error` (may change), `autocomplete: &'static str`, `inputmode: &'static str`, `optional: bool`, `width: FieldWidth`, `unit: text`, `max_length: u32`, `on_input: Callback<String>` |
//! | [`FieldFrame`] | for an input of your own: `id`, `label`, `hint`, `error: Signal<Option<String>>`, `optional`, children; see also [`FieldHint`], [`FieldError`] |
//! | [`TextArea`] | `label: text`, `name: text`; `value`, `hint`, `error` (may change), `rows: u32` = 4, `max_length: u32`, `optional: bool`, `on_input` |
//! | [`Select`] | `label: text`, `name: text`, `options: Vec<Choice>`; `value: text`, `hint`, `error`, `placeholder: text` (an empty first choice), `optional`, `hide_label`, `width`, `on_change: Callback<String>` |
//! | [`RadioGroup`] | `legend: text`, `name: text`, `options: Vec<Choice>`; `value: text`, `hint`, `error`, `layout: RadioLayout` (`List`, `Cards`, `Chips`), `on_change: Callback<String>` |
//! | [`Checkbox`] | `label: text`, `name: text`; `value: text` = "true", `checked: bool`, `hint`, `error` |
//! | [`CheckboxGroup`] | `legend: text`, `name: text`, `options: Vec<Choice>`; `values: Vec<String>`, `hint`, `error` |
//! | [`DateField`] | `label: text`, `name: text`; `value: text` (ISO), `min: text`, `max: text`, `hint`, `error`, `autocomplete`, `optional`, `on_change` |
//! | [`TimeRange`] | `legend: text`, `start_name: text`, `end_name: text`; `start: text`, `end: text` ("09:00"), `hint`, `error`, `step_minutes: u32` = 5 |
//! | [`SearchField`] | `label: text`, `name: text`; `value`, `hint`, `button: text`, `hide_label: bool`, `on_input` |
//! | [`FormErrors`] | `problems: Signal<Vec<Problem>>` (a `Vec` will do): the summary above a form; renders nothing when empty |
//! | [`Card`] | children; `title: text`, `level: u8` = 2, `href: text` (makes the title a link that covers the card), `tone: Tone`, `actions: view`, `media: view` (a photo at the start) |
//! | [`CardGrid`] | children: cards in as many columns as fit |
//! | [`Badge`] | children; `tone: Tone`, `icon: IconName` |
//! | [`StatusBadge`] | `status: text` (visit status code, e.g. "in-progress"); `audience: Audience` = `Patient` |
//! | [`SummaryList`] | children: [`SummaryRow`]s |
//! | [`SummaryRow`] | `label: text`, children; `change_href: text` |
//! | [`EmailText`] | `address: text` (breaks only where a reader would break it) |
//! | [`EmptyState`] | `icon: IconName`, `text: text`; children: the one action |
//! | [`Panel`] | `title: text`; `reference: text`, children |
//! | [`Notice`] | children; `kind: NoticeKind` (`Info`, `Success`, `Warning`, `Emergency`), `title: text` |
//! | [`Done`] | `words: text`: a notice of one line that something worked |
//! | [`Tabs`] | `label: text`, `items: Vec<TabItem>` (links, so each tab has a URL) |
//! | [`BackLink`] | `href: text`; `text: text` = "Back" |
//! | [`Breadcrumb`] | `items: Vec<Crumb>`, the last one being this page |
//! | [`Pagination`] | ; `previous: text`, `next: text` (hrefs), `previous_label: text`, `next_label: text` |
//! | [`Table`] | `caption: text`, `columns: Vec<Column>`, children: [`TableRow`]s; `hide_caption: bool`, `dense: bool` |
//! | [`TableRow`] / [`RowHead`] / [`Cell`] | children; `RowHead` and `Cell` take `label: text` (the column's name, shown on a phone), `Cell` also `numeric: bool` |
//! | [`Dialog`] | `id: text`, `title: text`, children |
//! | [`DialogOpener`] | `dialog: text` (its id), `href: text` (the page that does the same), children; `kind`, `icon` |
//! | [`DialogCloser`] | `dialog: text`, children; `kind` |
//! | [`Details`] | `summary: text`, children; `about: text` (for screen readers), `open: bool`, `group: text` (one open at a time) |
//! | [`Menu`] | `label: text`, children: [`MenuItem`]s; `icon: IconName`, `hide_label: bool`, `short_label: text` (on a phone) |
//! | [`MenuItem`] | `href: text`, children; `icon`, `current: bool` |
//! | [`Avatar`] | `name: text`; `photo: text` (URL), `size: AvatarSize` |
//! | [`Steps`] | `labels: Vec<String>`, `current: u32` (from 1) |
//! | [`Skeleton`] | ; `shape: SkeletonShape`, `lines: u32` = 3 |
//! | [`LiveRegions`] | none: put it once into the shell, after `provide_announcer()`; speak with `use_announcer()` |
//! | [`VisuallyHidden`] | children |
//! | [`PageHeader`] | `title: text`; `lead: text`, `eyebrow: text`, `actions: view` (`actions=move \|\| view! { … }`), `back: text` (href) |
//! | [`ThemeSwitch`] | ; `current: text` ("system", "light", "dark"), `action: text` = "/theme", `return_to: text` |
//! | [`DayLine`] | `summary: text` (said to a screen reader, shown beneath; none where the page says it beside the line); `marks: Vec<DayMark>`, `open: Vec<(u16, u16)>` (working hours; the rest is closed), `from: u16`, `until: u16` (minutes of the day), `now: Signal<Option<u16>>`, `hide_summary: bool` |
//! | [`SkipLink`] | none: first thing in the body; the page's `<main id="main" tabindex="-1">` is its target |
//! | [`SiteHeader`] | `home: text`, children (navigation, menu); `label: text` |
//! | [`NavLink`] | `href: text`, children; `icon`, `current: bool`, `count: u32` |
//! | [`SiteFooter`] | children |
//! | [`OfflinePage`] | none: the page at `/offline` |
//!
//! Frames: `<body class="portal-patient">` (warm paper, large type) or `portal-hospital` (cool paper, dense).
//! Layout classes (see `style/layout.css`): `page` (centred column), `page-narrow` (a form), `page-wide`, `stack` (vertical rhythm),
//! `stack-small`, `cluster` (a wrapping row), `split` (two ends of a row), `columns-2`, `with-aside` (main and side), `muted`, `money`,
//! `time`, `section-title`, `hospital-frame` with `side-nav` (rail on a desktop, bar at the foot on a phone), `tab-bar` (patient, phone).
//! Also `fact` (an icon and its words), `person` (avatar and name), `chips` with `chip` (filters in force), `checkbox-columns`,
//! `print-only`, `no-print`, and the classes of `style/calendar.css` for a week or a day as a grid.
//! User-written text: put it in an element with `dir="auto"`, names in `<bdi translate="no">`.

mod attribute;
mod avatar;
mod badge;
mod breadcrumb;
mod button;
mod card;
mod checkbox;
mod choice;
mod date_field;
mod day_line;
mod details;
mod dialog;
mod email_text;
mod empty_state;
mod field;
mod field_frame;
mod form_errors;
mod icon;
mod live_region;
mod menu;
mod notice;
mod offline;
mod page_header;
mod pagination;
mod panel;
mod radio_group;
mod search_field;
mod select;
mod shell_script;
mod site;
mod skeleton;
mod steps;
mod summary_list;
mod table;
mod tabs;
mod text_area;
mod theme_switch;
mod time_range;
mod tone;
mod visually_hidden;

pub use attribute::field_id;
pub use avatar::*;
pub use badge::*;
pub use breadcrumb::*;
pub use button::*;
pub use card::*;
pub use checkbox::*;
pub use choice::*;
pub use date_field::*;
pub use day_line::*;
pub use details::*;
pub use dialog::*;
pub use email_text::*;
pub use empty_state::*;
pub use field::*;
pub use field_frame::*;
pub use form_errors::*;
pub use icon::*;
pub use live_region::*;
pub use menu::*;
pub use notice::*;
pub use offline::*;
pub use page_header::*;
pub use pagination::*;
pub use panel::*;
pub use radio_group::*;
pub use search_field::*;
pub use select::*;
pub use shell_script::*;
pub use site::*;
pub use skeleton::*;
pub use steps::*;
pub use summary_list::*;
pub use table::*;
pub use tabs::*;
pub use text_area::*;
pub use theme_switch::*;
pub use time_range::*;
pub use tone::*;
pub use visually_hidden::*;
