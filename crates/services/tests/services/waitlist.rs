//! The waiting list, on both engines: who may wait for what, and who may see and end it.
//!
//! What suits a wish is tested in `domain`, what is offered in `waitlist_offers`; many stories at once are in `waitlist_stories`.

use domain::{
    Call, Error,
    access::Role,
    appointments::{Appointment, Move, MoveAppointment},
    availability::{BookingRules, SetWorkingHours, SlotQuery, TimeWindow, WeeklyWindow},
    doctors::Doctor,
    error::Conflict,
    family::Permission,
    hospitals::VisitType,
    ids::{HospitalId, WaitlistEntryId},
    time::parse_time,
    waitlist::{DayPart, EntryStatus, JoinWaitlist, WaitlistEntry},
};

use crate::{
    family::{again, helped, own_patient},
    world::{World, booking, on_both_engines},
};

/// The Tuesday on which the doctor of these tests works, from ten to twelve.
pub(crate) const DAY: &str = "2026-11-24";

/// A hospital with a doctor who sees four patients a week.
pub(crate) struct Clinic {
    pub(crate) hospital: HospitalId,
    pub(crate) admin: Call,
    pub(crate) doctor: Doctor,
    pub(crate) kind: VisitType,
}

/// A moment of that Tuesday, in Berlin.
pub(crate) fn at(time: &str) -> String {
    format!("{DAY}T{time}:00+01:00")
}

impl Clinic {
    /// Opened on a Monday at nine.
    pub(crate) async fn open(world: &World) -> Self {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, kind) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let window = TimeWindow { start: parse_time("10:00").unwrap(), end: parse_time("12:00").unwrap() };
        let hours = SetWorkingHours {
            weekly: vec![WeeklyWindow::new(2, window)],
            rules: Some(BookingRules {
                cadence_minutes: 30,
                notice_minutes: 0,
                horizon_days: 60,
                most_a_day: None,
            }),
            version: None,
        };
        world.services.availability.set_working_hours(&admin, doctor.card.id, hours).await.unwrap();
        world.clock.advance_minutes(120);
        Self { hospital: hospital.id, admin, doctor, kind }
    }

    /// The same with every time of the Tuesday booked by one patient.
    pub(crate) async fn full(world: &World) -> (Self, Call, Vec<Appointment>) {
        let clinic = Self::open(world).await;
        let busy = world.patient("busy@x.example").await;
        let mut visits = Vec::new();
        for time in ["10:00", "10:30", "11:00", "11:30"] {
            visits.push(clinic.book(world, &busy, time).await.unwrap());
        }
        (clinic, busy, visits)
    }

    pub(crate) async fn book(&self, world: &World, who: &Call, time: &str) -> domain::Result<Appointment> {
        world.services.appointments.book(who, booking(&self.doctor, &self.kind, &at(time))).await
    }

    /// Any time of the Tuesday.
    pub(crate) fn wish(&self) -> JoinWaitlist {
        JoinWaitlist {
            doctor_id: self.doctor.card.id,
            visit_type_id: self.kind.id,
            patient_id: None,
            appointment_id: None,
            from: DAY.parse().unwrap(),
            until: DAY.parse().unwrap(),
            weekdays: Vec::new(),
            day_parts: Vec::new(),
        }
    }

    /// Joins; whoever does so after her is behind her.
    pub(crate) async fn join(&self, world: &World, who: &Call) -> WaitlistEntry {
        let joined = world.services.waitlist.join(who, self.wish()).await.unwrap();
        world.clock.advance_minutes(1);
        joined
    }

    pub(crate) async fn free(&self, world: &World) -> Vec<String> {
        let day = DAY.parse().ok();
        let query =
            SlotQuery { doctor_id: self.doctor.card.id, visit_type_id: self.kind.id, from: day, to: day };
        let slots = world.services.availability.slots(query).await.unwrap();
        slots.items.iter().map(|slot| slot.start.to_string()).collect()
    }
}

pub(crate) async fn cancel(world: &World, who: &Call, visit: &Appointment) {
    let command = MoveAppointment::default();
    world.services.appointments.advance(who, visit.id, Move::Cancel, command).await.unwrap();
}

pub(crate) async fn relay(world: &World) -> usize {
    world.house.offer_due().await.unwrap()
}

/// The entry as its own side sees it now.
pub(crate) async fn entry(world: &World, who: &Call, id: WaitlistEntryId) -> WaitlistEntry {
    let own = world.services.waitlist.own(who).await.unwrap();
    own.into_iter().find(|entry| entry.id == id).unwrap()
}

on_both_engines! {
    async fn who_waits_for_what(world: World) {
        let clinic = Clinic::open(&world).await;
        let (patient, waitlist) = (world.patient("p@x.example").await, &world.services.waitlist);
        let mut wish = clinic.wish();
        wish.weekdays = vec![2, 4];
        wish.day_parts = vec![DayPart::Evening];
        let keyed = Call { idempotency_key: Some("k1".into()), ..patient.clone() };
        let joined = waitlist.join(&keyed, wish.clone()).await.unwrap();
        assert_eq!((joined.status, joined.place, joined.offer.clone(), joined.offered_lately), (EntryStatus::Waiting, Some(1), None, 0));
        assert_eq!((joined.weekdays.as_slice(), joined.day_parts.as_slice()), (&[2, 4][..], &[DayPart::Evening][..]));
        assert_eq!(waitlist.join(&keyed, wish.clone()).await.unwrap().id, joined.id, "the same request is the same entry");
        let twice = waitlist.join(&patient, clinic.wish()).await;
        assert_eq!(twice, Err(Error::conflict(Conflict::AlreadyWaiting)));
        let refused = |change: fn(&mut JoinWaitlist)| {
            let (mut wish, waitlist, patient) = (clinic.wish(), waitlist.clone(), patient.clone());
            change(&mut wish);
            async move { waitlist.join(&patient, wish).await.unwrap_err() }
        };
        assert_eq!(refused(|wish| wish.until = "2026-11-23".parse().unwrap()).await, Error::invalid("until", "range_order"));
        assert_eq!(refused(|wish| wish.until = "2027-02-23".parse().unwrap()).await, Error::invalid("until", "range_too_long"));
        assert_eq!(refused(|wish| wish.from = "2026-11-22".parse().unwrap()).await, Error::invalid("from", "date_past"));
        assert_eq!(refused(|wish| wish.weekdays = vec![8]).await, Error::invalid("weekdays", "weekday_unknown"));
        assert_eq!(refused(|wish| wish.doctor_id = uuid::Uuid::nil().into()).await, Error::NotFound);
        assert_eq!(refused(|wish| wish.visit_type_id = uuid::Uuid::nil().into()).await, Error::NotFound);
        assert_eq!(refused(|wish| wish.patient_id = Some(uuid::Uuid::nil().into())).await, Error::NotFound);
        assert_eq!(refused(|wish| wish.appointment_id = Some(uuid::Uuid::nil().into())).await, Error::NotFound);
        let newcomer = world.newcomer("new@x.example").await;
        assert_eq!(waitlist.join(&newcomer, clinic.wish()).await, Err(Error::EmailUnverified));
        assert_eq!(waitlist.join(&Call::anonymous(), clinic.wish()).await, Err(Error::Unauthenticated));
        // Five lines at most.
        for number in 0..4 {
            let (doctor, kind) = world.doctor(&clinic.admin, clinic.hospital, &format!("Dr. No {number}")).await;
            let wish = JoinWaitlist { doctor_id: doctor.card.id, visit_type_id: kind.id, ..clinic.wish() };
            waitlist.join(&patient, wish).await.unwrap();
        }
        let (doctor, kind) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Sixth").await;
        let wish = JoinWaitlist { doctor_id: doctor.card.id, visit_type_id: kind.id, ..clinic.wish() };
        assert_eq!(waitlist.join(&patient, wish).await, Err(Error::conflict(Conflict::TooManyEntries)));
        world.healthy().await;
    }

    async fn a_visit_to_be_put_earlier_is_ones_own_and_of_this_kind(world: World) {
        let clinic = Clinic::open(&world).await;
        let (patient, other, waitlist) = (world.patient("p@x.example").await, world.patient("o@x.example").await, &world.services.waitlist);
        let visit = clinic.book(&world, &patient, "11:30").await.unwrap();
        let wish = JoinWaitlist { appointment_id: Some(visit.id), ..clinic.wish() };
        assert_eq!(waitlist.join(&other, wish.clone()).await, Err(Error::NotFound));
        let (doctor, kind) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Ben Ott").await;
        let elsewhere = JoinWaitlist { doctor_id: doctor.card.id, visit_type_id: kind.id, ..wish.clone() };
        assert_eq!(waitlist.join(&patient, elsewhere).await, Err(Error::invalid("appointment_id", "unknown_value")));
        let later = JoinWaitlist { until: "2026-11-25".parse().unwrap(), ..wish.clone() };
        assert_eq!(waitlist.join(&patient, later).await, Err(Error::invalid("until", "date_too_late")));
        let joined = waitlist.join(&patient, wish.clone()).await.unwrap();
        assert_eq!((joined.appointment_id, joined.appointment_start), (Some(visit.id), Some(visit.start)));
        // Without the visit there is nothing to wait for.
        cancel(&world, &patient, &visit).await;
        assert_eq!(relay(&world).await, 0);
        assert_eq!(entry(&world, &patient, joined.id).await.status, EntryStatus::Ended);
        let letters = world.letters("p@x.example").await;
        assert!(letters.iter().any(|letter| letter.subject == "We no longer look for a time"));
        assert_eq!(waitlist.join(&patient, wish).await, Err(Error::conflict(Conflict::WrongStatus)));
        world.healthy().await;
    }

    async fn who_may(world: World) {
        let (clinic, busy, visits) = Clinic::full(&world).await;
        let waitlist = &world.services.waitlist;
        let (patient, stranger) = (world.patient("p@x.example").await, world.patient("eve@x.example").await);
        let (books, reads) = (world.patient("books@x.example").await, world.patient("reads@x.example").await);
        let books = helped(&world, &patient, &books, &[Permission::Book]).await;
        let reads = helped(&world, &again(&world, &patient).await, &reads, &[Permission::Records]).await;
        let wish = JoinWaitlist { patient_id: Some(own_patient(&patient)), ..clinic.wish() };
        assert_eq!(waitlist.join(&stranger, wish.clone()).await, Err(Error::NotFound));
        assert_eq!(waitlist.join(&reads, wish.clone()).await, Err(Error::NotFound));
        let desk = world.member(&clinic.admin, clinic.hospital, "desk@x.example", Role::Desk, None).await;
        assert_eq!(waitlist.join(&desk, wish.clone()).await, Err(Error::NotFound), "the hospital does not know her yet");
        let id = waitlist.join(&books, wish.clone()).await.unwrap().id;
        for (who, sees) in [(&patient, true), (&books, true), (&reads, true), (&stranger, false), (&desk, false)] {
            assert_eq!(waitlist.own(who).await.unwrap().iter().any(|entry| entry.id == id), sees);
        }
        let doctor = world.member(&clinic.admin, clinic.hospital, "ada@x.example", Role::Doctor, Some(clinic.doctor.card.id)).await;
        let (other, _) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Ben Ott").await;
        let ben = world.member(&clinic.admin, clinic.hospital, "ben@x.example", Role::Doctor, Some(other.card.id)).await;
        let (_, elsewhere) = world.hospital("Elsewhere", "Europe/Berlin").await;
        for (who, sees) in [(&desk, 1), (&clinic.admin, 1), (&doctor, 1), (&ben, 0)] {
            let line = waitlist.of_hospital(who, clinic.hospital, None).await.unwrap();
            assert_eq!(line.len(), sees);
            assert!(line.iter().all(|one| one.id == id && one.place == 1 && one.patient_name == "Patient p@x.example"));
            assert!(waitlist.of_hospital(who, clinic.hospital, Some(other.card.id)).await.unwrap().is_empty());
        }
        for who in [&stranger, &patient, &elsewhere] {
            assert_eq!(waitlist.of_hospital(who, clinic.hospital, None).await, Err(Error::NotFound));
        }
        cancel(&world, &busy, &visits[0]).await;
        relay(&world).await;
        let absent = WaitlistEntryId(uuid::Uuid::nil());
        for who in [&stranger, &reads, &desk, &doctor, &elsewhere] {
            for id in [id, absent] {
                assert_eq!(waitlist.accept(who, id).await, Err(Error::NotFound));
                assert_eq!(waitlist.decline(who, id).await, Err(Error::NotFound));
            }
        }
        for who in [&stranger, &reads, &doctor, &elsewhere] {
            assert_eq!(waitlist.withdraw(who, id).await, Err(Error::NotFound));
        }
        assert_eq!(waitlist.accept(&books, id).await.unwrap().patient_id, own_patient(&patient));
        // The desk puts her there again, and takes her off.
        let id = waitlist.join(&desk, wish).await.unwrap().id;
        assert_eq!(waitlist.withdraw(&desk, id).await.unwrap().status, EntryStatus::Withdrawn);
        let many = domain::page::PageQuery { limit: Some(100), cursor: None };
        let looks = world.services.audit.of_patient(&patient, own_patient(&patient), many).await.unwrap().items;
        for action in ["join_waitlist", "read_waitlist", "answer_offer", "leave_waitlist"] {
            assert!(looks.iter().any(|look| look.action == action), "{action}");
        }
        world.healthy().await;
    }

    async fn what_is_private_is_kept_from_helpers(world: World) {
        let clinic = Clinic::open(&world).await;
        let (patient, waitlist) = (world.patient("p@x.example").await, &world.services.waitlist);
        let books = helped(&world, &patient, &world.patient("books@x.example").await, &[Permission::Book]).await;
        let save = domain::doctors::SaveDoctor {
            name: "Dr. Bo Stein".into(),
            specialties: vec!["psychiatry".into()],
            languages: vec!["en".into()],
            visit_type_ids: vec![clinic.kind.id],
            active: true,
            ..Default::default()
        };
        let private = world.services.doctors.create(&clinic.admin, clinic.hospital, save).await.unwrap();
        let wish = JoinWaitlist { doctor_id: private.card.id, ..clinic.wish() };
        let id = waitlist.join(&patient, wish.clone()).await.unwrap().id;
        assert!(waitlist.own(&books).await.unwrap().is_empty());
        assert_eq!(waitlist.withdraw(&books, id).await, Err(Error::NotFound));
        let hers = JoinWaitlist { patient_id: Some(own_patient(&patient)), ..wish };
        assert_eq!(waitlist.join(&books, hers).await, Err(Error::invalid("patient_id", "kept_private")));
        world.healthy().await;
    }
}
