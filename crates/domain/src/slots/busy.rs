//! Time that is taken, and how it is searched.

use crate::time::Span;

/// Time that is taken: sorted and merged, so that one search finds any overlap.
#[derive(Debug, Clone, Default)]
pub struct Busy(pub(super) Vec<Span>);

impl Busy {
    /// Sorts and merges.
    pub fn new(mut spans: Vec<Span>) -> Self {
        spans.sort_unstable();
        spans.dedup_by(|next, kept| {
            let joined = next.start <= kept.end;
            if joined {
                kept.end = kept.end.max(next.end);
            }
            joined
        });
        Self(spans)
    }

    /// Whether a span shares an instant with taken time.
    pub fn overlaps(&self, span: Span) -> bool {
        self.first_within(span).is_some()
    }

    /// The first taken time that shares an instant with a span.
    pub fn first_within(&self, span: Span) -> Option<Span> {
        self.free_around(span).err()
    }

    /// The free time that holds a span, or else the first taken time that shares an instant with it.
    pub(super) fn free_around(&self, span: Span) -> Result<Span, Span> {
        let next = self.0.partition_point(|taken| taken.end <= span.start);
        let passed = next.checked_sub(1).and_then(|last| self.0.get(last));
        match self.0.get(next) {
            Some(taken) if taken.overlaps(span) => Err(*taken),
            next => Ok(Span {
                start: passed.map_or(i64::MIN, |taken| taken.end),
                end: next.map_or(i64::MAX, |taken| taken.start),
            }),
        }
    }
}
