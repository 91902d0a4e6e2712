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
