//! The command line of `cargo xtask`: what may be asked, parsed into one enum.
//! It does nothing itself and knows no path.

pub(crate) const USAGE: &str = "\
cargo xtask <command>

  setup                          install what building needs
  build [--release]              server and client into target/release (or target/debug) and target/site
  run                            build, migrate, seed a new data folder, serve on 127.0.0.1:3000
  dev                            debug build, serve, rebuild and restart on change
  test [--quick]                 every check; --quick leaves release build, size budget and browser out
  bench NAME [--engine sqlite|postgres] [options of the bench]
  sabotage [PART…]               take each question to the guard away and see that somebody objects
  crash [--rounds N] [--engine sqlite|postgres]
  history [--clients N] [--ops N] [--kills N] [--cuts N] [--jumps N] [--faketime FILE] [--nodes N] [--seed N] [--engine sqlite|postgres]";

/// The database engine a measurement runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// One command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Setup,
    Build {
        release: bool,
    },
    Run,
    Dev,
    Test {
        quick: bool,
    },
    /// Only in files whose names contain one of these, if any is given.
    Sabotage {
        parts: Vec<String>,
    },
    /// What the bench program is told, word for word, beside the engine.
    Bench {
        arguments: Vec<String>,
        engine: Engine,
    },
}

/// Reads the arguments after `cargo xtask`.
pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut arguments = arguments.into_iter();
    let name = arguments.next().unwrap_or_else(|| "help".into());
    let rest: Vec<String> = arguments.collect();
    match name.as_str() {
        "help" | "--help" | "-h" => Ok(Command::Help),
        "setup" => only_flag(&rest, None).map(|_| Command::Setup),
        "build" => only_flag(&rest, Some("--release")).map(|release| Command::Build { release }),
        "run" => only_flag(&rest, None).map(|_| Command::Run),
        "dev" => only_flag(&rest, None).map(|_| Command::Dev),
        "test" => only_flag(&rest, Some("--quick")).map(|quick| Command::Test { quick }),
        "sabotage" if rest.iter().any(|part| part.starts_with('-')) => {
            Err("sabotage takes parts of files' names, or nothing".into())
        }
        "sabotage" => Ok(Command::Sabotage { parts: rest }),
        "bench" => bench(rest),
        "crash" | "history" => bench([name].into_iter().chain(rest)),
        other => Err(format!("there is no command `{other}`")),
    }
}

/// True when the one flag that is allowed is there; anything else is a mistake.
fn only_flag(rest: &[String], flag: Option<&str>) -> Result<bool, String> {
    match rest {
        [] => Ok(false),
        [one] if Some(one.as_str()) == flag => Ok(true),
        [first, ..] => Err(format!("`{first}` is not an option of this command")),
    }
}

fn bench(words: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut words = words.into_iter();
    let mut engine = Engine::Sqlite;
    let mut arguments = Vec::new();
    while let Some(word) = words.next() {
        if word != "--engine" {
            arguments.push(word);
            continue;
        }
        engine = match words.next().as_deref() {
            Some("sqlite") => Engine::Sqlite,
            Some("postgres") => Engine::Postgres,
            _ => return Err("--engine is sqlite or postgres".into()),
        };
    }
    match arguments.first() {
        Some(name) if !name.starts_with('-') => Ok(Command::Bench { arguments, engine }),
        _ => Err("name the bench to run".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn flags_are_read_and_unknown_ones_refused() {
        assert_eq!(parsed("build --release"), Ok(Command::Build { release: true }));
        assert_eq!(parsed("test"), Ok(Command::Test { quick: false }));
        assert!(parsed("run --fast").is_err());
        assert!(parsed("fly").is_err());
    }

    #[test]
    fn a_bench_keeps_its_own_options() {
        let expected = Command::Bench {
            arguments: vec!["crash".into(), "--rounds".into(), "5".into()],
            engine: Engine::Postgres,
        };
        assert_eq!(parsed("crash --rounds 5 --engine postgres"), Ok(expected));
        let history = ["history".into(), "--ops".into(), "9".into()];
        let expected = Command::Bench { arguments: history.into(), engine: Engine::Sqlite };
        assert_eq!(parsed("history --ops 9"), Ok(expected));
        assert!(parsed("bench --engine sqlite").is_err());
        assert!(parsed("bench race --engine oracle").is_err());
    }
}
