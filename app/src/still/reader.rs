//! The reader of the API: its OpenAPI document as one page, whole without a script.
//! It invents nothing: what is not in the document is not on the page.

use leptos::prelude::*;
use serde_json::{Map, Value};

use super::{Frame, document};
use crate::t;
use crate::ui::{Cell, Column, Details, LinkButton, PageHeader, RowHead, Table, TableRow};

/// The page of an OpenAPI document.
#[must_use]
pub fn reader(frame: Frame<'_>, api: &Value) -> String {
    document(frame, t!(api_reader.title), || {
        view! {
            <div class="page stack">
                <PageHeader title=t!(api_reader.title) lead=t!(api_reader.lead) />
                {paragraphs(text(api, "/info/description"))}
                <p>
                    <LinkButton href="/api/openapi.json">{t!(api_reader.download)}</LinkButton>
                </p>
                {list(api, "/tags").iter().map(|tag| group(api, tag)).collect::<Vec<_>>()}
                <section class="stack">
                    <h2 id="shapes">{t!(api_reader.shapes)}</h2>
                    {entries(api, "/components/schemas").map(|(name, shape)| schema(name, shape)).collect::<Vec<_>>()}
                </section>
            </div>
        }
    })
}

/// The operations of one tag.
fn group(api: &Value, tag: &Value) -> AnyView {
    let name = text(tag, "/name");
    let operations: Vec<AnyView> = entries(api, "/paths")
        .flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().map(move |(method, it)| (path, method, it))
        })
        .filter(|(_, _, it)| list(it, "/tags").iter().any(|tag| tag == name))
        .map(|(path, method, it)| operation(path, method, it))
        .collect();
    view! {
        <section class="stack">
            <h2 id=name.to_owned()>{name.to_owned()}</h2>
            {paragraphs(text(tag, "/description"))}
            {operations}
        </section>
    }
    .into_any()
}

fn operation(path: &str, method: &str, operation: &Value) -> AnyView {
    let summary = match text(operation, "/summary").trim_end_matches('.') {
        "" => format!("{} {path}", method.to_uppercase()),
        summary => format!("{} {path} – {summary}", method.to_uppercase()),
    };
    let takes = operation.pointer("/requestBody/content").and_then(Value::as_object).map(contents);
    let takes = takes.map(|kinds| view! { <p>{t!(api_reader.takes)} " " {kinds}</p> });
    let told = paragraphs(text(operation, "/description"));
    let (given, answered) = (parameters(list(operation, "/parameters")), answers(operation));
    view! {
        <Details summary=summary attr:id=text(operation, "/operationId").to_owned()>
            <div class="stack">{told} {given} {takes} {answered}</div>
        </Details>
    }
    .into_any()
}

fn parameters(parameters: &[Value]) -> Option<AnyView> {
    let row = |parameter: &Value| {
        let needed = if parameter.pointer("/required") == Some(&Value::Bool(true)) {
            t!(api_reader.required)
        } else {
            t!(api_reader.optional)
        };
        let [name, place] = ["/name", "/in"].map(|at| text(parameter, at).to_owned());
        let (kind, meaning) = (kind(parameter.pointer("/schema")), words(text(parameter, "/description")));
        view! {
            <TableRow>
                <RowHead label=t!(api_reader.name)>
                    <code>{name}</code>
                </RowHead>
                <Cell label=t!(api_reader.place)>{place}</Cell>
                <Cell label=t!(api_reader.kind)>{kind}</Cell>
                <Cell label=t!(api_reader.needed)>{needed}</Cell>
                <Cell label=t!(api_reader.meaning)>{meaning}</Cell>
            </TableRow>
        }
    };
    let columns = [
        t!(api_reader.name),
        t!(api_reader.place),
        t!(api_reader.kind),
        t!(api_reader.needed),
        t!(api_reader.meaning),
    ];
    let columns = columns.map(Column::new).to_vec();
    let rows: Vec<_> = parameters.iter().map(row).collect();
    (!rows.is_empty()).then(|| {
        view! { <Table caption=t!(api_reader.parameters) columns=columns dense=true>{rows}</Table> }
            .into_any()
    })
}

fn answers(operation: &Value) -> AnyView {
    let answer = |(status, answer): (&String, &Value)| {
        let kinds = answer.pointer("/content").and_then(Value::as_object).map(contents);
        view! {
            <li>
                <code>{status.clone()}</code>
                " "
                {kinds}
                " "
                {words(text(answer, "/description"))}
            </li>
        }
    };
    let answers: Vec<_> = entries(operation, "/responses").map(answer).collect();
    view! {
        <p>{t!(api_reader.answers)}</p>
        <ul>{answers}</ul>
    }
    .into_any()
}

fn schema(name: &str, shape: &Value) -> AnyView {
    let required = list(shape, "/required");
    let row = |(field, its): (&String, &Value)| {
        let needed = if required.iter().any(|name| name == field.as_str()) {
            t!(api_reader.required)
        } else {
            t!(api_reader.optional)
        };
        let (name, kind, meaning) = (field.clone(), kind(Some(its)), words(text(its, "/description")));
        view! {
            <TableRow>
                <RowHead label=t!(api_reader.name)>
                    <code>{name}</code>
                </RowHead>
                <Cell label=t!(api_reader.kind)>{kind}</Cell>
                <Cell label=t!(api_reader.needed)>{needed}</Cell>
                <Cell label=t!(api_reader.meaning)>{meaning}</Cell>
            </TableRow>
        }
    };
    let rows: Vec<_> = entries(shape, "/properties").map(row).collect();
    let columns = [t!(api_reader.name), t!(api_reader.kind), t!(api_reader.needed), t!(api_reader.meaning)]
        .map(Column::new);
    let fields = if rows.is_empty() {
        view! { <p>{kind(Some(shape))}</p> }.into_any()
    } else {
        view! { <Table caption=t!(api_reader.fields) columns=columns.to_vec() dense=true>{rows}</Table> }
            .into_any()
    };
    let told = paragraphs(text(shape, "/description"));
    view! {
        <Details summary=name.to_owned() attr:id=format!("shape-{name}")>
            <div class="stack">{told} {fields}</div>
        </Details>
    }
    .into_any()
}

/// Media types and the shape of each.
fn contents(kinds: &Map<String, Value>) -> Vec<AnyView> {
    let one = |(name, content): (&String, &Value)| {
        view! { <code>{name.clone()}</code>" " {kind(content.pointer("/schema"))} }.into_any()
    };
    kinds.iter().map(one).collect()
}

/// What a value is: the name of a shape as a link, else its type.
fn kind(shape: Option<&Value>) -> AnyView {
    let Some(shape) = shape else { return ().into_any() };
    if let Some(name) = text(shape, "/$ref").rsplit('/').next().filter(|name| !name.is_empty()) {
        return view! { <a href=format!("#shape-{name}")>{name.to_owned()}</a> }.into_any();
    }
    for choice in ["/oneOf", "/anyOf", "/allOf"] {
        let choices: Vec<_> = list(shape, choice).iter().map(|one| kind(Some(one))).collect();
        if !choices.is_empty() {
            let parted = choices.into_iter().map(|one| view! { {one} " " });
            return parted.collect::<Vec<_>>().into_any();
        }
    }
    if let Some(item) = shape.pointer("/items") {
        return view! { {t!(api_reader.list_of)} " " {kind(Some(item))} }.into_any();
    }
    view! { <span>{plain_kind(shape)}</span> }.into_any()
}

/// "string (uuid)", "booked, confirmed", "string or null".
fn plain_kind(shape: &Value) -> String {
    let said = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let allowed = list(shape, "/enum");
    if !allowed.is_empty() {
        return allowed.iter().map(said).collect::<Vec<_>>().join(", ");
    }
    let types = match shape.pointer("/type") {
        Some(Value::Array(types)) => types.iter().map(said).collect::<Vec<_>>().join(" | "),
        Some(one) => said(one),
        None => String::new(),
    };
    match text(shape, "/format") {
        "" => types,
        format => format!("{types} ({format})"),
    }
}

fn paragraphs(text: &str) -> Vec<AnyView> {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| view! { <p>{words(part)}</p> }.into_any()).collect()
}

/// What stands between backticks is code.
fn words(text: &str) -> Vec<AnyView> {
    let parts = text.split('`').map(str::to_owned).enumerate();
    parts
        .map(
            |(at, part)| if at % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() },
        )
        .collect()
}

fn text<'a>(value: &'a Value, at: &str) -> &'a str {
    value.pointer(at).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, at: &str) -> &'a [Value] {
    value.pointer(at).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn entries<'a>(value: &'a Value, at: &str) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    value.pointer(at).and_then(Value::as_object).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn operations_and_shapes_are_on_the_page_and_nothing_runs() {
        let api = json!({
            "info": { "description": "One.\n\nTwo `three`." },
            "tags": [{ "name": "doctors", "description": "Finding <b>one</b>." }],
            "paths": { "/api/v1/doctors/{id}": { "get": {
                "tags": ["doctors"], "operationId": "get_doctor", "summary": "One doctor.",
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } }],
                "responses": { "200": { "description": "", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Doctor" } } } } }
            } } },
            "components": { "schemas": { "Doctor": { "required": ["id"], "properties": { "id": { "type": "string" } } } } }
        });
        let page = reader(Frame::default(), &api);
        for part in [
            "GET /api/v1/doctors/{id}",
            "– One doctor<",
            "string (uuid)",
            "href=\"#shape-Doctor\"",
            "id=\"shape-Doctor\"",
            "<code>three</code>",
            "Finding &lt;b&gt;one&lt;/b&gt;.",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("<script") && !page.contains("style=\""));
    }
}
