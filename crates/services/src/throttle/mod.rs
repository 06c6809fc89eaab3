//! Slows down whoever tries passwords, and never the owner: wrong tries from anywhere and wrong tries from a browser that the owner
//! has signed in with are counted apart.
//!
//! Marks of known browsers are made in `marks`. Nothing here says whether an address has an account: an address is counted
//! before anybody knows that.

pub(crate) mod marks;
mod store;

use domain::Error as Refusal;

use crate::{core::Core, db::Reach, error::Result};
pub(crate) use store::sweep;

/// So many wrong tries cost nothing: people mistype, and remember a password at the third.
const FREE: i64 = 10;
/// The longest wait after one more.
const LONGEST_S: i64 = 300;
/// After so long without a try all is forgotten.
pub(crate) const FORGOTTEN_MS: i64 = 24 * 60 * 60 * 1000;

/// Where tries are counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bucket(Vec<u8>);

/// A try that is counted as a failure until it is known to be none. Whoever tries often at once is counted as often.
#[derive(Debug, Clone)]
pub(crate) struct Try {
    bucket: Bucket,
    open_at: i64,
}

impl Bucket {
    /// Of whoever signs in with an address, in a browser that nobody knows.
    pub(crate) fn of_address(core: &Core, address: &str) -> Self {
        Self(core.pepper.bucket("address", address.trim().to_lowercase().as_bytes()))
    }

    /// Of one known browser.
    pub(crate) fn of_mark(core: &Core, mark: &marks::Mark) -> Self {
        Self(core.pepper.bucket("browser", &mark.content()))
    }

    /// Of whoever knows an account's password and gives codes: in a browser that is known, or anywhere else.
    pub(crate) fn of_codes(core: &Core, account: domain::ids::AccountId, mark: Option<&marks::Mark>) -> Self {
        match mark {
            Some(mark) => Self(core.pepper.bucket("codes in a browser", &mark.content())),
            None => Self(core.pepper.bucket("codes", account.0.as_bytes())),
        }
    }

    /// Of an account that is asked for its password again while it is signed in.
    pub(crate) fn of_account(core: &Core, account: domain::ids::AccountId) -> Self {
        Self(core.pepper.bucket("account", account.0.as_bytes()))
    }
}

/// The wait after a number of failures, in milliseconds: 1, 2, 4 … 300 seconds.
fn wait_ms(failures: i64) -> i64 {
    let over = failures - FREE;
    if over < 1 {
        return 0;
    }
    let doublings = u32::try_from(over - 1).unwrap_or(u32::MAX).min(9);
    1000 * 2_i64.pow(doublings).min(LONGEST_S)
}

/// Begins a try, or says how long to wait. A try that has to wait is not counted: nobody makes another's wait longer.
pub(crate) async fn begin(core: &Core, bucket: &Bucket) -> Result<Try> {
    let now = core.now_ms();
    if !core.limits {
        // Measurements sign in as one person from everywhere at once.
        return Ok(Try { bucket: bucket.clone(), open_at: now });
    }
    // Looked at first without the right to write: a flood of tries must not keep others from writing.
    let row = {
        let mut conn = core.db.read(&Reach::house("tries are counted before anybody is known")).await?;
        store::find(&mut conn, &bucket.0).await?
    };
    row.map_or(Ok(()), |row| open(&row, now))?;
    let held = bucket.clone();
    let open_at = core
        .db
        .write(&Reach::house("tries are counted before anybody is known"), move |conn| {
            let bucket = held.clone();
            Box::pin(async move {
                store::hold(conn, &bucket.0, now).await?;
                let row = store::find(conn, &bucket.0).await?;
                let mut row = row.unwrap_or(store::Row { failures: 0, open_at: now, last_at: now });
                open(&row, now)?;
                if row.last_at <= now - FORGOTTEN_MS {
                    row.failures = 0;
                }
                row.failures += 1;
                row.open_at = now + wait_ms(row.failures);
                row.last_at = now;
                store::count(conn, &bucket.0, row).await?;
                Ok(row.open_at)
            })
        })
        .await?;
    Ok(Try { bucket: bucket.clone(), open_at })
}

fn open(row: &store::Row, now: i64) -> Result<()> {
    let left = row.open_at - now;
    if left <= 0 {
        return Ok(());
    }
    let seconds = left.div_euclid(1000) + i64::from(left % 1000 > 0);
    Err(Refusal::TooMany { retry_after: u32::try_from(seconds).unwrap_or(1) }.into())
}

/// Takes tries back that were no failures. Failures before them still count: somebody else may have made them.
pub(crate) async fn take_back(core: &Core, tries: Vec<Try>) -> Result<()> {
    let now = core.now_ms();
    core.db
        .write(&Reach::house("tries are counted before anybody is known"), move |conn| {
            let tries = tries.clone();
            Box::pin(async move {
                for one in &tries {
                    store::take_back(conn, &one.bucket.0, one.open_at, now).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Forgets all failures in a bucket that nobody but the owner fills, and takes back what else was counted for this try.
pub(crate) async fn forget(core: &Core, own: Try, others: Vec<Try>) -> Result<()> {
    let now = core.now_ms();
    core.db
        .write(&Reach::house("tries are counted before anybody is known"), move |conn| {
            let (own, others) = (own.clone(), others.clone());
            Box::pin(async move {
                store::clear(conn, &own.bucket.0).await?;
                for one in &others {
                    store::take_back(conn, &one.bucket.0, one.open_at, now).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Forgets the failures of strangers with an address once its mailbox has given it a new password: they were about another, and who has
/// no browser that is known would wait for them.
pub(crate) async fn forget_address(core: &Core, address: &str) -> Result<()> {
    let bucket = Bucket::of_address(core, address);
    core.db
        .write(&Reach::house("tries are counted before anybody is known"), move |conn| {
            let bucket = bucket.clone();
            Box::pin(async move { store::clear(conn, &bucket.0).await })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_one_second_to_five_minutes() {
        let waits: Vec<i64> = (FREE..FREE + 12).map(|failures| wait_ms(failures) / 1000).collect();
        assert_eq!(waits, [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(wait_ms(i64::MAX), 300_000);
        assert_eq!(wait_ms(0), 0);
    }
}
