//! Where visits are paid for: the provider, and how it knows the house.
//! It asks no provider anything.

use clap::{Args, ValueEnum};
use services::PaymentSettings;

/// Which payment provider is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Provider {
    /// None: everything is paid at the desk.
    None,
    /// A pretended one beside the server, for trying things out: no money moves.
    Sandbox,
    /// The same, speaking Stripe's language instead of Razorpay's.
    SandboxStripe,
    Razorpay,
    Stripe,
}

/// Settings of payments. Keys and secrets come from the environment alone, where no list of processes shows them.
#[derive(Debug, Clone, Args)]
pub struct PaymentOptions {
    /// Where visits are paid for: `none` (at the desk), `sandbox` or `sandbox-stripe` (pretended, for trying
    /// out), `razorpay` or `stripe`.
    #[arg(long = "payments", global = true, env = "PAYMENT_PROVIDER", default_value = "none")]
    pub provider: Provider,
    /// Another address than the provider's own, for a gateway before it.
    #[arg(long = "payments-url", hide = true, global = true, env = "PAYMENT_PROVIDER_URL")]
    pub address: Option<String>,
    #[arg(
        long = "razorpay-key-id",
        hide = true,
        global = true,
        env = "RAZORPAY_KEY_ID",
        hide_env_values = true
    )]
    pub razorpay_key_id: Option<String>,
    #[arg(
        long = "razorpay-key-secret",
        hide = true,
        global = true,
        env = "RAZORPAY_KEY_SECRET",
        hide_env_values = true
    )]
    pub razorpay_key_secret: Option<String>,
    #[arg(
        long = "stripe-secret-key",
        hide = true,
        global = true,
        env = "STRIPE_SECRET_KEY",
        hide_env_values = true
    )]
    pub stripe_secret_key: Option<String>,
    /// The secret that notices are signed with, and the one before it while it is being changed.
    #[arg(
        long = "webhook-secret",
        hide = true,
        global = true,
        env = "PAYMENT_WEBHOOK_SECRET",
        hide_env_values = true
    )]
    pub notices: Option<String>,
    #[arg(
        long = "webhook-secret-before",
        hide = true,
        global = true,
        env = "PAYMENT_WEBHOOK_SECRET_BEFORE",
        hide_env_values = true
    )]
    pub notices_before: Option<String>,
}

impl PaymentOptions {
    /// What the house needs to know, or a sentence that says what is missing. The sandbox is known only once it runs; until then
    /// nothing can be paid online.
    pub fn settings(&self) -> Result<PaymentSettings, String> {
        let given = |value: &Option<String>, name: &str| {
            let value = value.clone().filter(|value| !value.trim().is_empty());
            value.ok_or_else(|| format!("{name} is missing: without it nothing can be paid online."))
        };
        let notices = || {
            let first = given(&self.notices, "PAYMENT_WEBHOOK_SECRET")?;
            let before = self.notices_before.clone().filter(|value| !value.trim().is_empty());
            Ok::<_, String>(std::iter::once(first).chain(before).collect())
        };
        Ok(match self.provider {
            Provider::None | Provider::Sandbox | Provider::SandboxStripe => PaymentSettings::Desk,
            Provider::Razorpay => PaymentSettings::Razorpay {
                sandbox: false,
                address: self.address.clone(),
                key_id: given(&self.razorpay_key_id, "RAZORPAY_KEY_ID")?,
                secret: given(&self.razorpay_key_secret, "RAZORPAY_KEY_SECRET")?,
                notices: notices()?,
            },
            Provider::Stripe => PaymentSettings::Stripe {
                sandbox: false,
                address: self.address.clone(),
                secret: given(&self.stripe_secret_key, "STRIPE_SECRET_KEY")?,
                notices: notices()?,
            },
        })
    }
}
