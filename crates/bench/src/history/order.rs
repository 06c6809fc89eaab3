//! Whether the order of the steps contradicts real time, and when each step happened at the earliest and at the latest.
//! What the steps say is not its business.

use std::collections::HashMap;

use super::{
    History, Order, Wrong,
    claims::Claims,
    log::{NEVER, Nanos},
    timeline::Touched,
};

/// The earliest moment of each step: not before anything was asked that comes before it in the order. A step that was acknowledged
/// before one was asked for that precedes it contradicts that.
///
/// On both engines the ordinal is given to a step while its request runs, so this holds for all steps, whoever's they are.
pub(super) fn earliest(history: &History, claims: &Claims) -> Result<Vec<Nanos>, Wrong> {
    let mut earliest = Vec::with_capacity(history.steps.len());
    let (mut latest_asked, mut by) = (0, None);
    for (place, at) in claims.of_step.iter().enumerate() {
        let Some(request) = claims.requests.get(*at) else { continue };
        if request.asked >= latest_asked {
            (latest_asked, by) = (request.asked, Some((place, *at)));
        }
        if request.answered < latest_asked {
            let mut wrong =
                Wrong::new("acknowledged before another was asked for that precedes it in the order");
            wrong = wrong.operations(request.operations.clone()).step(place);
            if let Some((place, at)) = by {
                let other = claims.requests.get(at).map(|request| request.operations.clone());
                wrong = wrong.operations(other.unwrap_or_default()).step(place);
            }
            return Err(wrong);
        }
        earliest.push(latest_asked);
    }
    Ok(earliest)
}

/// The latest moment from which everybody sees each step: not after it was acknowledged, nor after anything was that is committed
/// later.
///
/// With one writer that is all that follows. Otherwise it is what follows of the same visit, of the same time of its doctor, or of its
/// patient: those wait for each other's commit.
pub(super) fn latest(order: Order, claims: &Claims, touched: &[Vec<Touched>]) -> Vec<Nanos> {
    let mut latest = Vec::with_capacity(claims.of_step.len());
    let mut after: HashMap<Touched, Nanos> = HashMap::new();
    let mut after_all = NEVER;
    for (place, at) in claims.of_step.iter().enumerate().rev() {
        let answered = claims.requests.get(*at).map_or(NEVER, |request| request.answered);
        let mut moment = answered;
        match order {
            Order::Commits => {
                moment = moment.min(after_all);
                after_all = moment;
            }
            Order::Steps => {
                let touched = touched.get(place).map_or(&[][..], Vec::as_slice);
                for one in touched {
                    moment = moment.min(after.get(one).copied().unwrap_or(NEVER));
                }
                for one in touched {
                    after.insert(*one, moment);
                }
            }
        }
        latest.push(moment);
    }
    latest.reverse();
    latest
}
