//! Many at once: money is taken once, and never more goes back than was taken.
//! With a file as well, where the writers share it.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::client::{Answer, Client, Provider, options};

async fn all<F: Future<Output = Answer> + Send + 'static>(
    client: &Client,
    count: usize,
    ask: impl Fn(Client) -> F,
) -> Vec<u16> {
    let mut running = JoinSet::new();
    for _ in 0..count {
        running.spawn(ask(client.clone()));
    }
    let mut statuses: Vec<u16> = running.join_all().await.into_iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_refunds_at_once_give_back_no_more_than_was_paid() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = options();
    kept.file = Some(folder.path().join("sandbox.json"));
    let provider = Provider::with(kept).await;
    let payment = provider.captured().await;
    let of = payment.clone();
    let statuses = all(&provider, 50, move |client| {
        let payment = of.clone();
        async move { client.refund(&payment, json!({ "amount": 3_000 })).await }
    })
    .await;
    // Sixteen times 3,000 fit into 50,000.
    assert_eq!((statuses.iter().filter(|status| **status == 200).count(), statuses.last()), (16, Some(&400)));
    assert_eq!(provider.payment(&payment).await["amount_refunded"], 48_000);
    let file: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("sandbox.json")).unwrap()).unwrap();
    assert_eq!(file["refunds"].as_array().unwrap().len(), 16);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_refunds_under_one_receipt_are_one() {
    let provider = Provider::start().await;
    let payment = provider.captured().await;
    let statuses = all(&provider, 50, move |client| {
        let payment = payment.clone();
        async move { client.refund(&payment, json!({ "amount": 1, "receipt": "r" })).await }
    })
    .await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_captures_at_once_one_succeeds() {
    let provider = Provider::start().await;
    for _ in 0..20 {
        let payment = provider.paid(&provider.order().await, "authorized").await;
        let statuses = all(&provider, 2, move |client| {
            let payment = payment.clone();
            async move { client.capture(&payment, 50_000).await }
        })
        .await;
        assert_eq!(statuses, [200, 400]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_fault_that_is_armed_once_strikes_once() {
    let provider = Provider::start().await;
    provider.tell("faults", json!({ "fault": "error_before_effect", "times": 3 })).await.ok();
    let order = json!({ "amount": 500, "currency": "INR" });
    let statuses = all(&provider, 20, move |client| {
        let order = order.clone();
        async move { client.post("/v1/orders", order).await }
    })
    .await;
    assert_eq!(statuses.iter().filter(|status| **status == 500).count(), 3);
    assert_eq!(provider.state().await["orders"].as_array().unwrap().len(), 17);
}
