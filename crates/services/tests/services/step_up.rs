//! What needs a proof of who one is, on both engines: for how long it holds, for which sign-in, and what counts as one.
//!
//! How pages ask for it is tested at the edges.

use domain::{
    Call, Error,
    access::Role,
    accounts::{InviteMember, MemberState, StaffPolicy},
    audit::AuditQuery,
    emergencies::DeclareEmergency,
    family::{OfferHelp, Permission, Permissions, Relation, Terms},
    ids::{AccountId, HospitalId, InvitationId},
    sign_ins::{IssueTokens, StepUp},
};

use crate::{
    second_factors::{code_at, turn_on},
    world::{PASSWORD, World, on_both_engines},
};

const POLICY: StaffPolicy = StaffPolicy { second_factor: false };

/// Signed in by token, as a program is.
async fn by_token(world: &World, call: &Call, code: Option<String>) -> Call {
    let email = call.actor.principal().unwrap().email.clone();
    let command = IssueTokens { email, password: PASSWORD.into(), code };
    let tokens = world.services.sign_ins.issue(command, "test").await.unwrap();
    let holder = world.services.sign_ins.holder(&tokens.access_token).await.unwrap().unwrap();
    Call { sign_in: Some(holder.sign_in), ..Call::by(domain::Actor::Account(Box::new(holder.principal))) }
}

async fn show(world: &World, call: &Call, proof: &str) -> domain::Result<()> {
    world.services.sign_ins.prove(call, StepUp { proof: proof.into() }).await.map(drop)
}

async fn policy(world: &World, call: &Call, here: HospitalId) -> domain::Result<()> {
    world.services.accounts.set_staff_policy(call, here, POLICY).await.map(drop)
}

fn asked<T>(result: domain::Result<T>) -> bool {
    result.err() == Some(Error::StepUpRequired)
}

on_both_engines! {
    async fn each_of_these_asks_and_the_rest_does_not(world: World) {
        let (here, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, _) = world.doctor(&admin, here.id, "Ada").await;
        let medic = world.member(&admin, here.id, "medic@x.example", Role::Doctor, Some(doctor.card.id)).await;
        let services = &world.services;
        let late = Call { proven_at: None, ..admin.clone() };
        let members = services.accounts.members(&late, here.id).await.unwrap().members;
        let seat = members.iter().find(|member| member.email == "medic@x.example").unwrap().id;
        let invite = InviteMember { hospital_id: here.id, email: "d@x.example".into(), role: Role::Desk, doctor_id: None };
        assert!(asked(services.accounts.invite(&late, invite.clone()).await));
        assert!(asked(services.accounts.set_member_state(&late, here.id, seat, MemberState::Suspended).await));
        let invitation = InvitationId(uuid::Uuid::nil());
        assert!(asked(services.accounts.withdraw_invitation(&late, here.id, invitation).await));
        assert!(asked(policy(&world, &late, here.id).await));
        assert!(asked(services.audit.export(&late, here.id, AuditQuery::default()).await));
        assert!(asked(services.sign_ins.end_others(&late).await));
        let medic_late = Call { proven_at: None, ..medic };
        let words = || String::new();
        let command = DeclareEmergency { full_name: words(), birth_date: words(), reason: words() };
        assert!(asked(services.emergencies.declare(&medic_late, here.id, command).await));
        // A stranger at an open screen lets nobody in, and takes nobody's record away; ending is done at once.
        let mum = world.patient("mum@x.example").await;
        let own = mum.actor.principal().unwrap().patients[0];
        let left = Call { proven_at: None, ..mum.clone() };
        let offer = OfferHelp {
            email: "x@x.example".into(),
            relation: Relation::Partner,
            permissions: [Permission::Book].into_iter().collect(),
            from: None,
            until: None,
        };
        let terms = Terms { permissions: Permissions::NONE, from: None, until: None };
        let nobody = AccountId(uuid::Uuid::nil());
        assert!(asked(services.families.offer(&left, own, offer).await));
        assert!(asked(services.families.change(&left, own, nobody, terms).await));
        assert_eq!(services.families.end(&left, own, nobody).await, Err(Error::NotFound));
        // Who may not do it at all is not told that a proof would help.
        assert_eq!(policy(&world, &medic_late, here.id).await, Err(Error::Forbidden));
        assert_eq!(policy(&world, &Call { proven_at: None, ..world.platform.clone() }, here.id).await, Err(Error::NotFound));
        // What only reads goes on.
        services.audit.search(&late, here.id, AuditQuery::default()).await.unwrap();
        services.accounts.staff_policy(&late, here.id).await.unwrap();
        services.sign_ins.list(&late).await.unwrap();
        let taken = services.audit.export(&admin, here.id, AuditQuery::default()).await.unwrap();
        assert!(!taken.is_empty());
        let entries = services.audit.search(&late, here.id, AuditQuery::default()).await.unwrap().items;
        assert!(entries.iter().any(|entry| entry.action == "export_audit"));
    }

    async fn a_proof_holds_five_minutes_and_for_one_sign_in(world: World) {
        let (here, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (one, other) = (by_token(&world, &admin, None).await, by_token(&world, &admin, None).await);
        policy(&world, &one, here.id).await.unwrap();
        world.clock.advance_minutes(5);
        assert!(asked(policy(&world, &one, here.id).await) && asked(policy(&world, &other, here.id).await));
        assert_eq!(show(&world, &one, "certainly not this one").await, Err(Error::invalid("proof", "proof_wrong")));
        assert!(asked(policy(&world, &one, here.id).await));
        show(&world, &one, PASSWORD).await.unwrap();
        policy(&world, &one, here.id).await.unwrap();
        assert!(asked(policy(&world, &other, here.id).await), "it was shown through another sign-in");
        world.clock.advance_minutes(4);
        policy(&world, &one, here.id).await.unwrap();
        world.clock.advance_minutes(1);
        assert!(asked(policy(&world, &one, here.id).await));
        // The session of a browser says so itself.
        let at = services::clock::Clock::now(&*world.clock);
        policy(&world, &Call { sign_in: None, ..one.clone() }.proven(at), here.id).await.unwrap();
        world.clock.advance_minutes(5);
        assert!(asked(policy(&world, &Call { sign_in: None, ..one }.proven(at), here.id).await));
    }

    async fn a_code_is_a_proof_once_and_nobody_tries_for_ever(world: World) {
        let (here, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (secret, recovery) = turn_on(&world, &admin).await;
        let one = by_token(&world, &admin, Some(recovery[0].clone())).await;
        world.clock.advance_minutes(6);
        let code = code_at(&world, &secret, 0);
        show(&world, &one, &code).await.unwrap();
        policy(&world, &one, here.id).await.unwrap();
        world.clock.advance_minutes(6);
        assert_eq!(show(&world, &one, &code).await, Err(Error::invalid("proof", "proof_wrong")));
        show(&world, &one, PASSWORD).await.unwrap();
        for _ in 0..11 {
            let _ = show(&world, &one, "certainly not this one").await;
        }
        assert!(matches!(show(&world, &one, PASSWORD).await, Err(Error::TooMany { .. })));
    }

    async fn a_sealed_text_opens_for_its_account_alone(world: World) {
        let (ada, bob) = (world.patient("ada@x.example").await, world.patient("bob@x.example").await);
        let [ada, bob] = [ada, bob].map(|call| call.actor.account_id().unwrap());
        let sign_ins = &world.services.sign_ins;
        let sealed = sign_ins.seal(ada, "what I have typed").unwrap();
        assert!(!sealed.contains("typed"));
        assert_eq!(sign_ins.unseal(ada, &sealed).as_deref(), Some("what I have typed"));
        assert_eq!(sign_ins.unseal(bob, &sealed), None);
        assert_eq!(sign_ins.unseal(ada, &sealed[1..]), None);
        assert_eq!(sign_ins.unseal(ada, "nothing"), None);
    }
}
