//! The outbox, on both engines: letters leave once at least, through a mail server or as files, and not when they cannot.
//!
//! What a letter does is tested in `credentials`.

use std::net::SocketAddr;

use crate::{
    smtp::{Mood, Smtp},
    world::{Engine, World, on_both_engines, registration},
};
use domain::{Call, credentials::ForgotPassword};
use services::MailSettings;

fn through(smtp: &Smtp) -> MailSettings {
    MailSettings {
        smtp_url: Some(format!("smtp://{}", smtp.address)),
        from: Some("CareSync <no-reply@care.example>".into()),
        origin: "https://care.example".into(),
    }
}

fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

async fn with(engine: Engine, smtp: &Smtp) -> Option<World> {
    World::open_with(engine, |settings| settings.mail = through(smtp)).await
}

async fn ask(world: &World, email: &str) {
    world.services.credentials.forgot_password(ForgotPassword { email: email.into() }).await.unwrap();
}

macro_rules! on_both_engines_with_a_server {
    ($(async fn $name:ident($world:ident: World, $smtp:ident: Smtp) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn body($world: World, $smtp: Smtp) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let smtp = Smtp::start(anywhere());
                body(with(Engine::Sqlite, &smtp).await.unwrap(), smtp).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let smtp = Smtp::start(anywhere());
                if let Some(world) = with(Engine::Postgres, &smtp).await {
                    body(world, smtp).await;
                }
            }
        }
    )+};
}

on_both_engines_with_a_server! {
    async fn a_letter_arrives_whole(world: World, smtp: Smtp) {
        ask(&world, "ada@x.example").await;
        assert_eq!(world.house.deliver_mail().await, Ok(1));
        assert_eq!(world.house.deliver_mail().await, Ok(0));
        let taken = smtp.taken();
        assert_eq!(taken.len(), 1);
        let letter = &taken[0];
        assert_eq!((letter.to.as_str(), letter.subject.as_str()), ("ada@x.example", "There is no account with this address"));
        assert!(letter.raw.contains("From: CareSync <no-reply@care.example>") && letter.raw.contains("Auto-Submitted: auto-generated"));
        assert_eq!(letter.link(), "https://care.example/sign-up");
        assert!(letter.html.contains("href=\"https://care.example/sign-up\""));
    }

    async fn what_was_refused_for_now_is_tried_again_later(world: World, smtp: Smtp) {
        smtp.next(&[Mood::Refuse(451), Mood::HangUp]);
        ask(&world, "ada@x.example").await;
        assert_eq!(world.house.deliver_mail().await, Ok(1));
        assert_eq!(world.house.deliver_mail().await, Ok(0), "not at once");
        world.clock.advance_minutes(2);
        assert_eq!(world.house.deliver_mail().await, Ok(1));
        assert_eq!(smtp.taken().len(), 0);
        world.clock.advance_minutes(2);
        assert_eq!(world.house.deliver_mail().await, Ok(0), "the second wait is longer");
        world.clock.advance_minutes(5);
        assert_eq!(world.house.deliver_mail().await, Ok(1));
        assert_eq!(smtp.taken().len(), 1);
        world.clock.advance_minutes(24 * 60);
        assert_eq!(world.house.deliver_mail().await, Ok(0));
    }

    async fn what_was_refused_for_good_is_given_up(world: World, smtp: Smtp) {
        smtp.next(&[Mood::Refuse(550)]);
        ask(&world, "ada@x.example").await;
        assert_eq!(world.house.deliver_mail().await, Ok(1));
        let row = world.outbox().await.remove(0);
        assert_eq!((row.done, row.dead), (false, true));
        // The mail server's words may name the address: only the number is kept.
        assert_eq!(row.problem.as_deref(), Some("the mail server answers 550"));
        world.clock.advance_minutes(24 * 60);
        assert_eq!((world.house.deliver_mail().await, smtp.taken().len()), (Ok(0), 0));
    }

    async fn our_own_login_being_refused_costs_no_letter(world: World, smtp: Smtp) {
        smtp.next(&[Mood::Refuse(535)]);
        ask(&world, "ada@x.example").await;
        world.house.deliver_mail().await.unwrap();
        world.clock.advance_minutes(2);
        world.house.deliver_mail().await.unwrap();
        assert_eq!(smtp.taken().len(), 1);
    }

    async fn a_lost_answer_sends_the_same_letter_with_the_same_link(world: World, smtp: Smtp) {
        smtp.next(&[Mood::TakeAndHangUp]);
        world.services.accounts.register_patient(&Call::anonymous(), registration("ada@x.example")).await.unwrap();
        world.house.deliver_mail().await.unwrap();
        world.clock.advance_minutes(2);
        world.house.deliver_mail().await.unwrap();
        let taken = smtp.taken();
        assert_eq!(taken.len(), 2);
        assert_eq!(taken[0].link(), taken[1].link());
        let id = |raw: &str| raw.lines().find(|line| line.starts_with("Message-ID:")).unwrap().to_owned();
        assert_eq!(id(&taken[0].raw), id(&taken[1].raw));
    }

    async fn of_many_workers_one_sends(world: World, smtp: Smtp) {
        for number in 0..20 {
            ask(&world, &format!("p{number}@x.example")).await;
        }
        let world = std::sync::Arc::new(world);
        let workers: Vec<_> = (0..4).map(|_| {
            let world = world.clone();
            tokio::spawn(async move { world.house.deliver_mail().await.unwrap() })
        }).collect();
        let mut sent = 0;
        for worker in workers {
            sent += worker.await.unwrap();
        }
        assert_eq!((sent, smtp.taken().len()), (20, 20));
    }

    async fn what_a_worker_left_behind_is_taken_up(world: World, smtp: Smtp) {
        ask(&world, "ada@x.example").await;
        world.abandon_letter().await;
        assert_eq!(world.house.deliver_mail().await, Ok(0), "another has it");
        world.clock.advance_minutes(3);
        assert_eq!((world.house.deliver_mail().await, smtp.taken().len()), (Ok(1), 1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_down_and_comes_back_gets_the_letter() {
    let address = std::net::TcpListener::bind(anywhere()).unwrap().local_addr().unwrap();
    let settings = MailSettings {
        smtp_url: Some(format!("smtp://{address}")),
        from: Some("no-reply@care.example".into()),
        origin: "https://care.example".into(),
    };
    let world = World::open_with(Engine::Sqlite, |s| s.mail = settings).await.unwrap();
    ask(&world, "ada@x.example").await;
    world.house.deliver_mail().await.unwrap();
    assert_eq!(world.outbox().await[0].problem.as_deref(), Some("the mail server is not reached"));
    let smtp = Smtp::start(address);
    world.clock.advance_minutes(2);
    world.house.deliver_mail().await.unwrap();
    assert_eq!(smtp.taken().len(), 1);
}

on_both_engines! {
    async fn a_link_that_nobody_can_use_any_more_is_not_sent_for_days(world: World) {
        // A folder that cannot be written: its name belongs to a file.
        std::fs::write(world.folder.path().join("mail"), "").unwrap();
        ask(&world, "ada@x.example").await;
        for _ in 0..40 {
            world.house.deliver_mail().await.unwrap();
            world.clock.advance_minutes(60);
        }
        let row = world.outbox().await.remove(0);
        assert_eq!((row.done, row.dead), (false, true), "{row:?}");
        world.clock.advance_minutes(31 * 24 * 60);
        world.house.sweep().await.unwrap();
        assert!(world.outbox().await.is_empty());
    }

    async fn letters_become_files_for_their_owner_alone(world: World) {
        use std::os::unix::fs::PermissionsExt as _;
        ask(&world, "ada@x.example").await;
        world.house.deliver_mail().await.unwrap();
        let folder = world.folder.path().join("mail");
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!((mode(&folder), files.len(), mode(&files[0])), (0o700, 1, 0o600));
        assert_eq!(world.letters("ada@x.example").await.len(), 1);
        // What was sent is not kept, and after a week forgotten.
        let row = world.outbox().await.remove(0);
        assert!(row.done && row.payload.is_empty(), "{row:?}");
        world.clock.advance_minutes(8 * 24 * 60);
        world.house.sweep().await.unwrap();
        assert!(world.outbox().await.is_empty());
    }

    async fn an_address_gets_few_letters_an_hour(world: World) {
        for _ in 0..20 {
            ask(&world, "ada@x.example").await;
        }
        ask(&world, "bob@x.example").await;
        world.house.deliver_mail().await.unwrap();
        assert_eq!((world.letters("ada@x.example").await.len(), world.letters("bob@x.example").await.len()), (5, 1));
        world.clock.advance_minutes(61);
        ask(&world, "ada@x.example").await;
        assert_eq!(world.letters("ada@x.example").await.len(), 1);
    }

    async fn an_address_gets_no_more_of_them_from_many_at_once(world: World) {
        let asked = (0..16).map(|_| async {
            world.services.accounts.register_patient(&Call::anonymous(), registration("ada@x.example")).await
        });
        let made = futures::future::join_all(asked).await;
        assert!(made.iter().all(Result::is_ok), "{made:?}");
        assert_eq!(world.letters("ada@x.example").await.len(), 5);
    }

    async fn the_outbox_holds_no_secret(world: World) {
        world.services.accounts.register_patient(&Call::anonymous(), registration("ada@x.example")).await.unwrap();
        let before = world.outbox().await.remove(0).payload;
        let token = world.letters("ada@x.example").await[0].token();
        assert!(token.len() >= 43 && !before.contains(&token));
        assert!(!world.everything_stored().await.contains(&token));
    }
}
