//! Acting for somebody else, on both engines: how it begins, what it gives and for how long, how it ends.
//!
//! What a permission gives is tested in `domain`, and caller by caller in `agreement`; offers are in `family_offers`.

use crate::{
    letters::Letter,
    world::{World, act_as, booking, on_both_engines},
};
use domain::{
    Call, Error,
    appointments::{Move, MoveAppointment},
    error::Conflict,
    family::{AddChild, AnswerOffer, HandOver, Offer, OfferHelp, Permission, Permissions, Relation, Terms},
    ids::{AccountId, OfferId, PatientId},
    page::PageQuery,
};

pub(crate) const TEN: &str = "2026-11-24T10:00:00+01:00";
const DAY: i64 = 24 * 60;

pub(crate) async fn again(world: &World, call: &Call) -> Call {
    act_as(&world.services, call.actor.account_id().unwrap()).await
}

pub(crate) fn own_patient(call: &Call) -> PatientId {
    call.actor.principal().unwrap().patients[0]
}

pub(crate) fn account(call: &Call) -> AccountId {
    call.actor.account_id().unwrap()
}

pub(crate) fn help(email: &str, may: &[Permission]) -> OfferHelp {
    OfferHelp {
        email: email.into(),
        relation: Relation::Child,
        permissions: may.iter().copied().collect(),
        from: None,
        until: None,
    }
}

pub(crate) fn yes() -> AnswerOffer {
    AnswerOffer { accept: true, birth_date: None }
}

/// The offer that a letter leads to.
pub(crate) fn offer_of(letter: &Letter) -> OfferId {
    letter.link().rsplit('/').next().unwrap().parse().unwrap()
}

/// Lets an account act for the caller's own patient; comes back with the helper as she is then.
pub(crate) async fn helped(world: &World, owner: &Call, helper: &Call, may: &[Permission]) -> Call {
    let families = &world.services.families;
    let email = helper.actor.principal().unwrap().email.clone();
    let offer: Offer = families.offer(owner, own_patient(owner), help(&email, may)).await.unwrap();
    families.answer(helper, offer.id, yes()).await.unwrap();
    again(world, helper).await
}

/// A child of the caller's, so many years old today and so many days more.
pub(crate) async fn child(world: &World, parent: &Call, years: i16, days: i32) -> (Call, PatientId) {
    let today = services::clock::Clock::now(&*world.clock).to_zoned(jiff::tz::TimeZone::UTC).date();
    let born = domain::time::plus_days(domain::family::younger_after(today, years), -days);
    let command = AddChild { full_name: "Mia Sommer".into(), birth_date: born.to_string() };
    let child = world.services.families.add_child(parent, command).await.unwrap();
    assert_eq!((child.relation.as_str(), child.birth_date), ("parent", born));
    (again(world, parent).await, child.id)
}

on_both_engines! {
    async fn a_parent_books_for_a_child_and_the_audit_names_both(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (parent, mia) = child(&world, &world.patient("p@x.example").await, 6, 10).await;
        let command = domain::appointments::BookAppointment { patient_id: Some(mia), reason: Some("Cough".into()), ..booking(&doctor, &visit_type, TEN) };
        let visit = world.services.appointments.book(&parent, command).await.unwrap();
        assert_eq!((visit.patient_name.as_str(), visit.reason.as_deref(), visit.moves.as_slice()), ("Mia Sommer", Some("Cough"), &[Move::Cancel][..]));
        assert_eq!(visit.birth_date, None, "it is there for the hospital's members alone");
        let looks = world.services.audit.of_patient(&parent, mia, PageQuery::default()).await.unwrap().items;
        let booked = looks.iter().find(|look| look.action == "book_appointment").unwrap();
        assert_eq!((booked.basis.as_str(), booked.purpose.as_str(), booked.account_id), ("helper", "FAMRQT", Some(account(&parent))));
        assert!(looks.iter().all(|look| look.basis == "helper"), "the list of one's own is no exception: {looks:?}");
        world.services.appointments.list(&parent, domain::appointments::AppointmentQuery::default()).await.unwrap();
        let looks = world.services.audit.of_patient(&parent, mia, PageQuery::default()).await.unwrap().items;
        assert!(looks.iter().any(|look| look.action == "read_own_account") && looks.iter().all(|look| look.basis == "helper"));
        // The hospital's audit has it, too, and what is booked without a name is one's own.
        let own = world.services.appointments.book(&parent, booking(&doctor, &visit_type, "2026-11-24T11:00")).await.unwrap();
        assert_eq!(own.patient_id, own_patient(&parent));
        let cancelled = world.services.appointments.advance(&parent, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
        assert_eq!(cancelled.cancelled_by.map(domain::appointments::Initiator::code), Some("patient"));
        world.healthy().await;
    }

    async fn a_childs_age_changes_what_parents_may_on_the_very_day(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (parent, mia) = child(&world, &world.patient("p@x.example").await, 10, 364).await;
        let command = domain::appointments::BookAppointment { patient_id: Some(mia), reason: Some("Cough".into()), ..booking(&doctor, &visit_type, TEN) };
        let visit = world.services.appointments.book(&parent, command).await.unwrap();
        let audit = async |call: &Call| world.services.audit.of_patient(call, mia, PageQuery::default()).await.err();
        assert_eq!(audit(&parent).await, None);
        assert!(parent.actor.principal().unwrap().acting[0].guards);
        // The day before the eleventh birthday, and the birthday.
        world.clock.advance_minutes(DAY);
        let parent = again(&world, &parent).await;
        assert_eq!(parent.actor.principal().unwrap().acting[0].permissions, Permissions::ALL);
        world.clock.advance_minutes(DAY);
        let parent = again(&world, &parent).await;
        let acting = &parent.actor.principal().unwrap().acting[0];
        assert_eq!((acting.permissions, acting.guards, acting.hands_over), (Permissions::YOUNG, false, false));
        assert_eq!(audit(&parent).await, Some(Error::NotFound));
        let seen = world.services.appointments.get(&parent, visit.id).await.unwrap();
        assert_eq!(seen.reason, None, "what it is about is the child's own");
        let offer = world.services.families.offer(&parent, mia, help("q@x.example", &[Permission::Book])).await;
        assert_eq!(offer.err(), Some(Error::NotFound), "a parent no longer chooses who else looks after her");
        // Sixteen: nothing is left but the way to an account of her own.
        world.clock.advance_minutes(5 * 366 * DAY);
        let parent = again(&world, &parent).await;
        let acting = &parent.actor.principal().unwrap().acting[0];
        assert_eq!((acting.permissions, acting.hands_over), (Permissions::NONE, true));
        assert_eq!(world.services.appointments.get(&parent, visit.id).await.err(), Some(Error::NotFound));
        let patients = world.services.accounts.own_patients(&parent).await.unwrap();
        assert_eq!(patients.len(), 1, "only her own");
        assert!(world.services.families.around(&parent).await.unwrap().cares_for[0].hands_over);
    }

    async fn only_what_was_given_and_only_in_its_time(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (mum, son) = (world.patient("mum@x.example").await, world.patient("son@x.example").await);
        let visit = world.services.appointments.book(&mum, booking(&doctor, &visit_type, TEN)).await.unwrap();
        let for_mum = |start| domain::appointments::BookAppointment { patient_id: Some(own_patient(&mum)), ..booking(&doctor, &visit_type, start) };
        let (appointments, audit) = (&world.services.appointments, &world.services.audit);
        assert_eq!(appointments.get(&son, visit.id).await.err(), Some(Error::NotFound));
        // To pay gives nothing else.
        let son = helped(&world, &mum, &son, &[Permission::Pay]).await;
        assert_eq!(appointments.get(&son, visit.id).await.err(), Some(Error::NotFound));
        assert_eq!(appointments.book(&son, for_mum("2026-11-24T11:00")).await.err(), Some(Error::NotFound));
        // To book gives the visits, and not the record.
        let families = &world.services.families;
        let terms = |may: &[Permission], from: Option<&str>, until: Option<&str>| Terms { permissions: may.iter().copied().collect(), from: from.map(Into::into), until: until.map(Into::into) };
        let change = async |by: &Call, terms| families.change(by, own_patient(&mum), account(&son), terms).await;
        change(&mum, terms(&[Permission::Book], None, None)).await.unwrap();
        let son = again(&world, &son).await;
        appointments.book(&son, for_mum("2026-11-24T11:00")).await.unwrap();
        assert_eq!(audit.of_patient(&son, own_patient(&mum), PageQuery::default()).await.err(), Some(Error::NotFound));
        assert_eq!(change(&son, terms(&[Permission::Records], None, None)).await.err(), Some(Error::NotFound), "nobody gives herself more");
        let bad = change(&mum, terms(&[], Some("2026-12-02"), Some("2026-11-01"))).await.err();
        let Some(Error::Invalid { fields }) = bad else { panic!("{bad:?}") };
        assert_eq!(fields.iter().map(|f| f.rule.as_str()).collect::<Vec<_>>(), ["choose", "date_past", "range_order"]);
        // From tomorrow until the day after.
        change(&mum, terms(&[Permission::Records, Permission::Sensitive], Some("2026-11-24"), Some("2026-11-25"))).await.unwrap();
        for (day, holds) in [(0, false), (1, true), (1, true), (1, false)] {
            world.clock.advance_minutes(day * DAY);
            let son = again(&world, &son).await;
            assert_eq!(audit.of_patient(&son, own_patient(&mum), PageQuery::default()).await.is_ok(), holds);
            assert_eq!(appointments.get(&son, visit.id).await.is_ok(), holds);
        }
        assert!(families.around(&again(&world, &son).await).await.unwrap().cares_for.is_empty());
        world.healthy().await;
    }

    async fn what_is_sensitive_is_kept_from_helpers(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Bo Stein").await;
        world.becomes_private(&admin, &doctor, &visit_type).await;
        let (mum, son) = (world.patient("mum@x.example").await, world.patient("son@x.example").await);
        let visit = world.services.appointments.book(&mum, booking(&doctor, &visit_type, TEN)).await.unwrap();
        let son = helped(&world, &mum, &son, &[Permission::Book, Permission::Records]).await;
        let appointments = &world.services.appointments;
        assert_eq!(appointments.get(&son, visit.id).await.err(), Some(Error::NotFound));
        assert!(appointments.list(&son, domain::appointments::AppointmentQuery::default()).await.unwrap().items.is_empty());
        let for_mum = || domain::appointments::BookAppointment { patient_id: Some(own_patient(&mum)), ..booking(&doctor, &visit_type, "2026-11-24T11:00") };
        assert_eq!(appointments.book(&son, for_mum()).await.err(), Some(Error::invalid("patient_id", "kept_private")));
        // Who looked would say where she was, and by what is left out that something is.
        let (audit, mums) = (&world.services.audit, own_patient(&mum));
        assert_eq!(audit.of_patient(&son, mums, PageQuery::default()).await.err(), Some(Error::NotFound));
        assert_eq!(audit.emergencies_about(&son, mums).await.err(), Some(Error::NotFound));
        let all = Terms { permissions: Permissions::ALL, from: None, until: None };
        world.services.families.change(&mum, own_patient(&mum), account(&son), all).await.unwrap();
        let son = again(&world, &son).await;
        assert!(audit.emergencies_about(&son, mums).await.unwrap().is_empty());
        assert!(!audit.of_patient(&son, mums, PageQuery::default()).await.unwrap().items.is_empty());
        appointments.book(&son, for_mum()).await.unwrap();
        assert_eq!(appointments.list(&son, domain::appointments::AppointmentQuery::default()).await.unwrap().items.len(), 2);
    }

    async fn a_doctor_of_the_house_who_helps_reads_what_a_helper_reads(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (second, _) = world.doctor(&admin, hospital.id, "Dr. Bo Lind").await;
        let bo = world.member(&admin, hospital.id, "bo@x.example", domain::access::Role::Doctor, Some(second.card.id)).await;
        let ada = world.member(&admin, hospital.id, "ada@x.example", domain::access::Role::Doctor, Some(doctor.card.id)).await;
        let mum = world.patient("mum@x.example").await;
        let about = domain::appointments::BookAppointment { reason: Some("Chest pain".into()), ..booking(&doctor, &visit_type, TEN) };
        let visit = world.services.appointments.book(&mum, about).await.unwrap();
        let gone = MoveAppointment { reason: Some("It is about her heart".into()), ..MoveAppointment::default() };
        world.services.appointments.advance(&mum, visit.id, Move::Cancel, gone).await.unwrap();
        let read = async |call: &Call| {
            let reason = world.services.appointments.get(call, visit.id).await.unwrap().reason;
            let said = world.services.appointments.history(call, visit.id).await.unwrap().pop().unwrap().reason;
            (reason.is_some(), said.is_some())
        };
        let bo = helped(&world, &mum, &world.confirmed(&bo).await, &[Permission::Book]).await;
        assert_eq!(read(&bo).await, (false, false), "she helps, and treats nobody here");
        for may in [&mum, &ada, &admin] {
            assert_eq!(read(may).await, (true, true));
        }
        // What is given to her she reads, doctor or not.
        let terms = Terms { permissions: [Permission::Records].into_iter().collect(), from: None, until: None };
        world.services.families.change(&mum, own_patient(&mum), account(&bo), terms).await.unwrap();
        assert_eq!(read(&again(&world, &bo).await).await, (true, true));
        world.healthy().await;
    }

    async fn either_side_ends_it_at_once(world: World) {
        let (mum, son) = (world.patient("mum@x.example").await, world.patient("son@x.example").await);
        let families = &world.services.families;
        let reads = async |son: &Call| world.services.audit.of_patient(&again(&world, son).await, own_patient(&mum), PageQuery::default()).await.is_ok();
        let son = helped(&world, &mum, &son, &[Permission::Records, Permission::Sensitive]).await;
        assert!(reads(&son).await);
        let stranger = world.patient("x@x.example").await;
        for nobody in [&stranger, &Call::anonymous()] {
            assert!(families.end(nobody, own_patient(&mum), account(&son)).await.is_err());
        }
        families.end(&mum, own_patient(&mum), account(&son)).await.unwrap();
        assert!(!reads(&son).await);
        assert_eq!(families.end(&mum, own_patient(&mum), account(&son)).await, Err(Error::NotFound));
        // An older letter does not bring her back; a new one does.
        let son = helped(&world, &mum, &again(&world, &son).await, &[Permission::Records, Permission::Sensitive]).await;
        let old = families.offer(&mum, own_patient(&mum), help("son@x.example", &[Permission::Book])).await.unwrap();
        families.end(&mum, own_patient(&mum), account(&son)).await.unwrap();
        assert_eq!(families.answer(&son, old.id, yes()).await, Err(Error::NotFound));
        let son = helped(&world, &mum, &again(&world, &son).await, &[Permission::Records, Permission::Sensitive]).await;
        families.end(&son, own_patient(&mum), account(&son)).await.unwrap();
        assert!(!reads(&son).await);
        // The patient sees that it was ended, and by whom.
        let looks = world.services.audit.of_patient(&mum, own_patient(&mum), PageQuery::default()).await.unwrap().items;
        assert!(looks.iter().any(|look| look.action == "manage_family" && look.basis == "helper" && look.account_id == Some(account(&son))));
        assert!(looks.iter().any(|look| look.action == "manage_helpers" && look.basis == "own_patient"));
        world.healthy().await;
    }

    async fn a_child_is_never_left_to_nobody(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (families, other) = (&world.services.families, world.patient("q@x.example").await);
        let (parent, typo) = child(&world, &world.patient("p@x.example").await, 3, 0).await;
        families.end(&parent, typo, account(&parent)).await.unwrap();
        assert!(families.around(&again(&world, &parent).await).await.unwrap().cares_for.is_empty(), "who was only typed in goes");
        let (parent, mia) = child(&world, &parent, 3, 0).await;
        let command = domain::appointments::BookAppointment { patient_id: Some(mia), ..booking(&doctor, &visit_type, TEN) };
        let visit = world.services.appointments.book(&parent, command).await.unwrap();
        assert_eq!(families.end(&parent, mia, account(&parent)).await, Err(Error::conflict(Conflict::LastHelper)));
        world.services.appointments.get(&again(&world, &parent).await, visit.id).await.unwrap();
        // The other parent is asked; she may not send away the one who asked her.
        let offer = families.offer(&parent, mia, OfferHelp { relation: Relation::Parent, ..help("q@x.example", &Permission::ALL) }).await.unwrap();
        families.answer(&other, offer.id, yes()).await.unwrap();
        let other = again(&world, &other).await;
        world.services.appointments.get(&other, visit.id).await.unwrap();
        assert_eq!(families.end(&other, mia, account(&parent)).await, Err(Error::NotFound));
        let seen = families.around(&other).await.unwrap().helpers;
        assert_eq!((seen.len(), seen[0].changeable, &seen[0].email), (1, false, &None));
        families.end(&parent, mia, account(&parent)).await.unwrap();
        assert_eq!(families.end(&other, mia, account(&other)).await, Err(Error::conflict(Conflict::LastHelper)));
        world.healthy().await;
    }

    async fn children_are_children_and_not_too_many(world: World) {
        let families = &world.services.families;
        let newcomer = world.newcomer("new@x.example").await;
        let add = |name: &str, born: &str| AddChild { full_name: name.into(), birth_date: born.into() };
        assert_eq!(families.add_child(&newcomer, add("Mia", "2020-01-01")).await.err(), Some(Error::EmailUnverified));
        let parent = world.patient("p@x.example").await;
        let refused = families.add_child(&parent, add(" ", "2010-11-23")).await.err();
        let Some(Error::Invalid { fields }) = refused else { panic!("{refused:?}") };
        assert_eq!(fields.iter().map(|f| f.rule.as_str()).collect::<Vec<_>>(), ["required", "child_too_old"]);
        families.add_child(&parent, add("One", "2010-11-24")).await.unwrap();
        for number in 2..=12 {
            families.add_child(&parent, add(&format!("Child {number}"), "2020-01-01")).await.unwrap();
        }
        let more = families.add_child(&parent, add("More", "2020-01-01")).await.err();
        assert_eq!(more, Some(Error::conflict(Conflict::TooManyPeople)));
    }

    async fn who_is_old_enough_takes_over_her_record(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let families = &world.services.families;
        let (parent, young) = child(&world, &world.patient("p@x.example").await, 12, 0).await;
        let to = |email: &str| HandOver { email: email.into() };
        assert_eq!(families.hand_over(&parent, young, to("mia@x.example")).await.err(), Some(Error::NotFound), "at twelve it is too early");
        let (parent, mia) = child(&world, &parent, 14, 0).await;
        let command = domain::appointments::BookAppointment { patient_id: Some(mia), reason: Some("Cough".into()), ..booking(&doctor, &visit_type, TEN) };
        let visit = world.services.appointments.book(&parent, command).await.unwrap();
        assert_eq!(families.hand_over(&parent, mia, to("p@x.example")).await.err(), Some(Error::invalid("email", "child_is_you")));
        let own = own_patient(&parent);
        assert_eq!(families.hand_over(&parent, own, to("q@x.example")).await.err(), Some(Error::NotFound), "one's own record goes to nobody");
        families.hand_over(&parent, mia, to("mia@x.example")).await.unwrap();
        let offer = offer_of(world.letters("mia@x.example").await.last().unwrap());
        let account_of_mia = world.patient("mia@x.example").await;
        let empty = own_patient(&account_of_mia);
        let born = |date: &str| AnswerOffer { accept: true, birth_date: Some(date.into()) };
        assert_eq!(families.answer(&account_of_mia, offer, yes()).await.err(), Some(Error::invalid("birth_date", "required")));
        assert_eq!(families.answer(&account_of_mia, offer, born("2012-11-22")).await.err(), Some(Error::invalid("birth_date", "not_this_date")));
        families.answer(&account_of_mia, offer, born("2012-11-23")).await.unwrap();
        let grown = again(&world, &account_of_mia).await;
        assert_eq!(grown.actor.principal().unwrap().patients, [mia], "the empty record {empty} is gone");
        assert_eq!(world.services.appointments.get(&grown, visit.id).await.unwrap().reason.as_deref(), Some("Cough"));
        // The parent goes on booking until sixteen, unless Mia says no; and hands nothing over again.
        let parent = again(&world, &parent).await;
        assert_eq!(parent.actor.principal().unwrap().acts_for(mia).unwrap().permissions, Permissions::YOUNG);
        let helpers = families.around(&grown).await.unwrap().helpers;
        assert_eq!(helpers[0].permissions, Permissions::YOUNG, "what a parent had once is not shown as hers");
        assert_eq!(families.hand_over(&parent, mia, to("other@x.example")).await.err(), Some(Error::NotFound));
        families.end(&grown, mia, account(&parent)).await.unwrap();
        assert_eq!(world.services.appointments.get(&again(&world, &parent).await, visit.id).await.err(), Some(Error::NotFound));
        world.healthy().await;
    }

    async fn a_wrong_date_ends_the_way_to_a_record_after_five_tries(world: World) {
        let families = &world.services.families;
        let (parent, mia) = child(&world, &world.patient("p@x.example").await, 14, 0).await;
        let stranger = world.patient("wrong@x.example").await;
        let offer = families.hand_over(&parent, mia, HandOver { email: "wrong@x.example".into() }).await.unwrap();
        let guess = |date: &str| AnswerOffer { accept: true, birth_date: Some(date.into()) };
        for _ in 0..5 {
            assert_eq!(families.answer(&stranger, offer.id, guess("2012-01-01")).await.err(), Some(Error::invalid("birth_date", "not_this_date")));
        }
        assert_eq!(families.answer(&stranger, offer.id, guess("2012-11-23")).await.err(), Some(Error::NotFound));
        assert_eq!(again(&world, &stranger).await.actor.principal().unwrap().patients.len(), 1);
    }

    async fn whom_a_birthday_concerns_is_told_before_and_once(world: World) {
        let (_, mia) = child(&world, &world.patient("p@x.example").await, 10, 280).await;
        let told = async || {
            world.house.sweep().await.unwrap();
            world.letters("p@x.example").await.into_iter().filter(|letter| letter.subject.contains("11 years")).count()
        };
        assert_eq!((told().await, told().await), (1, 0), "{mia}");
        let mut letters = 0;
        for _ in 0..90 {
            world.clock.advance_minutes(DAY);
            letters += told().await;
        }
        assert_eq!(letters, 2, "30 and 7 days before");
    }
}
