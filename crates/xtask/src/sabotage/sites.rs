//! Where the services ask the guard, and how each such place is taken away: text in, text out.
//! It runs nothing; a place that it overlooks is a place that nobody tries, so it is generous in what it takes for one.

use std::ops::Range;

/// One thing taken away from one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Site {
    /// The line in the untouched file, from one.
    pub(super) line: usize,
    /// What is called there.
    pub(super) call: &'static str,
    /// The lines of the function that it is in, from one; its first line says which function it is.
    pub(super) function: Range<usize>,
    /// The bytes that go.
    pub(super) gone: Range<usize>,
    /// What stands there instead.
    instead: String,
}

/// How a call is skipped.
#[derive(Clone, Copy)]
enum How {
    /// The statement goes, with the proof that it would have made.
    Statement,
    /// What was sealed is handed on as it is.
    SecondArgument,
    /// Everybody may.
    Is(&'static str),
}

/// What is looked for: only after one of these beginnings, and only within the guard itself if it says so.
const CALLS: &[(&str, &[&str], bool, How)] = &[
    ("authorize", &["core."], false, How::Statement),
    ("load", &["core."], false, How::Statement),
    ("aim", &["core."], false, How::Statement),
    ("permit", &["core."], false, How::Statement),
    ("may", &["self."], false, How::Statement),
    ("open", &["core."], false, How::SecondArgument),
    ("authorize", &["self."], true, How::Statement),
    ("aim", &["self."], true, How::Statement),
    ("note", &["self."], true, How::Statement),
    ("audit::append", &[" "], true, How::Statement),
    ("require", &[" ", "("], false, How::Is("Ok::<_, domain::Error>(domain::access::Grant::OwnAccount)")),
    (
        "decide",
        &[" ", "("],
        false,
        How::Is("domain::access::Decision::Allow(domain::access::Grant::OwnAccount)"),
    ),
];

/// Every place of a file.
pub(super) fn sites(path: &str, text: &str) -> Vec<Site> {
    let code = without_comments(text);
    let guard = path.ends_with("access/mod.rs");
    let mut found = Vec::new();
    for (call, before, only_in_guard, how) in CALLS {
        if *only_in_guard && !guard {
            continue;
        }
        for (at, _) in code.match_indices(call) {
            let called = code[at + call.len()..].starts_with(['(', ':']) && !code[..at].ends_with("fn ");
            if called && before.iter().any(|before| ends_with_words(&code[..at], before)) {
                found.extend(site(&code, call, at, *how));
            }
        }
    }
    found.sort_by_key(|site| site.gone.start);
    found
}

impl Site {
    /// The file without it. No line moves.
    pub(super) fn taken_from(&self, text: &str) -> String {
        let lines = "\n".repeat(text[self.gone.clone()].matches('\n').count());
        self.replaced(text, &format!("{}{lines}", self.instead))
    }

    /// The file in which it can be taken away while the program runs.
    pub(super) fn switched_in(&self, text: &str, number: usize) -> String {
        let there = &text[self.gone.clone()];
        let switched = if self.instead.is_empty() {
            format!("if !crate::spoiled({number}) {{ {there} }}")
        } else {
            format!("(if crate::spoiled({number}) {{ {} }} else {{ {there} }})", self.instead)
        };
        self.replaced(text, &switched)
    }

    fn replaced(&self, text: &str, with: &str) -> String {
        format!("{}{with}{}", &text[..self.gone.start], &text[self.gone.end..])
    }
}

/// Whether a text ends in a word, whatever white space a formatter has put in front of its dot.
fn ends_with_words(text: &str, end: &str) -> bool {
    match end.strip_suffix('.') {
        Some(word) => text.strip_suffix('.').is_some_and(|text| text.trim_end().ends_with(word)),
        None => text.ends_with(end),
    }
}

fn site(code: &str, call: &'static str, at: usize, how: How) -> Option<Site> {
    let line = code[..at].matches('\n').count() + 1;
    let open = at + code[at..].find('(')?;
    let close = closing(code, open)?;
    let statement = statement(code, at, close);
    let function = function(code, line);
    let site = |gone, instead: String| Some(Site { line, call, function: function.clone(), gone, instead });
    match how {
        How::Statement => site(statement, String::new()),
        How::Is(value) => site(at..close + 1, value.to_owned()),
        How::SecondArgument => {
            let text = &code[statement.clone()];
            let inside = &code[open + 1..close];
            let second = inside.split_once(", ").map_or(inside, |(_, second)| second).trim();
            if text.contains("let ") {
                let start = at - code[..at].len() + code[..at].rfind("self")?;
                let end = close + 1 + code[close + 1..].find('?')? + 1;
                site(start..end, second.to_owned())
            } else if text.ends_with(';') {
                site(statement, String::new())
            } else {
                site(statement, format!("Ok({second})"))
            }
        }
    }
}

/// From behind the last end of a statement to the next one; a last expression ends before its brace.
fn statement(code: &str, at: usize, close: usize) -> Range<usize> {
    let start = code[..at].rfind([';', '{', '}']).map_or(0, |end| end + 1);
    let start = start + (code[start..].len() - code[start..].trim_start().len());
    let mut depth = 0_i32;
    for (offset, letter) in code[close + 1..].char_indices() {
        match letter {
            '(' | '{' | '[' => depth += 1,
            '}' if depth == 0 => {
                return start..start + code[start..close + 1 + offset].trim_end().len();
            }
            ')' | ']' | '}' => depth -= 1,
            ';' if depth == 0 => return start..close + 1 + offset + 1,
            _ => {}
        }
    }
    start..code.len()
}

/// The lines of the function around a line; a file that is formatted ends it where it began.
fn function(code: &str, line: usize) -> Range<usize> {
    let lines: Vec<&str> = code.lines().collect();
    let is_head = |text: &&str| text.trim_start().starts_with("fn ") || text.contains(" fn ");
    let first = lines.iter().take(line).rposition(is_head).unwrap_or(0);
    let head = lines.get(first).copied().unwrap_or_default();
    let end = format!("{}}}", &head[..head.len() - head.trim_start().len()]);
    let last =
        lines.iter().skip(line).position(|text| *text == end).map_or(lines.len(), |more| line + more + 1);
    first + 1..last + 1
}

fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (offset, letter) in code[open..].char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(open + offset);
        }
    }
    None
}

/// The same text with blanks where comments were, so that places stay where they are; the tests at the foot go as well.
fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut tests = false;
    for line in text.split_inclusive('\n') {
        tests |= line.starts_with("#[cfg(test)]");
        let comment = line.trim_start().starts_with("//") || line.trim_start().starts_with("use ");
        if tests || comment {
            code.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        } else {
            code.push_str(line);
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gone(path: &str, text: &str) -> Vec<String> {
        sites(path, text).into_iter().map(|site| site.taken_from(text)).collect()
    }

    #[test]
    fn a_decision_goes_with_its_statement() {
        let text = "fn a() {\n    let here: X =\n        self.core.authorize(call, of(id)).await?;\n    b(&here)\n}\n";
        assert_eq!(gone("a.rs", text), ["fn a() {\n    \n\n    b(&here)\n}\n"]);
        assert_eq!(gone("a.rs", "fn a() { self.core.authorize(call, b).await }"), ["fn a() {  }"]);
    }

    #[test]
    fn the_function_around_a_place_is_known() {
        let text = "impl A {\n    fn a() {\n        self.core.aim(x);\n    }\n\n    async fn b(\n    ) {\n        self.core.aim(\n            y,\n        );\n        c();\n    }\n}\n";
        let found = sites("a.rs", text);
        assert_eq!(found.iter().map(|site| site.function.clone()).collect::<Vec<_>>(), [2..5, 6..13]);
        let spoiled = found[1].taken_from(text);
        assert_eq!(spoiled.lines().nth(10), Some("        c();"), "no line moves");
        let switched = found[0].switched_in(text, 7);
        assert!(switched.contains("if !crate::spoiled(7) { self.core.aim(x); }"), "{switched}");
        let text = "fn a() { matches!(decide(b), c) }";
        let switched = sites("a.rs", text)[0].switched_in(text, 0);
        assert!(switched.contains("(if crate::spoiled(0) { domain::access::Decision::Allow("), "{switched}");
        assert!(switched.ends_with(" } else { decide(b) }), c) }"), "{switched}");
    }

    #[test]
    fn what_was_sealed_is_handed_on() {
        let text = "fn a() { let rows = self.core.open(&here, rows).await?; b }";
        assert_eq!(gone("a.rs", text), ["fn a() { let rows = rows; b }"]);
        assert_eq!(gone("a.rs", "fn a() { self.core.open(&here, rows).await }"), ["fn a() { Ok(rows) }"]);
        assert_eq!(gone("a.rs", "fn a() { self.core.open(&h, S::about((), [])).await?; }"), ["fn a() {  }"]);
    }

    #[test]
    fn only_the_guards_own_words_are_meant() {
        assert!(gone("a.rs", "fn a() { findings.require(x, y); file.open(z); self.load(id) }").is_empty());
        assert!(gone("a.rs", "// self.core.authorize(call, x)\nuse a::decide;\n").is_empty());
        let text = "fn a() { let all = require(&actor, action, &facts).is_ok(); }";
        assert_eq!(
            gone("a.rs", text),
            ["fn a() { let all = Ok::<_, domain::Error>(domain::access::Grant::OwnAccount).is_ok(); }"]
        );
        assert_eq!(gone("access/mod.rs", "fn a() { self.note(entry).await?; b }"), ["fn a() {  b }"]);
        assert!(gone("a.rs", "fn a() { self.note(entry).await?; b }").is_empty());
    }
}
