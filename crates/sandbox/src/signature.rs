//! Signatures as Razorpay makes them: HMAC-SHA256 in small hexadecimal letters.
//! It checks none: that is what the other side must do.

use std::fmt::Write as _;

use ring::hmac;

/// Under a webhook: of its bytes, as they are sent.
pub(crate) fn sign(secret: &str, bytes: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::sign(&key, bytes).as_ref().iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
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
    }
}
