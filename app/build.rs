//! Turns `locales/*.toml` into typed keys, so that a text that does not exist does not compile.
//! It knows nothing of the texts themselves; how the keys are used is told in `src/i18n.rs`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

/// The catalogue that decides which keys exist; the others may only translate them.
const REFERENCE: &str = "en";

type Section = BTreeMap<String, Message>;
type Catalogue = BTreeMap<String, Section>;
type Failure = Box<dyn std::error::Error>;

/// One text, or one per plural category (`one`, `other`, …).
#[derive(Clone, PartialEq)]
enum Message {
    Plain(String),
    Plural(BTreeMap<String, String>),
}

#[expect(clippy::disallowed_methods, reason = "a build script is told by the environment where to write")]
fn main() -> Result<(), Failure> {
    let folder = Path::new("../locales");
    println!("cargo::rerun-if-changed=../locales");
    let mut catalogues = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            println!("cargo::rerun-if-changed={}", path.display());
            let code = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
            let catalogue = read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            catalogues.insert(code, catalogue);
        }
    }
    let reference = catalogues.remove(REFERENCE).ok_or("locales/en.toml is missing")?;
    for (code, catalogue) in &catalogues {
        check_translation(code, catalogue, &reference)?;
    }
    let code = generate(&reference, &catalogues)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("texts.rs"), code)?;
    Ok(())
}

fn read(path: &Path) -> Result<Catalogue, Failure> {
    let table: toml::Table = fs::read_to_string(path)?.parse()?;
    let mut catalogue = Catalogue::new();
    for (section, entries) in table {
        let toml::Value::Table(entries) = entries else {
            return Err(format!("`{section}` stands outside a section").into());
        };
        let mut messages = Section::new();
        for (key, value) in entries {
            let message = message(&value).ok_or_else(|| format!("[{section}] {key} is not a text"))?;
            messages.insert(key, message);
        }
        catalogue.insert(section, messages);
    }
    Ok(catalogue)
}

fn message(value: &toml::Value) -> Option<Message> {
    match value {
        toml::Value::String(text) => Some(Message::Plain(text.clone())),
        toml::Value::Table(forms) if forms.contains_key("other") => forms
            .iter()
            .map(|(category, text)| Some((category.clone(), text.as_str()?.to_owned())))
            .collect::<Option<_>>()
            .map(Message::Plural),
        _ => None,
    }
}

fn check_translation(code: &str, catalogue: &Catalogue, reference: &Catalogue) -> Result<(), Failure> {
    for (section, messages) in catalogue {
        for (key, message) in messages {
            let Some(original) = reference.get(section).and_then(|messages| messages.get(key)) else {
                return Err(
                    format!("locales/{code}.toml: [{section}] {key} does not exist in English").into()
                );
            };
            if arguments(message).iter().any(|argument| !arguments(original).contains(argument)) {
                return Err(format!("locales/{code}.toml: [{section}] {key} has another argument").into());
            }
        }
    }
    Ok(())
}

fn generate(reference: &Catalogue, others: &BTreeMap<String, Catalogue>) -> Result<String, Failure> {
    let mut code = String::new();
    writeln!(code, "/// The languages whose texts are compiled in.")?;
    writeln!(code, "#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]\npub enum Locale {{")?;
    writeln!(code, "    /// The reference catalogue.\n    #[default]\n    {},", variant(REFERENCE))?;
    for other in others.keys() {
        writeln!(code, "    /// `locales/{other}.toml`.\n    {},", variant(other))?;
    }
    writeln!(code, "}}")?;
    for (section, messages) in reference {
        writeln!(code, "\n/// Section `[{section}]`.\npub mod {section} {{")?;
        for (key, message) in messages {
            let translations: Vec<_> = others
                .iter()
                .filter_map(|(code, catalogue)| Some((code.as_str(), catalogue.get(section)?.get(key)?)))
                .collect();
            entry(&mut code, key, message, &translations)?;
        }
        lookup(&mut code, messages)?;
        writeln!(code, "}}")?;
    }
    Ok(code)
}

/// A function for a text without arguments, a struct whose fields are the arguments for one with.
fn entry(
    code: &mut String,
    key: &str,
    message: &Message,
    translations: &[(&str, &Message)],
) -> Result<(), Failure> {
    let name = key.replace('-', "_");
    let doc = first_form(message).replace(['[', ']'], "");
    let arguments = arguments(message);
    if arguments.is_empty() && matches!(message, Message::Plain(_)) {
        let body = by_locale(message, translations);
        writeln!(code, "    /// {doc}\n    #[must_use]\n    pub fn {name}() -> &'static str {{ {body} }}")?;
        return Ok(());
    }
    let fields: Vec<_> = arguments.iter().map(|a| format!(" pub {a}: &'a dyn super::Argument,")).collect();
    let pairs: Vec<_> = arguments.iter().map(|a| format!("(\"{a}\", self.{a}), ")).collect();
    let (fields, pairs) = (fields.concat(), pairs.concat());
    let body = by_locale(message, translations);
    writeln!(code, "    /// {doc}\n    #[expect(non_camel_case_types, reason = \"named as its key\")]")?;
    writeln!(code, "    pub struct {name}<'a> {{{fields} }}\n    impl {name}<'_> {{")?;
    writeln!(code, "        /// The text with its arguments filled in.\n        #[must_use]")?;
    writeln!(code, "        pub fn text(&self) -> String {{ super::fill({body}, &[{pairs}]) }}\n    }}")?;
    Ok(())
}

/// An expression for the template in the locale in force.
fn by_locale(message: &Message, translations: &[(&str, &Message)]) -> String {
    let reference = by_category(message);
    if translations.is_empty() {
        return reference;
    }
    let arms: Vec<_> = translations
        .iter()
        .map(|(code, message)| format!("super::Locale::{} => {}, ", variant(code), by_category(message)))
        .collect();
    let arms = arms.concat();
    format!("match super::locale() {{ {arms}_ => {reference} }}")
}

fn by_category(message: &Message) -> String {
    match message {
        Message::Plain(text) => format!("{text:?}"),
        Message::Plural(forms) => {
            let other = forms.get("other").cloned().unwrap_or_default();
            let arms: Vec<_> = forms
                .iter()
                .filter(|(category, text)| *category != "other" && **text != other)
                .map(|(category, text)| format!("super::Category::{} => {text:?}, ", variant(category)))
                .collect();
            let arms = arms.concat();
            if arms.is_empty() {
                return format!("{other:?}");
            }
            format!("match super::category(self.count) {{ {arms}_ => {other:?} }}")
        }
    }
}

/// Texts by their key at run time: for codes that come from the database or from a service.
fn lookup(code: &mut String, messages: &Section) -> Result<(), Failure> {
    let mut arms: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, message) in messages {
        let Message::Plain(text) = message else { continue };
        let answer =
            if text.contains('{') { format!("{text:?}") } else { format!("{}()", key.replace('-', "_")) };
        arms.entry(answer).or_default().push(format!("{key:?}"));
    }
    writeln!(
        code,
        "    /// The text of a key known only at run time, arguments not filled in.\n    #[must_use]"
    )?;
    // Three lines besides; the lint begins at a hundred.
    if arms.len() + 3 > 100 {
        writeln!(code, "    #[expect(clippy::too_many_lines, reason = \"one line for each text\")]")?;
    }
    writeln!(code, "    pub fn lookup(key: &str) -> Option<&'static str> {{\n        Some(match key {{")?;
    for (answer, keys) in arms {
        writeln!(code, "            {} => {answer},", keys.join(" | "))?;
    }
    writeln!(code, "            _ => return None,\n        }})\n    }}")?;
    Ok(())
}

/// The names between braces, and `count` for a plural.
fn arguments(message: &Message) -> Vec<String> {
    let mut names = Vec::new();
    let texts: Vec<&String> = match message {
        Message::Plain(text) => vec![text],
        Message::Plural(forms) => {
            names.push("count".to_owned());
            forms.values().collect()
        }
    };
    for text in texts {
        for part in text.split('{').skip(1) {
            if let Some((name, _)) = part.split_once('}')
                && !names.iter().any(|known| known == name)
            {
                names.push(name.to_owned());
            }
        }
    }
    names
}

fn first_form(message: &Message) -> &str {
    match message {
        Message::Plain(text) => text,
        Message::Plural(forms) => forms.get("other").map_or("", String::as_str),
    }
}

fn variant(code: &str) -> String {
    let mut letters = code.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
