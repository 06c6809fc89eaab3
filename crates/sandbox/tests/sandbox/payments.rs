//! Payments without a browser: authorised, captured, refused, and late.
//! The hosted page is in `checkout`.

use serde_json::{Value, json};

use crate::{
    client::{NOW_MS, Provider, id, options},
    receiver::is_signed,
};

#[tokio::test]
async fn a_payment_is_authorised_and_then_captured_once() {
    let provider = Provider::start().await;
    let order = provider.order().await;
    let payment = provider.paid(&order, "authorized").await;
    let shown = provider.payment(&payment).await;
    let expected = json!({
        "id": payment, "entity": "payment", "amount": 50_000, "currency": "INR", "status": "authorized",
        "order_id": order, "method": "card", "captured": false, "amount_refunded": 0, "refund_status": null,
        "description": null, "email": null, "contact": null, "notes": [], "error_code": null,
        "error_description": null, "created_at": NOW_MS / 1000,
    });
    assert_eq!(shown, expected);
    let tried = provider.get(&format!("/v1/orders/{order}")).await.ok();
    assert_eq!(
        (&tried["status"], &tried["attempts"], &tried["amount_due"]),
        (&json!("attempted"), &json!(1), &json!(50_000))
    );

    let captured = provider.capture(&payment, 50_000).await.ok();
    assert_eq!((&captured["status"], &captured["captured"]), (&json!("captured"), &json!(true)));
    let paid = provider.get(&format!("/v1/orders/{order}")).await.ok();
    assert_eq!(
        (&paid["status"], &paid["amount_paid"], &paid["amount_due"]),
        (&json!("paid"), &json!(50_000), &json!(0))
    );
    assert_eq!(provider.capture(&payment, 50_000).await.refused(), "This payment has already been captured");
}

#[tokio::test]
async fn only_what_was_authorised_is_captured() {
    let provider = Provider::start().await;
    let payment = provider.paid(&provider.order().await, "authorized").await;
    for amount in [1, 49_999, 50_001] {
        provider.capture(&payment, amount).await.refused();
    }
    let path = format!("/v1/payments/{payment}/capture");
    provider.post(&path, json!({ "amount": 50_000, "currency": "EUR" })).await.refused();
    provider.post(&path, json!({ "amount": 50_000 })).await.refused();
    provider.post(&path, json!({ "currency": "INR" })).await.refused();
    for outcome in ["failed", "created"] {
        let other = provider.paid(&provider.order().await, outcome).await;
        assert!(provider.capture(&other, 50_000).await.refused().contains("authorized"), "{outcome}");
    }
    assert_eq!(provider.status_of(&payment).await, "authorized");
}

#[tokio::test]
async fn an_order_can_ask_to_be_captured_at_once() {
    let provider = Provider::start().await;
    let order = json!({ "amount": 700, "currency": "INR", "payment": { "capture": "automatic" } });
    let order = id(&provider.post("/v1/orders", order).await.ok());
    let payment = provider.paid(&order, "paid").await;
    assert_eq!(provider.status_of(&payment).await, "captured");
    let by_hand = provider.paid(&provider.order().await, "paid").await;
    assert_eq!(provider.status_of(&by_hand).await, "authorized");
}

#[tokio::test]
async fn an_order_is_paid_once() {
    let provider = Provider::start().await;
    let order = provider.order().await;
    let (first, second) =
        (provider.paid(&order, "authorized").await, provider.paid(&order, "authorized").await);
    provider.capture(&first, 50_000).await.ok();
    provider.capture(&second, 50_000).await.refused();
    provider.tell(&format!("orders/{order}/pay"), json!({ "outcome": "authorized" })).await.refused();
    let payments = provider.get(&format!("/v1/orders/{order}/payments")).await.ok();
    assert_eq!(
        (&payments["count"], &payments["items"][0]["id"], &payments["items"][1]["id"]),
        (&json!(2), &json!(second), &json!(first))
    );
}

#[tokio::test]
async fn what_failed_says_why_until_the_bank_says_yes_after_all() {
    let provider = Provider::start().await;
    let order = provider.order().await;
    let payment = provider.paid(&order, "failed").await;
    let failed = provider.payment(&payment).await;
    assert_eq!((&failed["status"], &failed["error_code"]), (&json!("failed"), &json!("BAD_REQUEST_ERROR")));
    assert!(failed["error_description"].is_string());

    let path = format!("payments/{payment}/authorize");
    let late = provider.tell(&path, Value::Null).await.ok();
    assert_eq!((&late["status"], &late["error_code"]), (&json!("authorized"), &Value::Null));
    provider.tell(&path, Value::Null).await.refused();
    provider.tell("payments/pay_1/authorize", Value::Null).await.refused();

    let begun = provider.paid(&order, "created").await;
    let path = format!("payments/{begun}/authorize");
    assert_eq!(provider.tell(&path, Value::Null).await.ok()["status"], "authorized");
}

#[tokio::test]
async fn a_late_payment_fails_and_is_authorised_by_itself() {
    let provider = Provider::start().await;
    let payment = provider.paid(&provider.order().await, "late").await;
    provider.until(|state| state["payments"][0]["status"] == "authorized").await;
    provider.capture(&payment, 50_000).await.ok();

    let mut patient = options();
    patient.late = std::time::Duration::from_hours(1);
    let provider = Provider::with(patient).await;
    let payment = provider.paid(&provider.order().await, "late").await;
    let failed = provider.payment(&payment).await;
    assert_eq!((&failed["status"], &failed["error_code"]), (&json!("failed"), &json!("GATEWAY_ERROR")));
}

#[tokio::test]
async fn whoever_pays_without_a_browser_gets_what_a_browser_would_bring() {
    let provider = Provider::start().await;
    let order = provider.order().await;
    let path = format!("orders/{order}/pay");
    let paid = provider.tell(&path, json!({ "outcome": "authorized", "amount": 49_900 })).await.ok();
    let [payment, of_order, signature] = ["payment_id", "order_id", "signature"]
        .map(|name| paid[format!("razorpay_{name}")].as_str().unwrap());
    assert_eq!(of_order, order);
    assert!(is_signed(&options().key_secret, format!("{order}|{payment}").as_bytes(), signature));
    assert_eq!(paid["payment"]["amount"], 49_900);
    // Less than the order: captured, it leaves the order open.
    provider.capture(payment, 49_900).await.ok();
    let order = provider.get(&format!("/v1/orders/{order}")).await.ok();
    assert_eq!((&order["status"], &order["amount_due"]), (&json!("attempted"), &json!(100)));

    provider.tell(&path, json!({ "outcome": "authorized", "amount": 0 })).await.refused();
    provider.tell(&path, json!({ "outcome": "maybe" })).await.refused();
    provider.tell(&path, json!({})).await.refused();
    provider.tell("orders/order_1/pay", json!({ "outcome": "failed" })).await.refused();
}
