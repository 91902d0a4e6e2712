//! What a text costs as SMS.

/// How a text goes over the air (3GPP TS 23.038 and 23.040).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmsLength {
    /// Whether all of it is in GSM-7; otherwise it goes as UCS-2.
    pub is_gsm7: bool,
    /// Septets in GSM-7, or UTF-16 units.
    pub units: usize,
    /// Messages that it takes, each of them paid for.
    pub segments: usize,
}

/// GSM-7's letters, one septet each.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                     ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Those behind an escape: two septets each.
const EXTENDED: &str = "^{}\\[~]|€\u{c}";

impl SmsLength {
    /// Measures `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let septets: Option<usize> = text.chars().map(septets).sum();
        // The rest of each part of a long message is the header that tells its place.
        let (units, alone, part) = match septets {
            Some(septets) => (septets, 160, 153),
            None => (text.encode_utf16().count(), 70, 67),
        };
        Self {
            is_gsm7: septets.is_some(),
            units,
            segments: if units <= alone {
                1
            } else {
                units.div_ceil(part)
            },
        }
    }
}

fn septets(c: char) -> Option<usize> {
    if BASIC.contains(c) {
        Some(1)
    } else {
        EXTENDED.contains(c).then_some(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (bool, usize, usize) {
        let length = SmsLength::of(text);
        (length.is_gsm7, length.units, length.segments)
    }

    #[test]
    fn a_message_is_measured_as_networks_do() {
        assert_eq!(BASIC.chars().count(), 127, "128, without the escape itself");
        assert_eq!(of(""), (true, 0, 1));
        assert_eq!(of(&"a".repeat(160)), (true, 160, 1));
        assert_eq!(of(&"a".repeat(161)), (true, 161, 2));
        assert_eq!(of(&"€".repeat(80)), (true, 160, 1));
        assert_eq!(of("código"), (false, 6, 1));
        assert_eq!(of(&"验".repeat(70)), (false, 70, 1));
        assert_eq!(of(&"验".repeat(71)), (false, 71, 2));
        assert_eq!(of("😀"), (false, 2, 1));
    }
}
