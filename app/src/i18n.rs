//! The texts a person reads: typed keys from `locales/*.toml`, and how dates, times and money are written.
//! It holds no text itself and chooses no language from the request; that is the frame's business.
//!
//! ```ignore
//! t!(common.back)                              // &'static str
//! t!(calendar.in_days, count = 3)              // String: "in 3 days"
//! t!(shell.emergency, number = "112")          // String
//! ```
//!
//! A key or an argument that does not exist is a compile error. Codes that arrive at run time go through [`specialty_name`],
//! [`language_name`], [`status_text`] and [`error_text`].

mod argument;
mod field_name;
pub mod format;
mod lookup;

pub use argument::{Argument, Category, category, fill};
pub use field_name::field_before;
pub use format::*;
pub use lookup::*;

/// The generated keys: one module per section of the catalogue, one item per key.
pub mod keys {
    use super::{Argument, Category, category, fill};

    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

pub use keys::Locale;

/// A text of the catalogue by its typed key; with arguments it is a `String`, else a `&'static str`.
#[macro_export]
macro_rules! t {
    ($section:ident . $key:ident) => {
        $crate::i18n::keys::$section::$key()
    };
    ($section:ident . $key:ident, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::keys::$section::$key { $($name: &$value),+ }.text()
    };
}

pub use t;

#[cfg(test)]
mod tests {
    #[test]
    fn a_text_without_arguments_is_static() {
        let text: &'static str = t!(common.back);
        assert_eq!(text, "Back");
    }

    #[test]
    fn arguments_are_filled_in_by_name() {
        assert_eq!(t!(ui.step_of, current = 2, total = 4_u32), "Step 2 of 4");
        assert_eq!(t!(shell.emergency, number = "112"), "In an emergency, call 112.");
    }

    #[test]
    fn plurals_follow_the_count() {
        assert_eq!(t!(calendar.in_days, count = 1), "in 1 day");
        assert_eq!(t!(calendar.in_days, count = 3_usize), "in 3 days");
        assert_eq!(t!(calendar.in_days, count = 0), "in 0 days");
    }
}
