//! Which new passwords are refused: too short, on the list of those that are tried first, or made of what everybody knows of
//! their owner.
//!
//! Nothing of a password is kept or sent anywhere for that. No kinds of characters are asked for, and none is refused.

use std::{collections::HashSet, sync::LazyLock};

use domain::text;

/// Passwords of the length that the rules ask for which are guessed first. The rules by which it is made, and a test that keeps
/// it to them, are in `rules/tests.rs`.
const LIST: &str = include_str!("guessed_first.txt");

static GUESSED_FIRST: LazyLock<HashSet<&'static str>> = LazyLock::new(|| LIST.lines().collect());

/// What may not be most of a password, whoever its owner is.
const HOUSE_WORDS: [&str; 5] = ["caresync", "hospital", "clinic", "patient", "password"];
/// What must be left of a password without the words that everybody knows.
const OWN_LEAST: usize = 8;
/// Words of fewer letters are in many passwords by chance.
const WORD_LEAST: usize = 4;
const FEWEST_DIFFERENT: usize = 5;

/// Refuses a new password with the rule that it breaks. `known` is what is known of its owner: name, address, hospital.
pub(crate) fn check(password: &str, known: &[&str]) -> Result<(), &'static str> {
    text::new_password(password)?;
    let folded = folded(password);
    // What is made of signs alone folds to nothing, so the password as it is counts too.
    let plain = password.to_lowercase();
    if has_few_letters(&plain) || is_repeated(&plain) || is_easy(&folded) {
        return Err("password_common");
    }
    if own_part(&folded, known) < OWN_LEAST { Err("password_personal") } else { Ok(()) }
}

/// Letters and digits alone, in lower case; where there are none, the password as it is.
fn folded(password: &str) -> String {
    password.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Without the digits that stand for letters.
fn unleeted(folded: &str) -> String {
    let letter = |c| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        other => other,
    };
    folded.chars().map(letter).collect()
}

fn is_easy(folded: &str) -> bool {
    let bare = folded.trim_end_matches(|c: char| c.is_ascii_digit());
    let forms = [folded.to_owned(), bare.to_owned(), unleeted(folded), unleeted(bare)];
    forms.iter().any(|form| GUESSED_FIRST.contains(form.as_str()) || is_repeated(form))
}

fn has_few_letters(plain: &str) -> bool {
    plain.chars().collect::<HashSet<_>>().len() < FEWEST_DIFFERENT
}

/// Whether it is one short piece, over and over.
fn is_repeated(folded: &str) -> bool {
    let letters: Vec<char> = folded.chars().collect();
    (1..=letters.len() / 2)
        .filter(|length| *length <= 12)
        .any(|length| letters.iter().zip(letters.iter().skip(length)).all(|(one, next)| one == next))
}

/// How many characters are left without the words that everybody knows.
fn own_part(folded: &str, known: &[&str]) -> usize {
    if folded.is_empty() {
        return OWN_LEAST;
    }
    let words = known.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric())).map(self::folded);
    let mut words: Vec<String> = words.chain(HOUSE_WORDS.map(str::to_owned)).collect();
    words.retain(|word| word.chars().count() >= WORD_LEAST);
    // The longest first: a short word may be part of a long one.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = words.iter().fold(folded.to_owned(), |rest, word| rest.replace(word.as_str(), ""));
    rest.chars().count()
}

#[cfg(test)]
mod tests;
