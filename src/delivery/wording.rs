//! A message in words, in the shape that its channel takes.

use std::fmt;

/// A message in words.
#[derive(Clone, PartialEq, Eq)]
pub enum Wording {
    /// For e-mail: the same text twice, so that every reader can show one of them.
    Mail {
        /// One line, without line breaks.
        subject: String,
        /// `text/plain`.
        text: String,
        /// `text/html`, its styles inlined.
        html: String,
    },
    /// For a telephone.
    Text(String),
}

impl Wording {
    /// The message as plain text.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Mail { text, .. } | Self::Text(text) => text,
        }
    }
}

/// Holds a code.
impl fmt::Debug for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mail { .. } => "Mail(…)",
            Self::Text(_) => "Text(…)",
        })
    }
}
