//! Payment providers: what the house asks of one, and what it gets to hear. Each one's own words stay in its own file, but for how it
//! refuses and repeats itself: that is read in `http`, for all of them.
//!
//! Nothing is decided here, and what a provider says is never more than what it says.

mod http;
pub(super) mod razorpay;
pub(super) mod stripe;

use async_trait::async_trait;
use domain::payments::flow::Seen;

pub(crate) use razorpay::Razorpay;
pub(crate) use stripe::Stripe;

/// Why a provider did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    /// It did not answer, or not in time: whether it has done it is not known.
    #[error("no answer: {0}")]
    Silent(String),
    /// It repeated what it had said to the same request before: that it had an accident.
    #[error("an accident of before, repeated")]
    Repeated,
    /// It refused.
    #[error("refused with {status}: {reason}")]
    Refused { status: u16, reason: String },
    /// It said something that cannot be understood.
    #[error("not understood: {0}")]
    Garbled(String),
}

/// What is to be paid for.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    /// How the house calls it: 32 hexadecimal digits.
    pub(crate) receipt: String,
    pub(crate) amount_minor: i64,
    pub(crate) currency: String,
    /// What the person reads on the provider's page; nothing of what the visit is about.
    pub(crate) description: String,
    /// Where the browser comes back to.
    pub(crate) return_url: String,
    /// Where it comes back to without having paid.
    pub(crate) cancel_url: String,
    /// Whom the page greets, and where it sends its own receipt.
    pub(crate) name: String,
    pub(crate) email: String,
    /// When the payment was begun, in epoch milliseconds.
    pub(crate) begun_at: i64,
}

/// A form that leads to the provider's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) fields: Vec<(String, String)>,
}

/// The one payment of an order that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reserved {
    pub(crate) id: String,
    pub(crate) seen: Seen,
    pub(crate) amount_minor: i64,
    pub(crate) currency: String,
}

/// Money that goes back, as the provider knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SeenRefund {
    pub(crate) id: String,
    pub(crate) amount_minor: i64,
    /// How the house calls it, where it was the house that asked.
    pub(crate) receipt: Option<String>,
    pub(crate) state: RefundState,
}

/// Where money on its way back stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefundState {
    Sent,
    Done,
    Failed,
}

/// Everything that a provider says about an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) payment: Option<Reserved>,
    pub(crate) refunds: Vec<SeenRefund>,
    /// Whether nothing can be paid for it any more; false where the provider knows no such thing.
    pub(crate) ended: bool,
}

/// What a notice is about, once its signature was found right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hint {
    pub(crate) event_id: String,
    pub(crate) kind: String,
    pub(crate) order_id: Option<String>,
}

/// A payment provider.
#[async_trait]
pub(crate) trait Provider: Send + Sync {
    /// Its code in addresses and in the database.
    fn code(&self) -> &'static str;

    /// Scheme and host of the page to which forms lead.
    fn page_origin(&self) -> String;

    /// Begins an order, whose money is reserved first and taken when the house asks for it. Returns the provider's name for it, and for
    /// some providers an address that the way needs.
    async fn open(&self, order: &Order) -> Result<String, Trouble>;

    /// The way to the page of an order that was begun.
    async fn way(&self, order_id: &str, order: &Order) -> Result<Way, Trouble>;

    /// How an order stands.
    async fn look(&self, order_id: &str) -> Result<Look, Trouble>;

    /// Takes what was reserved.
    async fn capture(&self, payment: &Reserved) -> Result<(), Trouble>;

    /// Lets go of what was reserved.
    async fn void(&self, payment: &Reserved) -> Result<(), Trouble>;

    /// Sends money back under a name of the house, once for each name.
    async fn refund(&self, payment: &Reserved, amount_minor: i64, receipt: &str) -> Result<(), Trouble>;

    /// Nothing can be paid for an order any more, where the provider knows such a thing.
    async fn close(&self, order_id: &str) -> Result<(), Trouble>;

    /// The headers that its notices are signed with or numbered by, in lower case: [`Provider::hint`] is given no others.
    fn signs_with(&self) -> &'static [&'static str];

    /// What a notice is about; none when its signature is not right.
    fn hint(&self, header: &dyn Fn(&str) -> Option<String>, body: &[u8], now: i64) -> Option<Hint>;

    /// Which order somebody comes back from; none when the form's signature is not right.
    fn returned(&self, form: &[(String, String)]) -> Option<String>;
}

/// An id as it may stand in a path.
fn plain(id: &str) -> Result<&str, Trouble> {
    let ok = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if ok { Ok(id) } else { Err(Trouble::Garbled("an id that is none".to_owned())) }
}

/// Bytes of a signature in hexadecimal digits.
fn hex(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    (0..32).map(|at| u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()).collect()
}
