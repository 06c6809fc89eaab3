//! What a colour means, in words: components take a tone, never a colour.
//! Colour is only ever a second sign beside a text or an icon.

/// The meaning of a badge, a card edge or a mark on the day line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Neutral,
    /// What can be done, or is going on.
    Accent,
    /// What went well or is settled.
    Positive,
    /// What is late or needs attention.
    Warning,
    /// What is wrong.
    Danger,
}

impl Tone {
    /// The suffix of the CSS class.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Positive => "positive",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}
