//! Every statement of the stores, as it goes to the database: macros that share columns are written out.
//! What it says is looked at elsewhere.

use std::collections::BTreeMap;

use super::super::tree::File;

/// One statement and the function in which it stands.
pub(super) struct Found {
    /// `file::function`, from the folder of the services.
    pub(super) place: String,
    /// Its text; none where it is put together at run time.
    pub(super) sql: Option<String>,
    /// Whether the function takes a value that only the guard makes.
    pub(super) proven: bool,
}

/// A shared beginning: literals, the numbers of the arguments between them, and beginnings that are shared by others.
type Pieces = Vec<Piece>;

#[derive(Clone)]
enum Piece {
    Text(String),
    Argument(usize),
    Shared(String),
}

/// All statements of the stores.
pub(super) fn statements(files: &[File]) -> Vec<Found> {
    let proofs = proofs(files);
    let stores: Vec<&File> = files.iter().filter(|file| is_store(&file.path)).collect();
    let shared: BTreeMap<String, Pieces> = stores.iter().flat_map(|file| shared(&file.text)).collect();
    stores.iter().flat_map(|file| in_file(file, &shared, &proofs)).collect()
}

fn is_store(path: &str) -> bool {
    path.starts_with("crates/services/src/") && (path.ends_with("/store.rs") || path.contains("/store/"))
}

/// `Authorized` and the names that the services give to kinds of it.
fn proofs(files: &[File]) -> Vec<String> {
    let services = files.iter().filter(|file| file.path.starts_with("crates/services/src/"));
    let lines = services.flat_map(|file| file.text.lines());
    let named = lines.filter_map(|line| {
        let (name, of) = line.split_once("type ")?.1.split_once(" = ")?;
        of.contains("Authorized<").then(|| name.to_owned())
    });
    named.chain(["Authorized".to_owned()]).collect()
}

fn in_file(file: &File, shared: &BTreeMap<String, Pieces>, proofs: &[String]) -> Vec<Found> {
    let short = file.path.trim_start_matches("crates/services/src/");
    let mut found = Vec::new();
    for (at, _) in file.text.match_indices("sql!(") {
        let before = file.text.get(..at).unwrap_or_default();
        let inside = balanced(file.text.get(at + 4..).unwrap_or_default());
        let arguments = split(inside);
        let (name, signature) = function(before);
        let proven = words(signature).any(|word| proofs.iter().any(|proof| proof == word));
        let sql = arguments.get(2).and_then(|argument| text_of(argument, shared));
        found.push(Found { place: format!("{short}::{name}"), sql, proven });
    }
    found
}

/// The name and the signature of the last function that began.
fn function(before: &str) -> (&str, &str) {
    let rest = before.rsplit_once("fn ").map_or("", |(_, rest)| rest);
    let signature = rest.split_once(" {").map_or(rest, |(signature, _)| signature);
    let name = signature.split(['(', '<']).next().unwrap_or_default();
    (name, signature)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|word| !word.is_empty())
}

/// A literal, or a shared beginning with literals for its arguments.
fn text_of(argument: &str, shared: &BTreeMap<String, Pieces>) -> Option<String> {
    let argument = argument.trim();
    if let Some(text) = literal(argument) {
        return Some(text);
    }
    let (name, rest) = argument.split_once("!(")?;
    let given: Option<Vec<String>> =
        split(rest.strip_suffix(')')?).iter().map(|text| literal(text)).collect();
    let given = given?;
    written_out(name, &given, shared)
}

fn written_out(name: &str, given: &[String], shared: &BTreeMap<String, Pieces>) -> Option<String> {
    shared
        .get(name)?
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => Some(text.clone()),
            Piece::Argument(number) => given.get(*number).cloned(),
            Piece::Shared(name) => written_out(name, &[], shared),
        })
        .collect()
}

/// `macro_rules!` that put literals together.
fn shared(text: &str) -> Vec<(String, Pieces)> {
    let mut found = Vec::new();
    for rest in text.split("macro_rules! ").skip(1) {
        let Some((name, rest)) = rest.split_once(" {") else { continue };
        let Some((head, body)) = rest.split_once("=>") else { continue };
        let Some((_, body)) = body.split_once("concat!") else { continue };
        let parameters: Vec<&str> =
            head.split('$').skip(1).filter_map(|parameter| parameter.split(':').next()).collect();
        let parts = split(balanced(body));
        let pieces = parts.iter().filter_map(|piece| {
            let piece = piece.trim();
            let number = || parameters.iter().position(|name| piece.strip_prefix('$') == Some(*name));
            literal(piece)
                .map(Piece::Text)
                .or_else(|| number().map(Piece::Argument))
                .or_else(|| piece.strip_suffix("!()").map(|name| Piece::Shared(name.to_owned())))
        });
        found.push((name.to_owned(), pieces.collect()));
    }
    found
}

fn literal(text: &str) -> Option<String> {
    let inside = text.trim().strip_prefix('"')?.strip_suffix('"')?;
    Some(inside.replace("\\\"", "\""))
}

/// What stands between the first bracket and the one that closes it.
fn balanced(text: &str) -> &str {
    let mut end = text.len();
    scan(text, |at, depth, _| {
        if depth == 0 {
            end = end.min(at);
        }
    });
    text.get(1..end).unwrap_or_default()
}

/// At the commas outside brackets and literals.
fn split(text: &str) -> Vec<String> {
    let mut cuts = Vec::new();
    scan(text, |at, depth, letter| {
        if depth == 0 && letter == ',' {
            cuts.push(at);
        }
    });
    let mut parts = Vec::new();
    let mut from = 0;
    for cut in cuts {
        parts.push(text.get(from..cut).unwrap_or_default().to_owned());
        from = cut + 1;
    }
    parts.push(text.get(from..).unwrap_or_default().to_owned());
    parts
}

/// Calls with every bracket and comma outside literals, and the depth after it.
fn scan(text: &str, mut each: impl FnMut(usize, i32, char)) {
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth -= 1;
                each(at, depth, letter);
            }
            ',' => each(at, depth, letter),
            _ => {}
        }
    }
}
