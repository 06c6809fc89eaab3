//! The statements that do without, each with its reason: a golden list that a person reads before it grows.
//! The rule stands in `statements.rs`.

/// Folders whose statements answer nobody.
pub(super) const OUTSIDE: &[(&str, &str)] = &[
    ("seed/", "fills an empty house with people whom it has made up"),
    ("fsck/", "counts what is wrong in the whole house, on the server's command line"),
];

/// They mean rows of everybody.
pub(super) const ACROSS: &[(&str, &str)] = &[
    (
        "accounts/store/invitations.rs::end_to",
        "whoever had confirmed an address that is given up was meant by every hospital",
    ),
    ("appointments/store/holds.rs::lapsed", "what is held no longer is given back, whoever held it"),
    (
        "changes/store.rs::owed",
        "money of cancelled visits goes back when their patients are told, whoever cancelled them",
    ),
    ("payments/store/mod.rs::due", "payments are settled, whoever has begun them"),
    (
        "accounts/store.rs::colleagues",
        "letters go to those who look after the hospitals to which an account has let somebody in",
    ),
    ("audit/store.rs::chains", "the audit of the audit walks all chains, on the server's command line"),
    ("audit/store.rs::subjects", "the audit of the audit compares each entry with its patients"),
    ("credentials/store.rs::forgotten", "the sweep looks for accounts that nobody confirmed"),
    ("credentials/store.rs::sweep_links", "the sweep removes links that have ended"),
    (
        "family/store.rs::is_blank",
        "asks whether any hospital knows a patient, before the one who has typed her in removes her",
    ),
    (
        "family/store/endings.rs::end_given_since",
        "what an account gave, and what came of its offers, whoever may change that by now",
    ),
    (
        "family/store/endings.rs::restore_left_since",
        "what an account gave and left to others, who may change it by now",
    ),
    ("family/store/notices.rs::soon", "the sweep looks for birthdays that change something"),
    (
        "history/store.rs::after",
        "the checker of histories compares all steps with what was answered, on the server's command line",
    ),
    ("history/store.rs::kept", "the checker of histories, on the server's command line"),
    ("history/store.rs::places", "the checker of histories, on the server's command line"),
    ("passkeys/store.rs::sweep", "the sweep removes challenges that nobody answered"),
    ("sessions/store.rs::sweep", "the sweep removes sessions and keys that have ended"),
    ("sign_ins/store.rs::ended_since", "each node learns what ended, and of whom it says nothing"),
    ("sign_ins/store.rs::sweep", "the sweep removes sign-ins that have ended"),
    ("waitlist/store/relay.rs::doctors", "times that come free are offered, whoever waits for them"),
];

/// They stand where no proof is asked for.
pub(super) const WITHOUT_PROOF: &[(&str, &str)] = &[
    ("access/store.rs::treats", "the decision itself looks at it"),
    (
        "accounts/store.rs::colleagues",
        "the secret of the link that takes an account back is the proof; letters go to them",
    ),
    ("accounts/store.rs::has_administrator", "the decision on inviting looks at it"),
    (
        "accounts/store.rs::hold_administrator",
        "whoever accepts an invitation, and whoever changes members: proofs of different kinds",
    ),
    ("accounts/store.rs::insert_membership", "the secret of the invitation is the proof"),
    ("accounts/store.rs::insert_patient", "whoever signs up makes a patient of her own"),
    ("accounts/store.rs::memberships", "who somebody is, before anything can be decided"),
    ("accounts/store.rs::patients", "who somebody is, before anything can be decided"),
    (
        "accounts/store/invitations.rs::end_made_since",
        "the secret of the link that takes an account back is the proof",
    ),
    ("accounts/store/found.rs::find", "who somebody is, before anything can be decided"),
    (
        "accounts/store/invitations.rs::end_to",
        "the secret of the link that puts another address in its place is the proof",
    ),
    ("accounts/store/invitations.rs::find", "the secret of the invitation is the proof"),
    ("accounts/store/invitations.rs::open", "the letter that invites is written from it"),
    (
        "accounts/store/invitations.rs::open_of",
        "both callers hold a proof for the hospital, of different kinds",
    ),
    (
        "accounts/store/invitations.rs::still_stands",
        "whoever accepts holds the secret; it asks about the inviter",
    ),
    ("accounts/store/invitations.rs::use_up", "the secret of the invitation is the proof"),
    ("appointments/store/limits.rs::ahead", "a limit is kept while a booking that was allowed is written"),
    ("appointments/store.rs::find", "the guard loads it, and what was just written is read again"),
    ("appointments/store.rs::insert_step", "it is written together with a change that was allowed"),
    (
        "appointments/store.rs::write",
        "whoever may book, and whoever waits for a time: proofs of different kinds",
    ),
    ("appointments/store/holds.rs::holding", "a limit is kept while a hold that was allowed is written"),
    ("appointments/store/holds.rs::lapsed", "what is held no longer is given back, whoever asks"),
    ("appointments/store/holds.rs::seat_again", "it is written together with a hold that money wins back"),
    (
        "appointments/store/holds.rs::update",
        "whoever may book it, the end of the hold, and the money that has come: proofs of different kinds",
    ),
    ("appointments/store/patients.rs::is_known", "the decision looks at it"),
    ("appointments/store/patients.rs::know", "it is written together with a booking that was allowed"),
    ("appointments/store/queue.rs::draw", "it is written together with an arrival that was allowed"),
    (
        "appointments/store/puts.rs::of",
        "a cancellation, the bill and money that has come judge by it: proofs of different kinds",
    ),
    ("appointments/store/series.rs::join", "it is written together with a booking that was allowed"),
    ("appointments/store/series.rs::numbers", "whoever may see one visit of a row learns how many there are"),
    (
        "appointments/store/series.rs::visits",
        "each is asked of the guard before it is shown, and the letter about them is written from it",
    ),
    (
        "appointments/store/together.rs::call_off",
        "whoever may cancel the paid visit, and the house when that is told: proofs of different kinds",
    ),
    ("appointments/store/told.rs::address", "the letter about a visit is written from it"),
    (
        "appointments/store/told.rs::minders",
        "they are told of a change that was allowed, or of a payment that has arrived",
    ),
    ("appointments/store/told.rs::standing", "the letter about a visit is written from it"),
    ("audit/store.rs::insert_subjects", "the audit writes about whoever asks, allowed or not"),
    ("audit/store.rs::chains", "the audit of the audit, on the server's command line"),
    ("audit/store.rs::insert", "the audit writes about whoever asks, allowed or not"),
    ("audit/store.rs::subjects", "the audit of the audit, on the server's command line"),
    ("audit/store.rs::walk", "the audit of the audit, on the server's command line"),
    ("changes/store.rs::find", "the guard loads it, and what was just written is read again"),
    (
        "changes/store.rs::owed",
        "money of cancelled visits goes back when their patients are told, whoever cancelled them",
    ),
    ("changes/store.rs::set_settled", "whoever sends the money of a cancelled visit back notes it first"),
    ("credentials/store.rs::forgotten", "the sweep looks for accounts that nobody confirmed"),
    ("credentials/store.rs::remove", "the sweep removes such an account with what is its own"),
    (
        "doctors/store.rs::replace_visit_types",
        "it is written together with a doctor whom the caller may change",
    ),
    ("emergencies/store.rs::lasting", "who somebody is, before anything can be decided"),
    ("emergencies/store.rs::told", "the letter is written from it, for whoever administers the hospital"),
    (
        "family/store/endings.rs::end_asked_since",
        "the secret of the link that takes an account back is the proof",
    ),
    (
        "family/store/endings.rs::end_given_by",
        "whoever sends somebody away, and the link that takes an account back: proofs of different kinds",
    ),
    (
        "family/store/endings.rs::end_given_since",
        "the secret of the link that takes an account back is the proof",
    ),
    (
        "family/store/endings.rs::hold_part",
        "whoever answers holds a proof of her own; it asks about the one who has offered",
    ),
    (
        "family/store/endings.rs::restore_left_since",
        "the secret of the link that takes an account back is the proof",
    ),
    ("family/store/notices.rs::note", "the sweep notes whom it tells"),
    ("family/store/notices.rs::soon", "the sweep looks for birthdays that change something"),
    (
        "family/store/offers.rs::end_open",
        "it is written together with an end, or a beginning, that was allowed",
    ),
    ("family/store/offers.rs::insert", "both callers hold a proof for the patient, of different kinds"),
    ("family/store/offers.rs::made_since", "a limit is kept while an offer that was allowed is written"),
    ("family/store/offers.rs::open", "the letter that asks is written from it"),
    ("family/store/offers.rs::waiting", "a limit is kept while an offer that was allowed is written"),
    (
        "payments/store/follow_ups.rs::end",
        "a cancelled visit and money that goes back: proofs of different kinds",
    ),
    ("payments/store/follow_ups.rs::hanging", "a move that was allowed asks what hangs on the visit"),
    (
        "payments/store/follow_ups.rs::has_ended",
        "whoever takes a hold that she may take asks whether it is still free",
    ),
    ("payments/store/follow_ups.rs::hang", "it is written together with a visit that was allowed"),
    ("payments/store/follow_ups.rs::keep_terms", "it is written together with a visit that was allowed"),
    (
        "payments/store/follow_ups.rs::paid_of",
        "the bill, and a visit that is moved: proofs of different kinds",
    ),
    (
        "payments/store/follow_ups.rs::paid_first",
        "the bill, and a cancelled visit: proofs of different kinds",
    ),
    (
        "payments/store/follow_ups.rs::waits",
        "whoever undoes a change of many visits, and money that has come: proofs of different kinds",
    ),
    (
        "payments/store/follow_ups.rs::window",
        "the bill, a booking and money that goes back: proofs of different kinds",
    ),
    (
        "payments/store/follow_ups.rs::windows",
        "who books, and the house that keeps a time for somebody: proofs of different kinds",
    ),
    (
        "mail/store.rs::series_of",
        "a letter about a change that was allowed asks whether its address knows of the visit",
    ),
    ("payments/store/ledger.rs::earned", "money is written down together with a step that was decided"),
    ("payments/store/ledger.rs::post", "money is written down together with a step that was decided"),
    ("payments/store/mod.rs::due", "payments are settled when the clock strikes, whoever has begun them"),
    (
        "payments/store/mod.rs::find",
        "the guard loads its visit first, and what was just written is read again",
    ),
    ("payments/store/mod.rs::insert", "who pays and the desk: proofs of different kinds"),
    ("payments/store/mod.rs::insert_step", "it is written together with a change that was allowed"),
    ("payments/store/mod.rs::last_step", "the settling of a payment looks at how its visit was called off"),
    ("payments/store/mod.rs::lease", "whoever settles a payment takes it first"),
    ("payments/store/mod.rs::let_go", "whoever settles a payment lets go of it"),
    (
        "payments/store/mod.rs::look_now",
        "a cancelled visit, an administrator and a provider: proofs of different kinds",
    ),
    ("payments/store/mod.rs::next_receipt", "it is written together with money that has come"),
    ("payments/store/mod.rs::of_order", "the signature of the provider is the proof"),
    (
        "payments/store/mod.rs::of_visit",
        "the bill, the desk and a cancelled visit: proofs of different kinds",
    ),
    ("payments/store/mod.rs::set_order", "it is written for a payment that its owner has just begun"),
    ("payments/store/mod.rs::take_turn", "money comes and goes for one visit after the other"),
    ("payments/store/mod.rs::update", "the desk, and what the provider says: proofs of different kinds"),
    (
        "payments/store/refunds.rs::insert",
        "an administrator, a cancelled visit, money without a visit: proofs of different kinds",
    ),
    ("payments/store/refunds.rs::of", "the receipt, and what the provider says: proofs of different kinds"),
    ("payments/store/refunds.rs::set_state", "what the provider says of money that was asked for"),
    ("payments/store/refunds.rs::under_way_since", "the settling of a payment asks when to look again"),
    ("resources/store.rs::assign", "it is written together with a booking that was allowed"),
    ("resources/store.rs::let_go", "what was paid for too late is given a room anew"),
    (
        "sessions/store.rs::find",
        "how long a session lasts unused depends on whether its owner is staff; nothing else is read",
    ),
    ("follow_ups/store.rs::find", "the guard loads it, and what was just written is read again"),
    ("follow_ups/store.rs::hold", "it is written together with a booking that was allowed"),
    ("follow_ups/store.rs::is_used", "a booking that was allowed asks whether its ticket is still good"),
    (
        "follow_ups/store.rs::is_used_by_another",
        "money that comes late asks whether the ticket of its visit is still good",
    ),
    ("follow_ups/store.rs::of_booked", "money that comes late asks for the ticket of its visit"),
    ("follow_ups/store.rs::use_up", "it is written together with a booking that was allowed"),
    ("history/store.rs::after", "the checker of histories, on the server's command line"),
    ("history/store.rs::kept", "the checker of histories, on the server's command line"),
    ("history/store.rs::places", "the checker of histories, on the server's command line"),
    ("waitlist/store/mod.rs::find", "the guard loads it, and what was just written is read again"),
    (
        "waitlist/store/mod.rs::prospects",
        "how many are in a line, for an entry that the caller may see: numbers only",
    ),
    (
        "waitlist/store/mod.rs::set_status",
        "whoever leaves, whoever answers, and the end of a hold: proofs of different kinds",
    ),
    ("waitlist/store/offers.rs::insert", "the relay offers a time to whoever is first in line"),
    ("waitlist/store/offers.rs::lapsed", "the end of a hold looks at how many went before"),
    ("waitlist/store/offers.rs::of_hold", "an offer follows its hold, whoever has changed that"),
    ("waitlist/store/offers.rs::open", "an offer follows its hold, whoever has changed that"),
    (
        "waitlist/store/offers.rs::open_to",
        "money that has come wins the time that is kept for the very patient, whoever tells of it",
    ),
    ("waitlist/store/offers.rs::set_outcome", "an offer follows its hold, whoever has changed that"),
    ("waitlist/store/offers.rs::taken", "whoever may answer an offer asks what her answer has led to"),
    ("waitlist/store/relay.rs::doctors", "times that come free are offered, whoever waits for them"),
    ("waitlist/store/relay.rs::engagements", "nobody is offered a time at which she is elsewhere"),
    ("waitlist/store/relay.rs::offered_before", "nobody is offered twice what she did not want"),
    ("waitlist/store/relay.rs::open_offers", "nobody is offered more than one person can answer"),
    ("waitlist/store/relay.rs::silent", "nobody is offered a time that may be taken back"),
    ("waitlist/store/relay.rs::unsettled", "nobody is offered a time that was paid for"),
    ("waitlist/store/relay.rs::waiting", "times that come free are offered, whoever waits for them"),
    ("queues/store.rs::behind", "the secret of the wall's address is the proof"),
    ("queues/store.rs::note_reading", "the secret of the wall's address is the proof"),
    (
        "queues/store.rs::numbers",
        "members, and whoever has the wall's address: proofs of different kinds, for numbers without people",
    ),
    ("hospitals/store.rs::has_hours", "the change of a hospital's zone asks it under its own proof"),
];
