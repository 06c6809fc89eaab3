//! The house's own font as paper needs it: which glyph a letter has, how wide it is, and where a line ends.
//! It is the font of the pages (OFL, see public/fonts), at its usual weight and without what only screens use.

use std::collections::BTreeMap;

use ttf_parser::{Face, GlyphId};

/// The font's file, which goes into each PDF as it is.
pub(super) const FILE: &[u8] = include_bytes!("../../../fonts/receipt.ttf");

/// See the module.
pub(super) struct Font {
    face: Face<'static>,
    per_em: f32,
}

/// A line as it is drawn: glyphs, and whether each letter has one.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) glyphs: Vec<u16>,
    /// The letters of the glyphs, for those who copy or search.
    pub(super) letters: BTreeMap<u16, char>,
    pub(super) complete: bool,
}

impl Font {
    pub(super) fn read() -> Option<Self> {
        let face = Face::parse(FILE, 0).ok()?;
        let per_em = f32::from(face.units_per_em());
        Some(Self { face, per_em })
    }

    /// The glyph of a letter. A space of another width is a space.
    fn glyph(&self, letter: char) -> Option<u16> {
        let found = self
            .face
            .glyph_index(letter)
            .or_else(|| letter.is_whitespace().then(|| self.face.glyph_index(' ')).flatten());
        found.map(|glyph| glyph.0)
    }

    /// In thousandths of the font's size.
    pub(super) fn width(&self, glyph: u16) -> f32 {
        let wide = self.face.glyph_hor_advance(GlyphId(glyph)).unwrap_or_default();
        f32::from(wide) * 1000.0 / self.per_em
    }

    /// How high the font goes, how deep, and its box, in thousandths.
    pub(super) fn measures(&self) -> (f32, f32, [f32; 4]) {
        let scaled = |units: i16| f32::from(units) * 1000.0 / self.per_em;
        let all = self.face.global_bounding_box();
        let all = [all.x_min, all.y_min, all.x_max, all.y_max].map(scaled);
        (scaled(self.face.ascender()), scaled(self.face.descender()), all)
    }

    /// What a text looks like on one line. A letter without a glyph is an empty box.
    pub(super) fn line(&self, text: &str) -> Line {
        let mut line = Line { complete: true, ..Line::default() };
        for letter in text.chars() {
            let glyph = self.glyph(letter);
            line.complete &= glyph.is_some();
            line.glyphs.push(glyph.unwrap_or(0));
            if let Some(glyph) = glyph {
                line.letters.entry(glyph).or_insert(letter);
            }
        }
        line
    }

    fn wide(&self, text: &str) -> f32 {
        text.chars().map(|letter| self.width(self.glyph(letter).unwrap_or(0))).sum()
    }

    /// Lines no wider than `most` thousandths of the font's size. A word that is longer than a line is broken.
    pub(super) fn wrap(&self, text: &str, most: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            let Some(line) = lines.last_mut() else { return lines };
            let with = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.wide(&with) <= most {
                *line = with;
                continue;
            }
            if !line.is_empty() {
                lines.push(String::new());
            }
            for letter in word.chars() {
                let Some(line) = lines.last_mut() else { return lines };
                let mut with = line.clone();
                with.push(letter);
                if self.wide(&with) > most && !line.is_empty() {
                    lines.push(letter.to_string());
                } else {
                    *line = with;
                }
            }
        }
        lines
    }
}
