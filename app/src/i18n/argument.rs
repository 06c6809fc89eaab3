//! What may fill a `{name}` of a text, and which plural form a number asks for.
//! It does not know the texts.

use std::borrow::Cow;
use std::fmt::Display;

/// A value that may stand in a text; a whole number also chooses the plural form.
pub trait Argument: Display {
    /// The number that decides between plural forms; `None` asks for `other`.
    fn quantity(&self) -> Option<u64> {
        None
    }
}

impl Argument for str {}
impl Argument for &str {}
impl Argument for String {}
impl Argument for &String {}
impl Argument for Cow<'_, str> {}

macro_rules! whole_numbers {
    ($($number:ty),+) => {
        $(impl Argument for $number {
            fn quantity(&self) -> Option<u64> {
                u64::try_from(*self).ok()
            }
        })+
    };
}

whole_numbers!(u8, u16, u32, u64, usize, i8, i16, i32, i64);

/// The plural categories of CLDR; a language uses some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// "one day"
    One,
    /// "two" in Arabic or Slovene.
    Two,
    /// 2 to 4 in Slavic languages.
    Few,
    /// 5 and more in Slavic languages.
    Many,
    /// Everything else.
    Other,
}

/// The plural category of a number; the rule of English until a second catalogue brings its own.
#[must_use]
pub fn category(number: &dyn Argument) -> Category {
    if number.quantity() == Some(1) { Category::One } else { Category::Other }
}

/// Puts the arguments into a template; an unknown `{name}` is left as it stands.
#[must_use]
pub fn fill(template: &str, arguments: &[(&str, &dyn Argument)]) -> String {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            text.push('{');
            rest = after;
            continue;
        };
        if let Some((_, value)) = arguments.iter().find(|(known, _)| *known == name) {
            text.push_str(&value.to_string());
        } else {
            text.push('{');
            text.push_str(name);
            text.push('}');
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::{Category, category, fill};

    #[test]
    fn only_one_is_one() {
        assert_eq!(category(&1_i64), Category::One);
        assert_eq!(category(&0_u8), Category::Other);
        assert_eq!(category(&-1_i32), Category::Other);
        assert_eq!(category(&"1"), Category::Other);
    }

    #[test]
    fn an_argument_is_never_read_as_a_template() {
        assert_eq!(fill("{a} and {b}", &[("a", &"{b}"), ("b", &2)]), "{b} and 2");
    }

    #[test]
    fn stray_braces_survive() {
        assert_eq!(fill("{unknown} { open", &[]), "{unknown} { open");
    }
}
