//! What all pages have: head, banner, policy, and the small parts that they are put together of.
//! What they say is in `pages`.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

/// Where the style sheet is: no page has a style of its own.
pub(super) const STYLE: &str = "/v1/checkout/style.css";

/// A page. Its forms go here, and to one other place at most.
pub(super) fn page(status: StatusCode, title: &str, body: &str, form_goes_to: Option<&str>) -> Response {
    let title = escaped(title);
    let html = format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title} · Sandbox</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="{STYLE}">
</head>
<body>
<header><p class="sandbox"><strong>Sandbox: no real money.</strong> No bank is asked and no card is charged.</p></header>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"#
    );
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    let forms = form_goes_to.map(|origin| format!(" {origin}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self'{forms}; base-uri 'none'; frame-ancestors 'none'"
    );
    // Of letters that a header can hold: the origin was read as one.
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Not `no-referrer`: then the form that goes to the other side would come from nowhere.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    response
}

/// Fields of a form that nobody sees.
pub(super) fn hidden<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let field = |(name, value)| format!(r#"<input type="hidden" name="{name}" value="{}">"#, escaped(value));
    fields.into_iter().map(field).collect::<Vec<_>>().join("\n")
}

/// What there is to know, line by line; empty lines are left out.
pub(super) fn facts(facts: &[(&str, &str)]) -> String {
    let known = facts.iter().filter(|(_, value)| !value.trim().is_empty());
    let line =
        |(name, value): &(&str, &str)| format!("<div><dt>{name}</dt><dd>{}</dd></div>", escaped(value));
    format!("<dl>\n{}\n</dl>", known.map(line).collect::<Vec<_>>().join("\n"))
}

/// The link for those who do not pay, if the other side said where it leads.
pub(super) fn way_back(url: Option<&str>, class: &str) -> String {
    let link = |url| format!(r#"<p><a class="button {class}" href="{}">Go back</a></p>"#, escaped(url));
    url.map(link).unwrap_or_default()
}

/// As text, in an element or in a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
