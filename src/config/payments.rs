//! Where visits are paid for: the provider, the one before it, and how they know the house.
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
    /// Where visits were paid for before, with its keys, while money may still be there: `razorpay` or `stripe`.
    #[arg(
        long = "payments-before",
        hide = true,
        global = true,
        env = "PAYMENT_PROVIDER_BEFORE",
        default_value = "none"
    )]
    pub former: Provider,
    #[arg(long = "payments-url-before", hide = true, global = true, env = "PAYMENT_PROVIDER_URL_BEFORE")]
    pub former_address: Option<String>,
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
    /// The secret that notices are signed with, and the one before it while it is being changed, or that of the provider before.
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
        // Where there is a former provider, the secret before is that one's.
        let before =
            if self.former == Provider::None { filled(self.notices_before.as_deref()) } else { None };
        self.at(self.provider, self.address.clone(), || {
            let first = given(self.notices.as_deref(), "PAYMENT_WEBHOOK_SECRET")?;
            Ok(std::iter::once(first).chain(before).collect())
        })
    }

    /// The same of the provider before. Without its secret of notices it is heard no longer, and asked all the same.
    pub fn settings_before(&self) -> Result<PaymentSettings, String> {
        let wrong = match self.former {
            Provider::Sandbox | Provider::SandboxStripe => "the sandbox has nobody's money",
            Provider::Razorpay | Provider::Stripe if self.former == self.provider => {
                "it names the provider that is used now, and is for the one before it"
            }
            Provider::None | Provider::Razorpay | Provider::Stripe => {
                let notices = || Ok(filled(self.notices_before.as_deref()).into_iter().collect());
                return self.at(self.former, self.former_address.clone(), notices);
            }
        };
        Err(format!("PAYMENT_PROVIDER_BEFORE cannot be used: {wrong}."))
    }

    fn at(
        &self,
        provider: Provider,
        address: Option<String>,
        notices: impl FnOnce() -> Result<Vec<String>, String>,
    ) -> Result<PaymentSettings, String> {
        Ok(match provider {
            Provider::None | Provider::Sandbox | Provider::SandboxStripe => PaymentSettings::Desk,
            Provider::Razorpay => PaymentSettings::Razorpay {
                sandbox: false,
                address,
                key_id: given(self.razorpay_key_id.as_deref(), "RAZORPAY_KEY_ID")?,
                secret: given(self.razorpay_key_secret.as_deref(), "RAZORPAY_KEY_SECRET")?,
                notices: notices()?,
            },
            Provider::Stripe => PaymentSettings::Stripe {
                sandbox: false,
                address,
                secret: given(self.stripe_secret_key.as_deref(), "STRIPE_SECRET_KEY")?,
                notices: notices()?,
            },
        })
    }
}

/// What was set to something.
fn filled(value: Option<&str>) -> Option<String> {
    value.filter(|value| !value.trim().is_empty()).map(str::to_owned)
}

fn given(value: Option<&str>, name: &str) -> Result<String, String> {
    filled(value)
        .ok_or_else(|| format!("{name} is missing: without it the payment provider can be asked nothing."))
}
