//! Lists, page by page.

use async_graphql::SimpleObject;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::error::ApiError;

/// Where a page ends.
#[derive(SimpleObject)]
pub struct PageInfo {
    /// Whether more follow.
    has_next_page: bool,
    /// Pass it as `after` to get what follows; null on an empty page.
    end_cursor: Option<String>,
}

impl PageInfo {
    /// Of a page whose last node has the id `last`.
    pub fn new(has_next_page: bool, last: Option<Uuid>) -> Self {
        Self {
            has_next_page,
            end_cursor: last.map(write),
        }
    }
}

/// Which page of a list is asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// How many nodes.
    pub first: usize,
    /// The id of the node before.
    pub after: Option<Uuid>,
}

impl Page {
    /// Reads a field's `first` and `after`.
    pub fn read(first: i32, after: Option<&str>) -> Result<Self, ApiError> {
        let first = usize::try_from(first)
            .ok()
            .filter(|first| (1..=100).contains(first))
            .ok_or(ApiError::BadInput("`first` must be from 1 to 100."))?;
        let no_cursor = ApiError::BadInput("`after` is not a cursor of this list.");
        let after = match after {
            None => None,
            Some(text) => Some(read(text).ok_or(no_cursor)?),
        };
        Ok(Self { first, after })
    }
}

/// A cursor is opaque to clients, so that it may change its meaning.
fn write(id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(id.as_bytes())
}

fn read(cursor: &str) -> Option<Uuid> {
    let mut bytes = [0; 16];
    let length = URL_SAFE_NO_PAD.decode_slice(cursor, &mut bytes).ok()?;
    (length == bytes.len()).then(|| Uuid::from_bytes(bytes))
}
