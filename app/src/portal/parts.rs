//! The parts in which the browser gets the pages, so that nobody waits for pages that are seldom opened: the patients' portal comes in
//! three, the hospital's in four.
//! Which page an address means, the portals read; here only its segments count, since the main part reads them.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use leptos_router::{PartialPathMatch, PathSegment, PossibleRouteMatch};

/// A part of the client, with a frame of its own around its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A patient's home, her visits, and what is paid for them.
    Visits,
    /// Finding a doctor and choosing a time, for a new visit or another time for one.
    Booking,
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

/// What the addresses of booking begin with.
const BOOKING: &[&str] = &["book", "doctors", "follow-ups", "hospitals"];

/// What the addresses of booking go on with that begin with a visit.
const OF_A_VISIT: &[&str] = &["reschedule"];

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
            Some(first) if BOOKING.contains(&first) => Self::Booking,
            Some("appointments") if segments.nth(1).is_some_and(|then| OF_A_VISIT.contains(&then)) => {
                Self::Booking
            }
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
