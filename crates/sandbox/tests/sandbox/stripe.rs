//! Stripe's half over HTTP: sessions and their page, money that is reserved, taken and sent back, keys, refusals, faults, webhooks.
//! What it shares with Razorpay's half - the courier, the file, the way faults are armed - is tested there.

use bytes::Bytes;
use hyper::header;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Client, NOW_MS, Provider, options},
    receiver::{Ears, is_signed},
};

const NOW: i64 = NOW_MS / 1000;

fn encoded(fields: &[(&str, &str)]) -> String {
    let letter = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    let text = |text: &str| text.bytes().map(letter).collect::<String>();
    fields.iter().map(|(name, value)| format!("{}={}", text(name), text(value))).collect::<Vec<_>>().join("&")
}

/// A change under a key, or without one.
pub(crate) async fn post_as(
    client: &Client,
    path: &str,
    key: Option<&str>,
    fields: &[(&str, &str)],
) -> Option<Answer> {
    let named = header::HeaderName::from_static("idempotency-key");
    let mut headers = vec![
        (header::AUTHORIZATION, "Bearer sk_test_sandbox"),
        (header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
    ];
    headers.extend(key.map(|key| (named, key)));
    client.send("POST", path, &headers, encoded(fields)).await
}

async fn post(client: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    post_as(client, path, None, fields).await.unwrap()
}

async fn get(client: &Client, path: &str) -> Answer {
    client
        .send("GET", path, &[(header::AUTHORIZATION, "Bearer sk_test_sandbox")], Bytes::new())
        .await
        .unwrap()
}

/// What a merchant sends who wants EUR 50 and takes it later, with some of it changed.
fn wish<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("mode", "payment"),
        ("client_reference_id", "visit-1"),
        ("customer_email", "p@x.example"),
        ("payment_intent_data[capture_method]", "manual"),
        ("line_items[0][quantity]", "1"),
        ("line_items[0][price_data][currency]", "eur"),
        ("line_items[0][price_data][unit_amount]", "5000"),
        ("line_items[0][price_data][product_data][name]", "Visit <1>"),
        ("success_url", "https://care.example/back?order={CHECKOUT_SESSION_ID}"),
        ("cancel_url", "https://care.example/cancel"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            fields.push((name, value));
        }
    }
    fields
}

async fn open(client: &Client) -> String {
    name(&post(client, "/v1/checkout/sessions", &wish(&[])).await.ok())
}

fn name(object: &Value) -> String {
    object["id"].as_str().unwrap().to_owned()
}

/// The session, with its intent in it.
async fn pay(client: &Client, session: &str, outcome: &str) -> Value {
    client.tell(&format!("stripe/sessions/{session}/pay"), json!({ "outcome": outcome })).await.ok()
}

/// An intent whose money has come.
pub(crate) async fn taken(client: &Client) -> String {
    name(&pay(client, &open(client).await, "captured").await["payment_intent"])
}

pub(crate) fn refused(answer: &Answer, kind: &str, code: &str) {
    let error = &answer.body["error"];
    let said = (answer.status, error["type"].as_str().unwrap(), error["code"].as_str().unwrap_or_default());
    assert_eq!(said, (400, kind, code), "{}", answer.text);
    assert!(!error["message"].as_str().unwrap().is_empty());
}

pub(crate) const INVALID: &str = "invalid_request_error";

#[tokio::test]
async fn a_session_is_shown_as_stripe_shows_it() {
    let provider = Provider::start().await;
    let session = post(&provider, "/v1/checkout/sessions", &wish(&[("metadata[a]", "b")])).await.ok();
    let id = name(&session);
    let expected = json!({
        "id": id, "object": "checkout.session", "amount_subtotal": 5_000, "amount_total": 5_000,
        "cancel_url": "https://care.example/cancel", "client_reference_id": "visit-1", "created": NOW,
        "currency": "eur", "customer_email": "p@x.example", "expires_at": NOW + 86_400, "livemode": false,
        "metadata": { "a": "b" }, "mode": "payment", "payment_intent": null, "payment_method_types": ["card"],
        "payment_status": "unpaid", "status": "open",
        "success_url": "https://care.example/back?order={CHECKOUT_SESSION_ID}",
        "url": format!("{}/c/pay/{id}", provider.sandbox.base_url()),
    });
    assert_eq!(session, expected);
    assert!(id.starts_with("cs_test_"), "{id}");
    let looked = get(&provider, &format!("/v1/checkout/sessions/{id}?expand[]=payment_intent")).await.ok();
    assert_eq!(looked, expected);
}

#[tokio::test]
async fn a_session_ends_between_half_an_hour_and_a_day_after_it_was_opened() {
    let provider = Provider::start().await;
    for (seconds, good) in [(1_799, false), (1_800, true), (86_400, true), (86_401, false), (-1, false)] {
        let ends = (NOW + seconds).to_string();
        let answer = post(&provider, "/v1/checkout/sessions", &wish(&[("expires_at", &ends)])).await;
        if good {
            assert_eq!(answer.ok()["expires_at"], NOW + seconds);
        } else {
            refused(&answer, INVALID, "parameter_invalid_integer");
            assert_eq!(answer.body["error"]["param"], "expires_at");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_understood_is_refused_by_name() {
    let provider = Provider::start().await;
    for (changes, code) in [
        ([("success_url", "")], "parameter_missing"),
        ([("mode", "")], "parameter_missing"),
        ([("mode", "subscription")], "parameter_invalid_string"),
        ([("line_items[0][price_data][unit_amount]", "0")], "parameter_invalid_integer"),
        ([("line_items[0][price_data][unit_amount]", "5.5")], "parameter_invalid_integer"),
        ([("line_items[0][price_data][unit_amount]", "100000000")], "amount_too_large"),
        ([("line_items[0][price_data][currency]", "euro")], "parameter_invalid_string"),
        ([("payment_intent_data[capture_method]", "later")], "parameter_invalid_string"),
        ([("success_url", "javascript:alert(1)")], "url_invalid"),
        ([("payment_intent_data[capture]", "manual")], "parameter_unknown"),
    ] {
        refused(&post(&provider, "/v1/checkout/sessions", &wish(&changes)).await, INVALID, code);
    }
    assert_eq!(provider.state().await["stripe"]["sessions"], json!([]));
    let missing = get(&provider, "/v1/checkout/sessions/cs_test_none").await;
    assert_eq!((missing.status, &missing.body["error"]["code"]), (404, &json!("resource_missing")));
    for keys in [vec![], vec![(header::AUTHORIZATION, "Bearer sk_live_another")]] {
        let answer = provider.send("GET", "/v1/refunds", &keys, Bytes::new()).await.unwrap();
        assert_eq!((answer.status, &answer.body["error"]["type"]), (401, &json!(INVALID)));
    }
}

#[tokio::test]
async fn money_is_reserved_and_taken_once() {
    let provider = Provider::start().await;
    let session = pay(&provider, &open(&provider).await, "paid").await;
    let intent = &session["payment_intent"];
    assert_eq!((&session["status"], &session["payment_status"]), (&json!("complete"), &json!("unpaid")));
    assert_eq!(session["url"], Value::Null);
    assert_eq!(
        (&intent["status"], &intent["amount_capturable"], &intent["amount_received"]),
        (&json!("requires_capture"), &json!(5_000), &json!(0))
    );
    let path = format!("/v1/payment_intents/{}/capture", name(intent));
    refused(&post(&provider, &path, &[("amount_to_capture", "5001")]).await, INVALID, "amount_too_large");
    let taken = post(&provider, &path, &[]).await.ok();
    assert_eq!((&taken["status"], &taken["amount_received"]), (&json!("succeeded"), &json!(5_000)));
    refused(&post(&provider, &path, &[]).await, INVALID, "payment_intent_unexpected_state");
    let looked = get(&provider, &format!("/v1/checkout/sessions/{}", name(&session))).await.ok();
    assert_eq!(looked["payment_status"], "paid");
    let path = format!("/v1/payment_intents/{}/cancel", name(intent));
    refused(&post(&provider, &path, &[]).await, INVALID, "payment_intent_unexpected_state");
}

#[tokio::test]
async fn what_is_reserved_can_be_let_go_of() {
    let provider = Provider::start().await;
    let session = pay(&provider, &open(&provider).await, "authorized").await;
    let id = name(&session["payment_intent"]);
    let gone = post(&provider, &format!("/v1/payment_intents/{id}/cancel"), &[]).await.ok();
    assert_eq!((&gone["status"], &gone["amount_capturable"]), (&json!("canceled"), &json!(0)));
    let capture = post(&provider, &format!("/v1/payment_intents/{id}/capture"), &[]).await;
    refused(&capture, INVALID, "payment_intent_unexpected_state");
    refused(&post(&provider, "/v1/refunds", &[("payment_intent", &id)]).await, INVALID, "");
}

#[tokio::test]
async fn only_an_open_session_can_be_ended_and_nobody_pays_on_one_that_has_ended() {
    let provider = Provider::start().await;
    let id = open(&provider).await;
    let declined = pay(&provider, &id, "failed").await;
    assert_eq!(
        (&declined["status"], &declined["payment_intent"]["status"]),
        (&json!("open"), &json!("requires_payment_method"))
    );
    let cancel = format!("/v1/payment_intents/{}/cancel", name(&declined["payment_intent"]));
    refused(&post(&provider, &cancel, &[]).await, INVALID, "payment_intent_unexpected_state");
    let path = format!("/v1/checkout/sessions/{id}/expire");
    assert_eq!(post(&provider, &path, &[]).await.ok()["status"], "expired");
    refused(&post(&provider, &path, &[]).await, INVALID, "");
    let late = provider.tell(&format!("stripe/sessions/{id}/pay"), json!({ "outcome": "paid" })).await;
    refused(&late, INVALID, "");
    let paid = open(&provider).await;
    pay(&provider, &paid, "paid").await;
    let path = format!("/v1/checkout/sessions/{paid}/expire");
    assert!(post(&provider, &path, &[]).await.text.contains("complete"));
}

#[tokio::test]
async fn the_clock_ends_a_session_and_tells_of_it() {
    let clock = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(NOW_MS));
    let mut told = options();
    let reads = clock.clone();
    told.clock = std::sync::Arc::new(move || reads.load(std::sync::atomic::Ordering::SeqCst));
    let provider = Provider::with(told).await;
    let ends = (NOW + 1_800).to_string();
    let session = name(&post(&provider, "/v1/checkout/sessions", &wish(&[("expires_at", &ends)])).await.ok());
    let path = format!("/v1/checkout/sessions/{session}");
    clock.store(NOW_MS + 1_799_000, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(get(&provider, &path).await.ok()["status"], "open");
    clock.store(NOW_MS + 1_800_000, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(get(&provider, &path).await.ok()["status"], "expired");
    let page = provider.send("GET", &format!("/c/pay/{session}"), &[], "").await.unwrap();
    assert!(page.text.contains("The time to pay is over") && !page.text.contains("<form"), "{}", page.text);
    assert_eq!(provider.state().await["events"][0]["event"], "checkout.session.expired");
}

#[tokio::test]
async fn money_goes_back_in_parts_and_never_more_than_came() {
    let provider = Provider::start().await;
    let id = taken(&provider).await;
    let refund = [("payment_intent", id.as_str()), ("amount", "2000"), ("metadata[receipt]", "r1")];
    let first = post(&provider, "/v1/refunds", &refund).await.ok();
    let expected = json!({
        "id": first["id"], "object": "refund", "amount": 2_000, "created": NOW, "currency": "eur",
        "metadata": { "receipt": "r1" }, "payment_intent": id, "reason": null, "status": "succeeded",
    });
    assert_eq!(first, expected);
    let more = [("payment_intent", id.as_str()), ("amount", "3001")];
    refused(&post(&provider, "/v1/refunds", &more).await, INVALID, "amount_too_large");
    assert_eq!(post(&provider, "/v1/refunds", &[("payment_intent", &id)]).await.ok()["amount"], 3_000);
    let over = post(&provider, "/v1/refunds", &[("payment_intent", &id)]).await;
    refused(&over, INVALID, "charge_already_refunded");
    let list = get(&provider, &format!("/v1/refunds?payment_intent={id}&limit=1")).await.ok();
    assert_eq!(
        (&list["object"], &list["has_more"], &list["data"][0]["amount"]),
        (&json!("list"), &json!(true), &json!(3_000))
    );
    let all = get(&provider, &format!("/v1/refunds?limit=100&payment_intent={id}")).await.ok();
    assert_eq!((&all["has_more"], &all["data"][1]), (&json!(false), &first));
}

#[tokio::test]
async fn a_bank_that_is_late_and_an_amount_that_is_wrong() {
    let provider = Provider::start().await;
    provider.tell("faults", json!({ "fault": "late_authorization" })).await.ok();
    let late = pay(&provider, &open(&provider).await, "paid").await;
    assert_eq!(
        (&late["status"], &late["payment_intent"]["status"]),
        (&json!("complete"), &json!("processing"))
    );
    provider.until(|state| state["stripe"]["intents"][0]["status"] == "requires_capture").await;
    provider.tell("faults", json!({ "fault": "wrong_amount" })).await.ok();
    let session = pay(&provider, &open(&provider).await, "paid").await;
    assert_eq!(
        (&session["amount_total"], &session["payment_intent"]["amount"]),
        (&json!(5_000), &json!(4_999))
    );
    provider.tell("faults", json!({ "fault": "wrong_amount", "on": "fetch" })).await.ok();
    let path = format!("/v1/checkout/sessions/{}?expand[]=payment_intent", name(&late));
    assert_eq!(get(&provider, &path).await.ok()["payment_intent"]["amount"], 4_999);
    assert_eq!(get(&provider, &path).await.ok()["payment_intent"]["amount"], 5_000);
}

#[tokio::test]
async fn the_page_works_without_scripts_and_leads_back_by_a_link() {
    let provider = Provider::start().await;
    let session = open(&provider).await;
    let path = format!("/c/pay/{session}");
    let page = provider.send("GET", &path, &[], "").await.unwrap();
    assert_eq!(page.status, 200);
    assert!(page.headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    for part in ["Pay EUR 50.00", "Visit &lt;1&gt;", "Card refused", "https://care.example/cancel"] {
        assert!(page.text.contains(part), "{part}");
    }
    assert!(!page.text.contains("<script"));
    let choose = |outcome: &str| vec![("outcome".to_owned(), outcome.to_owned())];
    let declined = provider.form(&path, &choose("failed")).await;
    assert!(declined.text.contains("refused by the bank") && declined.text.contains("<form"));
    let link = format!("href=\"https://care.example/back?order={session}\"");
    for _ in 0..2 {
        let paid = provider.form(&path, &choose("paid")).await;
        assert!(paid.text.contains("Payment accepted") && paid.text.contains(&link), "{}", paid.text);
    }
    assert_eq!(provider.state().await["stripe"]["intents"].as_array().unwrap().len(), 1);
    assert_eq!(provider.form(&path, &choose("")).await.status, 400);
    assert_eq!(provider.send("GET", "/c/pay/cs_test_none", &[], "").await.unwrap().status, 404);
}

#[tokio::test]
async fn webhooks_are_signed_with_their_time_and_with_each_secret() {
    let mut ears = Ears::open().await;
    let mut told = options();
    told.webhook_url = Some(ears.url.clone());
    told.webhook_secret_before = Some("before".into());
    let (now, before) = (told.webhook_secret.clone(), "before".to_owned());
    let provider = Provider::with(told).await;
    provider.tell("faults", json!({ "fault": "duplicate_success" })).await.ok();
    let session = pay(&provider, &open(&provider).await, "captured").await;
    let mut kinds = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..4 {
        let (headers, body) = ears.next().await;
        let line = headers["stripe-signature"].to_str().unwrap();
        let parts: Vec<&str> = line.split(',').collect();
        assert_eq!((parts.len(), parts[0]), (3, format!("t={NOW}").as_str()));
        let signed = [format!("{NOW}.").as_bytes(), &body].concat();
        for (secret, part) in [&now, &before].into_iter().zip(&parts[1..]) {
            assert!(is_signed(secret, &signed, part.strip_prefix("v1=").unwrap()), "{line}");
        }
        let event: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&event["object"], &event["created"]), (&json!("event"), &json!(NOW)));
        ids.insert(name(&event));
        kinds.push(event["type"].as_str().unwrap().to_owned());
        if event["type"] == "checkout.session.completed" {
            assert_eq!(event["data"]["object"]["id"], session["id"]);
        }
    }
    let expected = [
        "payment_intent.amount_capturable_updated",
        "payment_intent.amount_capturable_updated",
        "checkout.session.completed",
        "payment_intent.succeeded",
    ];
    assert_eq!((kinds.as_slice(), ids.len()), (expected.map(str::to_owned).as_slice(), 4));
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let kept = || {
        let mut kept = options();
        kept.file = Some(folder.path().join("sandbox.json"));
        kept
    };
    let provider = Provider::with(kept()).await;
    let id = taken(&provider).await;
    let part = [("payment_intent", id.as_str()), ("amount", "100")];
    let first = post_as(&provider, "/v1/refunds", Some("k"), &part).await.unwrap().ok();
    open(&provider).await;
    let before = provider.state().await;
    provider.sandbox.stop().await;
    let provider = Provider::with(kept()).await;
    assert_eq!(provider.state().await, before);
    assert_eq!(post_as(&provider, "/v1/refunds", Some("k"), &part).await.unwrap().ok(), first);
}
