//! The day line: a thin ribbon of one day, with marks for visits and one for now.
//! The patient sees the next visit on it, the doctor the day, the desk the queue, the administrator the load. It reads no clock:
//! "now" is given to it, in the clinic's minutes of the day, and its axis runs from left to right in every language.

use leptos::prelude::*;

use super::tone::Tone;
use crate::i18n::time_of_minutes;
use crate::t;

/// One visit, or one span of load, on the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayMark {
    /// The minute of the day it starts at.
    pub start: u16,
    /// The minute of the day it ends at.
    pub end: u16,
    /// What kind of news it is.
    pub tone: Tone,
    /// What a pointer that rests on it is told.
    pub label: String,
    /// How full, from 0 to 100; 100 is as high as a visit.
    pub load: u8,
}

impl DayMark {
    /// A visit.
    #[must_use]
    pub fn new(start: u16, end: u16, label: impl Into<String>) -> Self {
        Self { start, end, tone: Tone::Accent, label: label.into(), load: 100 }
    }

    /// Says what kind of news it is.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// Makes it a bar as high as the load, in percent.
    #[must_use]
    pub fn load(mut self, percent: u8) -> Self {
        self.load = percent.min(100);
        self
    }
}

/// The span that is drawn, and where a minute falls on it.
#[derive(Clone, Copy)]
struct Scale {
    from: u16,
    until: u16,
}

impl Scale {
    /// A span of at least one hour within one day.
    fn new(from: u16, until: u16) -> Self {
        let from = from.min(23 * 60);
        Self { from, until: until.clamp(from + 60, 24 * 60) }
    }

    fn holds(self, minute: u16) -> bool {
        (self.from..=self.until).contains(&minute)
    }

    /// Hundredths of a percent, in whole numbers so that server and browser agree to the last digit.
    fn position(self, minute: u16) -> u32 {
        let minute = u32::from(minute.clamp(self.from, self.until) - self.from);
        minute * 10_000 / u32::from(self.until - self.from)
    }

    fn at(self, minute: u16) -> String {
        percent(self.position(minute))
    }

    fn width(self, start: u16, end: u16) -> String {
        percent(self.position(end).saturating_sub(self.position(start)))
    }
}

fn percent(hundredths: u32) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The height of the ribbon and the line it stands on, in pixels.
const RIBBON: u16 = 24;
const FOOT: u16 = 46;

/// See the module.
#[component]
pub fn DayLine(
    /// The same in one sentence: "3 visits today, the next at 14:35". Shown beneath, and said to screen readers. Without one the
    /// page says it in words beside the line.
    #[prop(optional, into)]
    summary: String,
    /// What is on the day.
    #[prop(optional)]
    marks: Vec<DayMark>,
    /// The spans that somebody works in, where the line tells that; the rest of it is closed then.
    #[prop(optional)]
    open: Option<Vec<(u16, u16)>>,
    /// Where the line starts, as a minute of the day.
    #[prop(default = 7 * 60)]
    from: u16,
    /// Where it ends.
    #[prop(default = 21 * 60)]
    until: u16,
    /// The minute of the day it is now; none on another day.
    #[prop(optional, into)]
    now: Signal<Option<u16>>,
    /// Keeps the sentence for screen readers, when the page says it elsewhere.
    #[prop(optional)]
    hide_summary: bool,
) -> impl IntoView {
    let scale = Scale::new(from, until);
    let ribbon = if open.is_some() { "day-ribbon day-closed" } else { "day-ribbon" };
    let open: Vec<_> = open
        .unwrap_or_default()
        .into_iter()
        .map(|(start, end)| {
            let (x, width) = (scale.at(start), scale.width(start, end));
            view! { <rect class="day-open" x=x y=FOOT - RIBBON width=width height=RIBBON></rect> }
        })
        .collect();
    let marks: Vec<_> = marks
        .into_iter()
        .filter(|m| m.end > scale.from && m.start < scale.until)
        .map(|m| mark(scale, m))
        .collect();
    let labels = Labels::on(scale);
    let hours: Vec<_> = (labels.first..=labels.last).map(|hour| tick(scale, hour, labels)).collect();
    let caption_class = if hide_summary { "visually-hidden" } else { "day-line-summary" };
    let silent = summary.is_empty().then_some("true");
    let caption =
        (!summary.is_empty()).then(|| view! { <figcaption class=caption_class>{summary}</figcaption> });
    view! {
        <figure class="day-line" aria-hidden=silent>
            <svg class="day-line-picture" width="100%" height="68" aria-hidden="true" focusable="false">
                <rect class=ribbon x="0" y=FOOT - RIBBON width="100%" height=RIBBON rx="6"></rect>
                {open}
                {hours}
                {marks}
                {move || now.get().filter(|minute| scale.holds(*minute)).map(|minute| pointer(scale, minute))}
            </svg>
            {caption}
        </figure>
    }
}

fn mark(scale: Scale, mark: DayMark) -> impl IntoView {
    let height = RIBBON * u16::from(mark.load) / 100;
    let (x, width) = (scale.at(mark.start), scale.width(mark.start, mark.end));
    view! {
        <rect
            class=format!("day-mark day-mark-{}", mark.tone.name())
            x=x
            y=FOOT - height
            width=width
            height=height
            rx="4"
        >
            <title>{mark.label}</title>
        </rect>
    }
}

/// Which hours are written out. The first and the last always are; between them as many as there is room for: up to six on a phone,
/// twice as many beside the navigation, all of them on a wide line.
#[derive(Clone, Copy)]
struct Labels {
    first: u16,
    last: u16,
}

impl Labels {
    fn on(scale: Scale) -> Self {
        Self { first: scale.from.div_ceil(60), last: scale.until / 60 }
    }

    /// How many hours lie from one label to the next: on a line of middle width, and on a phone.
    fn steps(self) -> (u16, u16) {
        let hours = self.last.saturating_sub(self.first);
        let middle = hours.div_ceil(12).max(1);
        // A multiple, so that no label of a narrow line is missing on a wider one.
        (middle, hours.div_ceil(5).max(1).next_multiple_of(middle))
    }

    /// Whether an hour is written out when every so many are; one too near to the last gives way to it.
    fn holds(self, hour: u16, step: u16) -> bool {
        let (after, before) = (hour.saturating_sub(self.first), self.last.saturating_sub(hour));
        before == 0 || after.is_multiple_of(step) && before >= step
    }

    fn class(self, hour: u16) -> &'static str {
        let (middle, narrow) = self.steps();
        match (self.holds(hour, narrow), self.holds(hour, middle)) {
            (true, _) => "day-hour",
            (false, true) => "day-hour day-hour-second",
            (false, false) => "day-hour day-hour-single",
        }
    }
}

fn tick(scale: Scale, hour: u16, labels: Labels) -> impl IntoView {
    let class = labels.class(hour);
    let x = scale.at(hour * 60);
    // The line is as long as its column, so at its ends the words lean inwards.
    let anchor = match scale.position(hour * 60) {
        0..100 => "start",
        9_901.. => "end",
        _ => "middle",
    };
    view! {
        <g class=class>
            <line x1=x.clone() x2=x.clone() y1=FOOT + 1 y2=FOOT + 5></line>
            <text x=x y=FOOT + 18 text-anchor=anchor>
                {format!("{hour:02}")}
            </text>
        </g>
    }
}

fn pointer(scale: Scale, minute: u16) -> impl IntoView {
    let x = scale.at(minute);
    // Near an end the words lean inwards, or they would be cut off.
    let anchor = match scale.position(minute) {
        0..800 => "start",
        9_201.. => "end",
        _ => "middle",
    };
    view! {
        <g class="day-now">
            <line x1=x.clone() x2=x.clone() y1="17" y2=FOOT + 4></line>
            <circle cx=x.clone() cy="17" r="3.5"></circle>
            <text x=x y="10" text-anchor=anchor>
                {t!(ui.now, time = time_of_minutes(minute))}
            </text>
        </g>
    }
}

#[cfg(test)]
mod tests {
    use super::{Labels, Scale};

    fn written(from: u16, until: u16, wanted: &str) -> Vec<u16> {
        let labels = Labels::on(Scale::new(from * 60, until * 60));
        (from..=until).filter(|hour| wanted.contains(labels.class(*hour))).collect()
    }

    #[test]
    fn first_and_last_hour_are_always_written() {
        let (narrow, middle) = ("day-hour", "day-hour day-hour-second");
        assert_eq!(written(9, 12, narrow), [9, 10, 11, 12]);
        assert_eq!(written(9, 18, narrow), [9, 11, 13, 15, 18]);
        assert_eq!(written(7, 20, narrow), [7, 11, 15, 20]);
        assert_eq!(written(7, 20, middle), [7, 9, 11, 13, 15, 17, 20]);
        for (from, until) in (0..24).flat_map(|from| (from + 1..=24).map(move |until| (from, until))) {
            let hours = written(from, until, narrow);
            assert!(hours.len() <= 6, "{from} to {until}: {hours:?}");
            assert_eq!((hours.first(), hours.last()), (Some(&from), Some(&until)));
            assert!(written(from, until, middle).len() <= 13);
        }
    }

    #[test]
    fn minutes_fall_where_they_should() {
        let scale = Scale::new(8 * 60, 18 * 60);
        assert_eq!(scale.at(8 * 60), "0.00%");
        assert_eq!(scale.at(13 * 60), "50.00%");
        assert_eq!(scale.at(23 * 60), "100.00%");
        assert_eq!(scale.width(9 * 60, 9 * 60 + 20), "3.33%");
        assert_eq!(scale.width(10 * 60, 9 * 60), "0.00%");
    }

    #[test]
    fn absurd_spans_are_mended() {
        assert_eq!(Scale::new(2_000, 10).at(1_440), "100.00%");
    }
}
