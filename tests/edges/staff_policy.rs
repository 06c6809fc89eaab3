//! A hospital that asks its staff for a second factor, as a browser without scripts and a program meet it.

use serde_json::json;

use crate::{
    app::TestApp,
    browser::{form, get, session},
    second_factor::code,
    world::{PASSWORD, World, hospital, id, token},
};

#[tokio::test]
async fn whoever_lacks_a_code_is_led_to_set_it_up_and_goes_on_to_work() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let mut asks = hospital("Havel Clinic");
    asks.as_object_mut().unwrap().remove("staff_second_factor");
    let asks = id(&app.post("/api/v1/hospitals", Some(&world.platform), asks).await.expect(201));
    let path = format!("/api/v1/hospitals/{asks}");
    let invitation = json!({ "email": "first@example.org", "role": "hospital_admin" });
    let invitation =
        app.post(&format!("{path}/invitations"), Some(&world.platform), invitation).await.expect(201);
    let password = PASSWORD.replace(' ', "+");
    let fields =
        format!("token={}&full_name=Frida+First&password={password}", invitation["token"].as_str().unwrap());
    let accepted = form(app, "/_fn/accept-invitation", None, &fields).await;
    assert_eq!(accepted.header("location"), "/hospital", "{}", accepted.text);
    let cookie = session(&accepted).unwrap();

    // Every page of the hospital leads to the one where it is set up, and nothing is answered before.
    for page in ["/hospital".to_owned(), format!("/hospital/{asks}"), format!("/hospital/{asks}/members")] {
        let answer = get(app, &page, &cookie).await;
        assert_eq!(answer.header("location"), "/account/second-factor", "{page}");
    }
    assert_eq!(get(app, &format!("{path}/members"), &cookie).await.problem(404), "not_found");
    let bearer = token(app, "first@example.org").await;
    let me = app.get("/api/v1/me", Some(&bearer)).await.expect(200);
    assert_eq!(
        (me["memberships"].clone(), me["held_back"][0]["hospital_id"].clone()),
        (json!([]), json!(asks))
    );
    assert_eq!(app.get(&format!("{path}/members"), Some(&bearer)).await.problem(404), "not_found");
    let page = get(app, "/account/second-factor", &cookie).await.text;
    assert!(page.contains("Havel Clinic"), "{page}");

    form(app, "/_fn/begin-second-factor", Some(&cookie), &format!("password={password}")).await;
    let page = get(app, "/account/second-factor", &cookie).await.text;
    let secret = page.split("class=\"secret\"").nth(1).unwrap();
    let secret = secret.split('>').nth(1).unwrap().split('<').next().unwrap();
    let on = form(app, "/_fn/confirm-second-factor", Some(&cookie), &format!("code={}", code(secret))).await;
    assert_eq!(on.header("location"), "/account/second-factor?saved=on", "{}", on.text);
    let cookie = session(&on).unwrap();
    let page = get(app, "/account/second-factor?saved=on", &cookie).await.text;
    assert!(page.contains("href=\"/hospital\"") && !page.contains("Havel Clinic asks"), "{page}");
    let today = format!("/hospital/{asks}");
    assert_eq!(get(app, "/hospital", &cookie).await.header("location"), today);
    assert_eq!(get(app, &today, &cookie).await.status, 200);
}

#[tokio::test]
async fn the_administrator_decides_on_the_page_of_settings() {
    let world = World::new(TestApp::sqlite().await).await;
    let cookie = crate::browser::signed_in(&world.app, "admin").await;
    let path = format!("/api/v1/hospitals/{}/staff-policy", world.hospital);
    let page = format!("/hospital/{}/settings", world.hospital);
    let shown = get(&world.app, &page, &cookie).await.text;
    assert!(
        shown.contains("/_fn/hospital-set-staff-policy") && shown.contains("name=\"second_factor\""),
        "{shown}"
    );
    assert_eq!(get(&world.app, &path, &cookie).await.expect(200), json!({ "second_factor": false }));
    let fields = format!("hospital={}&second_factor=true", world.hospital);
    let set = form(&world.app, "/_fn/hospital-set-staff-policy", Some(&cookie), &fields).await;
    assert_eq!(set.header("location"), format!("{page}?policy=saved"), "{}", set.text);
    // It holds for her, too.
    assert_eq!(get(&world.app, &path, &cookie).await.problem(404), "not_found");
    assert_eq!(get(&world.app, &page, &cookie).await.header("location"), "/account/second-factor");
}
