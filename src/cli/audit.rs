//! `caresync audit verify`: checks the chains of the audit, and the anchors that were kept of them.
//! What a chain is stands in `services`.

use std::{collections::BTreeMap, fs, io, path::Path, process::ExitCode};

use super::{Failure, Options, open, say};

/// Checks, tells, and keeps the new ends of the chains when all is well.
pub(super) async fn verify(options: &Options, anchors: Option<&Path>) -> Result<ExitCode, Failure> {
    let kept = anchors.map(read).transpose()?.unwrap_or_default();
    let house = open(options).await?;
    let report = house.verify_audit(&kept).await;
    house.close().await;
    let report = report?;
    say(&format!("{} entries in {} chains, {} anchors.", report.entries, report.heads.len(), kept.len()))?;
    report.faults.iter().try_for_each(|fault| say(&format!("FAULT {fault}")))?;
    if !report.faults.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    if let Some(path) = anchors {
        let text = serde_json::to_string_pretty(&report.heads).map_err(anyhow::Error::from)?;
        fs::write(path, text).map_err(|error| unusable(path, &error))?;
    }
    say("Every entry is as it was written.")?;
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => serde_json::from_str(&text)
            .map_err(|_| Failure::new(65, format!("{} holds no anchors.", path.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(unusable(path, &error)),
    }
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(74, format!("{}: {error}.", path.display()))
}
