//! What a row of visits costs, in sentences, before it is booked. When it is paid, the page says.
//! What is free is counted as it is when visits are booked, one after the other; the price that holds is found then.

use domain::hospitals::VisitType;
use domain::ids::PatientId;
use domain::payments::FollowUpWindow;
use domain::series::SeriesPlan;

use crate::i18n::price;
use crate::t;

/// The dates that can be booked as they are, and those of them that cost nothing because a visit was paid for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Dates {
    all: i64,
    free: i64,
}

/// The price of one visit, and of all that are booked if nothing else is chosen. Without what is free, where that may not be known, no sum
/// would be true.
pub(super) fn costs(
    plan: &SeriesPlan,
    kind: &VisitType,
    patient: Option<PatientId>,
    windows: Option<Vec<FollowUpWindow>>,
) -> Vec<String> {
    let one = &kind.price;
    if one.amount_minor <= 0 {
        return vec![t!(series.no_price).to_owned()];
    }
    let each = t!(series.price_each, price = price(one.amount_minor, &one.currency));
    let Some(windows) = windows else { return vec![each] };
    let dates = count(plan, kind, patient, windows);
    let paid = dates.all - dates.free;
    let all = match (dates.all, paid) {
        (0, _) => None,
        (_, 0) => Some(t!(series.price_none).to_owned()),
        (all, paid) => {
            let total = price(one.amount_minor.saturating_mul(paid), &one.currency);
            Some(t!(series.price_all, count = all, total = total))
        }
    };
    let free = (paid > 0 && dates.free > 0).then(|| t!(series.price_free, count = dates.free));
    let others = plan.visits.iter().any(|visit| visit.rule.is_some() && !visit.alternatives.is_empty());
    let more = others.then(|| t!(series.price_more).to_owned());
    std::iter::once(each).chain(all).chain(free).chain(more).collect()
}

fn count(
    plan: &SeriesPlan,
    kind: &VisitType,
    patient: Option<PatientId>,
    mut windows: Vec<FollowUpWindow>,
) -> Dates {
    let mut dates = Dates::default();
    for visit in plan.visits.iter().filter(|visit| visit.rule.is_none()) {
        dates.all += 1;
        let day = visit.local.date();
        let used = patient
            .and_then(|patient| FollowUpWindow::choose(&windows, patient, kind.id, day))
            .map(|window| window.appointment_id);
        if let Some(window) = windows.iter_mut().find(|window| Some(window.appointment_id) == used) {
            window.left -= 1;
            dates.free += 1;
        }
    }
    dates
}

#[cfg(test)]
mod tests {
    use domain::hospitals::Modality;
    use domain::ids::{AppointmentId, VisitTypeId};
    use domain::money::Money;
    use domain::series::PlannedVisit;
    use uuid::Uuid;

    use super::*;

    const PATIENT: PatientId = PatientId(Uuid::from_u128(1));
    const KIND: VisitTypeId = VisitTypeId(Uuid::from_u128(2));

    fn kind(amount_minor: i64) -> VisitType {
        VisitType {
            id: KIND,
            name: "Physiotherapy".into(),
            modality: Modality::InPerson,
            minutes: 30,
            buffer_before: 0,
            buffer_after: 0,
            price: Money { amount_minor, currency: "EUR".into() },
            prepaid: false,
            most_a_day: None,
            series: true,
            capacity: 1,
            follow_up_only: false,
            active: true,
        }
    }

    /// Tuesdays; of those with a rule another time can be had.
    fn plan(rules: &[Option<&str>]) -> SeriesPlan {
        let first = jiff::civil::date(2026, 11, 24).at(10, 0, 0, 0);
        let locals = domain::series::wall_times(first, 1, 12);
        let other = "2026-11-24T11:00:00+01:00".parse().unwrap();
        let visits = (1..).zip(locals).zip(rules).map(|((number, local), rule)| PlannedVisit {
            number,
            local,
            start: None,
            rule: rule.map(str::to_owned),
            alternatives: rule.map(|_| other).into_iter().collect(),
        });
        SeriesPlan { time_zone: "Europe/Berlin".into(), visits: visits.collect() }
    }

    fn window(left: i64, until: &str) -> FollowUpWindow {
        FollowUpWindow {
            appointment_id: AppointmentId(Uuid::from_u128(3)),
            patient_id: PATIENT,
            visit_on: "2026-11-20".parse().unwrap(),
            until: until.parse().unwrap(),
            visits: left,
            left,
            visit_type_ids: vec![KIND],
            only_when_asked: false,
        }
    }

    fn told(rules: &[Option<&str>], windows: Vec<FollowUpWindow>) -> String {
        costs(&plan(rules), &kind(5_000), Some(PATIENT), Some(windows)).join(" ")
    }

    #[test]
    fn one_visit_and_all_that_are_booked_have_their_price() {
        assert_eq!(
            told(&[None, None, None], Vec::new()),
            "One visit costs €50. The 3 visits that can be booked as they are cost €150 together."
        );
        assert_eq!(
            told(&[None, Some("slot_taken")], Vec::new()),
            "One visit costs €50. The visit that can be booked as it is costs €50. If you choose another time for one of the other dates, that visit is paid for as well."
        );
        let none = told(&[Some("slot_away")], Vec::new());
        assert!(none.starts_with("One visit costs €50. If you choose another time"), "{none}");
    }

    #[test]
    fn as_many_are_free_as_a_paid_visit_has_opened_and_while_it_has() {
        let three: [Option<&str>; 3] = [None; 3];
        let one_free = "One visit costs €50. The 3 visits that can be booked as they are cost €100 together. One of them is free: it follows a visit that was paid for.";
        assert_eq!(told(&three, vec![window(1, "2026-12-31")]), one_free);
        assert_eq!(told(&three, vec![window(9, "2026-11-30")]), one_free);
        let all = told(&three, vec![window(3, "2026-12-31")]);
        assert_eq!(all, format!("One visit costs €50. {}", t!(series.price_none)));
    }

    #[test]
    fn whoever_may_not_know_what_is_free_is_told_no_sum() {
        let told = costs(&plan(&[None, None]), &kind(5_000), Some(PATIENT), None);
        assert_eq!(told, ["One visit costs €50."]);
    }

    #[test]
    fn what_costs_nothing_has_no_sum() {
        assert_eq!(costs(&plan(&[None, None]), &kind(0), None, None), [t!(series.no_price)]);
    }
}
