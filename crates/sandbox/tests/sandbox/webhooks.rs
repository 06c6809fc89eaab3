//! Webhooks: what they say, in which order, how often, and what becomes of those that nobody hears.
//! Signatures are looked at by the receiver.

use std::time::Duration;

use sandbox::Settling;
use serde_json::{Value, json};

use crate::{
    client::{NOW_MS, Provider, id},
    receiver::{Heard, Receiver},
};

fn event(state: &Value, at: usize) -> &Value {
    &state["events"][at]
}

#[tokio::test]
async fn a_webhook_is_written_as_razorpay_writes_it() {
    let mut receiver = Receiver::start().await;
    let provider = Provider::with(receiver.options()).await;
    let order = provider.order().await;
    let payment = provider.paid(&order, "captured").await;
    let heard = receiver.next().await;
    let entity = &heard.body["payload"]["payment"]["entity"];
    let expected = json!({
        "entity": "event", "account_id": "acc_Sandbox0000001", "event": "payment.authorized",
        "contains": ["payment"], "payload": { "payment": { "entity": entity } }, "created_at": NOW_MS / 1000,
    });
    assert_eq!(heard.body, expected);
    // As it was when it happened, not as it is now.
    assert_eq!((&entity["id"], &entity["status"]), (&json!(payment), &json!("authorized")));
    assert!(heard.id.len() > 14, "{}", heard.id);
    assert_eq!(receiver.next().await.event(), "payment.captured");
    let paid = receiver.next().await;
    assert_eq!((paid.event(), &paid.body["contains"]), ("order.paid", &json!(["payment", "order"])));
    assert_eq!(paid.body["payload"]["order"]["entity"]["status"], "paid");
}

#[tokio::test]
async fn each_thing_that_happens_is_told() {
    let mut receiver = Receiver::start().await;
    let mut options = receiver.options();
    options.refunds = Settling::WhenTold;
    let provider = Provider::with(options).await;
    provider.paid(&provider.order().await, "failed").await;
    assert_eq!(receiver.next().await.event(), "payment.failed");
    let payment = provider.captured().await;
    assert_eq!(receiver.events(3).await, ["payment.authorized", "payment.captured", "order.paid"]);
    for (status, event) in [("processed", "refund.processed"), ("failed", "refund.failed")] {
        let refund = id(&provider.refund(&payment, json!({ "amount": 100 })).await.ok());
        let created = receiver.next().await;
        assert_eq!(
            (created.event(), &created.body["contains"]),
            ("refund.created", &json!(["refund", "payment"]))
        );
        assert_eq!(created.body["payload"]["refund"]["entity"]["status"], "pending");
        provider.tell(&format!("refunds/{refund}/settle"), json!({ "status": status })).await.ok();
        let settled = receiver.next().await;
        assert_eq!(
            (settled.event(), &settled.body["payload"]["refund"]["entity"]["status"]),
            (event, &json!(status))
        );
    }
}

#[tokio::test]
async fn what_is_not_heard_is_sent_again_under_the_same_name() {
    let mut receiver = Receiver::start().await;
    receiver.will_answer([500, 302]);
    let provider = Provider::with(receiver.options()).await;
    provider.paid(&provider.order().await, "authorized").await;
    let tries = [receiver.next().await, receiver.next().await, receiver.next().await];
    assert!(tries.iter().all(|heard| *heard == tries[0]), "{tries:?}");
    let state = provider.until(|state| event(state, 0)["sending"] == "delivered").await;
    let answers = ["/deliveries/0/status", "/deliveries/1/status", "/deliveries/2/status"];
    assert_eq!(answers.map(|at| event(&state, 0).pointer(at).unwrap().as_u64().unwrap()), [500, 302, 200]);
}

#[tokio::test]
async fn what_nobody_hears_is_given_up_in_the_end() {
    let mut receiver = Receiver::start().await;
    receiver.will_answer([500; 4]);
    let provider = Provider::with(receiver.options()).await;
    provider.paid(&provider.order().await, "authorized").await;
    receiver.events(4).await;
    provider.until(|state| event(state, 0)["sending"] == "given_up").await;

    let mut nobody = receiver.options();
    nobody.webhook_url = Some("http://127.0.0.1:1/".into());
    let provider = Provider::with(nobody).await;
    provider.paid(&provider.order().await, "authorized").await;
    let state = provider.until(|state| event(state, 0)["sending"] == "given_up").await;
    assert!(event(&state, 0)["deliveries"][0]["error"].is_string());
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_is_not_waited_for_long() {
    let deaf = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut options = crate::client::options();
    options.webhook_url = Some(format!("http://{}/", deaf.local_addr().unwrap()));
    options.webhook_patience = Duration::from_millis(5);
    let provider = Provider::with(options).await;
    provider.paid(&provider.order().await, "authorized").await;
    provider.until(|state| event(state, 0)["sending"] == "given_up").await;
}

#[tokio::test]
async fn held_events_go_out_in_the_order_that_is_asked_for() {
    let mut receiver = Receiver::start().await;
    let provider = Provider::with(receiver.options()).await;
    provider.tell("webhooks/hold", Value::Null).await.ok();
    let payment = provider.captured().await;
    let state = provider.state().await;
    assert!((0..3).all(|at| event(&state, at)["sending"] == "held"), "{state:#}");
    let released = provider.tell("webhooks/release", json!({ "order": "reverse" })).await.ok();
    assert_eq!(released["released"], 3);
    assert_eq!(receiver.events(3).await, ["order.paid", "payment.captured", "payment.authorized"]);
    // Nothing is held any longer.
    provider.refund(&payment, json!({})).await.ok();
    assert_eq!(receiver.events(2).await, ["refund.created", "refund.processed"]);
}

#[tokio::test]
async fn held_events_can_come_more_than_once_as_the_same_events() {
    let mut receiver = Receiver::start().await;
    let provider = Provider::with(receiver.options()).await;
    provider.tell("webhooks/hold", Value::Null).await.ok();
    provider.captured().await;
    provider.tell("webhooks/release", json!({ "duplicate": 1 })).await.ok();
    let mut heard = Vec::new();
    for _ in 0..6 {
        heard.push(receiver.next().await);
    }
    let (first, again) = heard.split_at(3);
    assert_eq!(first, again);
    assert_eq!(
        first.iter().map(Heard::event).collect::<Vec<_>>(),
        ["payment.authorized", "payment.captured", "order.paid"]
    );
}

#[tokio::test]
async fn a_shuffle_loses_nothing() {
    let mut receiver = Receiver::start().await;
    let provider = Provider::with(receiver.options()).await;
    provider.tell("webhooks/hold", Value::Null).await.ok();
    for _ in 0..10 {
        provider.captured().await;
    }
    provider.tell("webhooks/release", json!({ "order": "shuffle" })).await.ok();
    let mut heard = Vec::new();
    for _ in 0..30 {
        heard.push(receiver.next().await.id);
    }
    let state = provider.state().await;
    let mut made: Vec<String> = state["events"].as_array().unwrap().iter().map(id).collect();
    assert_ne!(heard, made);
    heard.sort();
    made.sort();
    assert_eq!(heard, made);
}

#[tokio::test]
async fn what_is_dropped_is_never_told() {
    let mut receiver = Receiver::start().await;
    let provider = Provider::with(receiver.options()).await;
    provider.tell("webhooks/hold", Value::Null).await.ok();
    let payment = provider.captured().await;
    assert_eq!(provider.tell("webhooks/drop", Value::Null).await.ok()["dropped"], 3);
    provider.refund(&payment, json!({})).await.ok();
    assert_eq!(receiver.events(2).await, ["refund.created", "refund.processed"]);
    let state = provider.state().await;
    assert_eq!(
        (&event(&state, 0)["sending"], &event(&state, 0)["deliveries"]),
        (&json!("dropped"), &json!([]))
    );
    provider.tell("webhooks/release", json!({ "order": "sideways" })).await.refused();
    let released = provider.send("POST", "/sandbox/webhooks/release", &[], "").await.unwrap().ok();
    assert_eq!(released["released"], 0);
}

#[tokio::test]
async fn without_an_address_events_are_kept_and_go_nowhere() {
    let provider = Provider::start().await;
    provider.paid(&provider.order().await, "authorized").await;
    assert_eq!(event(&provider.state().await, 0)["sending"], "unaddressed");
}
