//! Lists that are read page by page.

/// Some of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// Newest first.
    pub items: Vec<T>,
    /// Whether more follow.
    pub has_next: bool,
}

/// How many rows to ask for, so that a page of `first` knows whether more follow.
pub(super) fn rows_for(first: usize) -> u64 {
    first as u64 + 1
}

impl<T> Page<T> {
    /// A page of `first`, out of as many rows as [`rows_for`] it.
    pub(super) fn of(mut items: Vec<T>, first: usize) -> Self {
        let has_next = items.len() > first;
        items.truncate(first);
        Self { items, has_next }
    }
}
