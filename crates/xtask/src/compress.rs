//! Brotli and gzip beside every file that gains from it, so that the server never compresses a file it serves.
//! What was compressed once is remembered by its content.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::digest;

const COMPRESSIBLE: &[&str] = &[
    "css",
    "html",
    "ico",
    "js",
    "json",
    "map",
    "mjs",
    "otf",
    "svg",
    "ttf",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];
/// The server fills these in, so the file is not what will be sent.
const FILLED_BY_THE_SERVER: &[&str] = &["__PRECACHE__", "__VERSION__"];

/// Compresses what is below `site`. `memory` keeps results between builds, and loses what is no longer needed.
pub(crate) fn folder(site: &Path, memory: &Path) -> Result<()> {
    std::fs::create_dir_all(memory)?;
    let mut used = Vec::new();
    for file in digest::files(site)? {
        let text = std::fs::read(&file)?;
        if !is_worth_it(&file, &text) {
            continue;
        }
        let name = digest::hex([text.as_slice()]);
        for (ending, method) in [("br", brotli as fn(&[u8]) -> Result<Vec<u8>>), ("gz", gzip)] {
            let kept = memory.join(format!("{name}.{ending}"));
            if !kept.is_file() {
                let unfinished = memory.join(format!("{name}.{ending}.{}", std::process::id()));
                std::fs::write(&unfinished, method(&text)?)?;
                std::fs::rename(unfinished, &kept)?;
            }
            std::fs::copy(&kept, beside(&file, ending))?;
            used.push(kept);
        }
    }
    for kept in digest::files(memory)? {
        if !used.contains(&kept) {
            std::fs::remove_file(kept)?;
        }
    }
    Ok(())
}

/// `file.js` with `br` is `file.js.br`.
pub(crate) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn is_worth_it(file: &Path, text: &[u8]) -> bool {
    let known = COMPRESSIBLE.iter().any(|ending| digest::has_ending(file, ending));
    let is_template = || {
        let text = String::from_utf8_lossy(text);
        FILLED_BY_THE_SERVER.iter().any(|blank| text.contains(blank))
    };
    known && !(digest::has_ending(file, "js") && is_template())
}

fn brotli(text: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &*text, &mut packed, &settings)?;
    Ok(packed)
}

fn gzip(text: &[u8]) -> Result<Vec<u8>> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(text)?;
    Ok(packed.finish()?)
}
