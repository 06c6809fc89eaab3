//! Changing hours and many visits, on both engines: what is seen before it is saved, ten minutes in which nobody is told, and the way back.
//!
//! Which visits stand, and which time is proposed to whom, is tested in `domain`.

use domain::{
    Call, Error,
    access::Role,
    appointments::{Appointment, Move, MoveAppointment, RescheduleAppointment, Status},
    availability::{
        AbsenceKind, AddAbsence, AddClosure, BookingRules, ChangeHours, CloseHospital, HitKind, HoursChange,
        SetWorkingHours,
    },
    changes::{ChangeState, MassChange, PlanChanges, PlanItem, PlannedChange, UndoOutcome},
    error::Conflict,
};

use crate::{
    market::{Market, Provider, TEN},
    waitlist::{Clinic, DAY, at, relay},
    world::{Engine, World, on_both_engines},
};

pub(crate) const NEXT: &str = "2026-12-01T10:00:00+01:00";

pub(crate) fn away(from: &str, to: &str) -> HoursChange {
    HoursChange::Absence(AddAbsence {
        from: format!("{DAY}T{from}:00").parse().unwrap(),
        to: format!("{DAY}T{to}:00").parse().unwrap(),
        kind: AbsenceKind::Leave,
        note: String::new(),
    })
}

pub(crate) fn as_seen(change: &HoursChange, seen: Option<&str>) -> ChangeHours {
    ChangeHours { change: change.clone(), seen: seen.map(str::to_owned) }
}

pub(crate) fn item(visit: &Appointment, change: PlannedChange) -> PlanItem {
    PlanItem { appointment_id: visit.id, version: visit.version, change }
}

pub(crate) fn to(clinic: &Clinic, start: &str) -> PlannedChange {
    PlannedChange::Move { doctor_id: clinic.doctor.card.id, start: start.to_owned() }
}

pub(crate) async fn plan(world: &World, clinic: &Clinic, items: Vec<PlanItem>) -> domain::Result<MassChange> {
    let command = PlanChanges { reason: Some("The doctor is ill".into()), items };
    world.services.changes.plan(&clinic.admin, clinic.doctor.card.id, command).await
}

/// A plan, and what comes of it.
pub(crate) async fn made(world: &World, clinic: &Clinic, items: Vec<PlanItem>) -> MassChange {
    let planned = plan(world, clinic, items).await.unwrap();
    assert_eq!(planned.state, ChangeState::Planned);
    let made = world.services.changes.confirm(&clinic.admin, planned.id).await.unwrap();
    assert_eq!(made.state, ChangeState::Undoable);
    made
}

pub(crate) async fn seen(world: &World, who: &Call, visit: &Appointment) -> Appointment {
    world.services.appointments.get(who, visit.id).await.unwrap()
}

/// Two patients with a visit each, at ten and at half past, whose letters were read.
pub(crate) async fn two(world: &World) -> (Clinic, [(Call, Appointment); 2]) {
    let clinic = Clinic::open(world).await;
    let mut both = Vec::new();
    for (email, time) in [("ann@x.example", "10:00"), ("ben@x.example", "10:30")] {
        let who = world.patient(email).await;
        let visit = clinic.book(world, &who, time).await.unwrap();
        world.letters(email).await;
        both.push((who, visit));
    }
    (clinic, both.try_into().unwrap())
}

/// How many letters both have got since somebody last looked.
pub(crate) async fn told(world: &World) -> [usize; 2] {
    [world.letters("ann@x.example").await.len(), world.letters("ben@x.example").await.len()]
}

on_both_engines! {
    async fn what_an_absence_hits_is_seen_before_it_is_saved(world: World) {
        let (clinic, [(_, ann), _]) = two(&world).await;
        let (availability, id) = (&world.services.availability, clinic.doctor.card.id);
        let change = away("10:00", "10:30");
        let impact = availability.preview_hours(&clinic.admin, id, change.clone()).await.unwrap();
        let hit = &impact.hits[0];
        assert_eq!((impact.visits, impact.patients, impact.hits.len()), (1, 1, 1));
        assert_eq!((hit.id, hit.kind, hit.rule.as_str(), hit.version), (ann.id, HitKind::Visit, "slot_away", ann.version));
        assert_eq!((hit.patient_name.as_str(), hit.birth_date), ("Patient ann@x.example", jiff::civil::date(1950, 5, 5)));
        assert_eq!((impact.booked[0].amount_minor, impact.booked[0].currency.as_str()), (5_000, "EUR"));
        // What is booked is no free time that could be lost.
        assert_eq!((impact.lost_minutes, impact.gained_minutes), (0, 0));
        let longer = away("10:00", "11:30");
        let impact = availability.preview_hours(&clinic.admin, id, longer.clone()).await.unwrap();
        assert_eq!((impact.visits, impact.patients, impact.lost_minutes), (2, 2, 30));
        // Nothing was saved by looking, and nothing is saved that nobody has looked at.
        assert!(availability.working_hours(&clinic.admin, id).await.unwrap().absences.is_empty());
        let unseen = availability.change_hours(&clinic.admin, id, as_seen(&longer, None)).await;
        assert_eq!(unseen.err(), Some(Error::conflict(Conflict::VisitsHit)));
        // Somebody books meanwhile: it is not what was seen.
        let cleo = world.patient("cleo@x.example").await;
        clinic.book(&world, &cleo, "11:00").await.unwrap();
        let stale = availability.change_hours(&clinic.admin, id, as_seen(&longer, Some(&impact.seen))).await;
        assert_eq!(stale.err(), Some(Error::conflict(Conflict::StaleVersion)));
        let again = availability.preview_hours(&clinic.admin, id, longer.clone()).await.unwrap();
        assert_eq!((again.visits, again.lost_minutes), (3, 0));
        // What was seen of one change is nothing seen of another.
        let other = availability.change_hours(&clinic.admin, id, as_seen(&change, Some(&again.seen))).await;
        assert_eq!(other.err(), Some(Error::conflict(Conflict::StaleVersion)));
        let hours = availability.change_hours(&clinic.admin, id, as_seen(&longer, Some(&again.seen))).await.unwrap();
        assert_eq!(hours.absences.len(), 1);
        // What hits nothing needs no look.
        let nothing = away("11:30", "12:00");
        let hours = availability.change_hours(&clinic.admin, id, as_seen(&nothing, None)).await.unwrap();
        assert_eq!(hours.absences.len(), 2);
        world.healthy().await;
    }

    async fn a_week_and_a_closing_are_seen_as_well_and_by_those_alone_who_may_save_them(world: World) {
        let (clinic, [(patient, _), _]) = two(&world).await;
        let (availability, id) = (&world.services.availability, clinic.doctor.card.id);
        let kept = availability.working_hours(&clinic.admin, id).await.unwrap();
        let week = |version| HoursChange::Week(SetWorkingHours { weekly: Vec::new(), rules: None, version });
        let impact = availability.preview_hours(&clinic.admin, id, week(Some(kept.version))).await.unwrap();
        // Eight weeks of two hours, but for two visits of half an hour.
        assert_eq!((impact.visits, impact.lost_minutes), (2, 8 * 120 - 60));
        assert_eq!(impact.hits[0].rule, "slot_outside_hours");
        // What a lower limit of the day takes away is no matter of minutes, and said beside them.
        for (most_a_day, lower) in [(None, false), (Some(1), true)] {
            let rules = Some(BookingRules { most_a_day, ..kept.rules });
            let limited = SetWorkingHours { weekly: kept.weekly.clone(), rules, version: None };
            let impact = availability.preview_hours(&clinic.admin, id, HoursChange::Week(limited)).await.unwrap();
            assert_eq!((impact.lost_minutes, impact.lower_limit), (0, lower));
        }
        let stale = availability.preview_hours(&clinic.admin, id, week(Some(kept.version + 1))).await;
        assert_eq!(stale.err(), Some(Error::conflict(Conflict::StaleVersion)));
        let day = AddClosure { from: DAY.parse().unwrap(), to: DAY.parse().unwrap(), note: String::new() };
        let closed = availability.preview_closure(&clinic.admin, clinic.hospital, day.clone()).await.unwrap();
        assert_eq!((closed.visits, closed.lost_minutes, closed.hits[0].rule.as_str()), (2, 60, "slot_hospital_closed"));
        let close = |seen: Option<String>| CloseHospital { closure: day.clone(), seen };
        let unseen = availability.close_hospital(&clinic.admin, clinic.hospital, close(None)).await;
        assert_eq!(unseen.err(), Some(Error::conflict(Conflict::VisitsHit)));
        let closed = availability.close_hospital(&clinic.admin, clinic.hospital, close(Some(closed.seen))).await;
        assert_eq!(closed.unwrap().len(), 1);
        let desk = world.member(&clinic.admin, clinic.hospital, "desk@x.example", Role::Desk, None).await;
        let (_, stranger) = world.hospital("Elsewhere", "Europe/Berlin").await;
        for (who, refusal) in [(&patient, Error::NotFound), (&stranger, Error::NotFound), (&desk, Error::Forbidden)] {
            let looked = availability.preview_hours(who, id, away("10:00", "11:00")).await;
            assert_eq!(looked.err(), Some(refusal.clone()));
            let looked = availability.preview_closure(who, clinic.hospital, day.clone()).await;
            assert_eq!(looked.err(), Some(refusal));
        }
    }

    async fn nobody_is_told_for_ten_minutes_and_then_everybody(world: World) {
        let (clinic, [(ann, first), (ben, second)]) = two(&world).await;
        let changes = &world.services.changes;
        let items = |visits: [&Appointment; 2]| visits.map(|visit| item(visit, PlannedChange::Cancel)).to_vec();
        let made = made(&world, &clinic, items([&first, &second])).await;
        assert_eq!((made.cancelled, made.moved, made.items.len()), (2, 0, 2));
        assert_eq!(made.items[0].birth_date, jiff::civil::date(1950, 5, 5));
        // The old times are free at once, and nobody has heard of it.
        assert_eq!(clinic.free(&world).await.len(), 4);
        assert_eq!(seen(&world, &ann, &first).await.status, Status::Cancelled);
        world.clock.advance_minutes(9);
        assert_eq!(told(&world).await, [0, 0]);
        let undone = changes.undo(&clinic.admin, made.id).await.unwrap();
        assert_eq!((undone.state, undone.left), (ChangeState::Undone, 0));
        assert!(undone.items.iter().all(|item| item.outcome == Some(UndoOutcome::Back)));
        let [first, second] = [seen(&world, &ann, &first).await, seen(&world, &ben, &second).await];
        assert_eq!((first.status, first.cancelled_by, first.start.to_string()), (Status::Booked, None, at("10:00")));
        assert_eq!(changes.undo(&clinic.admin, made.id).await.err(), Some(Error::conflict(Conflict::AlreadyDone)));
        world.clock.advance_minutes(30);
        assert_eq!(told(&world).await, [0, 0], "what was undone was never said");
        // A second time it stays. Nothing has run meanwhile, as after a crash: what is due is due.
        let made = self::made(&world, &clinic, items([&first, &second])).await;
        world.clock.advance_minutes(11);
        assert_eq!(changes.get(&clinic.admin, made.id).await.unwrap().state, ChangeState::Told);
        assert_eq!(changes.undo(&clinic.admin, made.id).await.err(), Some(Error::conflict(Conflict::TooLate)));
        assert_eq!(told(&world).await, [1, 1]);
        assert_eq!(told(&world).await, [0, 0]);
        world.healthy().await;
    }

    async fn visits_are_put_on_times_that_nobody_else_is_proposed(world: World) {
        let (clinic, [(ann, first), (_, second)]) = two(&world).await;
        let (changes, id) = (&world.services.changes, clinic.doctor.card.id);
        let day = DAY.parse().unwrap();
        let sheet = changes.sheet(&clinic.admin, id, day, day).await.unwrap();
        assert_eq!((sheet.visits.len(), sheet.more), (2, false));
        assert!(sheet.visits.iter().all(|visit| visit.birth_date == jiff::civil::date(1950, 5, 5)));
        let proposed: Vec<_> = sheet.visits.iter().flat_map(|v| &v.proposals).map(|p| p.start.to_string()).collect();
        let mut distinct = proposed.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!((proposed.len(), distinct.len()), (6, 6));
        assert!(!sheet.visits[0].told_at_once && sheet.visits[0].stands);
        let items = sheet.visits.iter().map(|visit| PlanItem {
            appointment_id: visit.id,
            version: visit.version,
            change: to(&clinic, &visit.proposals[0].start.to_string()),
        });
        let made = made(&world, &clinic, items.collect()).await;
        assert_eq!((made.moved, made.cancelled), (2, 0));
        let moved = seen(&world, &ann, &first).await;
        assert_eq!((moved.start, moved.reference), (sheet.visits[0].proposals[0].start, first.reference.clone()));
        assert_eq!(told(&world).await, [0, 0]);
        changes.undo(&clinic.admin, made.id).await.unwrap();
        assert_eq!(seen(&world, &ann, &first).await.start, first.start);
        // Two that want one time: the plan is refused whole, and says which line it was.
        let first = seen(&world, &ann, &first).await;
        let second = Appointment { version: second.version + 2, ..second };
        let both = vec![item(&first, to(&clinic, NEXT)), item(&second, to(&clinic, NEXT))];
        let planned = plan(&world, &clinic, both).await.unwrap();
        let refused = changes.confirm(&clinic.admin, planned.id).await;
        assert_eq!(refused.err(), Some(Error::invalid("items.1", "slot_taken")));
        assert_eq!(seen(&world, &ann, &first).await.start, first.start);
        world.healthy().await;
    }

    async fn what_was_changed_meanwhile_is_left_and_named(world: World) {
        let (clinic, [(ann, first), (ben, second)]) = two(&world).await;
        let items = vec![item(&first, to(&clinic, NEXT)), item(&second, PlannedChange::Cancel)];
        let made = made(&world, &clinic, items).await;
        // She herself moves on, and somebody takes his time.
        let command = RescheduleAppointment { start: at("11:30"), ..RescheduleAppointment::default() };
        world.services.appointments.reschedule(&ann, first.id, command).await.unwrap();
        let cleo = world.patient("cleo@x.example").await;
        clinic.book(&world, &cleo, "10:30").await.unwrap();
        let undone = world.services.changes.undo(&clinic.admin, made.id).await.unwrap();
        let outcomes: Vec<_> = undone.items.iter().map(|item| item.outcome).collect();
        assert_eq!(outcomes, [Some(UndoOutcome::ChangedSince), Some(UndoOutcome::TimeTaken)]);
        assert_eq!((undone.state, undone.left), (ChangeState::Undone, 2));
        assert_eq!(seen(&world, &ann, &first).await.start.to_string(), at("11:30"));
        assert_eq!(seen(&world, &ben, &second).await.status, Status::Cancelled);
        // His cancellation stands, so he is told of it; of hers only what she has done.
        assert_eq!(told(&world).await, [1, 0]);
        world.clock.advance_minutes(11);
        assert_eq!(told(&world).await, [0, 1]);
        world.healthy().await;
    }

    async fn a_patient_who_calls_it_off_herself_ends_it_for_undoing(world: World) {
        let (clinic, [(ann, first), _]) = two(&world).await;
        let made = made(&world, &clinic, vec![item(&first, to(&clinic, NEXT))]).await;
        world.services.appointments.advance(&ann, first.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
        let undone = world.services.changes.undo(&clinic.admin, made.id).await.unwrap();
        assert_eq!(undone.items[0].outcome, Some(UndoOutcome::ChangedSince));
        world.clock.advance_minutes(11);
        // One letter: that it is called off. That it was moved before is no news any more.
        let letters = world.letters("ann@x.example").await;
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].calendar.as_ref().map(|(method, _)| method.as_str()), Some("CANCEL"));
        world.healthy().await;
    }

    async fn who_waits_is_offered_nothing_that_may_be_taken_back(world: World) {
        let (clinic, [(_, first), (_, second)]) = two(&world).await;
        let others = world.patient("full@x.example").await;
        for time in ["11:00", "11:30"] {
            clinic.book(&world, &others, time).await.unwrap();
        }
        let waits = world.patient("waits@x.example").await;
        clinic.join(&world, &waits).await;
        assert_eq!(relay(&world).await, 0);
        let changes = &world.services.changes;
        let undone = made(&world, &clinic, vec![item(&first, PlannedChange::Cancel)]).await;
        assert_eq!(relay(&world).await, 0, "nobody is told, and she neither");
        changes.undo(&clinic.admin, undone.id).await.unwrap();
        made(&world, &clinic, vec![item(&second, PlannedChange::Cancel)]).await;
        assert_eq!(relay(&world).await, 0);
        world.clock.advance_minutes(11);
        assert_eq!(relay(&world).await, 1);
        world.healthy().await;
    }

    async fn who_may_be_on_her_way_is_told_at_once(world: World) {
        let (clinic, [_, (ben, second)]) = two(&world).await;
        // Seven on the day itself.
        world.clock.advance_minutes(60 * 22);
        let made = made(&world, &clinic, vec![item(&second, PlannedChange::Cancel)]).await;
        assert!(made.items[0].told_at_once);
        assert_eq!(told(&world).await, [0, 1]);
        let undone = world.services.changes.undo(&clinic.admin, made.id).await.unwrap();
        assert_eq!(undone.items[0].outcome, Some(UndoOutcome::ToldAlready));
        assert_eq!(seen(&world, &ben, &second).await.status, Status::Cancelled);
        world.healthy().await;
    }

    async fn a_plan_says_what_is_wrong_with_each_line_and_is_its_hospitals_own(world: World) {
        let (clinic, [(ann, first), (_, second)]) = two(&world).await;
        let changes = &world.services.changes;
        let (other, stranger) = world.hospital("Elsewhere", "Europe/Berlin").await;
        let (colleague, _) = world.doctor(&stranger, other.id, "Dr. Bo Lind").await;
        let foreign = PlannedChange::Move { doctor_id: colleague.card.id, start: NEXT.into() };
        let stale = PlanItem { version: 9, ..item(&first, PlannedChange::Cancel) };
        for (items, field, rule) in [
            (vec![item(&first, PlannedChange::Keep)], "items", "nothing_chosen"),
            (vec![stale], "items.0", "visit_changed"),
            (vec![item(&first, to(&clinic, "soon"))], "items.0.start", "time_invalid"),
            (vec![item(&first, PlannedChange::Cancel), item(&second, foreign)], "items.1.doctor_id", "doctor_unknown"),
            (vec![item(&first, PlannedChange::Cancel), item(&first, PlannedChange::Keep)], "items.1", "visit_twice"),
        ] {
            assert_eq!(plan(&world, &clinic, items).await.err(), Some(Error::invalid(field, rule)));
        }
        let planned = plan(&world, &clinic, vec![item(&first, PlannedChange::Cancel)]).await.unwrap();
        let own = world.member(&clinic.admin, clinic.hospital, "ada@x.example", Role::Doctor, Some(clinic.doctor.card.id)).await;
        let (nobody, _) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Cy Roth").await;
        let nobody = world.member(&clinic.admin, clinic.hospital, "cy@x.example", Role::Doctor, Some(nobody.card.id)).await;
        assert_eq!(changes.get(&own, planned.id).await.unwrap().items.len(), 1);
        for (who, refusal) in [(&ann, Error::NotFound), (&stranger, Error::NotFound), (&nobody, Error::Forbidden)] {
            assert_eq!(changes.get(who, planned.id).await.err(), Some(refusal.clone()));
            assert_eq!(changes.confirm(who, planned.id).await.err(), Some(refusal.clone()));
            assert_eq!(changes.undo(who, planned.id).await.err(), Some(refusal.clone()));
            let day = DAY.parse().unwrap();
            assert_eq!(changes.sheet(who, clinic.doctor.card.id, day, day).await.err(), Some(refusal));
        }
        // A plan is in nobody's list; what was made is in those of whoever may read it.
        assert!(changes.recent(&clinic.admin, clinic.hospital).await.unwrap().is_empty());
        changes.confirm(&own, planned.id).await.unwrap();
        for (who, count) in [(&clinic.admin, 1), (&own, 1), (&nobody, 0)] {
            assert_eq!(changes.recent(who, clinic.hospital).await.unwrap().len(), count);
        }
        assert_eq!(changes.recent(&stranger, clinic.hospital).await.err(), Some(Error::NotFound));
        assert_eq!(changes.confirm(&own, planned.id).await.err(), Some(Error::conflict(Conflict::AlreadyDone)));
    }

    async fn two_who_undo_and_move_at_once_agree(world: World) {
        let (clinic, [(ann, first), _]) = two(&world).await;
        let made = made(&world, &clinic, vec![item(&first, to(&clinic, NEXT))]).await;
        let command = RescheduleAppointment { start: at("11:30"), ..RescheduleAppointment::default() };
        let (undone, moved) = tokio::join!(
            world.services.changes.undo(&clinic.admin, made.id),
            world.services.appointments.reschedule(&ann, first.id, command),
        );
        let now = seen(&world, &ann, &first).await.start.to_string();
        let outcome = undone.unwrap().items[0].outcome;
        match moved {
            // Whether before or after: what she wanted last is where it stands.
            Ok(_) => assert_eq!(now, at("11:30")),
            Err(error) => {
                assert_eq!(error, Error::conflict(Conflict::StaleVersion));
                assert_eq!((outcome, now), (Some(UndoOutcome::Back), at("10:00")));
            }
        }
        world.healthy().await;
    }
}

async fn money_waits(market: &Market) {
    let world = &market.world;
    let ann = world.patient("ann@x.example").await;
    let (visit, order) = market.held(&ann, TEN).await;
    market.pay(&order, "authorized").await;
    market.settle().await;
    assert_eq!(market.at_the_provider().await, 5_000);
    let changes = &world.services.changes;
    for undo in [true, false] {
        let visit = seen(world, &ann, &visit).await;
        assert_eq!(visit.status, Status::Booked);
        let items = vec![item(&visit, PlannedChange::Cancel)];
        let command = PlanChanges { reason: Some("The doctor is ill".into()), items };
        let planned = changes.plan(&market.admin, market.doctor.card.id, command).await.unwrap();
        changes.confirm(&market.admin, planned.id).await.unwrap();
        market.settle().await;
        assert_eq!(market.at_the_provider().await, 5_000, "what may be undone costs nobody anything");
        if undo {
            changes.undo(&market.admin, planned.id).await.unwrap();
        }
        world.clock.advance_minutes(11);
        market.settle().await;
        assert_eq!(market.at_the_provider().await, if undo { 5_000 } else { 0 });
    }
    world.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_goes_back_when_the_patient_is_told_sqlite() {
    money_waits(&Market::open(Engine::Sqlite, Provider::Razorpay).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_goes_back_when_the_patient_is_told_postgres() {
    if let Some(market) = Market::open(Engine::Postgres, Provider::Razorpay).await {
        money_waits(&market).await;
    }
}
