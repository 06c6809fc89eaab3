//! The payment provider that this house uses, if it uses one, the one before it, and the bell that says that there is something to settle.
//!
//! What is settled, and how, is in `settle`.

use std::sync::Arc;

use domain::ids::AppointmentId;
use tokio::sync::Notify;
use uuid::Uuid;

use super::provider::{Provider, Razorpay, Stripe, Trouble, razorpay, stripe};
use crate::db::OpenError;

/// Which payment provider is used, and how it knows the house.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PaymentSettings {
    /// None: everything is paid at the desk.
    #[default]
    Desk,
    /// Razorpay, or the sandbox that speaks its language.
    Razorpay {
        /// Whether it is the sandbox: then its payments are kept under the sandbox's name, and nobody takes them for real money.
        sandbox: bool,
        /// Another address than Razorpay's own.
        address: Option<String>,
        /// The key's name.
        key_id: String,
        /// The key's secret.
        secret: String,
        /// Secrets of notices: the current one first, then the one before it while it is being changed.
        notices: Vec<String>,
    },
    /// Stripe, or the sandbox that speaks its language.
    Stripe {
        /// Whether it is the sandbox, as above.
        sandbox: bool,
        /// Another address than Stripe's own.
        address: Option<String>,
        /// The secret key.
        secret: String,
        /// Secrets of notices, as above.
        notices: Vec<String>,
    },
}

/// See the module.
pub(crate) struct Cashier {
    /// Where payments are begun.
    provider: Option<Arc<dyn Provider>>,
    /// Where they were begun before: what it has is settled with it.
    former: Option<Arc<dyn Provider>>,
    origin: String,
    waiting: Notify,
}

impl Cashier {
    /// Understands the settings of the provider and of the one before it. `origin` is what addresses of this house begin with.
    pub(crate) fn new(
        settings: &PaymentSettings,
        before: &PaymentSettings,
        origin: &str,
    ) -> Result<Self, OpenError> {
        let made =
            |settings| provider(settings).map_err(|trouble| OpenError::Unreachable(trouble.to_string()));
        let (provider, former) = (made(settings)?, made(before)?);
        Ok(Self { provider, former, origin: origin.to_owned(), waiting: Notify::new() })
    }

    /// Whether visits can be paid when they are booked.
    pub(crate) fn is_open(&self) -> bool {
        self.provider.is_some()
    }

    /// Where a new payment is begun.
    pub(super) fn provider(&self) -> Option<&Arc<dyn Provider>> {
        self.provider.as_ref()
    }

    /// Whoever has a payment, by the code that stands with it; none where the keys are not given. No other one may be asked about it: that
    /// one knows nothing of it.
    pub(crate) fn of(&self, code: &str) -> Option<&Arc<dyn Provider>> {
        self.all().find(|provider| provider.code() == code)
    }

    fn all(&self) -> impl Iterator<Item = &Arc<dyn Provider>> {
        self.provider.iter().chain(&self.former)
    }

    /// The headers that a provider's notices are signed with; none of one that is not used here.
    pub(crate) fn signs_with(&self, code: &str) -> &'static [&'static str] {
        self.of(code).map(|provider| provider.signs_with()).unwrap_or_default()
    }

    /// Where the providers' pages live, for the page that leads there: who has begun to pay goes on where that was.
    pub(crate) fn page_origins(&self) -> Vec<String> {
        self.all().map(|provider| provider.page_origin()).collect()
    }

    /// Where the browser comes back to: once with news, once without.
    pub(super) fn ways_back(&self, provider: &str, visit: AppointmentId) -> (String, String) {
        let origin = &self.origin;
        (format!("{origin}/payments/return/{provider}"), format!("{origin}/appointments/{visit}/pay"))
    }

    /// Says that something may be there to settle.
    pub(crate) fn wake(&self) {
        self.waiting.notify_one();
    }

    pub(super) async fn woken(&self) {
        self.waiting.notified().await;
    }
}

/// How the provider knows a payment.
pub(super) fn receipt(payment: Uuid) -> String {
    payment.simple().to_string()
}

/// How the provider knows money that goes back.
pub(super) fn refund_receipt(payment: Uuid, number: i64) -> String {
    format!("{}-{number}", payment.simple())
}

fn provider(settings: &PaymentSettings) -> Result<Option<Arc<dyn Provider>>, Trouble> {
    Ok(match settings {
        PaymentSettings::Desk => None,
        PaymentSettings::Razorpay { sandbox, address, key_id, secret, notices } => {
            let code = if *sandbox { "sandbox" } else { "razorpay" };
            let address = address.as_deref().unwrap_or(razorpay::ADDRESS);
            Some(Arc::new(Razorpay::new(code, address, key_id, secret, notices.clone())?))
        }
        PaymentSettings::Stripe { sandbox, address, secret, notices } => {
            let code = if *sandbox { "sandbox-stripe" } else { "stripe" };
            let address = address.as_deref().unwrap_or(stripe::ADDRESS);
            Some(Arc::new(Stripe::new(code, address, secret, notices.clone())?))
        }
    })
}
