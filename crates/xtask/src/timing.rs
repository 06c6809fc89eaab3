//! Saying what a long step does, how long it took last time, and how long it took now.
//! The times lie beside the build products and are nothing but a courtesy.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;

/// The remembered times of all steps, in seconds.
pub(crate) struct Timings {
    file: PathBuf,
    seconds: RefCell<BTreeMap<String, f64>>,
}

impl Timings {
    pub(crate) fn open(file: PathBuf) -> Self {
        let seconds = std::fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok());
        Self { file, seconds: RefCell::new(seconds.unwrap_or_default()) }
    }

    /// Announces the step, does it, and remembers its time if it went well.
    pub(crate) fn step<T>(&self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        match self.seconds.borrow().get(name) {
            Some(last) => println!("▸ {name} (last time {})", spoken(Duration::from_secs_f64(*last))),
            None => println!("▸ {name}"),
        }
        let start = Instant::now();
        let result = work();
        let took = start.elapsed();
        println!("{} {name}: {}", if result.is_ok() { "✓" } else { "✗" }, spoken(took));
        if result.is_ok() {
            self.remember(name, took);
        }
        result
    }

    fn remember(&self, name: &str, took: Duration) {
        self.seconds.borrow_mut().insert(name.to_owned(), (took.as_secs_f64() * 10.0).round() / 10.0);
        // Not being able to write costs a hint next time, nothing more.
        if let Ok(text) = serde_json::to_vec_pretty(&*self.seconds.borrow()) {
            let _ = self.file.parent().map(std::fs::create_dir_all);
            let _ = std::fs::write(&self.file, text);
        }
    }
}

/// A duration as a person says it.
pub(crate) fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..120 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_like_speech() {
        assert_eq!(spoken(Duration::from_millis(1240)), "1.2 s");
        assert_eq!(spoken(Duration::from_secs(75)), "75 s");
        assert_eq!(spoken(Duration::from_mins(13)), "13 min 0 s");
    }
}
