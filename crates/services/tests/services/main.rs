//! The services as a whole, on both engines: booking, the house, data in bulk. The edges are not here.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[cfg(feature = "passkeys")]
mod authenticator;
mod ics;
mod letters;
mod market;
mod smtp;
mod tables;
mod timing;
mod walls;
mod world;

mod agreement;
mod asked_back;
mod audit;
mod booking;
mod bulk;
mod calendar_feed;
mod calendars;
mod changes;
mod contests;
mod credentials;
mod desk_money;
mod desk_queue;
mod emergencies;
mod family;
mod family_offers;
mod former_provider;
mod free_visits;
mod free_visits_ended;
mod fsck;
mod given_up;
mod groups;
mod holding;
mod hours;
mod house;
mod invitations;
mod late_moves;
mod limits;
mod mail;
mod old_rows;
#[cfg(feature = "passkeys")]
mod passkeys;
#[cfg(not(feature = "passkeys"))]
mod passkeys_absent;
#[cfg(feature = "passkeys")]
mod passkeys_staff;
mod payment_desk;
mod payment_orders;
mod payment_turns;
mod payments;
mod pepper;
mod refused_refunds;
mod rescheduling;
mod resources;
mod resurrection;
mod second_factors;
mod series;
mod series_at_once;
mod session_limits;
mod sign_ins;
mod soonest;
mod staff_policy;
mod step_up;
mod stripe;
mod taking_back;
mod throttle;
mod tickets;
mod undone_changes;
mod waitlist;
mod waitlist_accounts;
mod waitlist_offers;
mod waitlist_paid;
mod waitlist_stories;
