//! How a command can end badly.

use std::fmt::Display;
use std::process::ExitCode;

use crate::config::Problems;

pub(super) enum Failure {
    /// The configuration is to be put right first.
    Configuration(Problems),
    /// What was typed, or stands in the environment, is to be put right first.
    CommandLine(String),
    /// Something did not work, in words for whoever typed the command.
    Failed(String),
}

impl Failure {
    /// From an error that tells people what happened.
    pub fn failed(error: impl Display) -> Self {
        Self::Failed(error.to_string())
    }

    /// Says it on standard error and gives the code to exit with.
    pub fn report(self) -> ExitCode {
        match self {
            Self::Configuration(problems) => {
                eprint!("{problems}");
                ExitCode::from(2)
            }
            Self::CommandLine(what) => {
                eprintln!("countersign: {what}");
                ExitCode::from(2)
            }
            Self::Failed(what) => {
                eprintln!("countersign: {what}");
                ExitCode::FAILURE
            }
        }
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Configuration(problems)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::failed(error)
    }
}
