//! Walking along every chain of the audit and recomputing what it says.
//!
//! It changes nothing.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::store;
use crate::{core::Core, db::Reach, error::Result};

/// How many entries are read at a time.
const PIECE: i64 = 1000;
/// How many faults are named; more make nobody wiser.
const NAMED: usize = 50;

/// What a walk along all chains has found.
#[derive(Debug, Clone, Default)]
pub struct AuditReport {
    /// Entries that were looked at.
    pub entries: u64,
    /// The last number and hash of each chain, as an anchor to keep elsewhere.
    pub heads: BTreeMap<String, String>,
    /// What does not hold.
    pub faults: Vec<String>,
}

/// Checks every chain, and that each anchor kept from earlier is still in its chain.
pub(crate) async fn verify(core: &Core, anchors: &BTreeMap<String, String>) -> Result<AuditReport> {
    let mut report = AuditReport::default();
    let mut conn = core.db.read(&Reach::house("the audit of the audit, on the command line")).await?;
    let chains = store::chains(&mut conn).await?;
    for (chain, anchor) in anchors {
        if !chains.contains(chain) {
            report.fault(format!("{chain}: the chain is gone, an anchor names {anchor}"));
        }
    }
    for chain in chains {
        let anchor = anchors.get(&chain);
        along(&mut conn, &chain, anchor, &mut report).await?;
    }
    Ok(report)
}

async fn along(
    conn: &mut crate::db::Conn,
    chain: &str,
    anchor: Option<&String>,
    report: &mut AuditReport,
) -> Result<()> {
    let (mut seq, mut before, mut met) = (0, Vec::new(), anchor.is_none());
    loop {
        let rows = store::walk(conn, chain, seq, PIECE).await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { break };
        let piece = (first.seq, last.seq);
        let mut found: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
        for subject in store::subjects(conn, chain, piece).await? {
            found.entry(subject.seq).or_default().push(subject.patient_id);
        }
        for row in &rows {
            report.entries += 1;
            if row.seq != seq + 1 {
                report.fault(format!("{chain}: after {seq} comes {}", row.seq));
            }
            seq = row.seq;
            if row.hashed().after(&before).as_slice() != row.hash {
                report.fault(format!("{chain} {seq}: the entry is not what was written"));
            }
            if super::patient_ids(&row.patients) != found.remove(&seq).unwrap_or_default() {
                report.fault(format!("{chain} {seq}: its patients cannot find it, or others can"));
            }
            before.clone_from(&row.hash);
            met |= anchor == Some(&head(seq, &before));
        }
        seq = piece.1;
    }
    if !met {
        report.fault(format!("{chain}: the anchor is not in it, its end was cut off or rewritten"));
    }
    report.heads.insert(chain.to_owned(), head(seq, &before));
    Ok(())
}

fn head(seq: i64, hash: &[u8]) -> String {
    use std::fmt::Write as _;
    hash.iter().fold(format!("{seq}:"), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl AuditReport {
    fn fault(&mut self, fault: String) {
        if self.faults.len() < NAMED {
            self.faults.push(fault);
        }
    }
}
