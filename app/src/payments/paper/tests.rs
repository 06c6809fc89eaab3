//! The file is read back as other programs read it: objects, drawn glyphs, and the letters that they stand for.

use std::collections::BTreeMap;

use domain::{
    ids::{AppointmentId, PaymentId},
    money::Money,
    payments::{Payment, PaymentMethod, PaymentState, Receipt, Refunded},
    time::Moment,
};

use super::*;

fn moment(text: &str) -> Moment {
    serde_json::from_value(serde_json::json!(text)).unwrap()
}

fn receipt() -> Receipt {
    Receipt {
        number: "R-000001".into(),
        payment: Payment {
            id: PaymentId(uuid::Uuid::from_u128(1)),
            appointment_id: AppointmentId(uuid::Uuid::from_u128(2)),
            method: PaymentMethod::Online,
            state: PaymentState::Captured,
            amount: Money { amount_minor: 123_450, currency: "INR".into() },
            captured_minor: 123_450,
            refunded_minor: 0,
            refunding_minor: 0,
            receipt: Some("R-000001".into()),
            at: moment("2026-05-03T23:50:00+05:30"),
            paid_at: Some(moment("2026-05-04T00:10:00+05:30")),
        },
        reference: "K7QM2P".into(),
        hospital_name: "Lindenhof".into(),
        hospital_address: "Main Street 1, Town".into(),
        patient_name: "Zoë Łukasiewicz".into(),
        doctor_name: "Dr. Ada Vogt".into(),
        visit_type_name: "First visit".into(),
        visit_start: moment("2026-05-10T10:00:00+05:30"),
        refunds: Vec::new(),
        opens: None,
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The bytes of a string in round or pointed brackets, and what comes after it.
fn string(text: &[u8]) -> (Vec<u8>, usize) {
    let mut bytes = Vec::new();
    let mut at = 1;
    if text[0] == b'<' {
        let end = text.iter().position(|byte| *byte == b'>').unwrap();
        let digits = text_of(&text[1..end]);
        bytes.extend(
            (0..digits.len() / 2)
                .map(|pair| u8::from_str_radix(&digits[pair * 2..pair * 2 + 2], 16).unwrap()),
        );
        return (bytes, end + 1);
    }
    let mut depth = 0;
    loop {
        match text[at] {
            b')' if depth == 0 => return (bytes, at + 1),
            b'\\' => {
                at += 1;
                match text[at] {
                    b'n' => bytes.push(b'\n'),
                    b'r' => bytes.push(b'\r'),
                    b't' => bytes.push(b'\t'),
                    b'b' => bytes.push(8),
                    b'f' => bytes.push(12),
                    digit if digit.is_ascii_digit() => {
                        let octal = text_of(&text[at..at + 3]);
                        bytes.push(u8::from_str_radix(&octal, 8).unwrap());
                        at += 2;
                    }
                    other => bytes.push(other),
                }
            }
            byte => {
                depth += i32::from(byte == b'(') - i32::from(byte == b')');
                bytes.push(byte);
            }
        }
        at += 1;
    }
}

fn find(text: &[u8], what: &str) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what.as_bytes())
}

/// Letters of glyphs, from the map that is in the file.
fn letters(pdf: &[u8]) -> BTreeMap<u16, char> {
    let text = text_of(pdf);
    let maps = text.split("beginbfchar").skip(1).map(|part| part.split("endbfchar").next().unwrap());
    let hex = |text: &str| u16::from_str_radix(text.trim_matches(['<', '>']), 16).unwrap();
    maps.flat_map(str::lines)
        .filter_map(|line| line.split_once(' '))
        .map(|(glyph, letter)| (hex(glyph), char::from_u32(hex(letter).into()).unwrap()))
        .collect()
}

/// Each line that is drawn, as whoever copies it gets it.
fn lines(pdf: &[u8]) -> Vec<String> {
    let known = letters(pdf);
    let mut lines = Vec::new();
    let mut rest = pdf;
    while let Some(at) = find(rest, " Tm\n") {
        rest = &rest[at + 4..];
        let (glyphs, end) = string(rest);
        let glyph = |pair: &[u8]| u16::from_be_bytes([pair[0], pair[1]]);
        lines.push(
            glyphs.chunks(2).map(|pair| known.get(&glyph(pair)).copied().unwrap_or('\u{fffd}')).collect(),
        );
        rest = &rest[end..];
    }
    lines
}

#[test]
fn a_receipt_says_what_the_page_says() {
    let pdf = receipt_pdf(&receipt()).unwrap();
    let expected = [
        "Receipt R-000001",
        "Lindenhof",
        "Main Street 1, Town",
        "Paid",
        "₹1,234.50",
        "Paid on",
        "How",
        "Online",
        "Zoë Łukasiewicz",
        "First visit",
        "Dr. Ada Vogt",
        "K7QM2P",
    ];
    let lines = lines(&pdf);
    for line in expected {
        assert!(lines.iter().any(|drawn| drawn == line), "{line}: {lines:?}");
    }
    // The date on the hospital's clocks, not that of Greenwich.
    assert!(lines.iter().any(|line| line == "Monday 4 May 2026"), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("not an invoice")), "{lines:?}");
}

#[test]
fn the_same_receipt_is_the_same_file() {
    assert_eq!(receipt_pdf(&receipt()), receipt_pdf(&receipt()));
    let other = Receipt { number: "R-000002".into(), ..receipt() };
    assert_ne!(receipt_pdf(&receipt()), receipt_pdf(&other));
}

#[test]
fn what_went_back_stands_there() {
    let back = Refunded {
        amount_minor: 50_000,
        at: moment("2026-05-05T10:00:00+05:30"),
        reason: Some("Paid twice".into()),
        done: true,
    };
    let pdf = receipt_pdf(&Receipt { refunds: vec![back], ..receipt() }).unwrap();
    let lines = lines(&pdf);
    assert!(lines.iter().any(|line| line.starts_with("₹500") && line.ends_with("Paid twice")), "{lines:?}");
}

#[test]
fn it_has_a_title_a_language_and_tags() {
    let text = text_of(&receipt_pdf(&receipt()).unwrap());
    for part in [
        "/Title (Receipt R-000001)",
        "/Lang (en)",
        "/Marked true",
        "/DisplayDocTitle true",
        "/S /H1",
        "/S /Table",
        "/S /TH",
        "/S /TD",
        "/StructParents 0",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("CreationDate"));
}

#[test]
fn long_names_wrap_and_long_receipts_go_on_on_another_sheet() {
    let long = "Wolfeschlegelsteinhausenbergerdorff".repeat(6);
    let pdf = receipt_pdf(&Receipt { patient_name: long.clone(), ..receipt() }).unwrap();
    let drawn = lines(&pdf);
    let pieces: Vec<&String> =
        drawn.iter().filter(|line| line.len() > 10 && long.contains(line.as_str())).collect();
    assert!(pieces.len() > 3, "{drawn:?}");
    assert_eq!(pieces.into_iter().map(String::as_str).collect::<String>(), long);

    let back =
        Refunded { amount_minor: 1, at: moment("2026-05-05T10:00:00+05:30"), reason: None, done: true };
    let pdf = receipt_pdf(&Receipt { refunds: vec![back; 60], ..receipt() }).unwrap();
    let text = text_of(&pdf);
    let sheets = text.split("/Count ").nth(1).map(|rest| rest.chars().take_while(char::is_ascii_digit));
    let sheets: u32 = sheets.unwrap().collect::<String>().parse().unwrap();
    assert!((2..=5).contains(&sheets), "{sheets}");
    assert_eq!(lines(&pdf).iter().filter(|line| line.as_str() == "Paid back").count(), 60);
}

#[test]
fn letters_that_the_font_lacks_are_kept_as_text_and_spoken_of() {
    let pdf = receipt_pdf(&Receipt { patient_name: "आशा राव".into(), ..receipt() }).unwrap();
    let mut utf16 = vec![0xfe, 0xff];
    utf16.extend("आशा राव".encode_utf16().flat_map(u16::to_be_bytes));
    let at = find(&pdf, "/ActualText ").unwrap() + "/ActualText ".len();
    assert_eq!(string(&pdf[at..]).0, utf16);
    assert!(lines(&pdf).iter().any(|line| line.starts_with("Some letters cannot be drawn")));
    assert!(find(&receipt_pdf(&receipt()).unwrap(), "/ActualText").is_none());
}

#[test]
fn the_name_of_the_file_tells_nothing_of_anybody() {
    assert_eq!(file_name(&receipt()), "receipt-R-000001.pdf");
    assert_eq!(file_name(&Receipt { number: "R\"/..\n1".into(), ..receipt() }), "receipt-R1.pdf");
}
