//! Signatures as Razorpay and Stripe make them: HMAC-SHA256 in small hexadecimal letters.
//! It checks none: that is what the other side must do.

use std::fmt::Write as _;

use ring::hmac;

/// Under a webhook: of its bytes, as they are sent.
pub(crate) fn sign(secret: &str, bytes: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hex(hmac::sign(&key, bytes).as_ref())
}

/// Small hexadecimal letters.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Stripe's header: when it is sent, and one signature of time and body for each secret that is good.
pub(crate) fn of_stripe<'a>(secrets: impl Iterator<Item = &'a str>, at: i64, body: &str) -> String {
    let signed = format!("{at}.{body}");
    secrets.fold(format!("t={at}"), |mut line, secret| {
        let _ = write!(line, ",v1={}", sign(secret, signed.as_bytes()));
        line
    })
}

/// What a browser brings back from the hosted page.
pub(crate) fn of_payment(secret: &str, order_id: &str, payment_id: &str) -> String {
    sign(secret, format!("{order_id}|{payment_id}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_of_the_standard() {
        // RFC 4231, 4.3.
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(sign("Jefe", b"what do ya want for nothing?"), expected);
        assert_eq!(of_payment("s", "order_1", "pay_2"), sign("s", b"order_1|pay_2"));
        let both = format!("t=12,v1={},v1={}", sign("a", b"12.{}"), sign("b", b"12.{}"));
        assert_eq!(of_stripe(["a", "b"].into_iter(), 12, "{}"), both);
    }
}
