//! What needs the password once more, as a browser without scripts and a program meet it: nothing that was typed is lost.

use axum::http::header;
use caresync::registry::{self, Policy};
use serde_json::json;

use crate::{
    app::{Answer, TestApp},
    browser::{form, get, scripted, session, signed_in},
    world::{PASSWORD, World},
};

/// The cookie of what is held back, as a browser sends it on.
pub(crate) fn held(answer: &Answer) -> String {
    let mut lines = answer.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    let line = lines.rfind(|line| line.starts_with("caresync-held=")).unwrap();
    line.split(';').next().unwrap().to_owned()
}

fn password() -> String {
    PASSWORD.replace(' ', "+")
}

#[tokio::test]
async fn a_form_waits_for_the_password_and_goes_on() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let cookie = signed_in(app, "admin").await;
    let fields =
        format!("hospital={}&email=dora%40example.org&role=desk&doctor=&back=%2Fhospital", world.hospital);
    app.clock.advance_minutes(6);
    let asked = form(app, "/_fn/hospital-invite", Some(&cookie), &fields).await;
    assert_eq!(asked.header("location"), "/confirm", "{}", asked.text);
    assert!(!held(&asked).contains("dora"), "sealed");
    let both = format!("{cookie}; {}", held(&asked));
    let page = get(app, "/confirm", &both).await.text;
    assert!(page.contains("action=\"/_fn/hospital-invite\""), "{page}");
    assert!(page.contains("value=\"dora@example.org\"") && page.contains("name=\"proof\""), "{page}");

    // A wrong password asks again, with all that was typed.
    let wrong = form(app, "/_fn/hospital-invite", Some(&both), &format!("{fields}&proof=not+this+one")).await;
    assert_eq!(wrong.header("location"), "/confirm", "{}", wrong.text);
    let both = format!("{cookie}; {}", held(&wrong));
    let page = get(app, "/confirm", &both).await.text;
    assert!(page.contains("aria-invalid=\"true\"") && page.contains("value=\"dora@example.org\""), "{page}");

    let done =
        form(app, "/_fn/hospital-invite", Some(&both), &format!("{fields}&proof={}", password())).await;
    assert!(
        done.header("location").starts_with("/hospital?invited="),
        "{} {}",
        done.header("location"),
        done.text
    );
    let cookie = session(&done).unwrap();
    // For five minutes she is not asked again.
    let state = format!("hospital={}&second_factor=", world.hospital);
    let next = form(app, "/_fn/hospital-set-staff-policy", Some(&cookie), &state).await;
    assert!(next.header("location").contains("policy=saved"), "{}", next.header("location"));
    app.clock.advance_minutes(5);
    let later = form(app, "/_fn/hospital-set-staff-policy", Some(&cookie), &state).await;
    assert_eq!(later.header("location"), "/confirm");
}

#[tokio::test]
async fn what_is_held_for_one_is_nothing_to_another() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let cookie = signed_in(app, "admin").await;
    app.clock.advance_minutes(6);
    let fields = format!("hospital={}&email=dora%40example.org&role=desk&doctor=&back=%2F", world.hospital);
    let asked = form(app, "/_fn/hospital-invite", Some(&cookie), &fields).await;
    world.patient("bob").await;
    let other = signed_in(app, "bob").await;
    let page = get(app, "/confirm", &format!("{other}; {}", held(&asked))).await.text;
    assert!(!page.contains("dora"), "{page}");
}

#[tokio::test]
async fn the_audit_leaves_as_a_file_only_after_a_proof() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let file = format!("/api/v1/hospitals/{}/audit.csv", world.hospital);
    let cookie = signed_in(app, "admin").await;
    let desk = world.desk().await;
    assert_eq!(get(app, &file, &cookie).await.status, 200);
    app.clock.advance_minutes(6);
    assert_eq!(get(app, &file, &cookie).await.problem(403), "step_up_required");
    // Nobody else learns that a proof would be asked for.
    assert_eq!(app.get(&file, Some(&desk)).await.problem(403), "forbidden");
    let audit = format!("/hospital/{}/audit", world.hospital);
    let page = get(app, &format!("/confirm?next={file}&back={audit}"), &cookie).await.text;
    assert!(page.contains("action=\"/_fn/step-up\"") && page.contains(&file), "{page}");
    // Whoever would rather not goes back to where she came from, and nowhere else.
    assert!(page.contains(&format!("href=\"{audit}\"")), "{page}");
    let elsewhere = format!("/confirm?next={file}&back=https%3A%2F%2Felsewhere.example");
    assert!(!get(app, &elsewhere, &cookie).await.text.contains("href=\"https://elsewhere.example"));
    let fields = format!("next={file}&back={audit}&proof={}", password());
    let shown = form(app, "/_fn/step-up", Some(&cookie), &fields).await;
    assert!(shown.header("location").starts_with("/confirm?next="), "{}", shown.header("location"));
    let cookie = session(&shown).unwrap();
    let page = get(app, shown.header("location"), &cookie).await.text;
    assert!(page.contains(&format!("href=\"{file}\"")), "{page}");
    assert!(page.contains(&format!("href=\"{audit}\"")), "{page}");
    assert_eq!(get(app, &file, &cookie).await.status, 200);
    let fresh = get(app, &format!("/confirm?next={file}"), &cookie).await;
    assert_eq!(fresh.header("location"), file);
}

#[tokio::test]
async fn what_was_left_before_does_not_go_out_with_something_else() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let cookie = signed_in(app, "admin").await;
    app.clock.advance_minutes(6);
    let fields = format!(
        "hospital={}&email=eve%40example.org&role=hospital_admin&doctor=&back=%2Fhospital",
        world.hospital
    );
    let left = form(app, "/_fn/hospital-invite", Some(&cookie), &fields).await;
    let both = format!("{cookie}; {}", held(&left));
    // Somebody comes back to the page: it says what it is for, and whom.
    let page = get(app, "/confirm", &both).await.text;
    assert!(
        page.contains("Invite somebody to work at the hospital") && page.contains("eve@example.org<!></bdi>"),
        "{page}"
    );
    // Asked for something else, it asks for that alone.
    let other = get(app, "/confirm?next=%2Fhospital", &both).await.text;
    assert!(!other.contains("hospital-invite") && !other.contains("eve@example.org"), "{other}");
    let gone = form(app, "/_fn/step-up-cancel", Some(&both), "").await;
    assert_eq!(gone.header("location"), "/sign-in");
    let cookies = gone.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    assert!(
        cookies.into_iter().any(|line| line.starts_with("caresync-held=;") && line.contains("Max-Age=0"))
    );
}

#[tokio::test]
async fn boxes_that_were_ticked_wait_as_well() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let token = world.patient("olga").await;
    let cookie = signed_in(app, "olga").await;
    let me = app.get("/api/v1/me", Some(&token)).await.expect(200);
    let patient = me["patients"][0].as_str().unwrap();
    let fields = format!(
        "patient={patient}&email=sven%40example.org&relation=partner&permissions[]=book&permissions[]=records"
    );
    app.clock.advance_minutes(6);
    let asked = form(app, "/_fn/family-ask", Some(&cookie), &fields).await;
    assert_eq!(asked.header("location"), "/confirm", "{}", asked.text);
    let both = format!("{cookie}; {}", held(&asked));
    let page = get(app, "/confirm", &both).await.text;
    for value in ["book", "records", "partner", "sven@example.org", patient] {
        assert!(page.contains(&format!("value=\"{value}\"")), "{value} {page}");
    }
    assert_eq!(page.matches("name=\"permissions[]\"").count(), 2);
    // In words, too: whoever gives the password reads what it lets somebody do, and for whom.
    for words in ["Book, see and cancel visits", "Read the reasons for visits", "no end date"] {
        assert!(page.contains(words), "{words} {page}");
    }
    let fields = format!("{fields}&from=&until=&proof={}", password());
    let sent = form(app, "/_fn/family-ask", Some(&both), &fields).await;
    assert_eq!(sent.header("location"), "/family?done=asked");
    let family = app.get("/api/v1/family", Some(&token)).await.expect(200);
    assert_eq!(family["asked"][0]["permissions"], json!(["book", "records"]));
}

#[tokio::test]
async fn a_page_with_scripts_is_told_where_it_goes_on() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let cookie = signed_in(app, "admin").await;
    let fields = |note: &str| {
        format!("hospital={}&email=dora%40example.org&role=desk&back=%2Fhospital{note}", world.hospital)
    };
    app.clock.advance_minutes(6);
    let asked = scripted(app, "/_fn/hospital-invite", &cookie, &fields("")).await;
    assert_eq!(asked.status, 403, "{}", asked.text);
    // No browser follows a refusal by itself: this is what the page's script reads.
    assert!(asked.headers.contains_key("serverfnredirect"), "{:?}", asked.headers);
    assert_eq!(asked.header("location"), "/confirm");
    let page = get(app, "/confirm", &format!("{cookie}; {}", held(&asked))).await.text;
    assert!(page.contains("value=\"dora@example.org\""), "{page}");
    // What is too long to be held back is asked for alone.
    let long = fields(&format!("&doctor={}", "x".repeat(4_000)));
    let asked = scripted(app, "/_fn/hospital-invite", &cookie, &long).await;
    assert_eq!(asked.header("location"), "/confirm?next=%2Fsign-in");

    // A session that came to its end is told likewise.
    app.clock.advance_minutes(40);
    let ended = scripted(app, "/_fn/hospital-invite", &cookie, &fields("")).await;
    assert_eq!(ended.status, 401, "{}", ended.text);
    assert!(ended.header("location").starts_with("/sign-in?"), "{:?}", ended.headers);
    // Somebody else may be at the screen: what needs a proof is not laid before its owner when she is back.
    let mut kept = ended.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    assert!(!kept.any(|line| line.starts_with("caresync-held=") && !line.starts_with("caresync-held=;")));
}

#[tokio::test]
async fn a_program_steps_up_with_its_token() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let path = format!("/api/v1/hospitals/{}/staff-policy", world.hospital);
    let policy = json!({ "second_factor": false });
    app.put(&path, Some(&world.admin), policy.clone()).await.expect(200);
    app.clock.advance_minutes(6);
    assert_eq!(app.put(&path, Some(&world.admin), policy.clone()).await.problem(403), "step_up_required");
    let wrong = app.post("/api/v1/auth/step-up", Some(&world.admin), json!({ "proof": "no" })).await.broken();
    assert_eq!(wrong, ("proof".to_owned(), "proof_wrong".to_owned()));
    assert_eq!(app.put(&path, Some(&world.admin), policy.clone()).await.problem(403), "step_up_required");
    let shown = app.post("/api/v1/auth/step-up", Some(&world.admin), json!({ "proof": PASSWORD })).await;
    assert_eq!(shown.status, 204);
    app.put(&path, Some(&world.admin), policy).await.expect(200);
}

#[test]
fn every_form_that_needs_a_proof_is_known_as_one() {
    for entry in registry::all().filter(|entry| entry.path.starts_with("/_fn/")) {
        let Policy::Needs(actions) = entry.policy else { continue };
        let needs = actions.iter().any(|action| action.needs_proof());
        assert_eq!(app::step_up::is_asked_for(entry.path), needs, "{}", entry.path);
    }
}
