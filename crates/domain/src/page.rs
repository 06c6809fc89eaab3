//! Lists by keyset: a page and the cursor of the next one.
//!
//! There is no total and no page number: both get slower as a hospital grows.

use serde::{Deserialize, Serialize};

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Pass it back to get the next page; absent on the last one.
    pub next_cursor: Option<String>,
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageQuery {
    /// Where the previous page ended.
    pub cursor: Option<String>,
    /// How many items at most.
    pub limit: Option<u32>,
}

/// Most items of one page.
pub const PAGE_MAX: u32 = 100;

impl PageQuery {
    /// The limit within its bounds; 24 unless told.
    pub fn size(&self) -> usize {
        self.limit.unwrap_or(24).clamp(1, PAGE_MAX) as usize
    }
}

impl<T> Page<T> {
    /// Makes a page from up to `size + 1` items: the surplus one only tells that there is more.
    pub fn cut(mut items: Vec<T>, size: usize, cursor: impl Fn(&T) -> String) -> Self {
        let more = items.len() > size;
        items.truncate(size);
        let next_cursor = if more { items.last().map(cursor) } else { None };
        Self { items, next_cursor }
    }
}
