//! What an open page knows of the end of its session, and what comes next.
//! It has no clock and no network of its own: both are handed in, so that it can be tested.

/// Seconds before the end at which somebody is asked whether she is there (WCAG 2.2.1 asks for 20 at least).
pub(super) const WARN: f64 = 120.0;
/// Seconds between two looks whether another tab of the same browser has been used, while this one asks.
const LOOK_AGAIN: f64 = 10.0;
/// Seconds between two notes that somebody is there.
const NOTE: f64 = 60.0;

/// See the module. Instants are seconds of any clock that goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Watch {
    until: f64,
    noted: f64,
    looked: f64,
}

/// What an open page does now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Next {
    /// Nothing, for so many seconds.
    Wait(f64),
    /// Ask the server how long the session lasts.
    Look,
    /// Show the question with the seconds that are left, and come back in a second.
    Ask(u32),
}

impl Watch {
    pub(super) fn new(now: f64, left: u32) -> Self {
        Self { until: now + f64::from(left), noted: now, looked: f64::NEG_INFINITY }
    }

    /// The server says that the session lasts so long.
    pub(super) fn lasts(&mut self, now: f64, left: u32) {
        self.until = now + f64::from(left);
        self.looked = now;
    }

    /// Whether it is time to note that somebody is there; asked when something was done.
    pub(super) fn should_note(&mut self, now: f64) -> bool {
        let should = now - self.noted >= NOTE && now < self.until;
        if should {
            self.noted = now;
        }
        should
    }

    pub(super) fn next(&self, now: f64) -> Next {
        let left = self.until - now;
        if left > WARN {
            return Next::Wait(left - WARN);
        }
        if left <= 0.0 || now - self.looked >= LOOK_AGAIN {
            return Next::Look;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 120")]
        let seconds = left.ceil() as u32;
        Next::Ask(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_page_is_left_alone_and_an_unused_one_asks_two_minutes_before() {
        let mut watch = Watch::new(1000.0, 900);
        assert_eq!(watch.next(1000.0), Next::Wait(780.0));
        assert!(!watch.should_note(1059.0));
        assert!(watch.should_note(1061.0) && !watch.should_note(1062.0));
        watch.lasts(1061.0, 900);
        assert_eq!(watch.next(1780.0), Next::Wait(61.0));
        // Another tab may have been used: the server knows.
        assert_eq!(watch.next(1841.0), Next::Look);
        watch.lasts(1841.0, 120);
        assert_eq!(watch.next(1841.5), Next::Ask(120));
        assert_eq!(watch.next(1850.0), Next::Ask(111));
        assert_eq!(watch.next(1851.0), Next::Look);
        watch.lasts(1851.0, 700);
        assert_eq!(watch.next(1851.0), Next::Wait(580.0));
    }

    #[test]
    fn the_end_is_the_servers_to_say() {
        let mut watch = Watch::new(0.0, 60);
        watch.lasts(59.0, 1);
        assert_eq!(watch.next(60.0), Next::Look);
        assert!(!watch.should_note(200.0), "what is over is not prolonged");
        // A computer that slept.
        assert_eq!(Watch::new(0.0, 1800).next(90_000.0), Next::Look);
    }
}
