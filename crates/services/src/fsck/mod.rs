//! `fsck`: what must always hold, asked of the data themselves and not of the code that wrote them.
//!
//! It repairs nothing.

mod store;

use std::collections::BTreeMap;

use domain::payments::patience::OVERDUE;

use crate::{audit, core::Core, db::Reach};

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct FsckReport {
    /// One line per question.
    pub lines: Vec<String>,
    /// What does not hold.
    pub problems: Vec<String>,
}

/// Asks every question.
pub(crate) async fn run(core: &Core) -> anyhow::Result<FsckReport> {
    let mut report = FsckReport::default();
    let audit = audit::verify(core, &BTreeMap::new()).await?;
    report.lines.push(format!("{} entries of the audit read in {} chains", audit.entries, audit.heads.len()));
    report.problems.extend(audit.faults.into_iter().map(|fault| format!("the audit: {fault}")));
    let mut conn =
        core.db.read(&Reach::house("what is wrong in the whole house, on the command line")).await?;
    for problem in store::integrity(&mut conn).await? {
        report.problems.push(format!("the database file: {problem}"));
    }
    report.lines.push("the database file is whole".to_owned());
    for (law, sql) in store::LAWS {
        let broken = store::count(&mut conn, sql).await?;
        report.lines.push(format!("{law}: {broken} exceptions"));
        if broken > 0 {
            report.problems.push(format!("{law}: {broken} exceptions"));
        }
    }
    // No law is broken by that, but somebody waits for the money.
    for (provider, waiting) in store::unsettled(&mut conn).await? {
        let keys = if core.cashier.of(&provider).is_some() { "" } else { ", whose keys are not given here" };
        report.lines.push(format!("{waiting} payments are not settled yet at {provider}{keys}"));
    }
    let before = core.now_ms() - OVERDUE;
    for (provider, waiting) in store::overdue(&mut conn, before).await? {
        report.lines.push(format!("{waiting} refunds do not go back at {provider}"));
    }
    let visits = store::count(&mut conn, store::VISITS).await?;
    report.lines.push(format!("{visits} appointments read"));
    Ok(report)
}
