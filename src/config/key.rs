//! A setting as its section declares it.

use super::env::Env;

/// One setting: its name, what it defaults to, and a line on what it is for.
pub(super) struct Key {
    pub name: &'static str,
    pub default: Default,
    pub doc: &'static str,
}

/// What a setting is when nobody gave it. Written as in the file, so that a default is read, and
/// checked, in the way of every other value.
#[derive(Clone, Copy)]
pub(super) enum Default {
    /// Nothing.
    Unset,
    /// Always this.
    Is(&'static str),
    /// One thing on a developer's machine, another in front of people.
    PerEnv {
        development: &'static str,
        production: &'static str,
    },
    /// Follows from other settings, in these words.
    Follows(&'static str),
    /// A constant of another room, which hands it to the reader.
    Handed,
}

impl Default {
    /// The default as a value, where that can be told without reading other settings.
    pub fn value(self, env: Env) -> Option<&'static str> {
        match (self, env) {
            (Self::Is(value), _)
            | (
                Self::PerEnv {
                    development: value, ..
                },
                Env::Development,
            )
            | (
                Self::PerEnv {
                    production: value, ..
                },
                Env::Production,
            ) => Some(value),
            (Self::Unset | Self::Follows(_) | Self::Handed, _) => None,
        }
    }

    /// The default in words; `handed` is what the reader was handed.
    pub fn words(self, handed: Option<&str>) -> String {
        let quoted = |value: &str| {
            if value.is_empty() {
                "nothing".to_owned()
            } else {
                format!("`{value}`")
            }
        };
        match self {
            Self::Unset => "nothing".to_owned(),
            Self::Is(value) => quoted(value),
            Self::PerEnv {
                development,
                production,
            } => {
                format!(
                    "{} in development, {} in production",
                    quoted(development),
                    quoted(production)
                )
            }
            Self::Follows(words) => words.to_owned(),
            Self::Handed => quoted(handed.unwrap_or_default()),
        }
    }
}
