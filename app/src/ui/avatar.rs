//! A photo of a person, or the initials of the name while there is none.
//! Decoration: the name always stands beside it in words.

use leptos::prelude::*;

use super::attribute::{classes, present};

/// How large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AvatarSize {
    /// 32 pixels, in tables.
    Small,
    /// 48 pixels, in cards.
    #[default]
    Medium,
    /// 96 pixels, on a person's own page.
    Large,
}

/// See the module.
#[component]
pub fn Avatar(
    /// The person's full name.
    #[prop(into)]
    name: String,
    /// The address of the photo.
    #[prop(optional, into)]
    photo: String,
    /// How large.
    #[prop(optional)]
    size: AvatarSize,
) -> impl IntoView {
    let class = classes(&[
        ("avatar", true),
        ("avatar-small", size == AvatarSize::Small),
        ("avatar-large", size == AvatarSize::Large),
    ]);
    let pixels = match size {
        AvatarSize::Small => "32",
        AvatarSize::Medium => "48",
        AvatarSize::Large => "96",
    };
    match present(photo) {
        Some(photo) => view! {
            <img class=class src=photo alt="" width=pixels height=pixels loading="lazy" decoding="async" />
        }
        .into_any(),
        None => view! {
            <span class=class aria-hidden="true" translate="no">
                {initials(&name)}
            </span>
        }
        .into_any(),
    }
}

/// The first letters of the first and the last word, titles aside.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter(|word| !word.ends_with('.'));
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_skip_titles_and_suit_mononyms() {
        assert_eq!(initials("Dr. Asha Rao"), "AR");
        assert_eq!(initials("Suharto"), "S");
        assert_eq!(initials("maria de la cruz"), "MC");
        assert_eq!(initials(""), "");
    }
}
