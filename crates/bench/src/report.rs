//! What is printed: a line at a time while measuring, and the table at the end.
//! Whether a bar or a goal is reached is said here; what they are stands beside each row.

use std::io::{self, Write};

/// One measured number beside what it is compared with.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    what: String,
    value: String,
    limit: String,
    bar: Option<(String, bool)>,
    goal: Option<(String, bool)>,
}

impl Figure {
    pub(crate) fn new(what: impl Into<String>, value: impl Into<String>) -> Self {
        Self { what: what.into(), value: value.into(), limit: String::new(), bar: None, goal: None }
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

    /// What it should be, and whether it is; missing it is said and fails nothing.
    pub(crate) fn goal(mut self, goal: impl Into<String>, reached: bool) -> Self {
        self.goal = Some((goal.into(), reached));
        self
    }

    fn verdict(&self) -> &'static str {
        let said = |of: &Option<(String, bool)>| of.as_ref().map(|(_, holds)| *holds);
        match (said(&self.bar), said(&self.goal)) {
            (Some(false), _) => "UNDER",
            (_, Some(false)) => "goal missed",
            (None, None) => "",
            _ => "ok",
        }
    }

    fn cells(&self, row: &str) -> [String; 6] {
        let text =
            |of: &Option<(String, bool)>| of.as_ref().map(|(text, _)| text.clone()).unwrap_or_default();
        [
            format!("{row}: {}", self.what),
            self.value.clone(),
            self.limit.clone(),
            text(&self.bar),
            text(&self.goal),
            self.verdict().to_owned(),
        ]
    }
}

/// All figures of this run.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<(&'static str, Figure)>);

impl Table {
    /// Keeps a figure and prints it.
    pub(crate) fn add(&mut self, row: &'static str, figure: Figure) -> io::Result<()> {
        let [what, value, limit, bar, goal, verdict] = figure.cells(row);
        let mut text = format!("  {what}: {value}");
        for (label, part) in [("limit", limit), ("bar", bar), ("goal", goal), ("", verdict)] {
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
        let head = ["row", "figure", "limit in the same run", "bar", "goal", ""].map(str::to_owned);
        let mut lines = vec![head];
        lines.extend(self.0.iter().map(|(row, figure)| figure.cells(row)));
        let width =
            |at: usize| lines.iter().filter_map(|l| l.get(at)).map(|c| c.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..6).map(width).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_goal_is_said_and_fails_nothing() {
        let mut table = Table::default();
        let figure = Figure::new("so", "1").bar("≤ 2", true).goal("≤ 0.5", false);
        assert_eq!(figure.verdict(), "goal missed");
        table.add("a", figure).unwrap();
        table.add("a", Figure::new("nothing asked", "1")).unwrap();
        table.add("a", Figure::new("reached", "1").goal("≤ 2", true)).unwrap();
        assert!(table.holds());
        let under = Figure::new("so", "1").bar("≤ 0.9", false).goal("≤ 2", true);
        assert_eq!(under.verdict(), "UNDER");
        table.add("a", under).unwrap();
        assert!(!table.holds());
    }
}
