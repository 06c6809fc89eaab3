//! Refunds: in parts, refused, pending, and failed.
//! Many at once are in `races`.

use std::time::Duration;

use sandbox::Settling;
use serde_json::{Value, json};

use crate::client::{NOW_MS, Provider, id, options};

#[tokio::test]
async fn a_payment_goes_back_in_parts_until_nothing_is_left() {
    let provider = Provider::start().await;
    let payment = provider.captured().await;
    let asked = json!({ "amount": 20_000, "receipt": "r1", "speed": "optimum", "notes": { "why": "late" } });
    let refund = provider.refund(&payment, asked).await.ok();
    let expected = json!({
        "id": refund["id"], "entity": "refund", "amount": 20_000, "currency": "INR", "payment_id": payment,
        "receipt": "r1", "notes": { "why": "late" }, "status": "processed", "speed_requested": "optimum",
        "speed_processed": "normal", "created_at": NOW_MS / 1000,
    });
    assert_eq!(refund, expected);
    assert!(id(&refund).starts_with("rfnd_") && id(&refund).len() == 19, "{refund}");
    let partly = provider.payment(&payment).await;
    assert_eq!(
        (&partly["status"], &partly["refund_status"], &partly["amount_refunded"]),
        (&json!("captured"), &json!("partial"), &json!(20_000))
    );

    let rest = provider.ask("POST", &format!("/v1/payments/{payment}/refund"), "").await.unwrap().ok();
    assert_eq!(rest["amount"], 30_000);
    let gone = provider.payment(&payment).await;
    assert_eq!(
        (&gone["status"], &gone["refund_status"], &gone["captured"]),
        (&json!("refunded"), &json!("full"), &json!(true))
    );
    assert!(provider.refund(&payment, json!({})).await.refused().contains("fully refunded"));

    let list = provider.get(&format!("/v1/payments/{payment}/refunds")).await.ok();
    assert_eq!((&list["count"], &list["items"][0], &list["items"][1]), (&json!(2), &rest, &refund));
    assert_eq!(provider.get(&format!("/v1/refunds/{}", id(&refund))).await.ok(), refund);
}

#[tokio::test]
async fn a_refund_that_is_wrong_gives_nothing_back() {
    let provider = Provider::start().await;
    let payment = provider.captured().await;
    for body in [
        json!({ "amount": 50_001 }),
        json!({ "amount": 0 }),
        json!({ "amount": -1 }),
        json!({ "amount": "1" }),
        json!({ "amount": i64::MAX }),
        json!({ "speed": "yesterday" }),
        json!({ "receipt": "x".repeat(41) }),
    ] {
        provider.refund(&payment, body).await.refused();
    }
    for outcome in ["authorized", "failed", "created"] {
        let payment = provider.paid(&provider.order().await, outcome).await;
        assert!(provider.refund(&payment, json!({})).await.refused().contains("captured"), "{outcome}");
    }
    assert_eq!(provider.state().await["refunds"], json!([]));
}

#[tokio::test]
async fn a_receipt_is_good_for_one_refund_of_a_payment() {
    let provider = Provider::start().await;
    let (payment, other) = (provider.captured().await, provider.captured().await);
    provider.refund(&payment, json!({ "receipt": "r1" })).await.ok();
    // Even where nothing is left, it is the receipt that is named.
    assert!(provider.refund(&payment, json!({ "receipt": "r1" })).await.refused().contains("receipt"));
    provider.refund(&other, json!({ "receipt": "r1" })).await.ok();
}

#[tokio::test]
async fn a_refund_that_failed_can_be_made_again() {
    let mut told = options();
    told.refunds = Settling::WhenTold;
    let provider = Provider::with(told).await;
    let payment = provider.captured().await;
    let refund = provider.refund(&payment, json!({})).await.ok();
    assert_eq!(
        (&refund["status"], provider.status_of(&payment).await),
        (&json!("pending"), "refunded".to_owned())
    );

    let path = format!("refunds/{}/settle", id(&refund));
    provider.tell(&path, json!({ "status": "pending" })).await.refused();
    assert_eq!(provider.tell(&path, json!({ "status": "failed" })).await.ok()["status"], "failed");
    provider.tell(&path, json!({ "status": "processed" })).await.refused();
    let whole = provider.payment(&payment).await;
    assert_eq!(
        (&whole["status"], &whole["amount_refunded"], &whole["refund_status"]),
        (&json!("captured"), &json!(0), &Value::Null)
    );

    let again = provider.refund(&payment, json!({})).await.ok();
    let path = format!("refunds/{}/settle", id(&again));
    assert_eq!(provider.tell(&path, json!({ "status": "processed" })).await.ok()["status"], "processed");
    assert_eq!(provider.status_of(&payment).await, "refunded");
}

#[tokio::test]
async fn a_refund_can_take_its_time() {
    let mut slow = options();
    slow.refunds = Settling::After(Duration::from_millis(5));
    let provider = Provider::with(slow).await;
    let payment = provider.captured().await;
    assert_eq!(provider.refund(&payment, json!({})).await.ok()["status"], "pending");
    provider.until(|state| state["refunds"][0]["status"] == "processed").await;
}
