//! Sending a form by script: what stands in it, and what the server answers.
//! It knows no form; what follows from an answer is decided in `form`.

use gloo_net::http::Request;
use leptos::ev::SubmitEvent;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement, UrlSearchParams};

use crate::server::AppError;

/// What stands in the form that is being sent, as its server function reads it.
pub fn fields(event: &SubmitEvent) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    // The button that was pressed says something, too, if it has a name.
    let pressed = event.submitter().and_then(|button| {
        let name = button.get_attribute("name").filter(|name| !name.is_empty())?;
        Some((name, button.get_attribute("value").unwrap_or_default()))
    });
    if let Some((name, value)) = pressed {
        data.append_with_str(&name, &value).ok()?;
    }
    Some(UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string().into())
}

/// Lets the fields of the form that is being sent stand as the page gives them, when it is called.
pub fn emptied(event: &SubmitEvent) -> impl FnOnce() + 'static {
    let form = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    move || {
        if let Some(form) = form {
            form.reset();
        }
    }
}

/// Posts to a server function; gives what came of it and the page to which it leads.
pub async fn post(url: &str, fields: String) -> (Result<(), AppError>, Option<String>) {
    let lost = (Err(AppError::Network), None);
    let request = Request::post(url)
        .header("Accept", "application/json")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(fields);
    let Ok(request) = request else { return lost };
    let Ok(response) = request.send().await else { return lost };
    let headers = response.headers();
    let page = headers.get("serverfnredirect").and_then(|_| headers.get("location"));
    let answer = if response.ok() { Ok(()) } else { Err(response.json().await.unwrap_or(AppError::Network)) };
    (answer, page)
}
