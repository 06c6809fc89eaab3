//! Free times in answers: a whole list, and those that are named instead of one that cannot be had.
//! Visits are judged in `answers`.

use domain::ids::{AppointmentId, DoctorId, VisitTypeId};

use super::{Judge, Judged, Nanos, Operation, Order, Whose, Window, Wish, cells, no};

/// A doctor and what is to be booked with her.
type Seat = (DoctorId, VisitTypeId);

impl Judge<'_> {
    /// What an operation wants: with whom, when, and which visit makes room for it.
    pub(super) fn seat(&self, operation: &Operation) -> Option<(Seat, i64, Option<AppointmentId>)> {
        match operation.wish {
            Wish::Book { doctor, kind, start } => Some(((doctor, kind), start, None)),
            Wish::Move { visit, start, .. } => {
                let (_, first) = self.timeline.lives.get(&visit)?.first()?;
                Some(((first.doctor, first.kind), start, Some(visit)))
            }
            Wish::Cancel { .. } | Wish::Read { .. } | Wish::Mine | Wish::Free { .. } => None,
        }
    }

    /// What is named instead was free at some moment.
    pub(super) fn instead(&self, operation: &Operation, times: &[i64], window: Window) -> Judged {
        let Some((seat, _, own)) = self.seat(operation) else {
            return if times.is_empty() { Ok(()) } else { no("times are named instead of none") };
        };
        match times.iter().find(|start| !self.free(seat, **start, own, window)) {
            Some(start) => no(format!("{start} is named instead, and was free at no moment")),
            None => Ok(()),
        }
    }

    /// The list was right: with one writer, all of it at one moment; otherwise each time at some moment.
    pub(super) fn free_times(
        &self,
        doctor: DoctorId,
        kind: VisitTypeId,
        times: &[i64],
        window: Window,
    ) -> Judged {
        let seat = (doctor, kind);
        let offered = self.history.setting.starts.get(&seat).map_or(&[][..], Vec::as_slice);
        if let Some(other) = times.iter().find(|start| !offered.contains(start)) {
            return no(format!("{other} is offered, and is none of the doctor's times"));
        }
        match self.timeline.order {
            Order::Commits => self.at_one_moment(seat, offered, times, window),
            Order::Steps => {
                let wrong = offered.iter().find(|start| {
                    if times.contains(start) {
                        !self.free(seat, **start, None, window)
                    } else {
                        !self.blocked(seat, **start, window)
                    }
                });
                wrong.map_or(Ok(()), |start| no(format!("{start} is shown as it was at no moment")))
            }
        }
    }

    fn blocked(&self, (doctor, kind): Seat, start: i64, window: Window) -> bool {
        let length = self.history.setting.lengths.get(&kind);
        length
            .is_some_and(|length| self.taken(Whose::Doctor(doctor), cells(length.block(start)), None, window))
    }

    /// Whether a time can have been free at some moment: the spans in which it was taken for sure leave a gap.
    fn free(&self, (doctor, kind): Seat, start: i64, own: Option<AppointmentId>, window: Window) -> bool {
        let Some(length) = self.history.setting.lengths.get(&kind) else { return false };
        let mut sure = Vec::new();
        for cell in cells(length.block(start)) {
            let stays =
                self.timeline.stays.get(&(Whose::Doctor(doctor), cell)).map_or(&[][..], Vec::as_slice);
            for stay in self.around(stays, window).filter(|stay| Some(stay.visit) != own) {
                let until = stay.until.map_or(Nanos::MAX, |until| self.timeline.earliest(until));
                sure.push((self.timeline.latest(stay.from), until));
            }
        }
        sure.sort_unstable();
        let mut covered = window.from;
        for (from, until) in sure {
            if from > covered {
                break;
            }
            covered = covered.max(until);
        }
        covered <= window.to
    }

    /// Whether after one and the same number of steps exactly these times were free.
    fn at_one_moment(&self, (doctor, kind): Seat, offered: &[i64], times: &[i64], window: Window) -> Judged {
        let Some(length) = self.history.setting.lengths.get(&kind) else {
            return no("an unknown kind of visit");
        };
        // So many steps were done for sure when it was asked, and at most so many when it was answered.
        let fewest = self.timeline.latest.partition_point(|latest| *latest < window.from);
        let most = self.timeline.earliest.partition_point(|earliest| *earliest <= window.to).max(fewest);
        let mut right = vec![true; most - fewest + 1];
        for start in offered {
            let listed = times.contains(start);
            let mut free = vec![true; right.len()];
            for cell in cells(length.block(*start)) {
                let stays =
                    self.timeline.stays.get(&(Whose::Doctor(doctor), cell)).map_or(&[][..], Vec::as_slice);
                for stay in self.around(stays, window) {
                    // It is there after `from + 1` steps, and no longer after `until + 1`.
                    let begin = (stay.from + 1).max(fewest) - fewest;
                    let end = stay.until.map_or(most, |until| until.min(most));
                    let there = (end + 1).saturating_sub(fewest + begin);
                    free.iter_mut().skip(begin).take(there).for_each(|free| *free = false);
                }
            }
            right.iter_mut().zip(free).for_each(|(right, free)| *right &= free == listed);
        }
        if right.contains(&true) {
            return Ok(());
        }
        no("the list of free times was right at no moment: a stale read")
    }
}
