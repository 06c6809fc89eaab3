//! Content hashes: of bytes, and of whole folders.
//! They name files and find out whether work can be skipped; they protect nothing.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// The SHA-256 of all parts in order, each with its length, in hexadecimal.
pub(crate) fn hex<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Every file below a folder, sorted, so that the order is the same on every machine. A missing folder has none.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// True for `name.ending`.
pub(crate) fn has_ending(file: impl AsRef<Path>, ending: &str) -> bool {
    file.as_ref().extension().is_some_and(|found| found == ending)
}

/// The hash of all names and contents below a folder.
pub(crate) fn folder(folder: &Path) -> Result<String> {
    let mut parts = Vec::new();
    for file in files(folder)? {
        parts.push(file.strip_prefix(folder)?.to_string_lossy().into_owned().into_bytes());
        parts.push(std::fs::read(&file).with_context(|| file.display().to_string())?);
    }
    Ok(hex(parts.iter().map(Vec::as_slice)))
}
