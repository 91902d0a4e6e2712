//! What can be wrong with a template.

use std::io;
use std::path::Path;

use fluent_syntax::parser::ParserError;

/// What can be wrong with a template, and where. Says nothing of the message that it was for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A file or folder of the operator's cannot be read.
    #[error("{file}: {reason}. Let the server read it, or leave `messages.directory` out.")]
    Unreadable {
        /// Its path.
        file: String,
        /// Why not.
        reason: String,
    },
    /// A file is not what its name promises.
    #[error(
        "{file}, line {line}: {problem}. Correct it, or remove the file for the built-in text."
    )]
    Broken {
        /// Its name.
        file: String,
        /// Where in it; 0 when nobody can tell.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// There is no catalog of the default language.
    #[error(
        "there are no messages in `{0}`. Set `messages.language` to one that there is, or add `{0}.ftl`."
    )]
    NoSuchLanguage(String),
    /// A message does not come out as it must.
    #[error("{what}: {problem}")]
    Unfit {
        /// Which one, such as `code, email, nl`.
        what: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl TemplateError {
    pub(super) fn unreadable(file: &Path, error: &io::Error) -> Self {
        Self::Unreadable {
            file: file.display().to_string(),
            reason: error.to_string(),
        }
    }

    pub(super) fn catalog(file: &str, source: &str, error: &ParserError) -> Self {
        let before = source.get(..error.pos.start).unwrap_or_default();
        Self::Broken {
            file: file.to_owned(),
            // The parser may have looked for what is missing on the next lines.
            line: 1 + before.trim_end().matches('\n').count(),
            problem: lower(&error.kind.to_string()),
        }
    }

    pub(super) fn layout(file: &str, error: &minijinja::Error) -> Self {
        Self::Broken {
            file: error.name().unwrap_or(file).to_owned(),
            line: error.line().unwrap_or(0),
            problem: error
                .detail()
                .map_or_else(|| error.kind().to_string(), lower),
        }
    }
}

/// Inside a sentence of ours, without its own capital and full stop.
fn lower(text: &str) -> String {
    let text = text.trim_end_matches('.');
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}
