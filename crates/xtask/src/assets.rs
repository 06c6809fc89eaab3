//! `target/site`: everything the server serves as a file, put together from the client, the styles and `public`.
//! It compiles nothing.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::project::Project;
use crate::{client, compress, css, digest};

/// Puts the site together beside the old one, then changes the two.
pub(crate) fn assemble(project: &Project, made: &Path, release: bool) -> Result<()> {
    let site = project.paths.site();
    let next = site.with_extension("next");
    let last = site.with_extension("last");
    for folder in [&next, &last] {
        let _ = std::fs::remove_dir_all(folder);
    }
    std::fs::create_dir_all(&next)?;
    copy(&project.paths.root.join("public"), &next)?;

    let unnamed = next.join("pkg/unnamed");
    copy(made, &unnamed)?;
    let _ = std::fs::remove_file(unnamed.join(client::MARK));
    std::fs::write(unnamed.join("caresync.css"), css::bundle(&project.paths.root.join("style/main.css"))?)?;
    let hash = digest::folder(&unnamed)?;
    let pkg = format!("pkg/{}", hash.get(..16).unwrap_or(&hash));
    std::fs::rename(&unnamed, next.join(&pkg))?;

    if release {
        compress::folder(&next, &project.paths.client().join("compressed"))?;
    }
    std::fs::write(next.join("build.json"), serde_json::to_vec_pretty(&describe(&next, &pkg)?)?)?;
    let _ = std::fs::rename(&site, &last);
    std::fs::rename(&next, &site).with_context(|| site.display().to_string())?;
    let _ = std::fs::remove_dir_all(last);
    Ok(())
}

/// What the server must know of the files: where the client lies, and what may be kept for offline use.
fn describe(site: &Path, pkg: &str) -> Result<Value> {
    let mut files = Map::new();
    for file in digest::files(site)? {
        let name = file.strip_prefix(site)?.to_string_lossy().into_owned();
        if digest::has_ending(&file, "br") || digest::has_ending(&file, "gz") {
            continue;
        }
        let bytes = |path: &Path| std::fs::metadata(path).map(|about| about.len()).ok();
        let mut about = Map::from_iter([("bytes".to_owned(), json!(bytes(&file)))]);
        for ending in ["br", "gz"] {
            if let Some(bytes) = bytes(&compress::beside(&file, ending)) {
                about.insert(ending.to_owned(), json!(bytes));
            }
        }
        files.insert(name, Value::Object(about));
    }
    let version = digest::folder(site)?;
    Ok(json!({
        "version": version.get(..16).unwrap_or(&version),
        "pkg": pkg,
        "css": format!("{pkg}/caresync.css"),
        "js": format!("{pkg}/caresync.js"),
        "wasm": format!("{pkg}/caresync.wasm"),
        "files": files,
    }))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for file in digest::files(from)? {
        let place = to.join(file.strip_prefix(from)?);
        place.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::copy(&file, &place).with_context(|| file.display().to_string())?;
    }
    Ok(())
}
