//! The eight faults, each as the other side meets it.
//! Those of the hosted page are in `checkout`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    client::{Provider, options},
    receiver::Receiver,
};

async fn arm(provider: &Provider, fault: Value) {
    provider.tell("faults", fault).await.ok();
}

#[tokio::test]
async fn timeout_after_effect_does_the_work_and_says_nothing() {
    let provider = Provider::start().await;
    let payment = provider.paid(&provider.order().await, "authorized").await;
    arm(&provider, json!({ "fault": "timeout_after_effect", "on": "capture" })).await;
    let path = format!("/v1/payments/{payment}/capture");
    let body = json!({ "amount": 50_000, "currency": "INR" }).to_string();
    assert!(provider.ask("POST", &path, &body).await.is_none(), "the provider should have hung up");
    assert_eq!(provider.status_of(&payment).await, "captured");
    provider.capture(&payment, 50_000).await.refused();
}

#[tokio::test]
async fn an_answer_that_hangs_does_not_keep_the_provider_from_stopping() {
    let mut slow = options();
    slow.hang = Duration::from_hours(1);
    let provider = Provider::with(slow).await;
    arm(&provider, json!({ "fault": "timeout_after_effect", "on": "create_order" })).await;
    let client = provider.client();
    let body = json!({ "amount": 500, "currency": "INR" }).to_string();
    let hanging = tokio::spawn(async move { client.ask("POST", "/v1/orders", &body).await.is_none() });
    provider.until(|state| state["orders"].as_array().is_some_and(|orders| orders.len() == 1)).await;
    provider.sandbox.stop().await;
    assert!(hanging.await.unwrap());
}

#[tokio::test]
async fn error_before_effect_does_nothing() {
    let provider = Provider::start().await;
    arm(&provider, json!({ "fault": "error_before_effect" })).await;
    let order = json!({ "amount": 500, "currency": "INR", "receipt": "r" });
    let answer = provider.post("/v1/orders", order.clone()).await;
    assert_eq!((answer.status, &answer.body["error"]["code"]), (500, &json!("SERVER_ERROR")));
    assert_eq!(provider.get("/v1/orders?receipt=r").await.ok()["count"], 0);
    provider.post("/v1/orders", order).await.ok();
}

#[tokio::test]
async fn error_after_effect_has_done_it() {
    let provider = Provider::start().await;
    let payment = provider.captured().await;
    arm(&provider, json!({ "fault": "error_after_effect", "on": "refund", "times": 2 })).await;
    let refund = json!({ "amount": 500, "receipt": "r" });
    assert_eq!(provider.refund(&payment, refund.clone()).await.status, 500);
    // What is refused has no effect, and leaves the fault for what has one.
    provider.refund(&payment, refund).await.refused();
    assert_eq!(provider.refund(&payment, json!({ "amount": 500 })).await.status, 500);
    let refunds = provider.get(&format!("/v1/payments/{payment}/refunds")).await.ok();
    assert_eq!((&refunds["count"], &refunds["items"][1]["receipt"]), (&json!(2), &json!("r")));
    provider.refund(&payment, json!({ "amount": 500 })).await.ok();
}

#[tokio::test]
async fn refused_does_nothing_as_often_as_was_said() {
    let provider = Provider::start().await;
    let payment = provider.captured().await;
    arm(&provider, json!({ "fault": "refused", "on": "refund", "times": 2 })).await;
    for _ in 0..2 {
        assert_eq!(provider.refund(&payment, json!({ "amount": 500, "receipt": "r" })).await.status, 400);
    }
    let refunds = format!("/v1/payments/{payment}/refunds");
    assert_eq!(provider.get(&refunds).await.ok()["count"], 0);
    provider.refund(&payment, json!({ "amount": 500, "receipt": "r" })).await.ok();
    assert_eq!(provider.get(&refunds).await.ok()["count"], 1);
}

#[tokio::test]
async fn duplicate_success_tells_twice_under_two_names() {
    let mut receiver = Receiver::start().await;
    let provider = Provider::with(receiver.options()).await;
    let order = provider.order().await;
    arm(&provider, json!({ "fault": "duplicate_success", "on": "capture" })).await;
    let payment = provider.paid(&order, "authorized").await;
    provider.capture(&payment, 50_000).await.ok();
    assert_eq!(receiver.next().await.event(), "payment.authorized");
    let (first, second) = (receiver.next().await, receiver.next().await);
    assert_eq!((first.event(), &first.body), ("payment.captured", &second.body));
    assert_ne!(first.id, second.id);
    assert_eq!(receiver.next().await.event(), "order.paid");
}

#[tokio::test]
async fn late_authorization_fails_first() {
    let mut receiver = Receiver::start().await;
    let provider = Provider::with(receiver.options()).await;
    arm(&provider, json!({ "fault": "late_authorization" })).await;
    let order = json!({ "amount": 500, "currency": "INR", "payment": { "capture": "automatic" } });
    let order = crate::client::id(&provider.post("/v1/orders", order).await.ok());
    let paid = provider.tell(&format!("orders/{order}/pay"), json!({ "outcome": "paid" })).await.ok();
    assert_eq!(paid["payment"]["status"], "failed");
    assert_eq!(
        receiver.events(4).await,
        ["payment.failed", "payment.authorized", "payment.captured", "order.paid"]
    );
}

#[tokio::test]
async fn wrong_amount_is_another_amount_than_the_orders() {
    let provider = Provider::start().await;
    arm(&provider, json!({ "fault": "wrong_amount" })).await;
    let payment = provider.paid(&provider.order().await, "authorized").await;
    assert_eq!(provider.payment(&payment).await["amount"], 49_999);
    provider.capture(&payment, 50_000).await.refused();
    provider.capture(&payment, 49_999).await.ok();
}

#[tokio::test]
async fn wrong_amount_can_be_a_lie_of_one_endpoint() {
    let provider = Provider::start().await;
    let order = provider.order().await;
    let payment = provider.paid(&order, "authorized").await;
    for on in ["create_order", "fetch", "capture", "refund"] {
        arm(&provider, json!({ "fault": "wrong_amount", "on": on })).await;
    }
    let list = provider.get(&format!("/v1/orders/{order}/payments")).await.ok();
    assert_eq!(list["items"][0]["amount"], 49_999);
    assert_eq!(provider.capture(&payment, 50_000).await.ok()["amount"], 49_999);
    assert_eq!(provider.refund(&payment, json!({ "amount": 1 })).await.ok()["amount"], 2);
    let order = json!({ "amount": 700, "currency": "INR" });
    assert_eq!(provider.post("/v1/orders", order).await.ok()["amount"], 699);
    assert_eq!(provider.payment(&payment).await["amount"], 50_000);
}

#[tokio::test]
async fn other_account_tells_of_what_nobody_knows() {
    let mut receiver = Receiver::start().await;
    let provider = Provider::with(receiver.options()).await;
    arm(&provider, json!({ "fault": "other_account" })).await;
    let payment = provider.paid(&provider.order().await, "authorized").await;
    let (ours, foreign) = (receiver.next().await, receiver.next().await);
    assert_eq!(ours.body["payload"]["payment"]["entity"]["id"], payment);
    assert_eq!(foreign.event(), "payment.captured");
    assert_ne!(foreign.body["account_id"], ours.body["account_id"]);
    let unknown = &foreign.body["payload"]["payment"]["entity"];
    for path in [format!("payments/{}", unknown["id"]), format!("orders/{}", unknown["order_id"])] {
        provider.get(&format!("/v1/{}", path.replace('"', ""))).await.refused();
    }
}

#[tokio::test]
async fn faults_are_armed_one_after_another_and_taken_back() {
    let provider = Provider::start().await;
    let armed = provider.tell("faults", json!({ "fault": "error_after_effect" })).await.ok();
    assert_eq!(armed["faults"], json!([{ "fault": "error_after_effect", "on": null, "times": 1 }]));
    for wrong in [
        json!({ "fault": "fire" }),
        json!({ "fault": "error_after_effect", "on": "the moon" }),
        json!({ "fault": "error_after_effect", "times": -1 }),
        json!({ "fault": "late_authorization", "on": "refund" }),
        json!({}),
    ] {
        provider.tell("faults", wrong).await.refused();
    }
    let none = provider.send("DELETE", "/sandbox/faults", &[], "").await.unwrap().ok();
    assert_eq!(none["faults"], json!([]));
    provider.order().await;
}
