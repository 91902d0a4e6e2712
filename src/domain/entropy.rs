//! Randomness as an argument.

use rand::Rng;
use uuid::Uuid;

use super::Timestamp;

/// A source of unpredictable bytes. The server has [`SystemEntropy`]; tests have a seeded one.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` from the source.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Entropy + '_ {
    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A row's id: `UUIDv7` (RFC 9562), so that new rows land at the end of the index.
    pub fn id(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.as_micros() / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}

/// The operating system's randomness, through `rand`'s reseeding generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that draws randomness"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}
