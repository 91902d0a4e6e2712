//! One thing that was tried.

use std::fmt;

/// One thing that was tried, and how it went.
pub(super) struct Check {
    name: &'static str,
    outcome: Outcome,
}

enum Outcome {
    Ok(String),
    Warning { what: String, remedy: String },
    Problem { what: String, remedy: String },
}

impl Check {
    /// It is well, in these words.
    pub fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            name,
            outcome: Outcome::Ok(detail.into()),
        }
    }

    /// It is well here, and would not be in production.
    pub fn warning(name: &'static str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            name,
            outcome: Outcome::Warning {
                what: what.into(),
                remedy: remedy.into(),
            },
        }
    }

    /// It is not; `remedy` says what to do.
    pub fn problem(name: &'static str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            name,
            outcome: Outcome::Problem {
                what: what.into(),
                remedy: remedy.into(),
            },
        }
    }

    pub fn is_problem(&self) -> bool {
        matches!(self.outcome, Outcome::Problem { .. })
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Ok(detail) => write!(f, "✓ {}: {detail}", self.name),
            Outcome::Warning { what, remedy } => write!(f, "! {}: {what}\n    {remedy}", self.name),
            Outcome::Problem { what, remedy } => write!(f, "✗ {}: {what}\n    {remedy}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_comes_with_its_remedy() {
        assert_eq!(Check::ok("clock", "agrees").to_string(), "✓ clock: agrees");
        let problem = Check::problem("clock", "is 9 s ahead", "Run an NTP client.");
        assert_eq!(
            problem.to_string(),
            "✗ clock: is 9 s ahead\n    Run an NTP client."
        );
        assert!(problem.is_problem());
        let warning = Check::warning("clock", "is slow", "Wind it.");
        assert_eq!(warning.to_string(), "! clock: is slow\n    Wind it.");
        assert!(!warning.is_problem());
    }
}
