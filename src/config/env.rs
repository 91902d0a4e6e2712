//! Where the server runs.

/// Chooses the defaults, and in production refuses what is only safe on a developer's machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Env {
    /// Works at once, on one machine, with codes on the console.
    Development,
    /// Refuses to start on anything that would be unsafe in front of people.
    Production,
}

impl Env {
    /// Whether this is production.
    #[must_use]
    pub fn is_production(self) -> bool {
        self == Self::Production
    }
}
