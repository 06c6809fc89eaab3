//! One style sheet out of many: `@import` lines are replaced by what they name, then comments and spare space go.
//! It understands no properties and changes no value.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

const DEEPEST: usize = 8;

/// The text of a style sheet with everything it imports.
pub(crate) fn bundle(file: &Path) -> Result<String> {
    expand(file, 0).map(|text| minify(&text))
}

fn expand(file: &Path, depth: usize) -> Result<String> {
    if depth > DEEPEST {
        bail!("{}: style sheets import each other in a circle", file.display());
    }
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut whole = String::with_capacity(text.len());
    for line in text.lines() {
        let Some(import) = line.trim_start().strip_prefix("@import") else {
            whole.push_str(line);
            whole.push('\n');
            continue;
        };
        let Some((name, layer)) = target(import) else {
            bail!("{}: cannot read `{}`", file.display(), line.trim());
        };
        let inner = expand(&folder.join(name), depth + 1)?;
        match layer {
            Some(layer) => write!(whole, "@layer {layer} {{\n{inner}}}\n")?,
            None => whole.push_str(&inner),
        }
    }
    Ok(whole)
}

/// The file and the layer in `"name.css" layer(name);` or `url("name.css");`.
fn target(import: &str) -> Option<(&str, Option<&str>)> {
    let import = import.trim().strip_suffix(';')?.trim();
    let quoted = import.strip_prefix("url(").unwrap_or(import);
    let quote = quoted.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let (name, rest) = quoted.get(1..)?.split_once(quote)?;
    match rest.trim_start_matches(')').trim() {
        "" => Some((name, None)),
        rest => Some((name, Some(rest.strip_prefix("layer(")?.strip_suffix(')')?))),
    }
}

/// Takes away comments and the space that means nothing. Strings and `url(…)` stay as they are.
fn minify(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut space = false;
    while let Some(next) = rest.chars().next() {
        let length = if rest.starts_with("/*") {
            space = true;
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if next.is_whitespace() {
            space = true;
            next.len_utf8()
        } else {
            let length = token(rest, next);
            put(&mut out, rest.get(..length).unwrap_or(rest), &mut space);
            length
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// The length of what must be copied in one piece: a string, an address, or a single character.
fn token(rest: &str, first: char) -> usize {
    match first {
        '"' | '\'' => {
            let mut escaped = false;
            let end = rest.char_indices().skip(1).find(|(_, character)| {
                let ends = *character == first && !escaped;
                escaped = *character == '\\' && !escaped;
                ends
            });
            end.map_or(rest.len(), |(at, _)| at + 1)
        }
        'u' if rest.starts_with("url(") => {
            let inside = rest.get(4..).unwrap_or_default();
            if inside.starts_with(['"', '\'']) { 4 } else { inside.find(')').map_or(4, |end| 4 + end + 1) }
        }
        '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
        other => other.len_utf8(),
    }
}

/// Appends a piece, with a space before it only where a space can mean something.
fn put(out: &mut String, piece: &str, space: &mut bool) {
    if std::mem::take(space) {
        // A space before a colon makes a descendant selector; a space after one makes nothing.
        let after = out.ends_with(['{', '}', ';', ',', ':', '(']) || out.is_empty();
        let before = matches!(piece, "{" | "}" | ";" | "," | ")");
        if !after && !before {
            out.push(' ');
        }
    }
    if piece == "}" && out.ends_with(';') {
        out.pop();
    }
    out.push_str(piece);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meaningless_space_goes_and_meaning_stays() {
        let cases = [
            ("a { color : red ; }", "a{color :red}"),
            ("a :hover , b>c { top: calc( 1px + 2px ) }", "a :hover,b>c{top:calc(1px + 2px)}"),
            ("/* x */ a { content: \"/* \\\" ; } */\" }", "a{content:\"/* \\\" ; } */\"}"),
            ("a { background: url( x;y.png ) ; }", "a{background:url( x;y.png )}"),
            (
                "@media (width > 3em) and (hover) { a { --x: ; } }",
                "@media (width > 3em) and (hover){a{--x:}}",
            ),
            ("a { margin: 0 auto!important;; }", "a{margin:0 auto!important;}"),
        ];
        for (given, expected) in cases {
            assert_eq!(minify(given), expected);
        }
    }

    #[test]
    fn imports_are_read_with_and_without_a_layer() {
        assert_eq!(target(" \"a.css\";"), Some(("a.css", None)));
        assert_eq!(target(" url('a.css') layer(base);"), Some(("a.css", Some("base"))));
        assert_eq!(target(" a.css"), None);
    }
}
