//! What the bench is told: which row, which program, which database.
//! Building the program and starting PostgreSQL are `cargo xtask`'s.

use std::path::PathBuf;

use anyhow::{Context, bail};

const USAGE: &str = "bench slots|start|availability|search|book|race|page|bytes|flood|slow|crash|history|all [--x100] \
     [--server PROGRAM] [--site FOLDER] [--postgres ADDRESS] [--nodes N] [--rounds N] [--seconds N] \
     [--clients N] [--ops N] [--kills N] [--cuts N] [--jumps N] [--seed N] [--faketime FILE]";

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    Slots,
    Start,
    Availability,
    Search,
    Book,
    Race,
    Page,
    Bytes,
    Flood,
    Slow,
    Crash,
    History,
}

const NAMES: &[(&str, Row)] = &[
    ("slots", Row::Slots),
    ("start", Row::Start),
    ("availability", Row::Availability),
    ("search", Row::Search),
    ("book", Row::Book),
    ("race", Row::Race),
    ("page", Row::Page),
    ("bytes", Row::Bytes),
    ("flood", Row::Flood),
    ("slow", Row::Slow),
    ("crash", Row::Crash),
    ("history", Row::History),
];

impl Row {
    pub(crate) fn name(self) -> &'static str {
        NAMES.iter().find(|(_, row)| *row == self).map_or("", |(name, _)| name)
    }
}

/// The command line.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// None for all of them but `crash` and `history`.
    row: Option<Row>,
    /// Whether five million visits are measured, too.
    pub(crate) x100: bool,
    pub(crate) server: PathBuf,
    pub(crate) site: PathBuf,
    pub(crate) postgres: Option<String>,
    /// Server processes on one PostgreSQL, for the race and the history.
    pub(crate) nodes: usize,
    /// How often `crash` kills the server.
    pub(crate) rounds: u32,
    /// How long `flood` lasts.
    pub(crate) seconds: u64,
    /// How many clients make a `history`, and how many operations.
    pub(crate) clients: usize,
    pub(crate) ops: usize,
    /// How often the server is killed meanwhile, and how often the power is cut.
    pub(crate) kills: usize,
    pub(crate) cuts: usize,
    /// How often the server's clock is set forward meanwhile; when nothing is said, as often as a history needs.
    pub(crate) jumps: Option<usize>,
    /// The library libfaketime, which sets the clock that a server sees.
    pub(crate) faketime: Option<PathBuf>,
    /// What the dice of a `history` begin with.
    pub(crate) seed: u64,
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
            x100: false,
            server: "target/release/caresync".into(),
            site: "target/site".into(),
            postgres: None,
            nodes: 1,
            rounds: 100,
            seconds: 60,
            clients: 32,
            ops: 100_000,
            kills: 0,
            cuts: 0,
            jumps: None,
            faketime: None,
            seed: 1,
        };
        while let Some(word) = words.next() {
            if word == "--x100" {
                options.x100 = true;
                continue;
            }
            let value = words.next().with_context(|| format!("{word} needs a value\n{USAGE}"))?;
            options.set(&word, value)?;
        }
        if options.nodes > 1 && options.postgres.is_none() {
            bail!("several processes share a PostgreSQL only");
        }
        if options.x100 && options.postgres.is_some() {
            bail!("the one PostgreSQL database holds x1");
        }
        Ok(options)
    }

    fn set(&mut self, word: &str, value: String) -> anyhow::Result<()> {
        match word {
            "--server" => self.server = value.into(),
            "--site" => self.site = value.into(),
            "--postgres" => self.postgres = Some(value),
            "--nodes" => self.nodes = value.parse()?,
            "--rounds" => self.rounds = value.parse()?,
            "--seconds" => self.seconds = value.parse()?,
            "--clients" => self.clients = value.parse()?,
            "--ops" => self.ops = value.parse()?,
            "--kills" => self.kills = value.parse()?,
            "--cuts" => self.cuts = value.parse()?,
            "--jumps" => self.jumps = Some(value.parse()?),
            "--faketime" => self.faketime = Some(value.into()),
            "--seed" => self.seed = value.parse()?,
            _ => bail!("`{word}` is not an option\n{USAGE}"),
        }
        Ok(())
    }

    /// What to measure, in order.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let breaks = [Row::Crash, Row::History];
        let all = NAMES.iter().map(|(_, row)| *row).filter(|row| !breaks.contains(row));
        self.row.map_or_else(|| all.collect(), |row| vec![row])
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
        assert_eq!(parse("all").unwrap().rows().len(), NAMES.len() - 2);
        let options = parse("history --clients 8 --ops 9 --kills 2 --cuts 1 --jumps 4 --seed 3").unwrap();
        assert_eq!(options.jumps, Some(4));
        assert_eq!(
            (options.clients, options.ops, options.kills, options.cuts, options.seed),
            (8, 9, 2, 1, 3)
        );
        assert!(parse("search --x100 --server a/b").unwrap().x100 && !options.x100);
        for bad in
            ["", "nothing", "all --x100 --postgres a", "race --nodes 2", "race --rounds", "race --fast"]
        {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
