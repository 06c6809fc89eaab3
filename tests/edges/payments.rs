//! The door to payment providers, through the whole router: it is open to other sites, believes nothing but a signature, and lets no
//! page but one send a form out of the house.
//! What follows from what comes in is tested with the services.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use ring::hmac;
use sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use services::{
    PaymentSettings,
    clock::{Clock, SystemClock},
};

use crate::{
    app::{Answer, TestApp, request},
    browser::{form_on, get, signed_in},
    world::World,
};

/// A world whose one visit type is paid for when it is booked.
async fn market() -> (Sandbox, World, String, String) {
    let options = Options::new(Arc::new(|| SystemClock.now_ms()));
    let (key_id, secret) = (options.key_id.clone(), options.key_secret.clone());
    let notices = vec![options.webhook_secret.clone()];
    let sandbox = Sandbox::start(options).await.unwrap();
    let address = Some(sandbox.base_url());
    let settings = PaymentSettings::Razorpay { sandbox: true, address, key_id, secret, notices };
    let world = World::new(TestApp::with_payments(settings).await).await;
    let mut kind = crate::world::visit_type("Video");
    kind["prepaid"] = json!(true);
    let path = format!("/api/v1/hospitals/{}/visit-types/{}", world.hospital, world.visit_type);
    world.app.put(&path, Some(&world.admin), kind).await.expect(200);
    let token = world.patient("p").await;
    let wish =
        json!({ "doctor_id": world.doctor, "visit_type_id": world.visit_type, "start": "2026-03-04T09:00" });
    let refused = world.app.post("/api/v1/appointments", Some(&token), wish.clone()).await;
    assert_eq!(refused.expect(409)["code"], "pay_first");
    let held = world.app.post("/api/v1/holds", Some(&token), wish).await.expect(201);
    assert_eq!(held["status"], "pending-payment");
    let visit = crate::world::id(&held);
    (sandbox, world, token, visit)
}

async fn from_elsewhere(app: &TestApp, path: &str, kind: &str, body: String) -> Answer {
    let request = request(Method::POST, path)
        .header(header::CONTENT_TYPE, kind)
        .header("sec-fetch-site", "cross-site")
        .header(header::ORIGIN, "https://pay.example");
    app.send(request.body(Body::from(body)).unwrap()).await
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn whoever_comes_back_from_the_provider_is_led_to_the_visit() {
    let (sandbox, world, token, visit) = market().await;
    let path = format!("/api/v1/appointments/{visit}/checkout");
    let way = world.app.post(&path, Some(&token), Value::Null).await.expect(200);
    let fields = way["fields"].as_array().unwrap();
    let field =
        |name: &str| fields.iter().find(|pair| pair[0] == name).unwrap()[1].as_str().unwrap().to_owned();
    assert_eq!(field("callback_url"), "http://care.example/payments/return/sandbox");
    assert!(way["url"].as_str().unwrap().starts_with(&sandbox.base_url()));
    // A form that nobody has signed leads nowhere.
    let order = field("order_id");
    let forged =
        format!("razorpay_order_id={order}&razorpay_payment_id=pay_1&razorpay_signature={}", "0".repeat(64));
    let answer = from_elsewhere(&world.app, "/payments/return/sandbox", FORM, forged).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nobody = from_elsewhere(&world.app, "/payments/return/stripe", FORM, String::new()).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    let bill = world.app.get(&format!("/api/v1/appointments/{visit}/bill"), Some(&token)).await.expect(200);
    assert_eq!(
        (bill["due_minor"].clone(), bill["payments"][0]["state"].clone()),
        (json!(8000), json!("open"))
    );
}

#[tokio::test]
async fn notices_need_a_signature_and_no_session() {
    let (_sandbox, world, ..) = market().await;
    for body in ["", "{}", "not json", &"x".repeat(1000)] {
        let answer =
            from_elsewhere(&world.app, "/webhooks/sandbox", "application/json", body.to_owned()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(!answer.text.contains("hmac"), "{}", answer.text);
    }
    let long = "x".repeat(300 << 10);
    let answer = from_elsewhere(&world.app, "/webhooks/sandbox", "application/json", long).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let stranger = from_elsewhere(&world.app, "/webhooks/paypal", "application/json", "{}".into()).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_notice_of_stripes_is_heard_with_its_signature_alone() {
    let settings = PaymentSettings::Stripe {
        sandbox: false,
        address: None,
        secret: "sk_x".into(),
        notices: vec!["whsec_x".into()],
    };
    let app = TestApp::with_payments(settings).await;
    let body = json!({ "id": "evt_1", "type": "checkout.session.completed", "data": { "object": { "id": "cs_x" } } })
        .to_string();
    let at = app.clock.now_ms() / 1000;
    let signed = |secret: &str| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, format!("{at}.{body}").as_bytes());
        let digits = tag.as_ref().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        format!("t={at},v1={digits}")
    };
    for (name, value, answer) in [
        ("stripe-signature", signed("whsec_x"), StatusCode::NO_CONTENT),
        ("stripe-signature", signed("another"), StatusCode::UNPROCESSABLE_ENTITY),
        ("x-razorpay-signature", signed("whsec_x"), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let request = request(Method::POST, "/webhooks/stripe")
            .header(header::CONTENT_TYPE, "application/json")
            .header("sec-fetch-site", "cross-site")
            .header(name, &value);
        let told = app.send(request.body(Body::from(body.clone())).unwrap()).await;
        assert_eq!(told.status, answer, "{name}: {value}");
    }
}

#[tokio::test]
async fn only_the_page_that_pays_sends_a_form_out_of_the_house() {
    let (sandbox, world, token, visit) = market().await;
    let policy = async |path: &str| {
        let request = request(Method::GET, path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        let answer = world.app.send(request.body(Body::empty()).unwrap()).await;
        answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned()
    };
    let out = format!("form-action 'self' {};", sandbox.base_url());
    assert!(policy(&format!("/appointments/{visit}/pay")).await.contains(&out));
    for path in [
        "/".to_owned(),
        "/doctors".to_owned(),
        format!("/appointments/{visit}"),
        "/hospital/x/pay".to_owned(),
    ] {
        assert!(policy(&path).await.contains("form-action 'self';"), "{path}");
    }
}

#[tokio::test]
async fn nobody_comes_back_as_often_as_she_likes() {
    let app = TestApp::with(|config| config.rate_limits = true).await;
    let mut refused = 0;
    // Fewer than an address may ask of everything.
    for _ in 0..900 {
        let request = request(Method::GET, "/payments/return/stripe?order=cs_1");
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        refused += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused > 0);
}

/// The form that takes money, on a visit's page of the hospital.
async fn taking(app: &TestApp, page: &str, cookie: &str) -> String {
    let text = get(app, page, cookie).await.text;
    let (_, form) = text.split_once("action=\"/_fn/hospital-take-payment\"").unwrap();
    form.split("</form>").next().unwrap().to_owned()
}

/// A visit of 80 euros that is to be paid at the desk: its id, its page of the hospital, and an administrator's cookie.
async fn at_the_desk(world: &World) -> (String, String, String) {
    let (app, patient) = (&world.app, world.patient("ada").await);
    let visit = app.post("/api/v1/appointments", Some(&patient), world.booking("2026-03-03T09:00")).await;
    let visit = crate::world::id(&visit.expect(201));
    let page = format!("/hospital/{}/appointments/{visit}", world.hospital);
    (visit, page, signed_in(app, "admin").await)
}

#[tokio::test]
async fn the_desk_says_itself_how_it_was_paid() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let (visit, page, cookie) = at_the_desk(&world).await;
    let offered = taking(app, &page, &cookie).await;
    assert!(offered.contains("value=\"cash\"") && offered.contains("value=\"80\""), "{offered}");
    assert!(!offered.contains("checked"), "{offered}");

    let bill = format!("/api/v1/appointments/{visit}/bill");
    let fields = format!("hospital={}&id={visit}&currency=EUR&amount=12.50", world.hospital);
    let refused = form_on(app, &page, "/_fn/hospital-take-payment", Some(&cookie), &fields).await;
    assert_eq!(refused.header("location"), page, "{}", refused.text);
    assert_eq!(app.get(&bill, Some(&world.admin)).await.expect(200)["payments"], json!([]));
    let mut kept = refused.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    let kept = kept.rfind(|line| line.starts_with("caresync-form=")).unwrap();
    let both = format!("{cookie}; {}", kept.split(';').next().unwrap());
    assert!(get(app, &page, &both).await.text.contains("href=\"#field-method\""));
    let again = taking(app, &page, &both).await;
    assert!(again.contains("Please say how it was paid.") && again.contains("value=\"12.50\""), "{again}");
    assert!(!again.contains("checked"), "{again}");

    let chosen = format!("{fields}&method=card_machine");
    let done = form_on(app, &page, "/_fn/hospital-take-payment", Some(&cookie), &chosen).await;
    assert_eq!(done.header("location"), format!("{page}?paid=1"), "{}", done.text);
    let paid = app.get(&bill, Some(&world.admin)).await.expect(200);
    assert_eq!(
        (paid["payments"][0]["method"].clone(), paid["paid_minor"].clone()),
        (json!("card_machine"), json!(1250))
    );
}

#[tokio::test]
async fn whoever_cancels_at_the_desk_reads_before_what_comes_back() {
    let world = World::new(TestApp::sqlite().await).await;
    let app = &world.app;
    let (visit, page, cookie) = at_the_desk(&world).await;
    let asked = format!("{page}/cancel");
    let unpaid = get(app, &asked, &cookie).await.text;
    assert!(unpaid.contains("There is no money to give back for this visit."), "{unpaid}");
    let cash = json!({ "method": "cash", "amount_minor": 8_000 });
    app.post(&format!("/api/v1/appointments/{visit}/payments"), Some(&world.admin), cash).await.expect(200);
    let paid = get(app, &asked, &cookie).await.text;
    assert!(paid.contains("€80 was paid at the desk and does not go back by itself."), "{paid}");
}
