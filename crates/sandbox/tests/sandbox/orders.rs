//! Orders: made, found and refused. And who is let in at all.
//! How they are paid is in `payments`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::header;
use sandbox::{Error, Sandbox};
use serde_json::{Value, json};

use crate::client::{NOW_MS, Provider, id, options};

#[tokio::test]
async fn an_order_is_answered_as_razorpay_does() {
    let provider = Provider::start().await;
    let asked = json!({
        "amount": 50_000, "currency": "INR", "receipt": "visit-1", "notes": { "visit": "7", "floor": 3 },
        "payment": { "capture": "manual" }, "a_field_of_tomorrow": [1, 2],
    });
    let order = provider.post("/v1/orders", asked).await.ok();
    let expected = json!({
        "id": order["id"], "entity": "order", "amount": 50_000, "amount_paid": 0, "amount_due": 50_000,
        "currency": "INR", "receipt": "visit-1", "status": "created", "attempts": 0,
        "notes": { "visit": "7", "floor": "3" }, "created_at": NOW_MS / 1000,
    });
    assert_eq!(order, expected);
    assert!(id(&order).starts_with("order_") && id(&order).len() == 20, "{order}");
    assert_eq!(provider.get(&format!("/v1/orders/{}", id(&order))).await.ok(), order);
}

#[tokio::test]
async fn no_notes_are_an_empty_list_as_razorpay_spells_them() {
    let provider = Provider::start().await;
    for notes in [json!(null), json!([]), json!({})] {
        let order = json!({ "amount": 1, "currency": "JPY", "notes": notes });
        let order = provider.post("/v1/orders", order).await.ok();
        assert_eq!((&order["notes"], &order["receipt"]), (&json!([]), &Value::Null));
    }
}

#[tokio::test]
async fn an_order_that_is_wrong_is_refused_with_the_field_that_is() {
    let provider = Provider::start().await;
    let notes: serde_json::Map<String, Value> =
        (0..16).map(|number| (format!("note{number}"), json!("x"))).collect();
    let cases = [
        (json!({ "currency": "INR" }), "amount"),
        (json!({ "amount": 0, "currency": "INR" }), "amount"),
        (json!({ "amount": -5, "currency": "INR" }), "amount"),
        (json!({ "amount": 1.5, "currency": "INR" }), "amount"),
        (json!({ "amount": "500", "currency": "INR" }), "amount"),
        (json!({ "amount": 500 }), "currency"),
        (json!({ "amount": 500, "currency": "inr" }), "currency"),
        (json!({ "amount": 500, "currency": "RUPEES" }), "currency"),
        (json!({ "amount": 500, "currency": "INR", "receipt": "x".repeat(41) }), "receipt"),
        (json!({ "amount": 500, "currency": "INR", "receipt": 7 }), "receipt"),
        (json!({ "amount": 500, "currency": "INR", "notes": "x" }), "notes"),
        (json!({ "amount": 500, "currency": "INR", "notes": { "x": "x".repeat(257) } }), "notes"),
        (json!({ "amount": 500, "currency": "INR", "notes": notes }), "notes"),
        (json!({ "amount": 500, "currency": "INR", "payment": { "capture": "maybe" } }), "payment"),
    ];
    for (order, field) in cases {
        let answer = provider.post("/v1/orders", order.clone()).await;
        assert_eq!(answer.body["error"]["field"], field, "{order}");
        assert_eq!(answer.body["error"]["reason"], "input_validation_failed");
        answer.refused();
    }
    assert_eq!(provider.ask("POST", "/v1/orders", "amount=500").await.unwrap().status, 400);
    assert_eq!(provider.state().await["orders"], json!([]));
}

#[tokio::test]
async fn orders_are_found_by_their_receipt() {
    let provider = Provider::start().await;
    let mut ids = Vec::new();
    for receipt in ["a", "b", "a"] {
        let order = json!({ "amount": 500, "currency": "INR", "receipt": receipt });
        ids.push(provider.post("/v1/orders", order).await.ok()["id"].clone());
    }
    let found = provider.get("/v1/orders?receipt=a").await.ok();
    assert_eq!((&found["entity"], &found["count"]), (&json!("collection"), &json!(2)));
    assert_eq!((&found["items"][0]["id"], &found["items"][1]["id"]), (&ids[2], &ids[0]));
    assert_eq!(provider.get("/v1/orders?receipt=c").await.ok()["items"], json!([]));
    assert_eq!(provider.get("/v1/orders").await.ok()["count"], 3);
    assert_eq!(provider.get("/v1/orders?count=1&skip=1").await.ok()["items"][0]["id"], ids[1]);
    provider.get("/v1/orders?count=many").await.refused();
}

#[tokio::test]
async fn nobody_is_let_in_without_the_keys() {
    let provider = Provider::start().await;
    let basic = |keys: &str| format!("Basic {}", STANDARD.encode(keys));
    let wrong = [
        String::new(),
        basic("rzp_test_sandbox:wrong"),
        basic("wrong:sandbox-key-secret"),
        basic("rzp_test_sandbox"),
        "Bearer sandbox-key-secret".to_owned(),
        "Basic %%%".to_owned(),
    ];
    let routes = [
        ("POST", "/v1/orders"),
        ("GET", "/v1/orders"),
        ("GET", "/v1/orders/order_1"),
        ("GET", "/v1/orders/order_1/payments"),
        ("GET", "/v1/payments/pay_1"),
        ("POST", "/v1/payments/pay_1/capture"),
        ("POST", "/v1/payments/pay_1/refund"),
        ("GET", "/v1/payments/pay_1/refunds"),
        ("GET", "/v1/refunds/rfnd_1"),
    ];
    let expected =
        json!({ "error": { "code": "BAD_REQUEST_ERROR", "description": "Authentication failed" } });
    for keys in &wrong {
        for (method, path) in routes {
            let answer = provider.send(method, path, &[(header::AUTHORIZATION, keys)], "").await.unwrap();
            assert_eq!((answer.status, &answer.body), (401, &expected), "{keys} {method} {path}");
        }
    }
}

#[tokio::test]
async fn what_nobody_knows_is_refused_in_the_same_shape() {
    let provider = Provider::start().await;
    let paths = ["orders/order_1", "orders/order_1/payments", "payments/pay_1", "payments/pay_1/refunds"];
    for path in paths.into_iter().chain(["refunds/rfnd_1"]) {
        assert_eq!(provider.get(&format!("/v1/{path}")).await.refused(), "The id provided does not exist");
    }
    provider.capture("pay_1", 500).await.refused();
    provider.refund("pay_1", json!({})).await.refused();
    for (method, path) in [("GET", "/v2/orders"), ("DELETE", "/v1/orders"), ("GET", "/v1/payments/1/capture")]
    {
        let answer = provider.ask(method, path, "").await.unwrap();
        assert_eq!(answer.status, 404, "{method} {path}");
        assert_eq!(answer.body["error"]["code"], "BAD_REQUEST_ERROR");
    }
}

#[tokio::test]
async fn it_listens_to_this_machine_and_tells_this_machine_only() {
    let mut everywhere = options();
    everywhere.address = "0.0.0.0:0".parse().unwrap();
    assert!(matches!(Sandbox::start(everywhere).await, Err(Error::NotLoopback(_))));
    let mut telling = options();
    telling.webhook_url = Some("http://care.example/webhooks".into());
    assert!(matches!(Sandbox::start(telling).await, Err(Error::WebhookUrl(_))));
    let provider = Provider::start().await;
    assert_eq!(provider.sandbox.base_url(), format!("http://{}", provider.sandbox.address()));
    let mut same = options();
    same.address = provider.sandbox.address();
    assert!(matches!(Sandbox::start(same).await, Err(Error::Listen { .. })));
}
