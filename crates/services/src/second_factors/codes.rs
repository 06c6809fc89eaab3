//! Codes as numbers and letters: RFC 6238 for the phone, base 32, recovery codes, and the QR code of a secret.
//!
//! Which code was used is in the store; keys are in `pepper`.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};
use ring::hmac;

/// RFC 4648: what apps for codes read.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// A code holds for so long.
const STEP_MS: i64 = 30_000;
/// Bytes of a secret: as long as the hash (RFC 4226, 4).
pub(super) const SEED: usize = 20;
/// Bytes of a recovery code: 80 bits.
const RECOVERY: usize = 10;

/// The step at an instant.
pub(super) fn step_at(now_ms: i64) -> i64 {
    now_ms.div_euclid(STEP_MS)
}

/// The six digits of a step (RFC 4226, 5.3, with SHA-1, which is what apps know).
pub(super) fn digits(seed: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, seed);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().copied().unwrap_or_default() & 15);
    let four = tag.get(offset..offset + 4).unwrap_or_default();
    let number = four.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

pub(super) fn base32(bytes: &[u8]) -> String {
    let (mut text, mut bits, mut held) = (String::new(), 0_u32, 0_u32);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let at = usize::try_from(held >> bits & 31).unwrap_or_default();
            text.push(char::from(BASE32.get(at).copied().unwrap_or(b'A')));
        }
        held &= (1 << bits) - 1;
    }
    text
}

/// Groups of four, with something between them.
pub(super) fn grouped(text: &str, between: &str) -> String {
    let groups: Vec<String> =
        text.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join(between)
}

/// What somebody typed, without what people put between letters.
pub(super) fn plain(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).take(64).collect::<String>().to_ascii_uppercase()
}

/// A recovery code from bytes that nobody can guess.
pub(super) fn recovery(bytes: &[u8]) -> String {
    base32(bytes.get(..RECOVERY).unwrap_or_default())
}

/// The address that apps for codes open.
pub(super) fn uri(email: &str, secret: &str) -> String {
    let mut label = String::new();
    for byte in email.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            label.push(char::from(byte));
        } else {
            let _ = write!(label, "%{byte:02X}");
        }
    }
    format!("otpauth://totp/CareSync:{label}?secret={secret}&issuer=CareSync")
}

/// A text as a QR code: squares of a side with the quiet border, and the path of the dark ones.
pub(super) fn picture(text: &str) -> Option<(u32, String)> {
    const BORDER: i32 = 4;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                let _ = write!(path, "M{},{}h1v1h-1z", x + BORDER, y + BORDER);
            }
        }
    }
    Some((u32::try_from(code.size() + 2 * BORDER).ok()?, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six of its eight digits.
        let seed = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(digits(seed, step_at(seconds * 1000)), code);
        }
    }

    #[test]
    fn secrets_are_spelled_as_apps_read_them() {
        // RFC 4648, 10, without padding.
        for (bytes, text) in [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")] {
            let spelled = base32(bytes.as_bytes());
            assert!(text.starts_with(&spelled) && text.len() - spelled.len() <= 1, "{bytes}: {spelled}");
        }
        assert_eq!(base32(b"12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(grouped("ABCDEFGHIJ", " "), "ABCD EFGH IJ");
        assert_eq!(plain(" ab-cd 12 "), "ABCD12");
        assert_eq!(recovery(&[255; 32]).len(), 16);
    }

    #[test]
    fn an_address_cannot_break_out_of_its_place() {
        let uri = uri("a&secret=x?@x.example", "AAAA");
        assert_eq!(uri, "otpauth://totp/CareSync:a%26secret%3Dx%3F%40x.example?secret=AAAA&issuer=CareSync");
        let (size, path) = picture(&uri).unwrap();
        assert!(size > 29 && path.starts_with("M4,4h1v1h-1z"));
    }
}
