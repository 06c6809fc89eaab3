//! Free times in answers: a whole list, and those that are named instead of one that cannot be had.
//! Visits are judged in `answers`.

use domain::ids::{AppointmentId, DoctorId, VisitTypeId};
use jiff::civil::Date;

use super::{Judge, Judged, Nanos, Operation, Order, Stay, Whose, Window, Wish, cells, no};

/// A doctor and what is to be booked with her.
type Seat = (DoctorId, VisitTypeId);

impl Judge<'_> {
    /// With whom an operation may be, and which visit makes room for it.
    fn seats(&self, operation: &Operation) -> (Vec<Seat>, Option<AppointmentId>) {
        match operation.wish {
            Wish::Book { seat, .. } | Wish::Hold { seat, .. } => (vec![(seat.doctor, seat.kind)], None),
            Wish::Move { visit, doctor, .. } => {
                let life = self.timeline.lives.get(&visit).map_or(&[][..], Vec::as_slice);
                let with = life.iter().map(|(_, stood)| (doctor.unwrap_or(stood.doctor), stood.kind));
                let mut with: Vec<Seat> = with.collect();
                with.sort_unstable();
                with.dedup();
                (with, Some(visit))
            }
            _ => (Vec::new(), None),
        }
    }

    /// What is named instead was free at some moment.
    pub(super) fn instead(&self, operation: &Operation, times: &[i64], window: Window) -> Judged {
        let (seats, own) = self.seats(operation);
        if seats.is_empty() {
            return if times.is_empty() { Ok(()) } else { no("times are named instead of none") };
        }
        let free = |start: &i64| seats.iter().any(|seat| self.free(*seat, *start, own, window));
        match times.iter().find(|start| !free(start)) {
            Some(start) => no(format!("{start} is named instead, and was free at no moment")),
            None => Ok(()),
        }
    }

    /// The list was right: with one writer, all of it at one moment; otherwise each time at some moment.
    pub(super) fn free_times(
        &self,
        (doctor, kind, day): (DoctorId, VisitTypeId, Date),
        times: &[i64],
        window: Window,
    ) -> Judged {
        let seat = (doctor, kind);
        let offered = self.history.setting.starts.get(&(doctor, kind, day)).map_or(&[][..], Vec::as_slice);
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
            let mut last: Option<&Stay> = None;
            for stay in self.around(stays, window).filter(|stay| Some(stay.visit) != own) {
                // One step may end one state of a visit and begin another, and leaves no gap.
                let goes_on =
                    last.is_some_and(|last| (last.visit, last.until) == (stay.visit, Some(stay.from)));
                last = Some(stay);
                let from = match sure.last() {
                    Some((_, until)) if goes_on => *until,
                    _ => self.timeline.latest(stay.from),
                };
                // Of a hold that may have ended meanwhile it is not sure that it was there at all.
                if window.after(stay.ends) {
                    last = None;
                    continue;
                }
                let until = stay.until.map_or(Nanos::MAX, |until| self.timeline.earliest(until));
                sure.push((from.min(until), until));
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

    /// Whether after one and the same number of steps exactly these times were free. What is held until within these moments may be either.
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
            // Taken for sure, and perhaps.
            let (mut sure, mut perhaps) = (vec![false; right.len()], vec![false; right.len()]);
            for cell in cells(length.block(*start)) {
                let stays =
                    self.timeline.stays.get(&(Whose::Doctor(doctor), cell)).map_or(&[][..], Vec::as_slice);
                for stay in self.around(stays, window).filter(|stay| window.before(stay.ends)) {
                    // It is there after `from + 1` steps, and no longer after `until + 1`.
                    let begin = (stay.from + 1).max(fewest) - fewest;
                    let end = stay.until.map_or(most, |until| until.min(most));
                    let there = (end + 1).saturating_sub(fewest + begin);
                    perhaps.iter_mut().skip(begin).take(there).for_each(|taken| *taken = true);
                    if !window.after(stay.ends) {
                        sure.iter_mut().skip(begin).take(there).for_each(|taken| *taken = true);
                    }
                }
            }
            let taken = sure.into_iter().zip(perhaps);
            right.iter_mut().zip(taken).for_each(|(right, (sure, perhaps))| {
                *right &= if listed { !sure } else { perhaps };
            });
        }
        if right.contains(&true) {
            return Ok(());
        }
        no("the list of free times was right at no moment: a stale read")
    }
}
