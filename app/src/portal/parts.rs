//! The parts in which the browser gets the pages, so that nobody waits for pages that are seldom opened: the patients' portal comes in
//! two, the hospital's in four.
//! Which page an address means, the portals read; here only its first segments count, since the main part reads them.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use leptos_router::{PartialPathMatch, PathSegment, PossibleRouteMatch};

/// A part of the client, with a frame of its own around its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Doctors, booking and visits, for patients.
    Visits,
    /// The account: signing in, who may do what, who looked.
    Account,
    /// The day of a hospital: its visits, and what is done with each.
    Day,
    /// Whom a hospital's desk takes in, books for, calls and moves.
    Desk,
    /// A hospital's doctors: when they work, and what can be booked with them.
    Doctors,
    /// What else a hospital sets up once and looks at now and then.
    Administration,
}

/// What the addresses of the account begin with.
const ACCOUNT: &[&str] = &[
    "account",
    "confirm",
    "family",
    "forgot-password",
    "invitation",
    "reset-password",
    "sign-in",
    "sign-ins",
    "sign-up",
    "undo-email",
    "verify",
    "who-looked",
];

/// What the addresses of a hospital's desk go on with.
const DESK: &[&str] =
    &["book", "changes", "emergency", "money", "patients", "queue", "series", "waiting", "walk-in", "wall"];

/// What the addresses of a hospital's doctors go on with.
const DOCTORS: &[&str] = &["doctors", "resources", "visit-types"];

/// What the addresses of a hospital's administration go on with.
const ADMINISTRATION: &[&str] = &["audit", "departments", "emergencies", "members", "settings"];

impl Part {
    /// The part that has the page at a path, or would have it.
    #[must_use]
    pub fn at(path: &str) -> Self {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        match segments.next() {
            Some("hospital") => match (segments.next(), segments.next()) {
                (Some("platform"), _) => Self::Administration,
                (_, Some(section)) if DESK.contains(&section) => Self::Desk,
                (_, Some(section)) if DOCTORS.contains(&section) => Self::Doctors,
                (_, Some(section)) if ADMINISTRATION.contains(&section) => Self::Administration,
                _ => Self::Day,
            },
            Some(first) if ACCOUNT.contains(&first) => Self::Account,
            _ => Self::Visits,
        }
    }
}

/// Matches the addresses of a part that has no wildcard of its own. It stands before the wildcard of its portal.
#[derive(Clone, Copy, Debug)]
pub struct Apart(
    /// The part.
    pub Part,
    /// A folder that stands for it in the server's table: there any address leads to the same place, but no two routes may have the
    /// same one.
    pub &'static [&'static str],
);

impl PossibleRouteMatch for Apart {
    fn optional(&self) -> bool {
        false
    }

    fn test<'a>(&self, path: &'a str) -> Option<PartialPathMatch<'a>> {
        (Part::at(path) == self.0).then(|| PartialPathMatch::new("", Vec::new(), path))
    }

    fn generate_path(&self, path: &mut Vec<PathSegment>) {
        path.extend(self.1.iter().map(|name| PathSegment::Static((*name).into())));
        path.push(PathSegment::Splat("rest".into()));
    }
}

/// The page of the address, as long as it belongs to this part. While the browser fetches the part of the next page, the one before
/// stays where it is.
pub fn page_of<P>(part: Part, read: fn(&str) -> P) -> Memo<P>
where
    P: Clone + PartialEq + Send + Sync + 'static,
{
    let path = use_location().pathname;
    Memo::new(move |before: Option<&P>| {
        path.with(|path| match before {
            Some(before) if Part::at(path) != part => before.clone(),
            _ => read(path),
        })
    })
}
