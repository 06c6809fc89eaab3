//! A receipt as a file for paper: the same words as on the page, in the order in which they are read aloud.
//! How letters and sheets become a PDF is in `font` and `sheet`; nothing here reads the clock, so the same receipt is the same file.

mod font;
mod sheet;

use domain::payments::Receipt;

use crate::i18n::{date_full, date_medium};
use crate::payments::parts::{amount, method_text, opened};
use crate::t;
use font::Font;
use sheet::Sheet;

/// The receipt as a PDF; none if the house's own font cannot be read, which a test rules out.
#[must_use]
pub fn receipt_pdf(receipt: &Receipt) -> Option<Vec<u8>> {
    let font = Font::read()?;
    let title = t!(payments.receipt_number, number = receipt.number);
    let mut sheet = Sheet::new(&font, &title);
    sheet.heading(&title);
    sheet.paragraph(&receipt.hospital_name);
    sheet.paragraph(&receipt.hospital_address);
    sheet.rows(&rows(receipt));
    if let Some(window) = &receipt.opens {
        sheet.paragraph(&opened(window, &receipt.doctor_name));
    }
    sheet.paragraph(t!(payments.no_invoice));
    if sheet.lacks_letters() {
        sheet.paragraph(t!(payments.letters_missing));
    }
    Some(sheet.finish())
}

/// The name under which it is saved: the number of the receipt, and nothing about anybody.
#[must_use]
pub fn file_name(receipt: &Receipt) -> String {
    let number: String =
        receipt.number.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
    format!("receipt-{number}.pdf")
}

fn rows(receipt: &Receipt) -> Vec<(String, String)> {
    let payment = &receipt.payment;
    let row = |label: &str, value: String| (label.to_owned(), value);
    let paid_on = payment.paid_at.unwrap_or(payment.at).date();
    let mut rows = vec![
        row(t!(payments.paid), amount(payment.captured_minor, &payment.amount)),
        row(t!(payments.paid_on), date_full(paid_on)),
        row(t!(payments.how), method_text(payment.method).to_owned()),
        row(t!(booking.patient), receipt.patient_name.clone()),
        row(t!(booking.visit), receipt.visit_type_name.clone()),
        row(t!(booking.doctor), receipt.doctor_name.clone()),
        row(t!(payments.visit_on), date_full(receipt.visit_start.date())),
        row(t!(ui.reference), receipt.reference.clone()),
    ];
    rows.extend(receipt.refunds.iter().map(|refund| {
        let label = if refund.done { t!(payments.went_back) } else { t!(payments.goes_back) };
        let sum = amount(refund.amount_minor, &payment.amount);
        let mut value = format!("{sum}, {}", date_medium(refund.at.date()));
        if let Some(reason) = &refund.reason {
            value.push_str(". ");
            value.push_str(reason);
        }
        (label.to_owned(), value)
    }));
    rows
}

#[cfg(test)]
mod tests;
