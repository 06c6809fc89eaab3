//! How often: payments that an account may begin without paying, and ways to the provider's page that are asked for again.
//!
//! How many that are is said in `domain::payments`.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{
    ids::{AccountId, AppointmentId},
    payments::{
        begun::{Begun, COUNTED, may_begin},
        patience::BETWEEN_WAYS,
    },
};

use super::{
    DESK, Payable, PaymentService,
    provider::Way,
    store::{self, PaymentRow},
};
use crate::{db::Reach, error::Result};

impl PaymentService {
    /// Refuses an account that begins one payment after the other and pays none. What is begun is one payment, however often it is tried.
    /// Whoever begins several in one moment passes with those: an account holds few times at once.
    pub(super) async fn not_too_often(&self, visit: &Payable) -> Result<()> {
        if !self.core.limits {
            return Ok(());
        }
        let now = self.core.now_ms();
        let reach = Reach::house("payments are counted for all for whom an account acts");
        let mut conn = self.core.db.read(&reach).await?;
        let begun = store::of_visit(&mut conn, visit.object().id).await?;
        if begun.iter().any(|payment| payment.provider != DESK) {
            return Ok(());
        }
        let (unpaid, first_at) = store::begun_since(&mut conn, visit, now - COUNTED).await?;
        Ok(may_begin(Begun { unpaid, first_at }, now)?)
    }
}

/// Who has asked for the way to pay for which visit.
pub(super) type Asking = (AccountId, AppointmentId);

/// Ways that were found a moment ago, in this process: a page that is asked for again and again asks no provider each time.
#[derive(Default)]
pub(super) struct Ways(Mutex<HashMap<Asking, Found>>);

struct Found {
    at: i64,
    payment: PaymentRow,
    way: Way,
}

impl Found {
    fn is_recent(&self, now: i64) -> bool {
        now - self.at < BETWEEN_WAYS
    }
}

impl Ways {
    /// The way that the same one was given for the same visit a moment ago, and its payment.
    pub(super) fn recent(&self, asking: Asking, now: i64) -> Option<(PaymentRow, Way)> {
        let ways = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = ways.get(&asking).filter(|found| found.is_recent(now))?;
        Some((found.payment.clone(), found.way.clone()))
    }

    /// Keeps a way for a moment.
    pub(super) fn keep(&self, asking: Asking, now: i64, (payment, way): (PaymentRow, Way)) {
        let mut ways = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ways.retain(|_, found| found.is_recent(now));
        ways.insert(asking, Found { at: now, payment, way });
    }
}
