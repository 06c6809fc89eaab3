//! What a restart keeps, and what it goes on with.
//! What a crash leaves of a half-written file is the file system's promise: a file is renamed when it is whole.

use std::time::Duration;

use sandbox::{Error, Options, Sandbox, Settling};
use serde_json::{Value, json};

use crate::{
    client::{Provider, options},
    receiver::Receiver,
};

fn kept_in(folder: &tempfile::TempDir, options: Options) -> Options {
    Options { file: Some(folder.path().join("sandbox.json")), ..options }
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let provider = Provider::with(kept_in(&folder, options())).await;
    let payment = provider.captured().await;
    provider.refund(&payment, json!({ "amount": 500, "receipt": "r" })).await.ok();
    provider.tell("faults", json!({ "fault": "error_before_effect", "on": "capture" })).await.ok();
    let before = provider.state().await;
    provider.sandbox.stop().await;

    let provider = Provider::with(kept_in(&folder, options())).await;
    assert_eq!(provider.state().await, before);
    provider.refund(&payment, json!({ "amount": 500, "receipt": "r" })).await.refused();
    assert_eq!(provider.capture(&payment, 50_000).await.status, 500);
    assert_eq!(provider.payment(&payment).await["amount_refunded"], 500);
}

#[tokio::test]
async fn what_was_answered_is_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let provider = Provider::with(kept_in(&folder, options())).await;
    for number in 1..=5 {
        provider.order().await;
        let file: Value =
            serde_json::from_slice(&std::fs::read(folder.path().join("sandbox.json")).unwrap()).unwrap();
        assert_eq!(file["orders"].as_array().unwrap().len(), number);
    }
    // Nothing half-written lies beside it.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_restart_goes_on_with_what_was_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut slow = kept_in(&folder, options());
    (slow.late, slow.refunds) = (Duration::from_hours(1), Settling::After(Duration::from_hours(1)));
    let provider = Provider::with(slow).await;
    provider.paid(&provider.order().await, "late").await;
    let payment = provider.captured().await;
    assert_eq!(provider.refund(&payment, json!({})).await.ok()["status"], "pending");
    provider.sandbox.stop().await;

    let mut quick = kept_in(&folder, options());
    quick.refunds = Settling::After(Duration::ZERO);
    let provider = Provider::with(quick).await;
    provider
        .until(|state| {
            state["payments"][0]["status"] == "authorized" && state["refunds"][0]["status"] == "processed"
        })
        .await;
}

#[tokio::test]
async fn what_nobody_has_heard_is_told_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start().await;
    let mut deaf = kept_in(&folder, options());
    deaf.webhook_url = Some("http://127.0.0.1:1/".into());
    deaf.webhook_retries = vec![Duration::from_hours(1)];
    let provider = Provider::with(deaf).await;
    provider.paid(&provider.order().await, "authorized").await;
    provider.until(|state| state["events"][0]["deliveries"] != json!([])).await;
    provider.tell("webhooks/hold", Value::Null).await.ok();
    provider.paid(&provider.order().await, "failed").await;
    provider.sandbox.stop().await;

    let provider = Provider::with(kept_in(&folder, receiver.options())).await;
    assert_eq!(receiver.next().await.event(), "payment.authorized");
    // What was held stays held.
    provider.tell("webhooks/release", json!({})).await.ok();
    assert_eq!(receiver.next().await.event(), "payment.failed");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let options = kept_in(&folder, options());
    let path = options.file.clone().unwrap();
    std::fs::write(&path, "not JSON").unwrap();
    assert!(matches!(Sandbox::start(options.clone()).await, Err(Error::Strange { .. })));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "not JSON");
    let folder = Options { file: Some(folder.path().to_owned()), ..options };
    assert!(matches!(Sandbox::start(folder).await, Err(Error::Read { .. })));
}

#[tokio::test]
async fn what_cannot_be_written_is_not_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut nowhere = options();
    nowhere.file = Some(folder.path().join("gone/sandbox.json"));
    let provider = Provider::with(nowhere).await;
    let answer = provider.post("/v1/orders", json!({ "amount": 500, "currency": "INR" })).await;
    assert_eq!((answer.status, &answer.body["error"]["code"]), (500, &json!("SERVER_ERROR")));
}
