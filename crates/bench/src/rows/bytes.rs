//! W10: what a browser that has never been here loads for the public page of a doctor, and for the home of a patient who
//! has just signed in, as brotli bytes on the wire.
//! It reads the page and what that names, as a browser does; it runs no script.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::Context;
use hyper::header;

use super::found;
use crate::{
    client::{Ask, Client},
    data::{Data, Size},
    report::{self, Figure},
    stats,
};

const PUBLIC_BAR: usize = 350_000;
const HOME_GOAL: usize = 250_000;
/// Only for a phone's home screen, and only for search engines.
const NOT_LOADED: &[&str] = &["apple-touch-icon", "canonical", "alternate", "next", "prev"];

/// What was loaded: path, kind, bytes; and what was named but is not there.
#[derive(Debug, Default)]
struct Loaded {
    files: BTreeMap<String, (&'static str, usize)>,
    missing: Vec<String>,
}

impl Loaded {
    fn total(&self) -> usize {
        self.files.values().map(|(_, size)| size).sum()
    }

    /// Without its style sheet a page is not the one that people see: then there is no built site.
    fn is_whole(&self) -> bool {
        self.missing.is_empty() && self.files.values().any(|(kind, _)| *kind == "css")
    }

    /// Number of files and bytes of each kind, in one line.
    fn by_kind(&self) -> String {
        let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (kind, size) in self.files.values() {
            let (files, bytes) = kinds.entry(kind).or_default();
            (*files, *bytes) = (*files + 1, *bytes + size);
        }
        let part = |(kind, (files, size))| format!("{files} {kind} {}", stats::kilobytes(size));
        kinds.into_iter().map(part).collect::<Vec<_>>().join(", ")
    }
}

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    let server = data.serve(Size::X1).await?;
    let doctors = found::doctors(server.host).await?;
    let page = doctors.first().map(|doctor| format!("/doctors/{}", doctor.id)).unwrap_or_default();
    let public = visit(&mut Client::new(server.host), page).await?;
    // Whoever is signed in gets the client build too. The 65th patient, since the first may have visits.
    let mut patients = found::patients(server.host, 64, 1).await?;
    let patient = patients.pop().context("nobody signed in")?;
    let signed_in = visit(&mut { patient }, "/".to_owned()).await?;
    server.stop().await?;
    let mut figures = Vec::new();
    for (what, loaded, bar) in [
        ("public page of a doctor", &public, Some(PUBLIC_BAR)),
        ("home of a signed-in patient", &signed_in, None),
    ] {
        report::line(&format!("  {what}:"))?;
        for (path, (kind, size)) in &loaded.files {
            report::line(&format!("    {:>9}  {kind:5} {path}", stats::kilobytes(*size)))?;
        }
        let note =
            if loaded.is_whole() { String::new() } else { format!(", not whole: {:?}", loaded.missing) };
        let value = format!("{} ({}){note}", stats::kilobytes(loaded.total()), loaded.by_kind());
        let figure = Figure::new(format!("{what}, nothing cached"), value);
        figures.push(match bar {
            Some(bar) => figure.bar("≤ 350 kB", loaded.is_whole() && loaded.total() <= bar),
            None => figure.goal("≤ 250 kB", loaded.is_whole() && loaded.total() <= HOME_GOAL),
        });
    }
    Ok(figures)
}

/// Loads a page and all that it names, and all that those name.
async fn visit(client: &mut Client, page: String) -> anyhow::Result<Loaded> {
    let mut loaded = Loaded::default();
    let mut waiting = VecDeque::from([page]);
    let mut known = BTreeSet::new();
    while let Some(path) = waiting.pop_front() {
        if !known.insert(path.clone()) {
            continue;
        }
        let sent = client.send(&Ask::get(&path).compressed()).await?;
        if sent.status != 200 {
            loaded.missing.push(format!("{path} ({})", sent.status));
            continue;
        }
        let kind = kind(sent.header(header::CONTENT_TYPE));
        loaded.files.insert(path.clone(), (kind, sent.body.len()));
        if matches!(kind, "html" | "css" | "js") {
            let text = client.expect(&Ask::get(&path), 200).await?.text();
            waiting.extend(named(kind, &text).into_iter().filter_map(|name| absolute(&path, &name)));
        }
    }
    Ok(loaded)
}

fn kind(content_type: &str) -> &'static str {
    let known = [
        ("text/html", "html"),
        ("text/css", "css"),
        ("javascript", "js"),
        ("wasm", "wasm"),
        ("font", "font"),
        ("image", "image"),
        ("manifest", "json"),
        ("json", "json"),
    ];
    known.iter().find(|(part, _)| content_type.contains(part)).map_or("other", |(_, kind)| kind)
}

/// What a text makes a browser load.
fn named(kind: &str, text: &str) -> Vec<String> {
    match kind {
        "html" => in_page(text),
        "css" => between(text, "url(", ')')
            .into_iter()
            .map(|name| name.trim_matches(['"', '\'']).to_owned())
            .collect(),
        _ => in_script(text),
    }
}

/// Links that load, sources, and the addresses that inline scripts import.
fn in_page(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in between(html, "<link ", '>') {
        let rel = attribute(&tag, "rel");
        if !NOT_LOADED.contains(&rel.as_str()) {
            found.push(attribute(&tag, "href"));
        }
    }
    for opening in ["<script ", "<img ", "<source ", "<video "] {
        found.extend(between(html, opening, '>').iter().map(|tag| attribute(tag, "src")));
    }
    // Inline scripts name what they start as "/pkg/…".
    found.extend(between(html, "\"/pkg/", '"').into_iter().map(|rest| format!("/pkg/{rest}")));
    found.retain(|name| !name.is_empty());
    found
}

/// Static imports only: what is imported later is loaded later.
fn in_script(script: &str) -> Vec<String> {
    let mut found = Vec::new();
    for opening in ["from \"", "from\"", "import \"", "import\""] {
        found.extend(between(script, opening, '"'));
    }
    for opening in ["from '", "from'", "import '", "import'"] {
        found.extend(between(script, opening, '\''));
    }
    found.retain(|name| name.starts_with(['/', '.']) && !name.contains(char::is_whitespace));
    found
}

fn attribute(tag: &str, name: &str) -> String {
    let found =
        |quote: char| between(&format!(" {tag}"), &format!(" {name}={quote}"), quote).into_iter().next();
    found('"').or_else(|| found('\'')).unwrap_or_default()
}

/// Every piece between an opening and the next closing.
fn between(text: &str, opening: &str, closing: char) -> Vec<String> {
    let pieces = text.split(opening).skip(1);
    pieces.filter_map(|rest| rest.split_once(closing)).map(|(piece, _)| piece.to_owned()).collect()
}

/// The path on this server, or none for another host, a fragment or data within the text.
fn absolute(base: &str, name: &str) -> Option<String> {
    let name = name.split('#').next().unwrap_or_default().replace("&amp;", "&");
    if name.is_empty() || name.starts_with("data:") || name.starts_with("//") || name.contains("://") {
        return None;
    }
    if name.starts_with('/') {
        return Some(name);
    }
    let mut parts: Vec<&str> = base.rsplit_once('/').map_or("", |(folder, _)| folder).split('/').collect();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_what_it_loads() {
        let html = r#"<link rel="stylesheet" href="/pkg/ab/c.css"><link rel="apple-touch-icon" href="/a.png">
            <link rel="canonical" href="http://x/y"><img alt="" src="/photos/k"><a href="/doctors">x</a>
            <script type="module">import("/pkg/ab/c.js")</script>"#;
        assert_eq!(named("html", html), ["/pkg/ab/c.css", "/photos/k", "/pkg/ab/c.css", "/pkg/ab/c.js"]);
        assert_eq!(named("css", "@font-face{src:url(\"../f.woff2\")}"), ["../f.woff2"]);
        assert_eq!(
            named("js", "import { a } from './s/b.js'; const c = () => import(\"./later.js\");"),
            ["./s/b.js"]
        );
    }

    #[test]
    fn names_are_relative_to_their_file() {
        assert_eq!(absolute("/pkg/ab/c.js", "./s/b.js").as_deref(), Some("/pkg/ab/s/b.js"));
        assert_eq!(absolute("/pkg/ab/c.css", "../f.woff2").as_deref(), Some("/pkg/f.woff2"));
        assert_eq!(absolute("/x", "data:image/png;base64,AA"), None);
        assert_eq!(absolute("/x", "/y#z").as_deref(), Some("/y"));
    }
}
