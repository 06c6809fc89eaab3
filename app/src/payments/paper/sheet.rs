//! Sheets of A4 that are filled from top to bottom, with the structure that is read aloud: a heading, paragraphs, a table of two columns.
//! What stands on them is in `mod`; the PDF is written with language, title and tags, and without a date of its own.

use std::collections::BTreeMap;

use pdf_writer::{
    Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{CidFontType, FontFlags, StructRole, SystemInfo, UnicodeCmap},
    writers::StructTreeRoot,
};

use super::font::{FILE, Font};

/// A4 in points.
const SHEET: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 56.0;
/// Where the second column begins.
const COLUMN: f32 = 200.0;
const TEXT: f32 = 11.0;
const TITLE: f32 = 20.0;
/// From one line to the next, for each point of the font's size.
const LEADING: f32 = 1.4;
const FONT: Name<'static> = Name(b"F1");
const NAME: Name<'static> = Name(b"AtkinsonHyperlegibleNext-Regular");
const SYSTEM: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// What a part of the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Document,
    Heading,
    Paragraph,
    Table,
    Row,
    Label,
    Value,
}

impl Role {
    fn tag(self) -> (StructRole, Name<'static>) {
        match self {
            Self::Document => (StructRole::Document, Name(b"Document")),
            Self::Heading => (StructRole::H1, Name(b"H1")),
            Self::Paragraph => (StructRole::P, Name(b"P")),
            Self::Table => (StructRole::Table, Name(b"Table")),
            Self::Row => (StructRole::TR, Name(b"TR")),
            Self::Label => (StructRole::TH, Name(b"TH")),
            Self::Value => (StructRole::TD, Name(b"TD")),
        }
    }
}

/// A part of the text, and where on the sheets it stands.
struct Part {
    role: Role,
    parent: Option<usize>,
    /// Sheet and number of each line.
    lines: Vec<(usize, i32)>,
    /// The words, where some of their letters have no glyph.
    words: Option<String>,
}

/// See the module.
pub(super) struct Sheet<'a> {
    font: &'a Font,
    title: String,
    parts: Vec<Part>,
    pages: Vec<Content>,
    /// Lines of each page, by the part that they belong to.
    marks: Vec<Vec<usize>>,
    /// Letters that were drawn.
    letters: BTreeMap<u16, char>,
    top: f32,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(font: &'a Font, title: &str) -> Self {
        let document = Part { role: Role::Document, parent: None, lines: Vec::new(), words: None };
        Self {
            font,
            title: title.to_owned(),
            parts: vec![document],
            pages: vec![Content::new()],
            marks: vec![Vec::new()],
            letters: BTreeMap::new(),
            top: SHEET.1 - MARGIN,
        }
    }

    pub(super) fn heading(&mut self, text: &str) {
        let part = self.part(Role::Heading, 0);
        let lines = self.lines(text, TITLE, SHEET.0 - 2.0 * MARGIN);
        self.note(part, text, &lines);
        for line in lines {
            self.make_room(TITLE);
            self.draw(part, &line, (MARGIN, self.top), TITLE);
        }
        self.top -= TEXT;
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        let part = self.part(Role::Paragraph, 0);
        let lines = self.lines(text, TEXT, SHEET.0 - 2.0 * MARGIN);
        self.note(part, text, &lines);
        for line in lines {
            self.make_room(TEXT);
            self.draw(part, &line, (MARGIN, self.top), TEXT);
        }
    }

    /// A table of what there is to know: names left, values right.
    pub(super) fn rows(&mut self, rows: &[(String, String)]) {
        self.top -= TEXT;
        let table = self.part(Role::Table, 0);
        for (name, value) in rows {
            let row = self.part(Role::Row, table);
            let (label, cell) = (self.part(Role::Label, row), self.part(Role::Value, row));
            let names = self.lines(name, TEXT, COLUMN - MARGIN - TEXT);
            let values = self.lines(value, TEXT, SHEET.0 - COLUMN - MARGIN);
            self.note(label, name, &names);
            self.note(cell, value, &values);
            for at in 0..names.len().max(values.len()) {
                self.make_room(TEXT);
                if let Some(line) = names.get(at) {
                    self.draw(label, line, (MARGIN, self.top), TEXT);
                }
                if let Some(line) = values.get(at) {
                    self.draw(cell, line, (COLUMN, self.top), TEXT);
                }
            }
            self.top -= TEXT / 2.0;
        }
        self.top -= TEXT / 2.0;
    }

    /// Whether some letter of what was written has no glyph.
    pub(super) fn lacks_letters(&self) -> bool {
        self.parts.iter().any(|part| part.words.is_some())
    }

    fn part(&mut self, role: Role, parent: usize) -> usize {
        self.parts.push(Part { role, parent: Some(parent), lines: Vec::new(), words: None });
        self.parts.len() - 1
    }

    fn lines(&self, text: &str, size: f32, wide: f32) -> Vec<String> {
        self.font.wrap(text, wide * 1000.0 / size)
    }

    /// Keeps the words of a part whose lines do not show all of its letters.
    fn note(&mut self, part: usize, text: &str, lines: &[String]) {
        let complete = lines.iter().all(|line| self.font.line(line).complete);
        if let Some(part) = self.parts.get_mut(part).filter(|_| !complete) {
            part.words = Some(text.to_owned());
        }
    }

    /// Goes to the next line, and to the next sheet at the foot of this one.
    fn make_room(&mut self, size: f32) {
        self.top -= size * LEADING;
        if self.top < MARGIN {
            self.pages.push(Content::new());
            self.marks.push(Vec::new());
            self.top = SHEET.1 - MARGIN - size * LEADING;
        }
    }

    fn draw(&mut self, part: usize, text: &str, (x, y): (f32, f32), size: f32) {
        let line = self.font.line(text);
        let sheet = self.pages.len().saturating_sub(1);
        let (Some(content), Some(marks), Some(of)) =
            (self.pages.last_mut(), self.marks.last_mut(), self.parts.get_mut(part))
        else {
            return;
        };
        let number = i32::try_from(marks.len()).unwrap_or(i32::MAX);
        let glyphs: Vec<u8> = line.glyphs.iter().flat_map(|glyph| glyph.to_be_bytes()).collect();
        content.begin_marked_content_with_properties(of.role.tag().1).properties().identify(number);
        content.begin_text().set_font(FONT, size).set_text_matrix([1.0, 0.0, 0.0, 1.0, x, y]);
        content.show(Str(&glyphs)).end_text().end_marked_content();
        marks.push(part);
        of.lines.push((sheet, number));
        self.letters.extend(line.letters);
    }

    /// The file. Numbers of objects are given in a fixed order.
    pub(super) fn finish(self) -> Vec<u8> {
        let Self { font, title, parts, pages, marks, letters, .. } = self;
        let mut next = 1;
        let mut take = |many: usize| -> Vec<Ref> {
            let first = next;
            next += i32::try_from(many).unwrap_or_default();
            (first..next).map(Ref::new).collect()
        };
        let whole = take(9);
        let [catalog, tree, info, root, type0, cid, descriptor, file, cmap] = whole.as_slice() else {
            return Vec::new();
        };
        let (sheets, contents, parents) = (take(pages.len()), take(pages.len()), take(pages.len()));
        let names = take(parts.len());

        let mut pdf = Pdf::new();
        let mut it = pdf.catalog(*catalog);
        it.pages(*tree).lang(TextStr("en"));
        it.mark_info().marked(true);
        it.viewer_preferences().display_doc_title(true);
        it.pair(Name(b"StructTreeRoot"), *root);
        it.finish();
        // An object of its own, because the document names it as what it is part of.
        let mut structure: StructTreeRoot<'_> = pdf.indirect(*root).start();
        if let Some(document) = names.first() {
            structure.child(*document);
        }
        let mut all = structure.parent_tree();
        let mut numbers = all.nums();
        for (at, id) in parents.iter().enumerate() {
            numbers.insert(i32::try_from(at).unwrap_or_default(), *id);
        }
        numbers.finish();
        all.finish();
        structure.finish();

        pdf.document_info(*info).title(TextStr(&title)).producer(TextStr("CareSync"));
        let count = i32::try_from(sheets.len()).unwrap_or_default();
        pdf.pages(*tree).kids(sheets.iter().copied()).count(count);
        for (at, ((sheet, content), drawn)) in sheets.iter().zip(&contents).zip(pages).enumerate() {
            let mut page = pdf.page(*sheet);
            page.media_box(Rect::new(0.0, 0.0, SHEET.0, SHEET.1)).parent(*tree).contents(*content);
            page.struct_parents(i32::try_from(at).unwrap_or_default());
            page.resources().fonts().pair(FONT, *type0);
            page.finish();
            pdf.stream(*content, &drawn.finish());
        }
        for (id, of) in parents.iter().zip(&marks) {
            let refs = of.iter().filter_map(|part| names.get(*part)).copied();
            pdf.indirect(*id).array().items(refs);
        }
        tags(&mut pdf, &parts, (*root, &names), &sheets);
        fonts(&mut pdf, font, &letters, [*type0, *cid, *descriptor, *file, *cmap]);
        pdf.finish()
    }
}

/// The structure: each part with what it is, what it is part of, and its lines.
fn tags(pdf: &mut Pdf, parts: &[Part], (root, names): (Ref, &[Ref]), sheets: &[Ref]) {
    for (at, (part, name)) in parts.iter().zip(names).enumerate() {
        let mut element = pdf.struct_element(*name);
        element.kind(part.role.tag().0);
        element.parent(part.parent.and_then(|parent| names.get(parent)).copied().unwrap_or(root));
        if let Some(words) = &part.words {
            element.actual_text(TextStr(words));
        }
        let mut children = element.children();
        for (_, child) in parts.iter().zip(names).filter(|(child, _)| child.parent == Some(at)) {
            children.struct_element(*child);
        }
        for (sheet, number) in &part.lines {
            if let Some(sheet) = sheets.get(*sheet) {
                children.marked_content_ref().page(*sheet).marked_content_id(*number);
            }
        }
    }
}

/// The font, whole: it is small, and what is not cut down cannot be cut wrongly.
fn fonts(pdf: &mut Pdf, font: &Font, letters: &BTreeMap<u16, char>, ids: [Ref; 5]) {
    let [type0, cid, descriptor, file, cmap] = ids;
    pdf.type0_font(type0)
        .base_font(NAME)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid)
        .to_unicode(cmap);
    let mut it = pdf.cid_font(cid);
    it.subtype(CidFontType::Type2).base_font(NAME).system_info(SYSTEM).font_descriptor(descriptor);
    it.default_width(font.width(0)).cid_to_gid_map_predefined(Name(b"Identity"));
    let mut widths = it.widths();
    for glyph in letters.keys() {
        widths.consecutive(*glyph, [font.width(*glyph)]);
    }
    widths.finish();
    it.finish();
    let (ascent, descent, [left, bottom, right, top]) = font.measures();
    pdf.font_descriptor(descriptor)
        .name(NAME)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(left, bottom, right, top))
        .italic_angle(0.0)
        .ascent(ascent)
        .descent(descent)
        .cap_height(ascent)
        .stem_v(80.0)
        .font_file2(file);
    let length = i32::try_from(FILE.len()).unwrap_or_default();
    pdf.stream(file, FILE).pair(Name(b"Length1"), length);
    let mut unicode = UnicodeCmap::new(Name(b"Letters"), SYSTEM);
    for (glyph, letter) in letters {
        unicode.pair(*glyph, *letter);
    }
    pdf.cmap(cmap, &unicode.finish());
}
