//! A hospital that asks its staff for a second factor, on both engines: who has none has no right there until she has.
//!
//! How a second factor is set up is in `second_factors`.

use domain::{
    Call, Error,
    access::{Principal, Role},
    accounts::{MemberState, StaffPolicy},
    hospitals::SaveHospital,
    sign_ins::IssueTokens,
};

use crate::{
    second_factors::{code_at, turn_on},
    world::{PASSWORD, World, act_as, on_both_engines},
};

/// The same account with the rights that it has now.
async fn now(world: &World, call: &Call) -> Call {
    Call { actor: act_as(&world.services, call.actor.account_id().unwrap()).await.actor, ..call.clone() }
}

fn principal(call: &Call) -> &Principal {
    call.actor.principal().unwrap()
}

const ASKED: StaffPolicy = StaffPolicy { second_factor: true };
const NOT_ASKED: StaffPolicy = StaffPolicy { second_factor: false };

/// The same house, opened again as a server opens it: whoever runs the platform needs a second factor.
pub(crate) async fn strict(world: World) -> World {
    let (clock, database_url, platform) =
        (world.clock.clone(), world.database_url.clone(), world.platform.clone());
    let (folder, opened) = crate::pepper::reopened(world, |settings| {
        settings.passkey_origin = "https://care.example".into();
    })
    .await;
    let house = opened.unwrap();
    World { services: house.services.clone(), house, clock, platform, folder, database_url }
}

on_both_engines! {
    async fn whoever_lacks_what_is_asked_has_no_right_at_once(world: World) {
        let (here, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (there, boss) = world.hospital("Ahornhof", "Europe/Berlin").await;
        let desk = world.member(&admin, here.id, "desk@x.example", Role::Desk, None).await;
        let accounts = &world.services.accounts;
        assert_eq!(accounts.staff_policy(&admin, here.id).await.unwrap(), NOT_ASKED);
        for (caller, refusal) in [
            (&desk, Error::Forbidden),
            (&boss, Error::NotFound),
            (&world.platform, Error::NotFound),
            (&Call::anonymous(), Error::Unauthenticated),
        ] {
            assert_eq!(accounts.set_staff_policy(caller, here.id, ASKED).await, Err(refusal.clone()));
            assert_eq!(accounts.staff_policy(caller, here.id).await, Err(refusal));
        }
        let held_before = {
            let command = IssueTokens { email: "desk@x.example".into(), password: PASSWORD.into(), code: None };
            world.services.sign_ins.issue(command, "test").await.unwrap().access_token
        };
        assert_eq!(accounts.set_staff_policy(&admin, here.id, ASKED).await.unwrap(), ASKED);

        // A token that was given before obeys it, and so does the administrator who decided it.
        let held = world.services.sign_ins.holder(&held_before).await.unwrap().unwrap().principal;
        for principal in [&held, principal(&now(&world, &admin).await)] {
            assert!(principal.memberships.is_empty() && !principal.is_staff() && principal.is_employed());
            assert_eq!(principal.held_back.iter().map(|held| held.hospital_id).collect::<Vec<_>>(), [here.id]);
        }
        let refused = accounts.members(&now(&world, &admin).await, here.id).await.err();
        assert_eq!(refused, Some(Error::NotFound));
        // The other hospital does not ask.
        assert_eq!(principal(&now(&world, &boss).await).memberships.len(), 1);

        turn_on(&world, &desk).await;
        let back = now(&world, &desk).await;
        assert_eq!((principal(&back).memberships.len(), principal(&back).held_back.len()), (1, 0));
        turn_on(&world, &admin).await;
        let admin = now(&world, &admin).await;
        assert_eq!(accounts.staff_policy(&admin, here.id).await.unwrap(), ASKED);
        assert_eq!(accounts.staff_policy(&admin, there.id).await.err(), Some(Error::NotFound));
        let newest = world.services.audit.search(&admin, here.id, domain::audit::AuditQuery::default()).await.unwrap();
        assert!(newest.items.iter().any(|entry| entry.action == "set_staff_policy" && entry.outcome == "allowed"));
        world.healthy().await;
    }

    async fn a_second_factor_that_is_turned_off_takes_the_rights_along(world: World) {
        let (here, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (secret, _) = turn_on(&world, &admin).await;
        let admin = now(&world, &admin).await;
        world.services.accounts.set_staff_policy(&admin, here.id, ASKED).await.unwrap();
        assert_eq!(principal(&now(&world, &admin).await).memberships.len(), 1);
        let code = code_at(&world, &secret, 0);
        let both = domain::second_factors::ProveBoth { password: PASSWORD.into(), code };
        world.services.second_factors.turn_off(&admin, both).await.unwrap();
        assert_eq!(principal(&now(&world, &admin).await).memberships.len(), 0);
    }

    async fn whoever_runs_the_platform_has_no_right_without_a_second_factor(world: World) {
        assert!(principal(&world.platform).platform_admin, "worlds of tests ask for none");
        let world = strict(world).await;
        let save = || SaveHospital {
            name: "Lindenhof".into(),
            address: "A".into(),
            city: "B".into(),
            time_zone: "Europe/Berlin".into(),
            currency: "EUR".into(),
            ..SaveHospital::default()
        };
        let platform = now(&world, &world.platform).await;
        let who = principal(&platform);
        assert!(!who.platform_admin && who.platform_held_back && who.is_employed() && !who.is_staff());
        assert!(world.services.hospitals.create(&platform, save()).await.is_err());
        let (secret, _) = turn_on(&world, &platform).await;
        let platform = now(&world, &platform).await;
        assert!(principal(&platform).platform_admin && !principal(&platform).platform_held_back);
        world.services.hospitals.create(&platform, save()).await.unwrap();
        let code = code_at(&world, &secret, 0);
        let both = domain::second_factors::ProveBoth { password: PASSWORD.into(), code };
        world.services.second_factors.turn_off(&platform, both).await.unwrap();
        assert!(!principal(&now(&world, &platform).await).platform_admin);
        // The login of the demo is known to everybody anyway.
        let demo = world.house.create_platform_admin("platform@demo.example", "Paula", PASSWORD).await.unwrap();
        assert!(principal(&act_as(&world.services, demo).await).platform_admin);
        world.house.close().await;
    }

    async fn a_new_hospital_asks_unless_it_is_said_otherwise(world: World) {
        let save = |name: &str, staff_second_factor| SaveHospital {
            name: name.into(),
            address: "A".into(),
            city: "B".into(),
            time_zone: "Europe/Berlin".into(),
            currency: "EUR".into(),
            staff_second_factor,
            ..SaveHospital::default()
        };
        let hospitals = &world.services.hospitals;
        let made = hospitals.create(&world.platform, save("Lindenhof", None)).await.unwrap();
        let first = world.member(&world.platform, made.id, "first@x.example", Role::HospitalAdmin, None).await;
        assert_eq!((principal(&first).memberships.len(), principal(&first).held_back.len()), (0, 1));
        let refused = hospitals.update(&first, made.id, save("Lindenhof", None)).await.err();
        assert_eq!(refused, Some(Error::NotFound));
        turn_on(&world, &first).await;
        let first = now(&world, &first).await;
        hospitals.update(&first, made.id, save("Lindenhof", None)).await.unwrap();
        let slipped_in = hospitals.update(&first, made.id, save("Lindenhof", Some(false))).await.err();
        assert_eq!(slipped_in, Some(Error::invalid("staff_second_factor", "unknown_field")));
        // A member who is suspended is not let in by a second factor.
        let desk = world.member(&first, made.id, "desk@x.example", Role::Desk, None).await;
        let members = world.services.accounts.members(&first, made.id).await.unwrap().members;
        let seat = members.iter().find(|member| member.email == "desk@x.example").unwrap().id;
        world.services.accounts.set_member_state(&first, made.id, seat, MemberState::Suspended).await.unwrap();
        turn_on(&world, &desk).await;
        assert!(!principal(&now(&world, &desk).await).is_employed());
    }
}
