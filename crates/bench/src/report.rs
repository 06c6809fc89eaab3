//! What is printed: a line at a time while measuring, and the table at the end.
//! Whether a bar is reached is said here; what the bars are stands beside each row.

use std::io::{self, Write};

/// One measured number beside what it is compared with.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    what: String,
    value: String,
    limit: String,
    bar: Option<(String, bool)>,
}

impl Figure {
    pub(crate) fn new(what: impl Into<String>, value: impl Into<String>) -> Self {
        Self { what: what.into(), value: value.into(), limit: String::new(), bar: None }
    }

    /// The same work without us, measured in this run.
    pub(crate) fn beside(mut self, limit: impl Into<String>) -> Self {
        self.limit = limit.into();
        self
    }

    /// What must hold, and whether it does.
    pub(crate) fn bar(mut self, bar: impl Into<String>, holds: bool) -> Self {
        self.bar = Some((bar.into(), holds));
        self
    }

    fn cells(&self, row: &str) -> [String; 5] {
        let (bar, verdict) = match &self.bar {
            Some((bar, holds)) => (bar.clone(), if *holds { "ok" } else { "UNDER" }),
            None => (String::new(), ""),
        };
        [format!("{row}: {}", self.what), self.value.clone(), self.limit.clone(), bar, verdict.to_owned()]
    }
}

/// All figures of this run.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<(&'static str, Figure)>);

impl Table {
    /// Keeps a figure and prints it.
    pub(crate) fn add(&mut self, row: &'static str, figure: Figure) -> io::Result<()> {
        let [what, value, limit, bar, verdict] = figure.cells(row);
        let mut text = format!("  {what}: {value}");
        for (label, part) in [("limit", limit), ("bar", bar), ("", verdict)] {
            if !part.is_empty() {
                text = format!("{text} · {label}{}{part}", if label.is_empty() { "" } else { " " });
            }
        }
        self.0.push((row, figure));
        line(&text)
    }

    /// Whether every bar was reached.
    pub(crate) fn holds(&self) -> bool {
        self.0.iter().all(|(_, figure)| figure.bar.as_ref().is_none_or(|(_, holds)| *holds))
    }

    /// The table, in a form that documents can take over.
    pub(crate) fn print(&self) -> io::Result<()> {
        let head = ["row", "figure", "limit in the same run", "bar", ""].map(str::to_owned);
        let mut lines = vec![head];
        lines.extend(self.0.iter().map(|(row, figure)| figure.cells(row)));
        let width =
            |at: usize| lines.iter().filter_map(|l| l.get(at)).map(|c| c.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..5).map(width).collect();
        line("")?;
        for (number, cells) in lines.iter().enumerate() {
            let padded = cells.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
            line(&format!("| {} |", padded.collect::<Vec<_>>().join(" | ")))?;
            if number == 0 {
                let rules = widths.iter().map(|&width| "-".repeat(width.max(1)));
                line(&format!("| {} |", rules.collect::<Vec<_>>().join(" | ")))?;
            }
        }
        Ok(())
    }
}

/// One line on standard output.
pub(crate) fn line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// One line on standard error.
pub(crate) fn complain(text: &str) {
    // When not even that can be written, there is nobody left to tell.
    let _ = writeln!(io::stderr().lock(), "error: {text}");
}
