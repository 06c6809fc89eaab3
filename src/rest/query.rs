//! Reads query strings word by word, so that a refusal names the word.
//! An empty word counts as left out, as forms send it.

use std::str::FromStr;

use domain::{Result, error::Findings, ids::NotAnId, page::PageQuery, time::parse_date};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which part of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PageParams {
    /// Where the previous page ended.
    pub(super) cursor: Option<String>,
    /// How many items at most; 100 is the most.
    #[param(value_type = Option<u32>)]
    pub(super) limit: Option<String>,
}

/// Collects what is wrong with a query.
#[derive(Default)]
pub(super) struct Reader(Findings);

impl Reader {
    /// An id.
    pub(super) fn id<T: FromStr<Err = NotAnId>>(&mut self, field: &str, word: Option<String>) -> Option<T> {
        self.read(field, word, |word| word.parse().map_err(|NotAnId| "id_invalid"))
    }

    /// An ISO date.
    pub(super) fn date(&mut self, field: &str, word: Option<String>) -> Option<Date> {
        self.read(field, word, parse_date)
    }

    /// A word of a closed list.
    pub(super) fn read<T>(
        &mut self,
        field: &str,
        word: Option<String>,
        parse: impl Fn(&str) -> std::result::Result<T, &'static str>,
    ) -> Option<T> {
        self.0.take(field, parse(text(word)?.as_str()))
    }

    /// The part of a list.
    pub(super) fn page(&mut self, cursor: Option<String>, limit: Option<String>) -> PageQuery {
        let limit = self.read("limit", limit, |word| word.parse().map_err(|_| "number_invalid"));
        PageQuery { cursor: text(cursor), limit }
    }

    /// A word that must be there.
    pub(super) fn needed<T>(&mut self, field: &str, value: Option<T>, was_given: bool) -> Option<T> {
        self.0.require(value.is_some() || was_given, field, "required");
        value
    }

    /// Everything was well, or all that was not.
    pub(super) fn finish(self) -> Result<()> {
        self.0.finish()
    }
}

/// A word that is not empty.
pub(super) fn text(word: Option<String>) -> Option<String> {
    word.map(|word| word.trim().to_owned()).filter(|word| !word.is_empty())
}
