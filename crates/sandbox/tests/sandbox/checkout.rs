//! The hosted page as a browser without scripts sees it: what it shows, where its forms go, what comes of them.
//! How it looks is for people to judge.

use std::time::Duration;

use hyper::header;
use serde_json::json;

use crate::{
    client::{Answer, Provider, options},
    receiver::is_signed,
};

const CALLBACK: &str = "http://127.0.0.1:3000/payments/return?for=7";

/// The form that the other side's page has.
fn form(order: &str) -> Vec<(String, String)> {
    let fields = [
        ("key_id", "rzp_test_sandbox"),
        ("order_id", order),
        ("amount", "50000"),
        ("currency", "INR"),
        ("name", "St. Mary's <Hospital>"),
        ("description", "A visit & more"),
        ("prefill[name]", "Anna \"Ada\" Roy"),
        ("prefill[email]", "anna@example.org"),
        ("callback_url", CALLBACK),
        ("cancel_url", "http://127.0.0.1:3000/payments/cancel"),
        ("theme[color]", "#123456"),
    ];
    fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

fn with(mut form: Vec<(String, String)>, name: &str, value: &str) -> Vec<(String, String)> {
    form.retain(|(known, _)| known != name);
    form.push((name.to_owned(), value.to_owned()));
    form
}

fn plain(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&amp;", "&")
}

/// The hidden fields of a page, which a browser sends along.
fn hidden(page: &Answer) -> Vec<(String, String)> {
    let fields = page.text.split("<input type=\"hidden\" name=\"").skip(1);
    let pair = |rest: &str| {
        let (name, rest) = rest.split_once("\" value=\"").unwrap();
        (plain(name), plain(rest.split_once('"').unwrap().0))
    };
    fields.map(pair).collect()
}

fn policy(page: &Answer) -> &str {
    page.headers.get(header::CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap()
}

async fn opened(provider: &Provider, order: &str) -> Answer {
    let page = provider.form("/v1/checkout/embedded", &form(order)).await;
    assert_eq!(page.status, 200, "{}", page.text);
    page
}

async fn pressed(provider: &Provider, page: &Answer, outcome: &str) -> Answer {
    provider.form("/v1/checkout/pay", &with(hidden(page), "outcome", outcome)).await
}

#[tokio::test]
async fn the_page_says_what_is_paid_and_that_it_is_no_real_money() {
    let provider = Provider::start().await;
    let order = provider.order().await;
    let page = opened(&provider, &order).await;
    for part in [
        "<html lang=\"en\">",
        "Sandbox: no real money",
        "<h1>Pay INR 500.00</h1>",
        ">Pay</button>",
        ">Pay, but the bank answers late</button>",
        ">Card refused</button>",
        ">Go back</a>",
        "href=\"http://127.0.0.1:3000/payments/cancel\"",
        "St. Mary&#39;s &lt;Hospital&gt;",
        "A visit &amp; more",
        "Anna &quot;Ada&quot; Roy, anna@example.org",
        order.as_str(),
    ] {
        assert!(page.text.contains(part), "{part}");
    }
    for never in ["<script", "style=", "onclick", "<Hospital>"] {
        assert!(!page.text.contains(never), "{never}");
    }
    assert_eq!(page.text.matches("<h1>").count(), 1);
    assert_eq!(
        policy(&page),
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let style = provider.send("GET", "/v1/checkout/style.css", &[], "").await.unwrap();
    assert_eq!(
        (style.status, &style.headers[header::CONTENT_TYPE]),
        (200, &"text/css; charset=utf-8".parse().unwrap())
    );
    assert!(page.text.contains("href=\"/v1/checkout/style.css\""));
}

#[tokio::test]
async fn who_pays_takes_a_signature_back() {
    let provider = Provider::start().await;
    let order = provider.order().await;
    let page = pressed(&provider, &opened(&provider, &order).await, "paid").await;
    assert!(page.text.contains("<h1>Payment accepted</h1>") && page.text.contains(">Continue</button>"));
    assert!(page.text.contains(&format!("method=\"post\" action=\"{CALLBACK}\"")), "{}", page.text);
    assert!(policy(&page).contains("form-action 'self' http://127.0.0.1:3000;"), "{}", policy(&page));
    let fields = hidden(&page);
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["razorpay_payment_id", "razorpay_order_id", "razorpay_signature"]);
    let [payment, of_order, signature] = [0, 1, 2].map(|at: usize| fields.get(at).unwrap().1.clone());
    assert_eq!(of_order, order);
    assert!(is_signed(&options().key_secret, format!("{order}|{payment}").as_bytes(), &signature));
    let shown = provider.payment(&payment).await;
    assert_eq!((&shown["status"], &shown["email"]), (&json!("authorized"), &json!("anna@example.org")));
    assert_eq!(shown["description"], "A visit & more");
}

#[tokio::test]
async fn a_refused_card_can_be_tried_again_on_the_same_order() {
    let provider = Provider::start().await;
    let order = provider.order().await;
    let refused = pressed(&provider, &opened(&provider, &order).await, "failed").await;
    assert!(refused.text.contains("<h1>Card refused</h1>") && refused.text.contains("BAD_REQUEST_ERROR"));
    assert!(
        refused.text.contains("action=\"/v1/checkout/embedded\"") && refused.text.contains(">Go back</a>")
    );
    let again = provider.form("/v1/checkout/embedded", &hidden(&refused)).await;
    let accepted = pressed(&provider, &again, "paid").await;
    assert!(accepted.text.contains("<h1>Payment accepted</h1>"), "{}", accepted.text);
    let order = provider.get(&format!("/v1/orders/{order}")).await.ok();
    assert_eq!(order["attempts"], 2);
    let state = provider.state().await;
    assert_eq!(
        (&state["payments"][0]["status"], &state["payments"][1]["status"]),
        (&json!("failed"), &json!("authorized"))
    );
}

#[tokio::test]
async fn a_bank_that_is_late_leaves_it_open() {
    let provider = Provider::start().await;
    let page = opened(&provider, &provider.order().await).await;
    let late = pressed(&provider, &page, "late").await;
    assert!(late.text.contains("<h1>The bank has not answered</h1>"), "{}", late.text);
    assert!(late.text.contains(">Go back</a>") && late.text.contains(">Try again</button>"));
    provider.until(|state| state["payments"][0]["status"] == "authorized").await;
}

#[tokio::test]
async fn a_form_that_is_sent_twice_pays_once_and_two_pages_pay_twice() {
    let provider = Provider::start().await;
    let order = provider.order().await;
    let (page, other) = (opened(&provider, &order).await, opened(&provider, &order).await);
    let (once, twice) = tokio::join!(pressed(&provider, &page, "paid"), pressed(&provider, &page, "paid"));
    assert_eq!(once.text, twice.text);
    assert_eq!(provider.state().await["payments"].as_array().unwrap().len(), 1);
    pressed(&provider, &other, "failed").await;
    // Back in the browser, and another button.
    let accepted = pressed(&provider, &other, "paid").await;
    assert!(accepted.text.contains("<h1>Payment accepted</h1>"), "{}", accepted.text);
    assert_eq!(provider.state().await["payments"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn an_order_that_is_paid_meanwhile_is_not_paid_again() {
    let provider = Provider::start().await;
    let order = provider.order().await;
    let page = opened(&provider, &order).await;
    provider.paid(&order, "captured").await;
    let refused = pressed(&provider, &page, "paid").await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("This order is already paid."), "{}", refused.text);
    assert_eq!(provider.form("/v1/checkout/embedded", &form(&order)).await.status, 400);
}

#[tokio::test]
async fn a_form_that_does_not_fit_is_sent_away_and_pays_nothing() {
    let provider = Provider::start().await;
    let order = provider.order().await;
    let wrong = [
        ("key_id", "rzp_test_other", 401),
        ("order_id", "order_1", 400),
        ("amount", "49999", 400),
        ("amount", "", 400),
        ("currency", "EUR", 400),
        ("callback_url", "javascript:alert(1)", 400),
        ("callback_url", "ftp://127.0.0.1/", 400),
        ("callback_url", "", 400),
        ("cancel_url", "javascript:alert(1)", 400),
    ];
    for (name, value, status) in wrong {
        for path in ["/v1/checkout/embedded", "/v1/checkout/pay"] {
            let fields = with(with(form(&order), name, value), "outcome", "paid");
            let answer = provider.form(path, &fields).await;
            assert_eq!(answer.status, status, "{path} {name}={value}");
            assert!(answer.text.contains("<h1>This payment cannot be made</h1>"));
            assert!(!answer.text.contains("javascript:"), "{name}");
        }
    }
    assert_eq!(provider.form("/v1/checkout/pay", &with(form(&order), "outcome", "maybe")).await.status, 400);
    let no_form = provider.send("POST", "/v1/checkout/embedded", &[], "").await.unwrap();
    assert!(no_form.status == 415 && no_form.text.contains("<h1>"));
    assert_eq!(provider.state().await["payments"], json!([]));
}

#[tokio::test]
async fn a_page_without_a_way_back_shows_none() {
    let provider = Provider::start().await;
    let order = provider.order().await;
    let page = provider.form("/v1/checkout/embedded", &with(form(&order), "cancel_url", "")).await;
    assert!(page.status == 200 && !page.text.contains("Go back"));
}

#[tokio::test]
async fn the_page_can_break_before_and_after_it_is_paid() {
    let mut patient = options();
    patient.late = Duration::from_hours(1);
    let provider = Provider::with(patient).await;
    let order = provider.order().await;
    for (fault, payments) in [("error_before_effect", 0), ("error_after_effect", 1)] {
        provider.tell("faults", json!({ "fault": fault, "on": "pay" })).await.ok();
        let page = opened(&provider, &order).await;
        let broken = pressed(&provider, &page, "paid").await;
        assert_eq!((broken.status, broken.text.matches("<h1>").count()), (500, 1));
        assert_eq!(provider.state().await["payments"].as_array().unwrap().len(), payments, "{fault}");
    }
    provider.tell("faults", json!({ "fault": "late_authorization" })).await.ok();
    let late = pressed(&provider, &opened(&provider, &order).await, "paid").await;
    assert!(late.text.contains("<h1>The bank has not answered</h1>"));
}
