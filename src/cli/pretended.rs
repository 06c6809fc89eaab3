//! The sandbox beside the server: a payment provider for trying things out, on this machine alone.
//! What it does is its own crate's business.

use std::sync::Arc;

use sandbox::{Options as SandboxOptions, Sandbox};
use services::{
    PaymentSettings,
    clock::{Clock, SystemClock},
};

use super::{Failure, failure::CONFIG};
use crate::config::{Options, Provider};

/// The sandbox, if it is wanted, and what the house has to know of it.
pub(super) async fn start(options: &Options) -> Result<Option<(Sandbox, PaymentSettings)>, Failure> {
    let stripe = match options.payments.provider {
        Provider::Sandbox => false,
        Provider::SandboxStripe => true,
        Provider::None | Provider::Razorpay | Provider::Stripe => return Ok(None),
    };
    if !options.addr.ip().is_loopback() {
        let sentence = "PAYMENT_PROVIDER=sandbox pretends to take money: it is for this machine alone.";
        return Err(Failure::new(CONFIG, sentence.to_owned()));
    }
    let mut wanted = SandboxOptions::new(Arc::new(|| SystemClock.now_ms()));
    let code = if stripe { "sandbox-stripe" } else { "sandbox" };
    wanted.webhook_url = Some(format!("http://{}/webhooks/{code}", options.addr));
    wanted.file = Some(options.data_dir.join("sandbox.json"));
    let settings = |address: String| {
        let notices = vec![wanted.webhook_secret.clone()];
        if stripe {
            return PaymentSettings::Stripe {
                sandbox: true,
                address: Some(address),
                secret: wanted.stripe_key.clone(),
                notices,
            };
        }
        PaymentSettings::Razorpay {
            sandbox: true,
            address: Some(address),
            key_id: wanted.key_id.clone(),
            secret: wanted.key_secret.clone(),
            notices,
        }
    };
    std::fs::create_dir_all(&options.data_dir)
        .map_err(|error| Failure::new(CONFIG, format!("The data folder cannot be made: {error}.")))?;
    let sandbox = Sandbox::start(wanted.clone())
        .await
        .map_err(|error| Failure::new(CONFIG, format!("The payment sandbox cannot start: {error}.")))?;
    tracing::warn!("payments are pretended: the sandbox at {} moves no money", sandbox.base_url());
    let settings = settings(sandbox.base_url());
    Ok(Some((sandbox, settings)))
}
