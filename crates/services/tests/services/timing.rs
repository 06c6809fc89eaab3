//! The time that signing in takes does not tell whether an address has an account.
//!
//! Hashes cost next to nothing here, so that any other difference would stand out.

use std::time::Instant;

use domain::{Error, accounts::SignIn};

use crate::world::{Engine, World};

/// How often each of the two is tried.
const TRIES: usize = 500;
/// A difference that chance makes in one of a hundred measurements is no difference yet; in three one after the other it is.
const MEASUREMENTS: usize = 3;
const SIGNIFICANT: f64 = 0.01;

/// Signs in with a wrong password, by turns with an address that has an account and with one that has none.
async fn measure(world: &World) -> (Vec<f64>, Vec<f64>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..TRIES * 2 {
        // By turns, but not in step: what happens at every second request must not meet the same one each time.
        let has_account = (number + number / 7) % 2 == 0;
        let (email, times) =
            if has_account { ("ada@x.example", &mut known) } else { ("eve@x.example", &mut unknown) };
        let command = SignIn { email: email.into(), password: "certainly not this".into() };
        // Whoever has tried so often has to wait, with an account or without.
        world.clock.advance_minutes(5);
        let begun = Instant::now();
        let refused = world.services.accounts.sign_in(command, "").await;
        times.push(begun.elapsed().as_secs_f64());
        assert_eq!(refused.err(), Some(Error::SignInFailed));
    }
    (known, unknown)
}

/// The probability that two lists of measurements differ so much by chance alone (Mann and Whitney, two-sided, with the normal
/// approximation, which is close from twenty values on).
fn chance(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> =
        one.iter().map(|time| (*time, true)).chain(other.iter().map(|time| (*time, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let count = |list: &[f64]| f64::from(u32::try_from(list.len()).unwrap());
    let (n, m) = (count(one), count(other));
    let mut ranks = 0.0;
    let mut rank = 0.0;
    for (_, is_one) in all {
        rank += 1.0;
        if is_one {
            ranks += rank;
        }
    }
    let u = ranks - n * (n + 1.0) / 2.0;
    let z = (u - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt();
    2.0 * tail(z.abs())
}

/// How much of the normal distribution lies beyond (Abramowitz and Stegun, 26.2.17).
fn tail(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let factors = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530];
    let sum = factors.iter().fold(0.0, |sum, factor| (sum + factor) * t);
    (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * sum
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_time_of_signing_in_does_not_tell() {
    let world = World::open(Engine::Sqlite).await.unwrap();
    world.patient("ada@x.example").await;
    measure(&world).await;
    let mut chances = Vec::new();
    for _ in 0..MEASUREMENTS {
        let (known, unknown) = measure(&world).await;
        chances.push(chance(&known, &unknown));
        if chances.last().is_some_and(|chance| *chance > SIGNIFICANT) {
            return;
        }
    }
    panic!("the times differ each time; that is chance with probabilities of {chances:?}");
}

#[test]
fn the_test_of_ranks_tells_what_differs() {
    let numbers = |from: u32, step: u32| (0..500).map(|n| f64::from(from + n * step)).collect::<Vec<_>>();
    assert!(chance(&numbers(0, 2), &numbers(1, 2)) > 0.9);
    assert!(chance(&numbers(0, 2), &numbers(100, 2)) < 1e-6);
    assert!((tail(1.96) - 0.025).abs() < 1e-4);
}
