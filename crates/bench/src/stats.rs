//! What many durations have in common: percentiles, medians, and how they are written.
//! It measures nothing.

use std::time::Duration;

/// The duration that a share (0 to 1) of all does not exceed.
pub(crate) fn percentile(sorted: &[Duration], share: f64) -> Duration {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a rank in a list"
    )]
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).or(sorted.last()).copied().unwrap_or_default()
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let at = |index: usize| values.get(index).copied().unwrap_or_default();
    if values.len().is_multiple_of(2) {
        f64::midpoint(at(middle.saturating_sub(1)), at(middle))
    } else {
        at(middle)
    }
}

/// The exponent k of the curve v ~ n^k that lies nearest to points (n, v), as far as their logarithms say.
pub(crate) fn exponent(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|(n, v)| (n.ln(), v.max(1e-12).ln())).collect();
    let count = number(logs.len()).max(1.0);
    let (sum_x, sum_y) = logs.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
    let (mean_x, mean_y) = (sum_x / count, sum_y / count);
    let rise: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let run: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    if run > 0.0 { rise / run } else { 0.0 }
}

/// Something per second.
pub(crate) fn per_second(count: usize, within: Duration) -> f64 {
    number(count) / within.as_secs_f64().max(1e-9)
}

/// A count for arithmetic.
#[expect(clippy::cast_precision_loss, reason = "counts here stay far below the precision of a double")]
pub(crate) fn number(count: usize) -> f64 {
    count as f64
}

/// In milliseconds or microseconds, as people read them.
pub(crate) fn time(duration: Duration) -> String {
    let ms = duration.as_secs_f64() * 1e3;
    if ms < 1.0 {
        format!("{:.0} µs", ms * 1e3)
    } else if ms < 100.0 {
        format!("{ms:.2} ms")
    } else {
        format!("{ms:.0} ms")
    }
}

/// In millions of bytes.
pub(crate) fn megabytes(bytes: usize) -> String {
    format!("{:.1} MB", number(bytes) / 1e6)
}

/// In thousands of bytes.
pub(crate) fn kilobytes(bytes: usize) -> String {
    format!("{:.1} kB", number(bytes) / 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_of_curves() {
        let curve =
            |k: f64| exponent(&[(1.0, 3.0), (10.0, 3.0 * 10_f64.powf(k)), (100.0, 3.0 * 100_f64.powf(k))]);
        for k in [0.0, 0.1, 0.5, 1.0] {
            assert!((curve(k) - k).abs() < 1e-9, "{k}");
        }
        assert!(exponent(&[(1.0, 2.0)]).abs() < 1e-9, "one point grows nowhere");
    }

    #[test]
    fn percentiles_and_medians() {
        let times: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(percentile(&times, 0.5), Duration::from_millis(50));
        assert_eq!(percentile(&times, 0.99), Duration::from_millis(99));
        assert_eq!(percentile(&[], 0.5), Duration::ZERO);
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-9);
    }
}
