//! What can go wrong inside, and the one door through which it leaves.
//!
//! Passing the door, an accident is logged once under a reference; nothing of its text goes on.

use domain::error::Conflict;

use crate::db::constraint::{Constraint, broken};

/// The result of everything inside.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong inside.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A refusal that the caller may see as it is.
    #[error(transparent)]
    Refused(#[from] domain::Error),
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The database was asked for more than it takes now, or is stopping.
    #[error("the writer is busy or stopped")]
    Busy,
    /// A commit failed: nothing of its batch is acknowledged.
    #[error("commit failed: {0}")]
    Commit(String),
    /// A stored value is not what the house writes.
    #[error("stored value: {0}")]
    Stored(&'static str),
    /// A library refused its input.
    #[error("{0}")]
    Library(String),
    /// An operation panicked.
    #[error("an operation panicked")]
    Panicked,
}

impl Error {
    /// The constraint that the database refused with, if it did.
    pub(crate) fn broken(&self) -> Option<Constraint> {
        match self {
            Self::Database(error) => broken(error),
            Self::Refused(_)
            | Self::Busy
            | Self::Commit(_)
            | Self::Stored(_)
            | Self::Library(_)
            | Self::Panicked => None,
        }
    }

    /// Whether the database refused because somebody or something is taken then.
    pub(crate) fn is_overlap(&self) -> bool {
        matches!(
            self.broken(),
            Some(Constraint::DoctorOverlap | Constraint::PatientOverlap | Constraint::ResourceOverlap)
        )
    }

    /// A conflict without alternatives.
    pub(crate) fn conflict(reason: Conflict) -> Self {
        Self::Refused(domain::Error::conflict(reason))
    }
}

impl From<Error> for domain::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => return refusal,
            Error::Busy => return Self::Unavailable,
            Error::Database(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_)) => {
                tracing::error!(%error, "the database does not answer");
                return Self::Unavailable;
            }
            Error::Database(_)
            | Error::Commit(_)
            | Error::Stored(_)
            | Error::Library(_)
            | Error::Panicked => {}
        }
        if let Some(Constraint::Unique(reason)) = error.broken() {
            return Self::conflict(reason);
        }
        let reference = crate::secrets::reference(&crate::outside::random::SystemRandom);
        tracing::error!(%reference, %error, "internal error");
        Self::Internal { reference }
    }
}
