//! Keys of Stripe's half: one request each, its answer again, accidents too, and nothing of what was refused.
//! What is done under them is tested in `stripe`.

use serde_json::json;

use crate::{
    client::Provider,
    stripe::{INVALID, post_as, refused, taken},
};

#[tokio::test]
async fn a_key_stands_for_one_request_and_gives_its_answer_again() {
    let provider = Provider::start().await;
    let id = taken(&provider).await;
    let part = [("payment_intent", id.as_str()), ("amount", "100")];
    let send = |key: &'static str| post_as(&provider, "/v1/refunds", Some(key), &part);
    let first = send("k1").await.unwrap();
    assert!(!first.headers.contains_key("idempotent-replayed"));
    let again = send("k1").await.unwrap();
    assert_eq!((again.headers["idempotent-replayed"].to_str().unwrap(), &again.body), ("true", &first.body));
    assert_ne!(send("k2").await.unwrap().ok()["id"], first.body["id"]);
    let other = [("payment_intent", id.as_str()), ("amount", "101")];
    refused(&post_as(&provider, "/v1/refunds", Some("k1"), &other).await.unwrap(), "idempotency_error", "");
    // What was refused leaves nothing under its key.
    let wrong = [("payment_intent", id.as_str()), ("amount", "0")];
    refused(
        &post_as(&provider, "/v1/refunds", Some("k3"), &wrong).await.unwrap(),
        INVALID,
        "parameter_invalid_integer",
    );
    post_as(&provider, "/v1/refunds", Some("k3"), &part).await.unwrap().ok();
    assert_eq!(provider.state().await["stripe"]["intents"][0]["amount_refunded"], 300);
    let long = "k".repeat(256);
    refused(&post_as(&provider, "/v1/refunds", Some(&long), &part).await.unwrap(), INVALID, "");
}

#[tokio::test]
async fn two_at_once_under_one_key_are_done_once() {
    let provider = Provider::start().await;
    let id = taken(&provider).await;
    let tasks = (0..16).map(|_| {
        let (client, id) = (provider.client(), id.clone());
        tokio::spawn(async move {
            let part = [("payment_intent", id.as_str()), ("amount", "100")];
            post_as(&client, "/v1/refunds", Some("one"), &part).await.unwrap().ok()
        })
    });
    let mut answers = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        answers.push(task.await.unwrap());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(provider.state().await["stripe"]["intents"][0]["amount_refunded"], 100);
}

#[tokio::test]
async fn accidents_are_repeated_and_what_was_lost_on_its_way_is_told_again() {
    let provider = Provider::start().await;
    let id = taken(&provider).await;
    let part = [("payment_intent", id.as_str()), ("amount", "100")];
    for (fault, key, done) in [("error_before_effect", "a", 0), ("error_after_effect", "b", 100)] {
        provider.tell("faults", json!({ "fault": fault, "on": "refund" })).await.ok();
        for again in [false, true] {
            let answer = post_as(&provider, "/v1/refunds", Some(key), &part).await.unwrap();
            assert_eq!((answer.status, &answer.body["error"]["type"]), (500, &json!("api_error")), "{fault}");
            assert_eq!(answer.headers.contains_key("idempotent-replayed"), again, "{fault}");
        }
        assert_eq!(provider.state().await["stripe"]["intents"][0]["amount_refunded"], done, "{fault}");
    }
    provider.tell("faults", json!({ "fault": "timeout_after_effect", "on": "refund" })).await.ok();
    assert!(post_as(&provider, "/v1/refunds", Some("c"), &part).await.is_none());
    let again = post_as(&provider, "/v1/refunds", Some("c"), &part).await.unwrap();
    assert!(again.headers.contains_key("idempotent-replayed"));
    assert_eq!(again.ok()["amount"], 100);
    assert_eq!(provider.state().await["stripe"]["intents"][0]["amount_refunded"], 200);
}
