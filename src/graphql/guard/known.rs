//! Documents that were admitted a moment ago.

use std::{fmt, sync::Arc};

use async_graphql::parser::types::ExecutableDocument;
use quick_cache::{Weighter, sync::Cache};

/// How much source is kept, in bytes; the least used goes first. Parsed, it is some twenty times as
/// much. An app has some dozens of documents, of some hundred bytes each.
const CAPACITY: u64 = 128 * 1024;
/// The longest that is kept, in bytes, so that no stranger fills all of it with a few.
const LONGEST: usize = 4 * 1024;

/// Parsed documents by their source.
///
/// One that has a string in it is not kept: it may be somebody's code or address, and with variables
/// it would come only once. What was refused is not, either.
pub(super) struct Known(Cache<Box<str>, Arc<ExecutableDocument>, Length>);

impl Default for Known {
    fn default() -> Self {
        Self(Cache::with_weighter(512, CAPACITY, Length))
    }
}

impl Known {
    pub(super) fn get(&self, source: &str) -> Option<ExecutableDocument> {
        self.0.get(source).map(|known| (*known).clone())
    }

    /// Keeps a copy of `document`, and gives it back.
    pub(super) fn keep(&self, source: &str, document: ExecutableDocument) -> ExecutableDocument {
        if source.len() <= LONGEST && !source.contains('"') {
            self.0.insert(source.into(), Arc::new(document.clone()));
        }
        document
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Known({})", self.0.len())
    }
}

#[derive(Clone)]
struct Length;

impl Weighter<Box<str>, Arc<ExecutableDocument>> for Length {
    fn weight(&self, source: &Box<str>, _: &Arc<ExecutableDocument>) -> u64 {
        source.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn kept(known: &Known, source: &str) -> bool {
        known.keep(source, parse_query(source).expect(source));
        known.get(source).is_some()
    }

    #[test]
    fn what_may_hold_a_code_or_an_address_is_not_kept() {
        let known = Known::default();
        assert!(kept(&known, "{ me { id } }"));
        assert!(!kept(&known, r#"{ f(code: "424242") }"#));
        assert!(!kept(&known, r#"{ f(email: """ada@example.com""") }"#));
    }

    #[test]
    fn strangers_can_fill_no_more_than_its_capacity() {
        let known = Known::default();
        let long = format!("{{ {} }}", "a ".repeat(LONGEST / 2));
        assert!(!kept(&known, &long));
        for number in 0..10_000 {
            let source = format!("{{ me {{ a{number} b c d e f g h }} }}");
            known.keep(&source, parse_query(&source).expect("a document"));
        }
        assert!(known.0.weight() <= CAPACITY, "{}", known.0.weight());
    }
}
