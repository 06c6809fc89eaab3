//! The day line in its four uses, icons, and the colours.
//! Sample data only.

use leptos::prelude::*;

use super::Chapter;
use crate::ui::{Card, DayLine, DayMark, Icon, IconName, IconSize, Tone};

pub(super) fn samples() -> impl IntoView {
    let icons: Vec<_> = IconName::ALL
        .iter()
        .map(|name| {
            view! {
                <li>
                    <Icon name=*name size=IconSize::Medium />
                    <span class="muted">{name.id()}</span>
                </li>
            }
        })
        .collect();
    view! {
        <Chapter title="Day line">
            <div class="styleguide-lines">
                <Card title="Patient: the next visit" level=3>
                    <DayLine
                        summary="Your visit with Dr. Asha Rao is at 14:35, in 4 hours."
                        marks=vec![DayMark::new(875, 895, "14:35 Dr. Asha Rao")]
                        now=Some(622)
                    />
                </Card>
                <Card title="Doctor: the day" level=3>
                    <DayLine summary="11 visits today, 4 done, 1 running late." marks=doctor_marks() open=hours() now=Some(642) />
                </Card>
                <Card title="Desk: the queue" level=3>
                    <DayLine summary="6 expected, 2 waiting, 1 late." marks=desk_marks() open=hours() now=Some(705) />
                </Card>
                <Card title="Administrator: the load" level=3>
                    <DayLine summary="Busiest from 10:00 to 11:00, when 9 of 10 places are taken." marks=load_marks() />
                </Card>
            </div>
        </Chapter>
        <Chapter title="Icons">
            <ul class="styleguide-icons">{icons}</ul>
        </Chapter>
    }
}

fn hours() -> Vec<(u16, u16)> {
    vec![(540, 780), (840, 1080)]
}

fn doctor_marks() -> Vec<DayMark> {
    let done = (0..4).map(|n| DayMark::new(540 + n * 25, 560 + n * 25, "Done").tone(Tone::Positive));
    let now =
        [DayMark::new(640, 660, "10:40 in progress"), DayMark::new(665, 685, "Late").tone(Tone::Warning)];
    let later = (0..5).map(|n| DayMark::new(850 + n * 40, 870 + n * 40, "Booked").tone(Tone::Neutral));
    done.chain(now).chain(later).collect()
}

fn desk_marks() -> Vec<DayMark> {
    let waiting = (0..2).map(|n| DayMark::new(690 + n * 20, 705 + n * 20, "Waiting"));
    let expected = (0..6).map(|n| DayMark::new(850 + n * 30, 870 + n * 30, "Expected").tone(Tone::Neutral));
    let late = [
        DayMark::new(600, 620, "Late").tone(Tone::Warning),
        DayMark::new(560, 580, "Missed").tone(Tone::Danger),
    ];
    waiting.chain(expected).chain(late).collect()
}

fn load_marks() -> Vec<DayMark> {
    let loads = [
        (480, 30),
        (540, 60),
        (600, 90),
        (660, 75),
        (720, 40),
        (780, 20),
        (840, 55),
        (900, 80),
        (960, 65),
        (1020, 35),
    ];
    loads
        .into_iter()
        .map(|(start, load)| {
            let tone = if load > 85 { Tone::Warning } else { Tone::Accent };
            DayMark::new(start + 3, start + 57, format!("{load} %")).load(load).tone(tone)
        })
        .collect()
}
