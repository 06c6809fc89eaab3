//! An icon of the sprite `public/icons.svg`, drawn in the colour of the text around it.
//! It is decoration unless it gets a label; a button that shows only an icon needs one.

use leptos::prelude::*;

use super::attribute::{classes, present};

macro_rules! icons {
    ($($variant:ident = $id:literal),+ $(,)?) => {
        /// The icons that the sprite holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is named after its picture")]
        pub enum IconName {
            $($variant),+
        }

        impl IconName {
            /// Every icon, for the style guide and the test of the sprite.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The id of its symbol in the sprite.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id),+
                }
            }
        }
    };
}

icons! {
    AlertTriangle = "alert-triangle",
    ArrowLeft = "arrow-left",
    ArrowRight = "arrow-right",
    Bell = "bell",
    Building = "building",
    Calendar = "calendar",
    CalendarCheck = "calendar-check",
    CalendarPlus = "calendar-plus",
    Check = "check",
    CheckCircle = "check-circle",
    ChevronDown = "chevron-down",
    ChevronLeft = "chevron-left",
    ChevronRight = "chevron-right",
    ChevronUp = "chevron-up",
    Circle = "circle",
    Clock = "clock",
    Download = "download",
    Edit = "edit",
    FileText = "file-text",
    Filter = "filter",
    Globe = "globe",
    Grid = "grid",
    Heart = "heart",
    Home = "home",
    Hospital = "hospital",
    Info = "info",
    List = "list",
    Lock = "lock",
    LogIn = "log-in",
    LogOut = "log-out",
    Mail = "mail",
    MapPin = "map-pin",
    Menu = "menu",
    Message = "message",
    Money = "money",
    Moon = "moon",
    Phone = "phone",
    Pill = "pill",
    Plus = "plus",
    Printer = "printer",
    Refresh = "refresh",
    Search = "search",
    Settings = "settings",
    Shield = "shield",
    Stethoscope = "stethoscope",
    Sun = "sun",
    Trash = "trash",
    User = "user",
    UserCheck = "user-check",
    UserX = "user-x",
    Users = "users",
    Video = "video",
    WifiOff = "wifi-off",
    X = "x",
    XCircle = "x-circle",
}

impl IconName {
    /// Whether the picture points along the line of reading and turns with it.
    fn is_directional(self) -> bool {
        matches!(
            self,
            Self::ArrowLeft
                | Self::ArrowRight
                | Self::ChevronLeft
                | Self::ChevronRight
                | Self::LogIn
                | Self::LogOut
        )
    }
}

/// How large an icon is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IconSize {
    /// As high as the text beside it.
    #[default]
    Text,
    /// 24 pixels.
    Medium,
    /// 40 pixels, for empty states.
    Large,
}

/// One icon; see the module.
#[component]
pub fn Icon(
    /// Which picture.
    name: IconName,
    /// What it says to somebody who does not see it; without one it is hidden from them.
    #[prop(optional, into)]
    label: String,
    /// How large.
    #[prop(optional)]
    size: IconSize,
) -> impl IntoView {
    let class = classes(&[
        ("icon", true),
        ("icon-medium", size == IconSize::Medium),
        ("icon-large", size == IconSize::Large),
        ("icon-directional", name.is_directional()),
    ]);
    let label = present(label);
    let hidden = label.is_none().then_some("true");
    let role = label.is_some().then_some("img");
    view! {
        <svg class=class aria-hidden=hidden role=role aria-label=label focusable="false">
            <use href=format!("/icons.svg#{}", name.id())></use>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::IconName;

    #[test]
    fn the_sprite_holds_every_icon_and_no_other() {
        let sprite = include_str!("../../../public/icons.svg");
        for icon in IconName::ALL {
            assert!(sprite.contains(&format!("<symbol id=\"{}\"", icon.id())), "{} is not drawn", icon.id());
        }
        assert_eq!(sprite.matches("<symbol ").count(), IconName::ALL.len() + 1, "the icons and the mark");
    }
}
