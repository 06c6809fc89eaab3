//! The door to providers: what they tell by themselves, and browsers that come back from them.
//!
//! Whoever knocks is believed no further than that it is worth asking the provider. Nobody is signed in here.

use domain::{
    Error as Refusal,
    ids::AppointmentId,
    payments::{Notice, PaymentState},
};

use super::{PaymentService, provider::Provider, settle, store};
use crate::error::{Error, Result};

impl PaymentService {
    fn provider(&self, code: &str) -> Result<&dyn Provider> {
        Ok(&**self.core.cashier.of(code).ok_or(Refusal::NotFound)?)
    }

    pub(super) async fn noticed(&self, notice: Notice) -> Result<()> {
        let provider = self.provider(&notice.provider)?;
        let header = |name: &str| {
            notice.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        let now = self.core.now_ms();
        let hint = provider
            .hint(&header, &notice.body, now)
            .ok_or_else(|| Refusal::invalid("signature", "signature_wrong"))?;
        let code = provider.code();
        self.core
            .db
            .write(&settle::reach(), move |conn| {
                let hint = hint.clone();
                Box::pin(async move {
                    let order = hint.order_id.as_deref();
                    let told = (hint.event_id.as_str(), hint.kind.as_str(), order);
                    if !store::keep_notice(conn, code, told, now).await? {
                        return Ok(());
                    }
                    let Some(order) = order else { return Ok(()) };
                    match store::of_order(conn, code, order).await? {
                        Some(row) => store::look_now(conn, row.id, now).await,
                        // Of another merchant, or of an order that was begun in vain.
                        None => Ok(()),
                    }
                })
            })
            .await?;
        self.core.cashier.wake();
        Ok(())
    }

    pub(super) async fn came_back(&self, provider: &str, form: &[(String, String)]) -> Result<AppointmentId> {
        let provider = self.provider(provider)?;
        let order =
            provider.returned(form).ok_or_else(|| Refusal::invalid("signature", "signature_wrong"))?;
        let row = {
            let mut conn = self.core.db.read(&settle::reach()).await?;
            store::of_order(&mut conn, provider.code(), &order).await?.ok_or(Refusal::NotFound)?
        };
        let state = PaymentState::parse(&row.state).ok_or(Error::Stored("state of a payment"))?;
        // Anybody may ask for this address again, with a signature that was good once, too.
        if state.is_unsettled() {
            settle::settle_returned(&self.core, row.id).await?;
            self.core.mail.wake();
        }
        Ok(AppointmentId(row.appointment_id))
    }
}
