//! What hangs on the wall of a waiting room: who is called, and who waits. It is given numbers and doors, and has no names to show.
//! The page of the portal and the page behind a private address show the same.

use domain::queues::{CalledNumber, WaitingDoor, WallBoard};
use leptos::prelude::*;

use crate::i18n::time;
use crate::t;

/// The wall.
pub fn wall(board: &WallBoard) -> AnyView {
    let called = if board.called.is_empty() {
        view! { <p class="wall-nobody">{t!(wall.nobody_called)}</p> }.into_any()
    } else {
        let numbers: Vec<_> = board.called.iter().cloned().map(call).collect();
        view! { <ol class="wall-called">{numbers}</ol> }.into_any()
    };
    let doors: Vec<_> = board.waiting.iter().cloned().map(door).collect();
    let waiting = (!doors.is_empty()).then(|| view! { <ul class="wall-doors">{doors}</ul> });
    view! {
        <header class="wall-head">
            <h1 tabindex="-1">{board.hospital_name.clone()}</h1>
            <p class="wall-time">{t!(wall.as_of, time = time(board.now.local().time()))}</p>
        </header>
        <section class="wall-part" aria-labelledby="wall-called">
            <h2 id="wall-called">{t!(wall.called)}</h2>
            {called}
        </section>
        <section class="wall-part" aria-labelledby="wall-waiting">
            <h2 id="wall-waiting">{t!(wall.waiting, count = board.in_all())}</h2>
            {waiting}
        </section>
    }
    .into_any()
}

fn call(called: CalledNumber) -> impl IntoView {
    view! {
        <li>
            <span class="wall-number">{called.number}</span>
            <bdi class="wall-door" translate="no">{called.door}</bdi>
        </li>
    }
}

fn door(door: WaitingDoor) -> impl IntoView {
    let numbers: Vec<_> = door.numbers.iter().map(i64::to_string).collect();
    view! {
        <li>
            <bdi class="wall-door" translate="no">{door.door}</bdi>
            <span class="wall-numbers">{numbers.join(" · ")}</span>
        </li>
    }
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;

    fn board() -> WallBoard {
        WallBoard {
            hospital_name: "Lindenhof".into(),
            now: "2026-11-24T10:42:00+01:00".parse().unwrap(),
            called: vec![CalledNumber { number: 14, door: "Dr. Vogt".into() }],
            waiting: vec![WaitingDoor { door: "Dr. Roth".into(), numbers: vec![12, 15] }],
        }
    }

    #[test]
    fn it_shows_who_is_called_and_how_many_wait() {
        let html = Owner::new().with(|| wall(&board()).to_html());
        assert!(html.contains(">14<") && html.contains("Dr. Vogt"), "{html}");
        assert!(html.contains("12 · 15") && html.contains(&t!(wall.waiting, count = 2_usize)), "{html}");
        assert!(html.contains("10:42"), "{html}");
    }

    #[test]
    fn an_empty_room_says_so() {
        let empty = WallBoard { called: Vec::new(), waiting: Vec::new(), ..board() };
        let html = Owner::new().with(|| wall(&empty).to_html());
        assert!(html.contains(t!(wall.nobody_called)), "{html}");
        assert!(!html.contains("<ol") && !html.contains("<ul"), "{html}");
    }
}
