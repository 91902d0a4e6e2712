//! Messages to nobody, to try templates out with.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::Facts;
use crate::delivery::Purpose;
use crate::domain::{OtpCode, Timestamp};

/// Everything that a message can be about, its code with `digits` digits.
pub(super) fn purposes(digits: u8) -> [Purpose; 3] {
    let code = &"04271958"[..usize::from(digits.min(8))];
    let code = OtpCode::parse(code, digits).expect("six to eight digits are a code");
    let lifetime = Duration::from_mins(10);
    [
        Purpose::Code { code, lifetime },
        Purpose::NewDevice,
        Purpose::TokenReuse,
    ]
}

/// What an honest browser sends.
pub(super) fn honest(purpose: &Purpose) -> Facts<'_> {
    Facts {
        purpose,
        user_agent: Some(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 \
             (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
        ),
        ip_address: Some(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 77))),
        // 2026-11-25 14:03 UTC
        at: Timestamp::from_micros(1_795_615_380_000_000),
    }
}

/// What somebody sends who would write the recipient a message of their own.
pub(super) const HOSTILE: &str = "Windows NT {{ 7*7 }} {% raw %} <script>alert(1)</script> { $code } \
                                  \r\nBcc: eve@example.com\r\n \u{202e}Chrome/1 https://evil.example";

/// As [`honest`], but for the `User-Agent`, and without an address.
pub(super) fn hostile(purpose: &Purpose) -> Facts<'_> {
    Facts {
        user_agent: Some(HOSTILE),
        ip_address: None,
        ..honest(purpose)
    }
}
