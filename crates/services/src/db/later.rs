//! Statements that may wait: on SQLite's writer they are kept, and go to its thread together with the next one that is waited for, or
//! at the end of the piece of work. Each way to that thread and back costs as much as a small statement.
//!
//! The order is kept. An error of a statement that waited comes with what it went along with, and undoes the piece. Nothing about
//! the field stands here. PostgreSQL runs everything at once, and so do readers.
//!
//! It rests on several statements in one prepared text. Of the drivers of sqlx only SQLite's takes that, and sqlx calls it deprecated
//! (launchbadge/sqlx#3108); what it names instead, `raw_sql`, binds nothing. Where it is no more, `Conn::may_wait` has to answer no.

use std::{collections::HashMap, fmt::Write as _, sync::Arc};

use sqlx::{Arguments as _, Encode, SqlSafeStr as _, SqlStr, Sqlite, Type, sqlite::SqliteArguments};

/// Texts that were made of others; beyond that it begins anew.
const MOST: usize = 256;

/// What waits, and the texts that were made of such.
#[derive(Default)]
pub(crate) struct Later {
    texts: Vec<&'static str>,
    /// How many arguments stand before those of each text.
    before: Vec<usize>,
    arguments: SqliteArguments,
    made: HashMap<Vec<&'static str>, Arc<str>>,
    /// Whether some of what was taken did not run: those behind the one that failed.
    lost: bool,
}

/// Some statements as one text, with what is bound in all of them.
pub(crate) struct Together {
    pub(crate) sql: SqlStr,
    pub(crate) arguments: SqliteArguments,
}

impl Later {
    pub(crate) fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Adds a statement; what it binds follows.
    pub(crate) fn add(&mut self, sql: &'static str) {
        self.texts.push(sql);
        self.before.push(self.arguments.len());
    }

    /// Binds the next value of the statement that was added last.
    pub(crate) fn bind<'t, T: Encode<'t, Sqlite> + Type<Sqlite>>(&mut self, value: T) -> sqlx::Result<()> {
        self.arguments.add(value).map_err(sqlx::Error::Encode)
    }

    /// Notes what became of what was taken together: after an error there is a hole, and the piece cannot be kept.
    pub(crate) fn came_out<T>(&mut self, outcome: sqlx::Result<T>) -> sqlx::Result<T> {
        self.lost |= outcome.is_err();
        outcome
    }

    /// Whether there is such a hole.
    pub(crate) fn has_lost(&self) -> bool {
        self.lost
    }

    /// All that waits. Nothing waits afterwards.
    pub(crate) fn take(&mut self) -> Together {
        let texts = std::mem::take(&mut self.texts);
        let before = std::mem::take(&mut self.before);
        let arguments = std::mem::take(&mut self.arguments);
        let text = match self.made.get(&texts) {
            Some(text) => text.clone(),
            None => self.make(texts, &before),
        };
        // Static texts and numbers: nothing that anybody typed can be in it.
        Together { sql: sqlx::AssertSqlSafe(text).into_sql_str(), arguments }
    }

    /// Forgets what waits: the work that it belongs to is undone.
    pub(super) fn drop_all(&mut self) {
        let made = std::mem::take(&mut self.made);
        *self = Self { made, ..Self::default() };
    }

    fn make(&mut self, texts: Vec<&'static str>, before: &[usize]) -> Arc<str> {
        let text: Arc<str> = joined(&texts, before).into();
        if self.made.len() >= MOST {
            self.made.clear();
        }
        self.made.insert(texts, text.clone());
        text
    }
}

/// Statements one after the other. Each counts its placeholders from one; together they count on.
fn joined(texts: &[&str], before: &[usize]) -> String {
    let mut whole = String::new();
    for (text, before) in texts.iter().zip(before) {
        if !whole.is_empty() {
            whole.push_str(";\n");
        }
        let mut parts = text.split('$');
        whole.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = part.split_at(digits);
            match number.parse::<usize>() {
                // Writing to a string cannot fail.
                Ok(number) => drop(write!(whole, "${}{rest}", number + before)),
                Err(_) => drop(write!(whole, "${part}")),
            }
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_on_from_statement_to_statement() {
        let mut later = Later::default();
        later.add("INSERT INTO a VALUES ($1, $2, $1)");
        later.bind(1_i64).expect("bound");
        later.bind("two").expect("bound");
        later.add("SELECT 1");
        later.add("UPDATE b SET c = $1 WHERE d = '$' AND e = $11");
        later.bind(3_i64).expect("bound");
        let together = later.take();
        assert_eq!(
            together.sql.as_str(),
            "INSERT INTO a VALUES ($1, $2, $1);\nSELECT 1;\nUPDATE b SET c = $3 WHERE d = '$' AND e = $13"
        );
        assert_eq!(together.arguments.len(), 3);
        assert!(later.is_empty());
    }

    #[test]
    fn what_is_dropped_does_not_come_back() {
        let mut later = Later::default();
        later.add("DELETE FROM a WHERE b = $1");
        later.bind(1_i64).expect("bound");
        later.drop_all();
        assert!(later.is_empty());
        later.add("DELETE FROM c WHERE d = $1");
        later.bind(2_i64).expect("bound");
        let together = later.take();
        assert_eq!(together.sql.as_str(), "DELETE FROM c WHERE d = $1");
        assert_eq!(together.arguments.len(), 1);
    }
}
