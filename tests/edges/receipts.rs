//! Receipts as files, through the whole router: who gets one, and what stands in the head of the answer.
//! What stands on the paper is tested in the app.

use serde_json::json;

use crate::{
    app::TestApp,
    browser::{get, signed_in},
    headers::assert_protected,
    world::{self, World},
};

/// A patient who has paid at the desk: her token, and the payment.
async fn paid() -> (World, String, String) {
    let world = World::new(TestApp::sqlite().await).await;
    let patient = world.patient("ada").await;
    let visit =
        world.app.post("/api/v1/appointments", Some(&patient), world.booking("2026-03-03T09:00")).await;
    let visit = world::id(&visit.expect(201));
    let cash = json!({ "method": "cash", "amount_minor": 8_000 });
    let path = format!("/api/v1/appointments/{visit}/payments");
    let bill = world.app.post(&path, Some(&world.admin), cash).await.expect(200);
    let payment = bill["payments"][0]["id"].as_str().unwrap().to_owned();
    (world, patient, payment)
}

#[tokio::test]
async fn a_receipt_as_a_file_is_for_whoever_may_see_the_bill() {
    let (world, patient, payment) = paid().await;
    let beside = format!("/receipts/{payment}/receipt.pdf");
    let api = format!("/api/v1/payments/{payment}/receipt.pdf");
    let eve = world.patient("eve").await;
    for path in [&beside, &api] {
        let file = world.app.get(path, Some(&patient)).await;
        assert_eq!((file.status.as_u16(), file.header("content-type")), (200, "application/pdf"), "{path}");
        assert_eq!(file.header("cache-control"), "no-store");
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"receipt-R-000001.pdf\"");
        assert!(file.text.starts_with("%PDF-1.7"), "{path}");
        assert_eq!(world.app.get(path, Some(&world.admin)).await.status, 200, "{path}");
        assert_eq!(world.app.get(path, None).await.problem(401), "unauthenticated");
        let foreign = world.app.get(path, Some(&eve)).await;
        let absent = path.replace(&payment, &uuid::Uuid::from_u128(7).to_string());
        let absent = world.app.get(&absent, Some(&eve)).await;
        assert_eq!((foreign.status, &foreign.text), (absent.status, &absent.text));
        assert_eq!(foreign.problem(404), "not_found");
    }
}

#[tokio::test]
async fn a_browser_saves_the_file() {
    let (world, _, payment) = paid().await;
    let cookie = signed_in(&world.app, "ada").await;
    let file = get(&world.app, &format!("/receipts/{payment}/receipt.pdf"), &cookie).await;
    assert_eq!(file.status.as_u16(), 200);
    assert_protected("receipt", &file.headers, false);
}
