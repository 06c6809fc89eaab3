//! Why a command could not be done: one plain sentence and an exit code, no trace.
//! The codes are those of `sysexits.h` where one fits.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use services::OpenError;

/// A sentence for the operator and the code for the script.
#[derive(Debug)]
pub(super) struct Failure {
    code: u8,
    sentence: String,
}

/// The settings do not go together (`EX_CONFIG`).
pub(super) const CONFIG: u8 = 78;
/// Something that is needed is not to be had (`EX_UNAVAILABLE`).
pub(super) const UNAVAILABLE: u8 = 69;

impl Failure {
    pub(super) fn new(code: u8, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into() }
    }

    /// Says it and ends.
    pub(super) fn report(self) -> ExitCode {
        // Where even that cannot be written, the code says enough.
        let _ = writeln!(io::stderr(), "caresync: {}", self.sentence);
        ExitCode::from(self.code)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::new(error.exit_code(), error.to_string())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(1, format!("{error:#}"))
    }
}

impl From<domain::Error> for Failure {
    fn from(error: domain::Error) -> Self {
        let sentence = match &error {
            domain::Error::Invalid { fields } => {
                let broken: Vec<String> = fields.iter().map(|f| format!("{}: {}", f.field, f.rule)).collect();
                format!("This was refused: {}.", broken.join(", "))
            }
            other => format!("This was refused: {}.", other.code()),
        };
        Self::new(1, sentence)
    }
}
