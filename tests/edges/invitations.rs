//! An invitation that is taken back, as a browser without scripts and a program meet it.

use serde_json::{Value, json};

use crate::{
    app::TestApp,
    browser::{form, get, signed_in},
    step_up::held,
    world::{PASSWORD, World, id},
};

/// An open invitation for somebody at the desk.
async fn invited(world: &World) -> Value {
    let path = format!("/api/v1/hospitals/{}/invitations", world.hospital);
    let command = json!({ "email": "wrong@example.org", "role": "desk" });
    world.app.post(&path, Some(&world.admin), command).await.expect(201)
}

#[tokio::test]
async fn its_row_takes_it_back_and_its_link_says_that_it_ended() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let made = invited(&world).await;
    let cookie = signed_in(app, "admin").await;
    let list = format!("/hospital/{}/members", world.hospital);
    let row = format!("value=\"{}\"", id(&made));
    let page = get(app, &list, &cookie).await.text;
    assert!(page.contains("action=\"/_fn/hospital-withdraw-invitation\"") && page.contains(&row), "{page}");
    let link = format!("/invitation/{}", made["token"].as_str().unwrap());
    assert!(app.get(&link, None).await.text.contains("wrong@example.org"));

    let fields = format!("hospital={}&invitation={}", world.hospital, id(&made));
    let done = form(app, "/_fn/hospital-withdraw-invitation", Some(&cookie), &fields).await;
    assert_eq!(done.header("location"), format!("{list}?withdrawn={}", id(&made)), "{}", done.text);
    let page = get(app, done.header("location"), &cookie).await.text;
    assert!(page.contains("The invitation was taken back") && !page.contains(&row), "{page}");
    let over = app.get(&link, None).await;
    assert!(over.text.contains("This invitation has ended") && !over.text.contains("wrong@example.org"));
    let accept = json!({ "token": made["token"], "full_name": "Wendy", "password": PASSWORD });
    assert_eq!(app.post("/api/v1/invitations/accept", None, accept).await.problem(404), "not_found");

    // An address that was kept says nothing about an invitation that is open.
    let other = invited(&world).await;
    let page = get(app, &format!("{list}?withdrawn={}", id(&other)), &cookie).await.text;
    assert!(!page.contains("The invitation was taken back"), "{page}");
    // The second time there is nothing to take back.
    let again = form(app, "/_fn/hospital-withdraw-invitation", Some(&cookie), &fields).await;
    assert_eq!(again.header("location"), "/sign-in", "it leads back to the page of the form");
}

#[tokio::test]
async fn a_stranger_at_an_open_screen_takes_nothing_back() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let made = invited(&world).await;
    let cookie = signed_in(app, "admin").await;
    app.clock.advance_minutes(6);
    let fields = format!("hospital={}&invitation={}", world.hospital, id(&made));
    let asked = form(app, "/_fn/hospital-withdraw-invitation", Some(&cookie), &fields).await;
    assert_eq!(asked.header("location"), "/confirm", "{}", asked.text);
    let both = format!("{cookie}; {}", held(&asked));
    let page = get(app, "/confirm", &both).await.text;
    assert!(page.contains("Take an invitation back") && page.contains("wrong@example.org"), "{page}");
    let proven = format!("{fields}&proof={}", PASSWORD.replace(' ', "+"));
    let done = form(app, "/_fn/hospital-withdraw-invitation", Some(&both), &proven).await;
    assert!(done.header("location").contains("/members?withdrawn="), "{} {}", done.status, done.text);
}

#[tokio::test]
async fn a_program_takes_it_back_once() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let made = invited(&world).await;
    let path = format!("/api/v1/hospitals/{}/invitations/{}", world.hospital, id(&made));
    let desk = world.desk().await;
    assert_eq!(app.delete(&path, Some(&desk)).await.problem(403), "forbidden");
    assert_eq!(app.delete(&path, None).await.problem(401), "unauthenticated");
    assert_eq!(app.delete(&path, Some(&world.admin)).await.status, 204);
    assert_eq!(app.delete(&path, Some(&world.admin)).await.problem(404), "not_found");
    let members = format!("/api/v1/hospitals/{}/members", world.hospital);
    assert_eq!(app.get(&members, Some(&world.admin)).await.expect(200)["invitations"], json!([]));
}
