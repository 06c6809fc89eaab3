//! Everything that can be asked of the server, and what each needs: one list for the API, server functions, files and live topics.
//! It decides nothing: a policy here says which decision must have been taken before an answer leaves.

mod files;
mod functions;
pub(crate) mod guard;
mod operations;
pub(crate) mod pages;

use domain::access::{Action, Trace};

/// One thing that can be asked.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// HTTP method; `TOPIC` for a live topic.
    pub method: &'static str,
    /// The path as the router spells it; the name of a topic.
    pub path: &'static str,
    /// What it needs.
    pub policy: Policy,
}

/// What must have been decided.
#[derive(Debug, Clone, Copy)]
pub enum Policy {
    /// Nothing: it shows what anybody may see, or makes an account or a sign-in.
    Public,
    /// A secret in the request says who may.
    Secret,
    /// Somebody must be signed in, and sees only who that is.
    SignedIn,
    /// A decision on one of these actions.
    Needs(&'static [Action]),
}

impl Policy {
    /// Whether what was decided suffices for a successful answer.
    pub fn is_met(&self, trace: &Trace) -> bool {
        match self {
            Self::Public | Self::Secret | Self::SignedIn => true,
            Self::Needs(actions) => actions.iter().any(|action| trace.has(*action)),
        }
    }
}

/// Topics of the live socket. Each change of a visit is filtered by the decision that guards reading it; when a doctor is free,
/// everybody may read.
const TOPICS: &[Entry] = &[
    entry("TOPIC", "appointments", Policy::Needs(&[Action::ReadAppointment])),
    entry("TOPIC", "times", Policy::Public),
    // That something changed at a hospital, and nothing of what, for whoever has the private address of its wall.
    entry("TOPIC", "wall", Policy::Secret),
];

/// The whole list.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    operations::ALL.iter().chain(functions::ALL).chain(files::ALL).chain(TOPICS)
}

/// Whether a path is the one of a file that the server makes for somebody.
fn is_file(path: &str) -> bool {
    files::ALL.iter().any(|entry| entry.path == path)
}

/// The entry of a route.
pub fn find(method: &str, path: &str) -> Option<&'static Entry> {
    all().find(|entry| entry.method == method && entry.path == path)
}

const fn entry(method: &'static str, path: &'static str, policy: Policy) -> Entry {
    Entry { method, path, policy }
}
