//! What the build left for browsers: where the client lies, and which files there are.
//! Serving them is in `assets` and `pwa`.

use std::{collections::BTreeMap, io, path::PathBuf};

use serde::Deserialize;

/// `build.json`, as the build writes it.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Build {
    /// Names this build.
    #[serde(default)]
    pub(crate) version: String,
    /// Folder of the client, below the site.
    pub(crate) pkg: String,
    #[serde(default)]
    css: Option<String>,
    #[serde(default)]
    js: Option<String>,
    #[serde(default)]
    wasm: Option<String>,
    /// Every file, by its path below the site.
    #[serde(default)]
    files: BTreeMap<String, serde_json::Value>,
}

/// The built site; without a build, one without scripts.
#[derive(Debug, Clone, Default)]
pub struct Site {
    pub(crate) root: PathBuf,
    pub(crate) build: Option<Build>,
}

/// Files that the server answers itself: the worker is a template there.
const ANSWERED: [&str; 4] = ["sw.js", "robots.txt", "sitemap.xml", "build.json"];

impl Site {
    /// Reads what the build left; warns and goes on when there is none.
    pub fn open(root: PathBuf) -> Self {
        let build = std::fs::read(root.join("build.json"))
            .and_then(|text| serde_json::from_slice(&text).map_err(io::Error::other))
            .inspect_err(|error| {
                let root = root.display();
                tracing::warn!(%error, "no built site in {root}: pages are served without scripts; cargo xtask build makes it");
            });
        Self { root, build: build.ok() }
    }

    /// Folder of the client below the site; empty when there is none.
    pub(crate) fn pkg(&self) -> &str {
        self.build.as_ref().map_or("", |build| build.pkg.trim_matches('/'))
    }

    /// Files outside the client's folder, by the path under which they are served.
    pub(crate) fn public_files(&self) -> impl Iterator<Item = &str> {
        let files = self.build.iter().flat_map(|build| build.files.keys().map(String::as_str));
        files.filter(|name| {
            !name.starts_with("pkg/")
                && !ANSWERED.contains(name)
                && !name.contains(['{', '}', '*', ':'])
                && !name.starts_with('.')
        })
    }

    /// What a browser keeps for offline use: the client, pictures and fonts, and the page that says so.
    pub(crate) fn precache(&self) -> Vec<String> {
        let Some(build) = &self.build else { return Vec::new() };
        let client = [&build.css, &build.js, &build.wasm].into_iter().flatten();
        let shell =
            self.public_files().filter(|name| has_ending(name, &["svg", "png", "webmanifest", "woff2"]));
        let files =
            client.map(String::as_str).chain(shell).map(|name| format!("/{}", name.trim_start_matches('/')));
        std::iter::once("/offline".to_owned()).chain(files).collect()
    }
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offline_use_needs_the_client_and_no_more() {
        let build: Build = serde_json::from_str(
            r#"{"version":"v","pkg":"pkg/ab","css":"pkg/ab/c.css","js":"pkg/ab/c.js","wasm":"pkg/ab/c.wasm",
                "files":{"sw.js":{},"icon.svg":{},"pkg/ab/c.css":{},"pkg/ab/chunk.wasm":{},"build.json":{}}}"#,
        )
        .unwrap();
        let site = Site { root: PathBuf::new(), build: Some(build) };
        assert_eq!(
            site.precache(),
            ["/offline", "/pkg/ab/c.css", "/pkg/ab/c.js", "/pkg/ab/c.wasm", "/icon.svg"]
        );
        assert_eq!(site.public_files().collect::<Vec<_>>(), ["icon.svg"]);
    }
}
