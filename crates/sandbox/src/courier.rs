//! Sends events one after another, signed, and again until somebody has heard them.
//! In which order they come is decided at the desk; a try that failed waits beside the others and stops none of them.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;

use crate::{
    faults::Place,
    options::Options,
    post::Target,
    shared::Shared,
    signature,
    world::{Delivery, Dialect, Event, Sending},
};

/// An event to send.
#[derive(Debug)]
pub(crate) struct Errand {
    pub(crate) event: String,
    /// How often it was tried before.
    pub(crate) tries: usize,
}

/// Works until the sandbox stops.
pub(crate) async fn run(shared: Arc<Shared>, target: Target, mut errands: UnboundedReceiver<Errand>) {
    let stopping = shared.stopping.clone();
    while let Some(Some(errand)) = stopping.run_until_cancelled(errands.recv()).await {
        // What is broken off here is not noted, and so is sent again after a restart.
        stopping.run_until_cancelled(deliver(&shared, &target, errand)).await;
    }
}

/// Stripe signs the time as well, and so each try anew.
fn signed(shared: &Shared, event: &Event) -> String {
    let Options { webhook_secret, webhook_secret_before, clock, .. } = &shared.options;
    match event.dialect {
        Dialect::Razorpay => signature::sign(webhook_secret, event.body.as_bytes()),
        Dialect::Stripe => {
            let secrets = std::iter::once(webhook_secret).chain(webhook_secret_before).map(String::as_str);
            signature::of_stripe(secrets, clock().div_euclid(1000), &event.body)
        }
    }
}

async fn deliver(shared: &Arc<Shared>, target: &Target, errand: Errand) {
    // Nobody hears of what a crash could still undo. If it cannot be written, whoever caused it was told so.
    let _ = shared.settled().await;
    let find = |event: &&Event| event.id == errand.event;
    let Some(event) = shared.look(|world| world.events.iter().find(find).cloned()) else { return };
    let signature = signed(shared, &event);
    let headers: &[(&str, &str)] = match event.dialect {
        Dialect::Razorpay => &[
            ("user-agent", "Razorpay-Webhook/v1"),
            ("x-razorpay-signature", signature.as_str()),
            ("x-razorpay-event-id", event.id.as_str()),
        ],
        Dialect::Stripe => &[("user-agent", "Stripe/1.0"), ("stripe-signature", signature.as_str())],
    };
    let sent = tokio::time::timeout(shared.options.webhook_patience, target.post(headers, event.body)).await;
    let (status, error) = match sent {
        Ok(Ok(status)) => (Some(status), None),
        Ok(Err(error)) => (None, Some(error)),
        Err(_) => (None, Some("there was no answer in time".to_owned())),
    };
    let heard = status.is_some_and(|status| (200..300).contains(&status));
    let wait = shared.options.webhook_retries.get(errand.tries).copied();
    let sending = match (heard, wait) {
        (true, _) => Sending::Delivered,
        (false, Some(_)) => Sending::Waiting,
        (false, None) => Sending::GivenUp,
    };
    let noted = shared.change(Place::Elsewhere, |desk| {
        let delivery = Delivery { at: desk.now, status, error };
        desk.note(&errand.event, delivery, sending);
        Ok(())
    });
    // A note that cannot be written is one that is sent twice.
    let _ = noted.await;
    if let (false, Some(wait)) = (heard, wait) {
        shared.send_again(Errand { tries: errand.tries + 1, ..errand }, wait);
    }
}
