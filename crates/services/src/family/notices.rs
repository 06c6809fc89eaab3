//! Telling those who look after a child that her age changes something soon: 90, 30 and 7 days before.
//!
//! Nothing depends on it: what may be done is computed on the day.

use domain::{
    family::{NOTICE_DAYS, OWN_AGE, PRIVATE_AGE, younger_after},
    time::plus_days,
};

use super::{store, today};
use crate::{
    core::Core,
    db::{Conn, Reach},
    error::Result,
    mail::{self, Draft, Letter},
};

/// Writes to whoever was not told yet; returns to how many.
pub(crate) async fn sweep(core: &Core) -> Result<u64> {
    let mut told = 0;
    for age in [PRIVATE_AGE, OWN_AGE] {
        for (at, days) in NOTICE_DAYS.into_iter().enumerate() {
            let nearer = NOTICE_DAYS.get(at + 1).copied().unwrap_or(0);
            told += of_bucket(core, age, (nearer, days)).await?;
        }
    }
    if told > 0 {
        core.mail.wake();
    }
    Ok(told)
}

/// Children who are so old in more than `nearer` and at most `days` days.
async fn of_bucket(core: &Core, age: i16, (nearer, days): (i32, i32)) -> Result<u64> {
    let today = today(core);
    let born = |ahead| younger_after(plus_days(today, ahead), age).to_string();
    let (after, until, today) = (born(nearer), born(days), today.to_string());
    let of = (i64::from(age), i64::from(days));
    let rows = {
        let mut conn = core.db.read(&Reach::house("the sweep")).await?;
        store::notices::soon(&mut conn, (&after, &until), of, &today).await?
    };
    let mut told = 0;
    for row in rows {
        let letter = Letter::FamilyAge { account: row.account_id, patient: row.patient_id, age };
        let draft = mail::draft(core, &row.email, letter);
        let row = std::sync::Arc::new(row);
        let fresh = core
            .db
            .write(&Reach::house("the sweep"), move |conn| {
                let (row, draft) = (row.clone(), draft.clone());
                Box::pin(async move { tell(conn, &row, of, &draft).await })
            })
            .await?;
        told += u64::from(fresh);
    }
    Ok(told)
}

async fn tell(conn: &mut Conn, row: &store::notices::SoonRow, of: (i64, i64), draft: &Draft) -> Result<bool> {
    let fresh = store::notices::note(conn, row, of).await?;
    if fresh {
        mail::post(conn, draft).await?;
    }
    Ok(fresh)
}
