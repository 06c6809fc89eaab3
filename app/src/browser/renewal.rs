//! What the renewal of a page must not take out of somebody's hands: the focus, what she has unfolded, what she has typed and not sent.
//! It is asked just before a page that is read again is drawn again, and puts things back when that is done.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::document;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, FocusOptions, HtmlElement, HtmlInputElement, HtmlOptionElement, HtmlSelectElement,
    HtmlTextAreaElement, NodeList,
};

use super::presence::SECRETS;

/// What a form sends of itself. Its key is new each time it is drawn, and its version when somebody else has changed what it is about: two
/// drawings of one form may differ in both.
const SENT: &str = "input[type=hidden]:not([name=idempotency_key], [name=version])";

/// Keeps all of it. What is typed is kept only if the page is still about the same, which the caller knows; it never stays where something
/// else is asked.
pub fn keep_in_hand(same_page: bool) {
    keep_focus();
    keep_unfolded();
    keep_typed(same_page);
}

/// Where something can be typed, chosen or ticked. Secrets are not moved about.
fn controls() -> impl Iterator<Item = Element> {
    elements(&format!("main form :is(input:not([type=hidden], {SECRETS}), textarea, select)"))
}

/// Gives the focus back to what has it now, if the renewal that follows in this turn takes it away. Erased views renew an element by
/// taking its attributes off and putting them on again, and without `href` or `tabindex` a browser lets the focus go.
fn keep_focus() {
    let has_focus = || document().active_element().filter(|element| element.tag_name() != "BODY");
    let Some(before) = has_focus() else { return };
    after_renewal(move || {
        if has_focus().is_none()
            && before.is_connected()
            && let Ok(element) = before.dyn_into::<HtmlElement>()
        {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = element.focus_with_options(&options);
        }
    });
}

/// Unfolds again what is unfolded now, if the renewal that follows in this turn folds it: a list is read again whenever something changes in
/// the house, and what somebody has just opened to press a button in it must not close under her hand. Only what says the same and sends
/// the same is unfolded, for a list may have moved, and another row's button must not come to lie where this one's was.
fn keep_unfolded() {
    let said = |details: &Element| details.text_content().unwrap_or_default() + &sent(details);
    let unfolded: Vec<String> = elements("main details[open]").map(|one| said(&one)).collect();
    if unfolded.is_empty() {
        return;
    }
    after_renewal(move || {
        for element in elements("main details:not([open])") {
            if unfolded.contains(&said(&element)) {
                let _ = element.set_attribute("open", "");
            }
        }
    });
}

/// Puts back what is typed, chosen or ticked now and not sent, where the renewal that follows in this turn takes it away: what somebody
/// else does in the house must not change the sum under a clerk's hands. It goes back to where the same is asked about the same, and
/// does not stay where something else is asked by then.
fn keep_typed(same_page: bool) {
    let typed: Vec<Typed> = controls().filter_map(Typed::of).collect();
    if typed.is_empty() {
        return;
    }
    after_renewal(move || {
        let (here, moved): (Vec<_>, Vec<_>) = typed.into_iter().partition(Typed::is_asked_here);
        for typed in &moved {
            typed.clear();
        }
        if !same_page {
            return;
        }
        let asked: Vec<(String, Element)> = match moved.as_slice() {
            [] => Vec::new(),
            _ => controls().map(|control| (asked(&control), control)).collect(),
        };
        for typed in moved {
            if let Some((_, control)) = asked.iter().find(|(asked, _)| *asked == typed.asked) {
                write(control, &typed.answer);
            }
        }
        for typed in here {
            write(&typed.control, &typed.answer);
        }
    });
}

/// An answer that was not sent.
struct Typed {
    control: Element,
    asked: String,
    answer: String,
}

impl Typed {
    /// The answer in a control, if it is another than the page gave.
    fn of(control: Element) -> Option<Self> {
        let (answer, given) = stands(&control)?;
        (answer != given).then(|| Self { asked: asked(&control), answer, control })
    }

    fn is_asked_here(&self) -> bool {
        self.control.is_connected() && asked(&self.control) == self.asked
    }

    /// Takes the answer out of a control that asks something else by now.
    fn clear(&self) {
        if self.control.is_connected()
            && let Some((_, given)) = stands(&self.control)
        {
            write(&self.control, &given);
        }
    }
}

/// What a control asks: where its form goes, about what, and under which name.
fn asked(control: &Element) -> String {
    let form = control.closest("form").ok().flatten();
    let about = form.map(|form| form.get_attribute("action").unwrap_or_default() + "\n" + &sent(&form));
    let mut asked =
        format!("{}\n{}", about.unwrap_or_default(), control.get_attribute("name").unwrap_or_default());
    if is_tick(control) {
        asked.push('\n');
        asked.push_str(&control.get_attribute("value").unwrap_or_default());
    }
    asked
}

fn is_tick(control: &Element) -> bool {
    matches!(control.get_attribute("type").as_deref(), Some("radio" | "checkbox"))
}

/// What stands in a control, and what the page gave it.
fn stands(control: &Element) -> Option<(String, String)> {
    if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        return Some(if is_tick(control) {
            (input.checked().to_string(), input.default_checked().to_string())
        } else {
            (input.value(), input.default_value())
        });
    }
    if let Some(area) = control.dyn_ref::<HtmlTextAreaElement>() {
        return Some((area.value(), area.default_value().ok()?));
    }
    let select = control.dyn_ref::<HtmlSelectElement>()?;
    let options = select.query_selector_all("option");
    let options: Vec<HtmlOptionElement> = listed(options).collect();
    let given = options.iter().find(|option| option.default_selected()).or_else(|| options.first());
    Some((select.value(), given.map(HtmlOptionElement::value).unwrap_or_default()))
}

/// Puts an answer into a control, unless it stands there, or can be given no more.
fn write(control: &Element, answer: &str) {
    if control.has_attribute("disabled") {
        return;
    }
    let Some((stood, _)) = stands(control).filter(|(stands, _)| stands != answer) else { return };
    if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        if is_tick(control) {
            input.set_checked(answer == "true");
        } else {
            input.set_value(answer);
        }
    } else if let Some(area) = control.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(answer);
    } else if let Some(select) = control.dyn_ref::<HtmlSelectElement>() {
        select.set_value(answer);
        // What was chosen is no choice any more.
        if select.value() != answer {
            select.set_value(&stood);
        }
    }
}

/// What the forms within something send of themselves.
fn sent(within: &Element) -> String {
    let hidden = listed::<Element>(within.query_selector_all(SENT));
    hidden.filter_map(|input| input.get_attribute("value")).collect::<Vec<_>>().join("\n")
}

fn elements(selector: &str) -> impl Iterator<Item = Element> + use<> {
    listed(document().query_selector_all(selector))
}

fn listed<T: JsCast>(found: Result<NodeList, JsValue>) -> impl Iterator<Item = T> {
    let found = found.ok();
    (0..).map_while(move |at| found.as_ref()?.item(at)).filter_map(|node| node.dyn_into().ok())
}

fn after_renewal(act: impl FnOnce() + 'static) {
    spawn_local(async move {
        TimeoutFuture::new(0).await;
        act();
    });
}
