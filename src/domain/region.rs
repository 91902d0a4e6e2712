//! Countries.

use std::cmp::Ordering;
use std::fmt;

use phonenumber::country::Id;

/// A country or territory (ISO 3166-1 alpha-2): Guernsey is one, as Great Britain is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Region(pub(super) Id);

impl Region {
    /// Reads `GB`, `de`, …; `None` when there is no such country.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.to_ascii_uppercase().parse().ok().map(Self)
    }

    /// `GB`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// By the alphabet.
impl Ord for Region {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for Region {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_has_one_spelling() {
        assert_eq!(Region::parse("gb"), Region::parse("GB"));
        assert_eq!(Region::parse("gb").unwrap().to_string(), "GB");
        for text in ["", "UK", "GBR", "*", "44"] {
            assert_eq!(Region::parse(text), None, "{text}");
        }
    }
}
