//! Acting for somebody else, as a browser without scripts sees it: the banner, the letter's link, forms that name their patient.
//! What each permission gives is tested with the services.

use serde_json::json;

use crate::{
    app::TestApp,
    browser::{form, get, signed_in},
    world::{self, World},
};

/// A parent with her token, her cookie and a small child.
async fn parent(world: &World) -> (String, String, String) {
    let token = world.patient("paula").await;
    let child = json!({ "full_name": "Mia Sommer", "birth_date": "2021-06-01" });
    let child = world::id(&world.app.post("/api/v1/family/children", Some(&token), child).await.expect(201));
    (token, signed_in(&world.app, "paula").await, child)
}

fn booked(world: &World, start: &str, patient: &str) -> String {
    let (doctor, kind) = (&world.doctor, &world.visit_type);
    format!("doctor_id={doctor}&visit_type_id={kind}&start={start}&patient_id={patient}")
}

#[tokio::test]
async fn a_page_for_somebody_says_so_and_leads_back() {
    let world = World::new(TestApp::sqlite().await).await;
    let (_, cookie, child) = parent(&world).await;
    for path in ["/doctors", "/appointments", "/who-looked", &format!("/book/{}/time", world.doctor)] {
        let own = get(&world.app, path, &cookie).await;
        assert!(!own.text.contains("acting-banner"), "{path}");
        let hers = get(&world.app, &format!("{path}?patient={child}"), &cookie).await;
        assert!(hers.text.contains("acting-banner") && hers.text.contains("Mia Sommer"), "{path}");
    }
    // Whoever is named and is nobody's is not oneself either.
    let nobody = uuid::Uuid::from_u128(7);
    let gone = get(&world.app, &format!("/appointments?patient={nobody}"), &cookie).await;
    assert!(gone.text.contains("acting-banner") && !gone.text.contains("Mia Sommer</bdi>"));
    // What is found keeps whom it is for.
    let found = get(&world.app, &format!("/doctors?patient={child}"), &cookie).await;
    assert!(found.text.contains(&format!("/doctors/{}?patient={child}", world.doctor)));
    assert!(found.text.contains(&format!("name=\"patient\" value=\"{child}\"")));
}

#[tokio::test]
async fn a_form_books_for_whom_it_names_and_for_nobody_else() {
    let world = World::new(TestApp::sqlite().await).await;
    let (token, cookie, child) = parent(&world).await;
    // Without a name it is refused, and not taken for oneself.
    let nameless =
        form(&world.app, "/_fn/book", Some(&cookie), &booked(&world, "2026-03-03T09:00", "")).await;
    assert!(!nameless.header("location").contains("booked=1"), "{}", nameless.header("location"));
    let hers =
        form(&world.app, "/_fn/book", Some(&cookie), &booked(&world, "2026-03-03T09:00", &child)).await;
    assert!(hers.header("location").contains("booked=1"), "{}", hers.header("location"));
    let visits = world.app.get("/api/v1/appointments", Some(&token)).await.expect(200);
    let names: Vec<_> =
        visits["items"].as_array().unwrap().iter().map(|v| v["patient_name"].clone()).collect();
    assert_eq!(names, ["Mia Sommer"]);
    let visit = world::id(&visits["items"][0]);
    // A page of before that has shown somebody else calls nothing off.
    let me = world.app.get("/api/v1/me", Some(&token)).await.expect(200);
    let own = me["patients"][0].as_str().unwrap().to_owned();
    let fields = |patient: &str| format!("id={visit}&patient={patient}&reason=");
    let stale = form(&world.app, "/_fn/cancel-visit", Some(&cookie), &fields(&own)).await;
    assert!(!stale.header("location").contains("cancelled=1"), "{}", stale.header("location"));
    let page = get(&world.app, &format!("/appointments/{visit}/cancel"), &cookie).await;
    assert!(page.text.contains("acting-banner") && page.text.contains(&format!("value=\"{child}\"")));
    let meant = form(&world.app, "/_fn/cancel-visit", Some(&cookie), &fields(&child)).await;
    assert!(meant.header("location").contains("cancelled=1"), "{}", meant.header("location"));
}

#[tokio::test]
async fn the_link_of_the_letter_uses_nothing_up() {
    let world = World::new(TestApp::sqlite().await).await;
    let (mother, _) = (world.patient("olga").await, world.patient("sven").await);
    let me = world.app.get("/api/v1/me", Some(&mother)).await.expect(200);
    let path = format!("/api/v1/patients/{}/helpers", me["patients"][0].as_str().unwrap());
    let offer = json!({ "email": "sven@example.org", "relation": "child", "permissions": ["book"] });
    let offer = world::id(&world.app.post(&path, Some(&mother), offer).await.expect(201));
    let links = world.app.mail_links("sven@example.org").await;
    assert!(links.iter().any(|link| link.ends_with(&format!("/family/offers/{offer}"))), "{links:?}");
    let page = format!("/family/offers/{offer}");
    // A program that looks through mail is led to the door.
    let anybody = world.app.get(&page, None).await;
    assert!(!anybody.text.contains("olga"));
    let cookie = signed_in(&world.app, "sven").await;
    for _ in 0..3 {
        assert_eq!(get(&world.app, &page, &cookie).await.status, 200);
    }
    let yes = form(&world.app, "/_fn/family-accept-offer", Some(&cookie), &format!("offer={offer}")).await;
    assert_eq!(yes.header("location"), "/family?done=accepted");
    assert_eq!(get(&world.app, &page, &cookie).await.status, 404);
    let again = form(&world.app, "/_fn/family-decline-offer", Some(&cookie), &format!("offer={offer}")).await;
    assert_ne!(again.header("location"), "/family?done=declined");
    assert!(get(&world.app, "/family", &cookie).await.text.contains("olga"));
}

#[tokio::test]
async fn a_refused_question_keeps_what_was_typed() {
    let world = World::new(TestApp::sqlite().await).await;
    let token = world.patient("olga").await;
    let cookie = signed_in(&world.app, "olga").await;
    let me = world.app.get("/api/v1/me", Some(&token)).await.expect(200);
    let patient = me["patients"][0].as_str().unwrap();
    let fields =
        format!("patient={patient}&email=nobody&relation=partner&permissions[]=pay&until=2020-01-01");
    let refused = form(&world.app, "/_fn/family-ask", Some(&cookie), &fields).await;
    let kept = refused.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    let kept = kept
        .filter_map(|line| line.split(';').next())
        .find(|line| line.starts_with("caresync-form="))
        .unwrap();
    let page = get(&world.app, "/family/ask", &format!("{cookie}; {kept}")).await;
    assert!(page.text.contains("value=\"nobody\"") && page.text.contains("value=\"2020-01-01\""));
    for wrong in ["field-email", "field-until"] {
        assert!(page.text.contains(&format!("href=\"#{wrong}\"")), "{wrong}");
    }
    let none = form(&world.app, "/_fn/family-ask", Some(&cookie), &format!("patient={patient}&email=")).await;
    assert!(none.status.is_redirection());
    assert!(
        world.app.get("/api/v1/family", Some(&token)).await.expect(200)["asked"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}
