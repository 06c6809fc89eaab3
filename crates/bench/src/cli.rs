//! What the bench is told: which row, which program, which database.
//! Building the program and starting PostgreSQL are `cargo xtask`'s.

use std::path::PathBuf;

use anyhow::{Context, bail};

const USAGE: &str = "bench slots|start|availability|book|race|page|bytes|flood|slow|crash|all \
     [--server PROGRAM] [--site FOLDER] [--postgres ADDRESS] [--nodes N] [--rounds N] [--seconds N]";

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    Slots,
    Start,
    Availability,
    Book,
    Race,
    Page,
    Bytes,
    Flood,
    Slow,
    Crash,
}

const NAMES: &[(&str, Row)] = &[
    ("slots", Row::Slots),
    ("start", Row::Start),
    ("availability", Row::Availability),
    ("book", Row::Book),
    ("race", Row::Race),
    ("page", Row::Page),
    ("bytes", Row::Bytes),
    ("flood", Row::Flood),
    ("slow", Row::Slow),
    ("crash", Row::Crash),
];

impl Row {
    pub(crate) fn name(self) -> &'static str {
        NAMES.iter().find(|(_, row)| *row == self).map_or("", |(name, _)| name)
    }
}

/// The command line.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// None for all of them but `crash`.
    row: Option<Row>,
    pub(crate) server: PathBuf,
    pub(crate) site: PathBuf,
    pub(crate) postgres: Option<String>,
    /// Server processes on one PostgreSQL, for the race.
    pub(crate) nodes: usize,
    /// How often `crash` kills the server.
    pub(crate) rounds: u32,
    /// How long `flood` lasts.
    pub(crate) seconds: u64,
}

impl Options {
    pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> anyhow::Result<Self> {
        let mut words = words.into_iter();
        let name = words.next().context(USAGE)?;
        let row = NAMES.iter().find(|(known, _)| *known == name).map(|(_, row)| *row);
        if row.is_none() && name != "all" {
            bail!("there is no row `{name}`\n{USAGE}");
        }
        let mut options = Self {
            row,
            server: "target/release/caresync".into(),
            site: "target/site".into(),
            postgres: None,
            nodes: 1,
            rounds: 100,
            seconds: 60,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{word} needs a value\n{USAGE}"));
            match word.as_str() {
                "--server" => options.server = value()?.into(),
                "--site" => options.site = value()?.into(),
                "--postgres" => options.postgres = Some(value()?),
                "--nodes" => options.nodes = value()?.parse()?,
                "--rounds" => options.rounds = value()?.parse()?,
                "--seconds" => options.seconds = value()?.parse()?,
                _ => bail!("`{word}` is not an option\n{USAGE}"),
            }
        }
        if options.nodes > 1 && options.postgres.is_none() {
            bail!("several processes share a PostgreSQL only");
        }
        Ok(options)
    }

    /// What to measure, in order.
    pub(crate) fn rows(&self) -> Vec<Row> {
        match self.row {
            Some(row) => vec![row],
            None => NAMES.iter().map(|(_, row)| *row).filter(|row| *row != Row::Crash).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> anyhow::Result<Options> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn rows_and_options_are_read() {
        let options = parse("crash --rounds 5 --server a/b --site c").unwrap();
        assert_eq!(options.rows(), [Row::Crash]);
        assert_eq!((options.rounds, options.server), (5, PathBuf::from("a/b")));
        assert_eq!(parse("all").unwrap().rows().len(), NAMES.len() - 1);
        for bad in ["", "nothing", "race --nodes 2", "race --rounds", "race --fast"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
